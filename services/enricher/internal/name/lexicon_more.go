package name

var spanish = &lexicon{
	titles: fields(`sr sra srta don doña dr dra señor señora presidente presidenta ministro ministra general coronel capitán
rey reina príncipe princesa papa cardenal alcalde alcaldesa senador senadora diputado diputada juez jueza fiscal profesor
profesora secretario secretaria director directora gobernador gobernadora canciller primer primera embajador embajadora`),
	roles: fields(`presidente presidenta vicepresidente vicepresidenta ministro ministra secretario secretaria director
directora jefe jefa portavoz vocero vocera alcalde alcaldesa gobernador gobernadora fiscal fundador fundadora embajador
embajadora comisario comisaria líder canciller entrenador entrenadora seleccionador abogado abogada escritor escritora
periodista investigador investigadora profesor profesora economista candidato candidata responsable rey reina juez jueza
analista consejero consejera coordinador coordinadora titular general coronel capitán rector rectora`),
	particles: fields(anyParticles),
	of:        fields(`de del la las los el`),
	plain: fields(`el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella él ella ellos
ellas yo tú usted ustedes nosotros su sus mi mis tu tus nuestro nuestra que quien quienes cual donde cuando como y e o u
pero sino ni si no en de del a al con sin por para sobre bajo entre desde hasta hacia durante tras ante según contra
mediante después antes luego entonces además también tampoco así aunque porque pues ya hoy ayer mañana lunes martes
miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
diciembre todo toda todos todas otro otra otros otras dos tres cuatro cinco cada más menos muy mientras sin-embargo`),
	bodies: fields(`organización asociación ministerio universidad banco partido oficina agencia consejo corte unión comité
comisión instituto fundación grupo federación sindicato policía ejército frente asamblea senado congreso tribunal gobierno
fiscalía empresa centro club`),
}

var italian = &lexicon{
	titles: fields(`sig signor signora dott dottor dottoressa dr prof professor professoressa avv on onorevole presidente
ministro ministra generale colonnello capitano re regina principe principessa papa cardinale sindaco sindaca senatore
senatrice deputato deputata giudice procuratore segretario segretaria direttore direttrice governatore cancelliere premier
don monsignor`),
	roles: fields(`presidente vicepresidente ministro ministra segretario segretaria direttore direttrice capo portavoce
sindaco sindaca governatore governatrice procuratore procuratrice fondatore fondatrice ambasciatore ambasciatrice
commissario commissaria leader cancelliere allenatore allenatrice avvocato avvocata scrittore scrittrice giornalista
ricercatore ricercatrice professore professoressa economista candidato candidata responsabile re regina giudice premier
amministratore delegato generale colonnello tecnico ct rettore rettrice`),
	particles: fields(anyParticles, `dell' degli dei lo li`),
	of:        fields(`di del della dello dell' dei degli delle d' la il`),
	plain: fields(`il lo la i gli le l' un uno una un' questo questa questi queste quello quella egli lui lei loro io tu noi
voi suo sua suoi sue mio mia nostro che chi cui dove quando come e ed o ma però se non in nel nella nello nell' nei di del
della dello dell' dei a al alla allo all' ai agli alle con senza per su sul sulla tra fra da dal dalla sotto sopra durante
dopo prima poi secondo contro anche ancora già così infatti inoltre oggi ieri domani lunedì martedì mercoledì giovedì
venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
tutto tutti tutte altro altri due tre quattro cinque ogni più meno mentre intanto quindi è c'`),
	bodies: fields(`organizzazione associazione ministero università banca partito ufficio agenzia consiglio corte unione
comitato commissione istituto fondazione gruppo federazione sindacato polizia esercito fronte assemblea senato camera
tribunale governo procura azienda centro`),
}

