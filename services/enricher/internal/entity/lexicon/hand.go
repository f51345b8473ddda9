package lexicon

import "strings"

// hand are the classes of the words listed below, whatever the language: what is
// a title in one is hardly ever another kind of name in the next.
var hand = collect()

func collect() map[string]Class {
	m := map[string]Class{}
	for class, list := range map[Class]string{
		Title: titles, Body: bodies, Feature: features, Company: companies, Speech: speech, Calendar: calendar,
		Given: given, Surname: surnames, Demonym: demonyms,
	} {
		for word := range strings.FieldsSeq(list) {
			m[word] |= class
		}
	}
	return m
}

// titles, by language: en fr de es it pt nl; da sv nb; hr hu ro pl ru.
const titles = `
mr mrs ms miss dr prof professor sir dame lord lady sen rep gov lt col capt sgt rev president vice-president minister
chancellor secretary senator congressman congresswoman governor mayor judge justice attorney prosecutor general ambassador
king queen prince princess pope bishop archbishop cardinal imam rabbi sheikh colonel captain major lieutenant sergeant
admiral commissioner commander inspector director chairman chairwoman chair spokesman spokeswoman spokesperson ceo coach
premier leader chief head manager founder analyst economist lawyer author actor actress singer striker midfielder
defender goalkeeper
m. mm mme mmes mlle docteur pr maître monsieur madame mademoiselle mgr président présidente ministre général colonel
capitaine commandant amiral roi reine pape émir cheikh maire sénateur sénatrice député députée procureur procureure juge
professeur professeure secrétaire directeur directrice chancelier chancelière gouverneur gouverneure ambassadeur
ambassadrice porte-parole patron pdg fondateur fondatrice commissaire préfet préfète entraîneur sélectionneur avocat avocate
écrivain journaliste chercheur chercheuse économiste candidat candidate délégué déléguée coordinateur coordinatrice chef
cheffe vice-président vice-présidente acteur actrice chanteur chanteuse attaquant gardien
herr herrn frau präsident präsidentin bundespräsident bundeskanzler bundeskanzlerin kanzler kanzlerin ministerin
ministerpräsident ministerpräsidentin premierminister innenminister innenministerin außenminister außenministerin
finanzminister verteidigungsminister verteidigungsministerin justizminister wirtschaftsminister gesundheitsminister
umweltminister bürgermeister bürgermeisterin oberbürgermeister sprecher sprecherin vorsitzender vorsitzende vorsitzenden
chefin geschäftsführer direktor direktorin generalsekretär staatsanwalt abgeordneter abgeordnete trainer trainerin richter
anwalt anwältin oberst könig königin prinz prinzessin papst bischof kardinal experte expertin forscher forscherin leiter
leiterin ökonom botschafter botschafterin kaiser graf fürst herzog schauspieler schauspielerin sänger sängerin
sr sra srta don doña dra señor señora presidente presidenta ministro ministra capitán rey reina príncipe princesa papa
cardenal alcalde alcaldesa senador senadora diputado diputada juez jueza fiscal profesor profesora secretario secretaria
directora gobernador gobernadora canciller embajador embajadora portavoz jefe jefa líder entrenador entrenadora delantero
actriz cantante escritor escritora periodista
sig signor signora dott dottor dottoressa avv onorevole capitano re regina principe sindaco sindaca senatore senatrice
deputato deputata giudice procuratore segretario segretaria direttore direttrice governatore cancelliere portavoce
allenatore allenatrice attaccante attore attrice cantante scrittore giornalista
senhor senhora dom dona rei rainha prefeito prefeita deputado juiz juíza procurador procuradora secretário secretária
diretor diretora governador governadora chanceler primeiro-ministro primeira-ministra embaixador porta-voz técnico
treinador ator atriz cantor cantora ex-presidente ex-ministro vereador
dhr mevrouw mevr meneer heer staatssecretaris burgemeester wethouder koning koningin prins prinses paus bisschop kardinaal
generaal kolonel rechter directeur voorzitter woordvoerder woordvoerster bondscoach minister-president hoogleraar
onderzoeker advocaat kamerlid fractievoorzitter
hr fru frk statsminister udenrigsminister finansminister justitsminister formand direktør borgmester dronning konge
statsminister utrikesminister finansminister statsråd ordförande talesman talesperson direktör borgmästare drottning kung
konung riksdagsman utenriksminister leder ordfører talsmann kong dronning statsråd landbruksminister generalsekretær
statssekretær professor advokat forfatter trener trænare tränare
predsjednik predsjednika predsjedniku predsjednica premijer premijera premijerka ministar ministra ministrica ministrice
gradonačelnik gradonačelnika glasnogovornik glasnogovornica tajnik ravnatelj direktor trener izbornik kapetan general
kancelarka kancelar kralj kraljica papa biskup veleposlanik tužitelj sudac zastupnik načelnik povjerenik profesor
elnök elnöke elnökének miniszter minisztere miniszterelnök miniszterelnöke államtitkár államtitkára főtitkár főtitkára
kancellár képviselő képviselője polgármester polgármestere szóvivő szóvivője vezető vezetője igazgató igazgatója
vezérigazgató vezérigazgatója biztos professzor király királynő pápa püspök tábornok edző elnökhelyettes alelnök alelnöke
nagykövet ügyvezető elnök-vezérigazgató
președinte președintele preşedintele premierul ministru ministrul primar primarul purtător deputat deputatul senatorul
director directorul secretar secretarul procuror procurorul judecător domnul doamna regele regina papa generalul
profesorul patriarhul cancelarul ambasadorul antrenorul
pan pani prezydent prezydenta prezydentem premiera marszałek poseł posłanka burmistrz wojewoda prezes dyrektor rzecznik
rzeczniczka generał król królowa papież kardynał biskup szef trener sędzia prokurator ambasador kanclerz minister ministra
г г-н г-жа господин госпожа президент президента президентом премьер премьер-министр министр министра губернатор мэр
депутат сенатор генерал полковник король королева папа патриарх академик профессор доктор судья адвокат посол глава главы
директор директора председатель председателя секретарь пресс-секретарь представитель спикер тренер актёр актриса певец
певица писатель режиссёр принц принцесса царь император князь граф маршал
bakan bakanı başkan başkanı cumhurbaşkanı başbakan vali valisi genel sekreteri sözcüsü müdürü milletvekili profesör
prezidentka ministryně premiér předseda předsedkyně ředitel ředitelka mluvčí starosta primátor poslanec hejtman
predseda hovorca riaditeľ riaditeľka predsednik predsednica župan županja
міністр міністра президент прем'єр-міністр голова речник депутат мер губернатор
presidentti pääministeri ministeri johtaja toimitusjohtaja puheenjohtaja kansanedustaja
presiden menteri perdana gubernur bupati wali ketua direktur juru jenderal
πρόεδρος πρωθυπουργός υπουργός εκπρόσωπος δήμαρχος`

