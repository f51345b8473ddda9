package feedread

import (
	"strings"
	"time"
)

// months gives the number of a month by its name or abbreviation, in lower case, in the
// languages whose feeds were seen to use their own names.
var months = monthNames(
	"january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept", "october oct", "november nov", "december dec",
	// French.
	"janvier janv", "février févr fév fevrier fev", "mars", "avril avr", "mai", "juin", "juillet juil", "août aout aoû", "septembre", "octobre", "novembre", "décembre déc decembre",
	// German.
	"januar jän jänner", "februar", "märz mär mrz maerz", "", "", "juni", "juli", "", "", "oktober okt", "", "dezember dez",
	// Spanish.
	"enero ene", "febrero", "marzo", "abril abr", "mayo", "junio", "julio", "agosto ago", "septiembre setiembre set", "octubre", "noviembre", "diciembre dic",
	// Italian.
	"gennaio gen", "febbraio", "", "aprile", "maggio mag", "giugno giu", "luglio lug", "", "settembre", "ottobre ott", "", "dicembre",
	// Portuguese.
	"janeiro", "fevereiro", "março", "", "maio", "junho", "julho", "", "setembro", "outubro out", "novembro", "dezembro",
	// Dutch.
	"januari", "februari", "maart mrt", "", "mei", "", "", "augustus", "", "", "", "",
	// Hungarian.
	"január", "február", "március márc", "április ápr", "május máj", "június jún", "július júl", "augusztus", "szeptember szept", "október", "", "",
	// Greek, with and without accents.
	"ιανουαρίου ιαν ιανουάριος", "φεβρουαρίου φεβ", "μαρτίου μάρ μαρ μάρτιος", "απριλίου απρ", "μαΐου μάι μαι μαϊ", "ιουνίου ιούν ιουν ιουλ. ιούνιος", "ιουλίου ιούλ ιουλ ιούλιος",
	"αυγούστου αύγ αυγ", "σεπτεμβρίου σεπ σεπτ", "οκτωβρίου οκτ", "νοεμβρίου νοέ νοε", "δεκεμβρίου δεκ",
	// Polish.
	"stycznia sty", "lutego lut", "marca", "kwietnia kwi", "maja", "czerwca cze", "lipca lip", "sierpnia sie", "września wrz", "października paź", "listopada lis", "grudnia gru",
	// Czech.
	"ledna led", "února úno", "března bře", "dubna dub", "května kvě", "června čvn", "července čvc", "srpna srp", "září zář", "října říj", "listopadu", "prosince pro",
	// Russian.
	"января янв", "февраля фев", "марта мар", "апреля апр", "мая май", "июня июн", "июля июл", "августа авг", "сентября сен", "октября окт", "ноября ноя", "декабря дек",
	// Turkish.
	"ocak oca", "şubat şub", "mart", "nisan nis", "mayıs", "haziran haz", "temmuz tem", "ağustos ağu", "eylül eyl", "ekim eki", "kasım kas", "aralık ara",
	// Swedish, Norwegian, Danish, Finnish, Romanian.
	"ianuarie ian tammikuuta", "februarie helmikuuta", "martie marts maaliskuuta", "aprilie huhtikuuta", "maj toukokuuta", "iunie iun kesäkuuta", "iulie iul heinäkuuta", "augusti elokuuta", "septembrie syyskuuta", "octombrie lokakuuta", "noiembrie noi marraskuuta", "decembrie desember des joulukuuta",
)

// monthNames reads rows of twelve.
func monthNames(rows ...string) map[string]int {
	m := make(map[string]int, 400)
	for i, row := range rows {
		for _, name := range strings.Fields(row) {
			m[name] = i%12 + 1
		}
	}
	return m
}

// weekdays are names of days, which say nothing that the date does not.
var weekdays = wordSet(`
	monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun tues wednes thur thurs
	lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
	montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
	lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
	lunedì martedì mercoledì giovedì venerdì sabato domenica gio
	segunda terça quarta quinta sexta feira seg ter qua qui sex sab
	maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
	hétfő kedd szerda csütörtök péntek szombat vasárnap hét
	δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ
	poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz nie
	pondělí úterý středa čtvrtek pátek neděle po út st čt pá ne
	понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
	pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt sal çar per cum cmt paz
	måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tor fre lör sön
	mandag tirsdag lørdag søndag man tir lør søn
	luni marți miercuri joi vineri sâmbătă duminică
	월요일 화요일 수요일 목요일 금요일 토요일 일요일
`)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

var korea = time.FixedZone("KST", 9*3600)

// zoneNames gives the zones that feeds name, RFC 822's among them. Names that several
// zones share have the meaning that feeds most use.
var zoneNames = func() map[string]*time.Location {
	m := map[string]*time.Location{"kst": korea}
	for hours, names := range map[float64]string{
		0: "ut utc gmt z wet coordinated etc/gmt etc/utc uct", 1: "cet bst mez met wat", 2: "cest cesz mesz eet sast cat", 3: "msk eest eat idt trt",
		3.5: "irst", 4: "gst msd", 5: "pkt uzt", 5.5: "ist", 5.75: "npt", 6: "bdt", 7: "wib ict", 8: "sgt hkt awst myt pht wita cst_china",
		9: "jst", 9.5: "acst", 10: "aest", 10.5: "acdt", 11: "aedt", 12: "nzst", 13: "nzdt",
		-2.5: "ndt", -3: "adt brt art", -3.5: "nst", -4: "edt ast at clt", -5: "cdt est et pet cot", -6: "mdt cst ct",
		-7: "pdt mst mt", -8: "akdt pst pt", -9: "akst", -10: "hst",
	} {
		for _, name := range strings.Fields(names) {
			m[name] = time.FixedZone(strings.ToUpper(name), int(hours*3600))
		}
	}
	return m
}()