var portuguese = &lexicon{
	titles: fields(`sr sra srta dom dona dr dra senhor senhora presidente presidenta ministro ministra general coronel capitão
rei rainha príncipe princesa papa cardeal prefeito prefeita senador senadora deputado deputada juiz juíza procurador
procuradora professor professora secretário secretária diretor diretora governador governadora chanceler primeiro
primeira embaixador embaixadora primeiro-ministro primeira-ministra`),
	roles: fields(`presidente vice-presidente ministro ministra primeiro-ministro primeira-ministra secretário secretária
diretor diretora chefe porta-voz prefeito prefeita governador governadora procurador procuradora fundador fundadora
embaixador embaixadora comissário comissária líder chanceler treinador treinadora técnico advogado advogada escritor
escritora jornalista pesquisador pesquisadora investigador investigadora professor professora economista candidato
candidata responsável rei rainha juiz juíza analista coordenador coordenadora autarca reitor reitora`),
	particles: fields(anyParticles, `do dos da das`),
	of:        fields(`de do da dos das a o`),
	plain: fields(`o a os as um uma uns umas este esta estes estas esse essa isso isto aquele aquela ele ela eles elas eu tu
você vocês nós seu sua seus suas meu minha nosso nossa que quem qual onde quando como e ou mas porém se não em no na nos
nas de do da dos das ao aos à às com sem por pelo pela para sobre sob entre desde até durante após antes depois segundo
conforme contra também ainda já assim além hoje ontem amanhã segunda terça quarta quinta sexta sábado domingo janeiro
fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro todo toda todos todas outro outra outros
dois duas três quatro cinco cada mais menos muito enquanto então`),
	bodies: fields(`organização associação ministério universidade banco partido escritório agência conselho corte união
comitê comité comissão instituto fundação grupo federação sindicato polícia exército frente assembleia senado câmara
tribunal governo procuradoria empresa centro`),
}

var dutch = &lexicon{
	titles: fields(`dhr mevrouw mevr mw meneer heer dr prof professor ir mr president premier minister-president minister
staatssecretaris burgemeester wethouder koning koningin prins prinses paus bisschop kardinaal generaal kolonel rechter
directeur voorzitter woordvoerder woordvoerster bondscoach trainer senator ambassadeur commissaris secretaris-generaal
hoogleraar onderzoeker advocaat fractievoorzitter partijleider kamerlid`),
	roles: fields(`president premier minister staatssecretaris burgemeester wethouder directeur voorzitter woordvoerder
woordvoerster bondscoach trainer hoogleraar onderzoeker advocaat topman topvrouw leider chef baas hoofd secretaris-generaal
ambassadeur commissaris fractievoorzitter partijleider kamerlid hoofdofficier econoom analist`),
	particles: fields(`van der den de ter ten te het 't in von bin ben al el la du`),
	of:        fields(`van de der het`),
	plain: fields(`de het een dit dat deze die hij zij ze wij we ik je jij u hun haar zijn mijn ons onze in op aan bij met
zonder naar van voor tegen over onder tussen door om sinds tot tijdens na uit volgens en of maar want als toen terwijl
omdat hoewel ook nog al wel niet geen meer hoe wat wie waar wanneer waarom er hier daar dan nu vandaag gisteren morgen
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april mei juni juli augustus september
oktober november december alle veel sommige twee drie vier vijf verder daarnaast daarom bovendien echter eerder later`),
	bodies: fields(`organisatie vereniging ministerie universiteit bank partij bureau agentschap raad hof unie comité
commissie instituut stichting groep federatie vakbond politie leger`),
}

var polish = &lexicon{
	titles: fields(`pan pani dr prof profesor prezydent premier minister ministra marszałek poseł posłanka senator burmistrz
wojewoda prezes dyrektor rzecznik rzeczniczka generał pułkownik król królowa papież kardynał biskup szef trener sędzia
prokurator ambasador kanclerz`),
	roles: fields(`prezydent premier minister marszałek poseł posłanka burmistrz wojewoda prezes dyrektor rzecznik
rzeczniczka szef trener sędzia prokurator ambasador kanclerz ekspert ekspertka ekonomista lider liderka przewodniczący
przewodnicząca profesor`),
	particles: fields(`de von van al bin ben da di`),
	of:        fields(),
	plain: fields(`w we na z ze do od po przy pod nad przed za o u i a ale oraz lub czy że to ten ta te tego tej on ona ono
oni jego jej ich my wy ja ty nie tak jak gdy kiedy gdzie co kto dla bez przez podczas według zdaniem jednak także również
dziś wczoraj jutro teraz potem tym jest są był była było były wszyscy każdy dwa trzy poniedziałek wtorek środa czwartek
piątek sobota niedziela`),
	bodies: fields(`organizacja ministerstwo uniwersytet bank partia urząd agencja rada sąd komisja instytut fundacja grupa
policja`),
}

