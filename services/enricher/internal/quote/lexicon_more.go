package quote

var dutch = &lexicon{
	finite: fields(`zei zegt zeiden zeggen verklaarde verklaart verklaarden stelde stelt stelden meldde meldt meldden vertelde
vertelt vertelden liet laat lieten vindt vond vinden vonden noemt noemde schreef schrijft schreven antwoordde antwoordt
reageerde reageert reageerden waarschuwde waarschuwt waarschuwden benadrukte benadrukt voegde voegt voegden denkt dacht
sprak spreekt spraken riep roept riepen erkende erkent beweerde beweert beaamde bevestigde bevestigt concludeerde
concludeert twitterde twittert hoopt hoopte legde legt vraagt vroeg eist eiste pleit pleitte aldus bekritiseerde
bekritiseert oordeelde oordeelt beloofde belooft merkte merkt herhaalde gelooft geloofde omschreef omschrijft citeerde`),
	participle: fields(`gezegd verklaard gesteld gemeld verteld geschreven geantwoord gewaarschuwd benadrukt toegevoegd erkend
bevestigd gereageerd beloofd genoemd`),
	gerund:     fields(`zeggend toevoegend benadrukkend`),
	infinitive: fields(`zeggen weten`),
	aux:        fields(`heeft hebben had hadden`),
	been:       fields(`worden`),
	pronouns:   genders(`hij`, `zij ze`, `het`),
	tonic:      genders(`hem`, `haar`, `hen`),
	prefixes:   fields(`toe`),
	relative:   fields(`wie`),
	that:       fields(`dat of hoe`),
	filler: fields(`ook dan toen nog verder later daarnaast bovendien echter al zich hem haar hun ons toe aan weten eerder
vandaag gisteren maandag dinsdag woensdag donderdag vrijdag zaterdag zondag heeft had niet op daarop er tegen`),
	sources: phrases(`volgens|aldus|in de woorden van|naar eigen zeggen van`),
	of:      fields(`van`),
	prep: fields(`in op aan bij met zonder naar voor tegen over onder tussen door om sinds tot tijdens na uit per als tegenover
vanuit wegens ondanks`),
	det: fields(`de het een zijn haar hun ons onze dit dat deze die mijn twee drie enkele verschillende sommige geen`),
	and: fields(`en maar`),
	ends: fields(`die dat wie toen terwijl en of maar in op aan bij tegen tijdens na voor met vandaag gisteren maandag dinsdag
woensdag donderdag vrijdag zaterdag zondag heeft is was`),
	works: fields(`thema motto titel getiteld getitelde genaamd genaamde film boek roman lied nummer album serie stuk voorstelling
tentoonstelling documentaire programma festival schilderij werk opera artikel wet project operatie campagne conferentie
congres prijs tijdschrift hoofdstuk uitdrukking term woord gedicht slogan leus podcast rapport zogeheten zogenaamde`),
	verbFirst: true,
	bareNouns: true,
}

var polish = &lexicon{
	finite: fields(`powiedział powiedziała powiedzieli mówi mówił mówiła mówią mówili stwierdził stwierdziła stwierdzili dodał
dodała dodali dodaje podkreślił podkreśliła podkreśla zaznaczył zaznaczyła zaznacza oświadczył oświadczyła oświadczyli
wyjaśnił wyjaśniła wyjaśnia zapewnił zapewniła zapewnia napisał napisała pisze ocenił oceniła ocenia przyznał przyznała
przyznaje poinformował poinformowała poinformowali informuje ostrzegł ostrzegła ostrzega odpowiedział odpowiedziała
odpowiada zapowiedział zapowiedziała zapowiada tłumaczył tłumaczyła tłumaczy przekonywał przekonuje uważa apelował
zaapelował zaapelowała podsumował podsumowała skomentował skomentowała komentuje wskazał wskazała wskazuje przekazał
przekazała zauważył zauważyła zauważa twierdzi zapytał zapytała krytykuje skrytykował relacjonuje opowiada`),
	gerund:    fields(`mówiąc dodając podkreślając zaznaczając wskazując`),
	pronouns:  genders(`on`, `ona`, `oni`),
	tonic:     genders(`niego`, `niej`, `nich`),
	relative:  fields(`który która którzy`),
	that:      fields(`że iż`),
	filler:    fields(`nie się też także również jednak wczoraj dziś potem później mu jej im nam w poniedziałek wtorek środę czwartek piątek sobotę niedzielę`),
	sources:   phrases(`według|zdaniem`),
	prep:      fields(`w we na z ze do od po przy pod nad przed za o dla bez przez podczas według jako wobec`),
	and:       fields(`i a ale oraz`),
	ends:      fields(`który która którzy że i oraz a ale w na podczas po przed dla do o`),
	works:     fields(`tytuł tytułem pt temat tematem hasłem hasło film filmu książka książki książce powieść piosenka piosenki serial utwór program projekt kampania wystawa nazwą tzw nazwie sztuka spektakl`),
	verbFirst: true, bareNouns: true,
}

