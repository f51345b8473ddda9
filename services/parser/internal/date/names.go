package date

import "strings"

// monthWords gives the month names and short forms of some forty-five languages,
// one line a month; CLDR's wide and abbreviated forms, standing alone and
// inside dates, with the spellings that newspapers print.
var monthWords = [12]string{
	"january jan janv janvier jänner januar jän enero ene gennaio gen janeiro januari stycznia styczeń sty января январь янв yanvar ocak oca ianuarie ian leden ledna led januára január januar tammikuu tammikuuta január jan január janar sausio sausis janvāris janvārī jaanuar siječnja siječanj јануар јануара януари ян ιανουαρίου ιανουάριος ιαν січня січень січ يناير جانفي ينایر ژانویه ינואר जनवरी januarie студзеня gener xaneiro urtarrila janúar มกราคม জানুয়ারি জানুয়ারী جنوری ಜನವರಿ ஜனவரி జనవరి იანვარი հունվար jaanuari",
	"february feb februar février févr fév fevrier febrero febbraio fevereiro fev februari lutego luty lut февраля февраль фев февр şubat şub februarie únor února úno februára február helmikuu helmikuuta febr vasario vasaris februāris februārī veebruar veljače veljača фебруар фебруара февруари φεβρουαρίου φεβρουάριος φεβ лютого лютий лют فبراير فيفري شباط فوریه פברואר फरवरी fevral лютага otsaila febrúar shkurt กุมภาพันธ์ ফেব্রুয়ারি فروری பிப்ரவரி ఫిబ్రవరి თებერვალი փետրվար",
	"march mar mars märz mär mrz marzo março marco maart mrt marca marzec марта март мар mart martie březen března bře marec maaliskuu maaliskuuta március márc kovo kovas marts martā märts ožujka ožujak μαρτίου μάρτιος μαρ μάρ березня березень бер مارس آذار מרץ मार्च maret marta sakavika maerz març martxoa มีนาคม মার্চ مارچ மார்ச் మార్చి მარტი մարտ",
	"april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апрель апр nisan nis aprilie duben dubna dub apríla apríl huhtikuu huhtikuuta április ápr balandžio balandis aprīlis aprīlī aprill travnja travanj април априла απριλίου απρίλιος απρ квітня квітень кві أبريل ابريل أفريل نيسان آوریل אפריל अप्रैल aprel красавіка apirila prill เมษายน এপ্রিল اپریل ஏப்ரல் ఏప్రిల్ აპრილი ապրիլ",
	"may mai mayo maggio mag maio mei maja maj мая май mayıs květen května kvě mája máj toukokuu toukokuuta május gegužės gegužė maijs maijā svibnja svibanj мај маја μαΐου μάιος μαϊ μάι травня травень тра مايو ماي أيار מאי मई mayıs maj траўня maig maiatza maí พฤษภาคม মে مئی மே మే მაისი մայիս",
	"june jun juin juni junio giugno giu junho czerwca czerwiec cze июня июнь июн haziran haz iunie iun červen června čvn júna jún kesäkuu kesäkuuta június jún birželio birželis jūnijs jūnijā juuni lipnja lipanj јун јуна юни ιουνίου ιούνιος ιουν червня червень чер يونيو جوان يونيه حزيران ژوئن יוני जून iyun чэрвеня juny xuño ekaina júní qershor มิถุนายน জুন جون ஜூன் జూన్ ივნისი հունիս",
	"july jul juillet juil juli julio luglio lug julho lipca lipiec lip июля июль июл temmuz tem iulie iul červenec července čvc júla júl heinäkuu heinäkuuta július júl liepos liepa jūlijs jūlijā juuli srpnja srpanj јул јула юли ιουλίου ιούλιος ιουλ липня липень лип يوليو يوليوز جويلية يوليه تموز ژوئیه יולי जुलाई iyul ліпеня juliol xullo uztaila júlí korrik กรกฎาคม জুলাই جولائی ஜூலை జూలై ივლისი հուլիս",
	"august aug août aout agosto ago augustus sierpnia sierpień sie августа август авг ağustos ağu srpen srpna srp augusta elokuu elokuuta augusztus rugpjūčio rugpjūtis augusts augustā kolovoza kolovoz август августа αυγούστου αύγουστος αυγ серпня серпень сер أغسطس اغسطس غشت أوت آب اوت אוגוסט अगस्त agustus agu avqust жніўня agost abuztua ágúst gusht สิงหาคม আগস্ট اگست ஆகஸ்ட் ఆగస్టు აგვისტო օգոստոս augusti",
	"september sep sept septembre septiembre setiembre settembre set setembro września wrzesień wrz сентября сентябрь сен сент eylül eyl septembrie září zář septembra syyskuu syyskuuta szeptember szept rugsėjo rugsėjis septembris septembrī rujna rujan септембар септембра септември σεπτεμβρίου σεπτέμβριος σεπ вересня вересень вер سبتمبر شتنبر أيلول سپتامبر ספטמבר सितंबर sentyabr верасня setembre iraila shtator กันยายน সেপ্টেম্বর ستمبر செப்டம்பர் సెప్టెంబర్ სექტემბერი սեպտեմբեր",
	"october oct octobre oktober okt octubre ottobre ott outubro out października październik paź октября октябрь окт ekim eki octombrie říjen října říj októbra október lokakuu lokakuuta október spalio spalis oktobris oktobrī oktoober октобар октобра октомври οκτωβρίου οκτώβριος οκτ жовтня жовтень жов أكتوبر اكتوبر اکتبر אוקטובר अक्टूबर oktyabr кастрычніка urria tetor ตุลาคม অক্টোবর اکتوبر அக்டோபர் అక్టోబర్ ოქტომბერი հոկտեմբեր",
	"november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб kasım kas noiembrie noi listopadu novembra marraskuu marraskuuta lapkričio lapkritis novembris novembrī studenoga studenog studeni новембар новембра ноември νοεμβρίου νοέμβριος νοε листопада листопад лис نوفمبر نونبر نوامبر נובמבר नवंबर noyabr лістапада azaroa nóvember nëntor พฤศจิกายน নভেম্বর نومبر நவம்பர் నవంబర్ ნოემბერი նոյեմբեր",
	"december dec décembre déc decembre dezember dez diciembre dic dicembre dezembro grudnia grudzień gru декабря декабрь дек aralık ara decembrie prosinec prosince pro decembra joulukuu joulukuuta december dec gruodžio gruodis decembris decembrī detsember prosinca prosinac децембар децембра декември δεκεμβρίου δεκέμβριος δεκ грудня грудень гру ديسمبر دجنبر دسامبر דצמבר दिसंबर desember des dekabr снежня desembre abendua dhjetor ธันวาคม ডিসেম্বর دسمبر டிசம்பர் డిసెంబర్ დეკემბერი դեկտեմբեր",
}

// monthByWord leaves out short forms that are everyday words in some language
// and would turn prose into dates.
var monthByWord = func() map[string]int {
	m := make(map[string]int, 700)
	for i, line := range monthWords {
		for w := range strings.FieldsSeq(line) {
			if _, ok := m[w]; !ok {
				m[w] = i + 1
			}
		}
	}
	return m
}()

// twoWordMonths are the months of the Levant that take two words.
var twoWordMonths = [...]struct {
	name  string
	month int
}{
	{"كانون الثاني", 1}, {"تشرين الأول", 10}, {"تشرين الثاني", 11}, {"كانون الأول", 12},
}