var russian = &lexicon{
	titles: fields(`г г-н г-жа господин госпожа президент премьер премьер-министр министр губернатор мэр депутат сенатор
генерал полковник король королева папа патриарх митрополит академик профессор доктор судья адвокат посол глава
директор председатель секретарь спикер пресс-секретарь`),
	roles: fields(`президент президента премьер премьер-министр министр министра губернатор мэр депутат сенатор глава главы
директор директора председатель председателя секретарь пресс-секретарь представитель представителя представительница
спикер посол замминистра вице-премьер руководитель руководителя начальник тренер адвокат эксперт аналитик экономист
профессор журналист лидер основатель судья прокурор генпрокурор генсек сопредседатель гендиректор политолог`),
	particles: fields(`де ван фон дер ди да аль эль бен ибн оглы`),
	of:        fields(),
	plain: fields(`в во на с со к ко от до из за под над при про для без через между перед после и а но или что чтобы как
когда где кто это этот эта эти тот та те он она оно они его её ее их мы вы я ты мой наш не ни да нет так также тоже уже
ещё еще только если хотя потому поэтому однако по об о у же бы ли сегодня вчера завтра теперь тогда потом ранее позже
понедельник вторник среда четверг пятница суббота воскресенье все всё весь вся каждый два три согласно`),
	bodies: fields(`министерство минобороны мид университет банк партия совет суд комитет комиссия институт фонд группа
агентство полиция служба`),
}

// arabic has no capitals: titles and roles say where a name begins. Function
// words and the nouns of bodies say where it ends.
var arabic = &lexicon{
	titles: fields(`السيد السيدة الدكتور الدكتورة الرئيس الملك الأمير الأميرة الشيخ الشيخة النائب النائبة العميد اللواء
العقيد المهندس المهندسة الأستاذ الأستاذة السفير السفيرة الوزير الوزيرة المستشار المستشارة الجنرال الفريق القاضي البابا
المتحدث المتحدثة الناطق الناطقة المحامي المحامية المدير المديرة الباحث الباحثة الخبير الخبيرة المحلل الكاتب`),
	roles: fields(`رئيس رئيسة وزير وزيرة مدير مديرة أمين أمينة متحدث متحدثة ناطق سفير سفيرة نائب نائبة قائد زعيم مستشار
مستشارة محافظ عضو ممثل ممثلة منسق منسقة مبعوث مبعوثة حاكم عمدة مفوض مفوضة مندوب رئيسُ`),
	particles: fields(`بن ابن أبو بنت آل عبد`),
	of:        fields(),
	plain: fields(`في من إلى على عن مع بين بعد قبل خلال أثناء عند منذ حتى إن أن إنه إنها أنه أنها بأن التي الذي الذين هذا
هذه ذلك تلك هو هي هم كما لكن أو ثم قد لقد لا لم لن ما كان كانت يوم أمس اليوم غدا الاثنين الثلاثاء الأربعاء الخميس الجمعة
السبت الأحد حول ضد تجاه بشأن حيث عبر لدى نحو لـ وفق وفقا بحسب حسب قوله مؤكدا مضيفا موضحا مشيرا قائلا لوكالة لقناة
لصحيفة للصحفيين للصحافيين عقب فيما بينما أيضا`),
	bodies: fields(`باسم وزارة حكومة خارجية دفاع داخلية مالية صحة عدل تعليم اقتصاد مجلس منظمة جمعية اتحاد لجنة هيئة حركة
حزب جامعة بنك شركة وكالة مكتب مركز قوات جيش شرطة أمن عام دولة جمهورية مملكة وزراء نواب شيوخ أمم مصر لبنان سوريا العراق
فرنسا بريطانيا أمريكا أميركا روسيا الصين إيران تركيا قطر تونس الجزائر المغرب ليبيا السودان اليمن فلسطين إسرائيل ألمانيا
إيطاليا إسبانيا أوكرانيا الهند اليابان الأردن الكويت البحرين عمان السعودية الإمارات شؤون شئون فريق عام`),
}