var russian = &lexicon{
	finite: fields(`сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет отметил отметила
отметили отмечает добавил добавила добавили добавляет подчеркнул подчеркнула подчеркнули подчеркивает подчёркивает сообщил
сообщила сообщили сообщает сообщают объяснил объяснила объяснили объясняет пояснил пояснила пояснили поясняет рассказал
рассказала рассказали рассказывает написал написала написали пишет считает считают считал уточнил уточнила уточнили
уточняет признал признала признался призналась признает ответил ответила ответили отвечает предупредил предупредила
предупреждает утверждает утверждал утверждают указал указала указывает напомнил напомнила напоминает заметил заметила
заключил заключила подтвердил подтвердила подтвердили констатировал констатировала прокомментировал прокомментировала
комментирует призвал призвала призвали пообещал пообещала обещает выразил выразила назвал назвала назвали называет
продолжил продолжила полагает полагают уверен уверена цитирует приводит передает передаёт посетовал процитировал
раскритиковал поблагодарил спросил спросила возразил возразила резюмировал высказал высказался посоветовал предположил
сообщило заявило отметило подтвердило добавило уточнило объяснило подчеркнуло напомнило предупредило признало пояснило
указало рассказало заверил заверила заверили передал передала передали доложил доложила проинформировал проинформировала
проинформировали проинформировало предположила убежден убеждён опроверг опровергла`),
	gerund:   fields(`добавив отметив подчеркнув сказав заявив пояснив уточнив напомнив указав назвав говоря отмечая добавляя`),
	pronouns: genders(`он`, `она`, `они`),
	tonic:    genders(`него его`, `нее неё ее её`, `них их`),
	relative: fields(`который которая которые`),
	that:     fields(`что будто`),
	filler:   fields(`не также тоже ещё еще уже сегодня вчера затем потом позже ранее при этом журналистам ему ей им ему нам так и в понедельник вторник среду четверг пятницу субботу воскресенье`),
	sources:  phrases(`по словам|со слов|по мнению|по данным|согласно|по оценке|по версии`),
	prep:     fields(`в во на с со к ко от до из за под над при про для без через между перед после по об о у среди против вместо около`),
	and:      fields(`и а но`),
	ends: fields(`который которая которые что и а но в во на с по при для после во время о об журналистам агентству изданию газете
телеканалу сегодня вчера`),
	works: fields(`тему теме тема темой названием название названии фильм фильма фильме книга книги книге роман романа песня песни
альбом сериал спектакль проект проекта программа программы программе выставка лозунгом лозунг девизом акция акции операция
кампания газета газеты газете журнал конкурс премия премии так-называемый называемый называемая называемые`),
	verbFirst: true, bareNouns: true,
}

var arabic = &lexicon{
	finite: fields(`قال قالت قاله قالته قالوا يقول تقول أكد أكدت أكدوا يؤكد تؤكد أضاف أضافت يضيف تضيف صرح صرحت أعلن أعلنت أوضح أوضحت يوضح
توضح ذكر ذكرت أشار أشارت يشير شدد شددت كتب كتبت يكتب تابع تابعت اعتبر اعتبرت يعتبر رأى رأت يرى ترى حذر حذرت يحذر قالا
لفت لفتت اعترف اعترفت نفى نفت رد ردت أردف أردفت بين بينت وصف وصفت طالب طالبت دعا دعت أفاد أفادت زعم علق علقت استطرد اختتم
نوه كشف كشفت كشفوا أقر أقرت نبه نبهت توقع توقعت تعهد تعهدت أبرز أبرزت أعرب أعربت تساءل أجاب أجابت روى نقل نقلت`),
	gerund: fields(`قائلا قائلة مضيفا مضيفة مؤكدا مؤكدة موضحا موضحة مشيرا مشيرة معتبرا معتبرة مشددا مشددة لافتا محذرا محذرة
قائلاً مضيفاً مؤكداً موضحاً مشيراً معتبراً مشدداً لافتاً محذراً متابعا واصفا واصفاً مبرزا مبرزة منبها منوها كاشفا مذكرا قوله قولها قولهم`),
	pronouns:  genders(`هو`, `هي`, `هم`),
	relative:  fields(`الذي التي الذين`),
	that:      fields(`إن أن إنه إنها بأن أنه أنها بالقول قوله قولها`),
	filler:    fields(`قد كان كانت أيضا في إلى أن إن`),
	sources:   phrases(`بحسب|حسب|وفقا ل|وفق|وفقاً ل|على حد تعبير|على حد قول|نقلا عن`),
	prep:      fields(`في من إلى على عن مع خلال بعد قبل أثناء عند منذ حول ضد عبر لدى`),
	and:       fields(`و ثم لكن`),
	ends:      fields(`في من إلى على عن مع خلال بعد قبل أثناء عند منذ حول ضد عبر لدى إن أن إنه إنها أنه أنها بأن الذي التي الذين عقب لوكالة لقناة لصحيفة للصحفيين للصحافيين أمس اليوم الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد حيث كما`),
	works:     fields(`عبارة لافتة عنوان بعنوان شعار فيلم كتاب رواية أغنية مسلسل مسرحية معرض برنامج مهرجان مشروع عملية حملة مؤتمر جائزة مجلة اسم باسم المسمى المسماة يسمى موضوع كتابه كتابها روايته فيلمه`),
	verbFirst: true, bareNouns: true,
}