// bodies, in the same order of languages.
const bodies = `
ministry university bank company corporation party office agency council court union association organisation organization
committee commission institute foundation group federation department bureau hospital army police society league club
parliament congress senate house press news times post journal college school authority service services trust fund
centre center board assembly forces navy guard movement front alliance team museum theatre orchestra church airlines
airways motors systems technologies industries holdings pictures records studios network networks media energy
organisation association ministère université banque société parti office agence conseil cour union comité commission
institut fondation groupe fédération syndicat parquet armée front haute assemblée sénat chambre collectif observatoire
centre compagnie ligue club radio télévision ong présidence tribunal académie école lycée hôpital musée théâtre mouvement
autorité caisse confédération direction gendarmerie garde fonds réseau journal secrétariat haut-commissariat alliance
partei ministerium universität bank polizei gericht verband behörde amt unternehmen gesellschaft union bundesregierung
konzern zeitung verein gewerkschaft kommission rat bund institut stiftung bundestag bundesrat bundesamt bundesbank
bundesgerichtshof landtag hochschule klinikum akademie allianz liga bundesverband landgericht amtsgericht
staatsanwaltschaft feuerwehr bundeswehr innenministerium außenministerium verteidigungsministerium museum theater
organización asociación ministerio universidad banco partido oficina agencia consejo corte unión comité comisión instituto
fundación grupo federación sindicato policía ejército frente asamblea senado congreso tribunal fiscalía empresa centro club
academia liga escuela hospital museo teatro movimiento autoridad confederación secretaría diario alianza
organizzazione associazione ministero università banca partito ufficio agenzia consiglio corte unione comitato commissione
istituto fondazione gruppo federazione sindacato polizia esercito fronte assemblea senato camera tribunale procura azienda
centro accademia lega scuola ospedale museo teatro movimento autorità confederazione giornale alleanza
organização associação ministério universidade partido escritório agência conselho tribunal união comitê comité comissão
fundação federação polícia exército assembleia câmara procuradoria empresa centro academia liga escola secretaria faculdade
companhia confederação supremo
organisatie vereniging ministerie universiteit partij bureau agentschap raad hof unie commissie instituut stichting groep
federatie vakbond politie leger hogeschool rechtbank ziekenhuis kamer
partiet ministeriet universitetet universitet politiet folketinget folketing regeringen rådet kommissionen foreningen
forbundet fonden instituttet selskabet styrelsen direktoratet domstolen højesteret hæren
riksdagen universitet högskolan myndigheten verket styrelsen förbundet kommittén nämnden rådet partiet banken
stortinget departementet kommunen høyesterett politidistrikt forbund forening
ministarstvo ministarstva ministarstvu sveučilište banka banke stranka stranke vlada vlade unija unije vijeće vijeća sabor
sabora agencija agencije udruga savez sud suda ured ureda komisija komisije organizacija organizacije fond policija klub
zavod institut fakultet sindikat parlament
minisztérium minisztériuma egyetem bank párt bizottság bizottsága tanács tanácsa parlament bíróság bírósága szövetség
szövetsége egyesület hivatal hivatala intézet intézete ügynökség alapítvány társaság csoport rendőrség kamara unió
ministerul universitatea banca partidul guvernul uniunea comisia consiliul parlamentul curtea tribunalul agenția agenţia
asociația institutul fundația direcția parchetul poliția spitalul federația senatul camera autoritatea casa
organizacja ministerstwo uniwersytet bank partia urząd agencja rada sąd komisja instytut fundacja grupa policja sejm senat
związek stowarzyszenie
министерство министерства минобороны мид университет университета банк банка партия партии совет совета суд суда комитет
комитета комиссия комиссии институт института фонд фонда группа агентство агентства полиция служба управление
администрация организация организации союз союза дума думы ассоциация компания компании завод театр музей академия
федерация лига клуб компании фирма клубе клуба команда команды газета газеты
bakanlığı üniversitesi bankası örgütü birliği partisi kurumu mahkemesi belediyesi meclisi derneği vakfı
univerzita ministerstvo strana banka úřad soud komise unie univerzitet ministrstvo
університет міністерство банк партія рада суд комітет
yliopisto ministeriö pankki puolue virasto
universitas kementerian partai badan komisi dewan mahkamah
πανεπιστήμιο υπουργείο τράπεζα κόμμα επιτροπή
وزارة منظمة جمعية جامعة وكالة مجلس هيئة لجنة حركة حزب بنك شركة صندوق مؤسسة اتحاد محكمة برلمان معهد مركز نقابة مفوضية`

// features are nouns in the names of places.
const features = `
city county state province region district island islands river lake mount mountain mountains sea ocean bay gulf valley
street avenue road square park airport port bridge north south east west northern southern eastern western central republic
kingdom desert peninsula strait hill beach coast fort
ville comté état province région département île îles rivière fleuve lac mont montagne montagnes mer océan baie golfe vallée
rue avenue place quai boulevard aéroport pont nord sud est ouest république royaume désert péninsule détroit côte
stadt kreis insel inseln fluss see berg gebirge meer bucht golf straße platz allee flughafen brücke norden süden osten
westen republik königreich halbinsel
ciudad condado provincia región distrito isla islas río lago monte montaña montañas mar océano bahía golfo valle calle
avenida plaza aeropuerto puerto puente norte sur este oeste república reino estrecho costa
città contea isola isole fiume lago montagna mare oceano baia golfo valle via viale piazza aeroporto porto ponte nord sud
ovest repubblica regno stretto
cidade estado município ilha ilhas rio lago serra oceano baía vale rua praça bairro aeroporto norte sul leste oeste
república reino
stad provincie gemeente eiland eilanden rivier meer zee straat plein weg luchthaven noord zuid oost west republiek
by kommune amt ø sø gade vej plads lufthavn stad län sjö gata torg flygplats fylke øya
grad grada otok otoka rijeka jezero more ulica trg županija republika
város megye sziget folyó tó tenger utca tér köztársaság
oraș orașul județ județul râul lacul munții marea strada insula republica comuna satul
miasto województwo wyspa rzeka jezioro morze ulica plac republika powiat
город города область области край края район района остров острова река реки озеро море улица площадь республика
республики полуостров штат`

// companies are legal forms.
const companies = `inc ltd llc plc corp co gmbh ag kg se sa sas sarl spa srl s.p.a s.r.l bv nv ab as asa a/s aps oy oyj kft zrt nyrt
bt srl d.d d.o.o sp ооо оао зао пао ltda s.a s.l group gruppe & inc. ltd. corp. co.`

// speech are verbs of saying, in the forms that news prints.
const speech = `
said says say told added explained stated announced warned noted declared claimed asked replied tweeted argued
dit déclaré affirmé ajouté expliqué indiqué annoncé précisé souligné estimé assuré affirme explique précise souligne estime
indique déclare ajoute annonce assure raconte relevé
sagte sagt erklärte betonte teilte kündigte fügte warnte berichtete erklärt meinte forderte
dijo dice afirmó aseguró explicó señaló indicó añadió declaró anunció agregó advirtió destacó manifestó
detto dice affermato spiegato dichiarato aggiunto ha sottolineato annunciato commentato
disse diz afirmou afirma explicou declarou acrescentou anunciou informou
zei zegt verklaarde meldde liet aldus vertelde stelde
siger sagde udtaler oplyser fortæller forklarer säger sade sa sier sade berättar
rekao rekla kazao kazala izjavio izjavila istaknuo istaknula poručio poručila dodao dodala
mondta közölte hozzátette elmondta kijelentette szerint nyilatkozta hangsúlyozta
declarat spus afirmat precizat anunțat explicat adăugat
powiedział powiedziała podkreślił podkreśliła dodał dodała poinformował poinformowała
сказал сказала заявил заявила сообщил сообщила отметил отметила подчеркнул подчеркнула добавил добавила рассказал рассказала
считает говорит пояснил`

// calendar are months and weekdays of languages that print them with a capital,
// and of those that a headline may.
const calendar = `
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag
samstag sonntag janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi
vendredi samedi dimanche enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes
martes miércoles jueves viernes sábado domingo gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
lunedì martedì mercoledì giovedì venerdì sabato domenica janeiro fevereiro março maio junho julho setembro outubro novembro
dezembro segunda-feira terça-feira quarta-feira quinta-feira sexta-feira`
