package quote

import "github.com/dateline-news/dateline/services/enricher/internal/name/words"

// calendar holds the words by which one language tells the time of speaking.
type calendar struct {
	// times are nouns and adverbs of time; adjectives that follow them are among
	// them: "la semana pasada".
	times set
	// leads are adjectives that stand before them: "late", "vergangenen".
	leads set
}

// maxTime bounds the items of an expression of time.
const maxTime = 9

var calendars = map[string]calendar{
	"en": {
		fields(`monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow week weekend month year
morning afternoon evening night january february march april june july august september october november december earlier`),
		fields(`late early last this next past earlier`),
	},
	"fr": {fields(`lundi mardi mercredi jeudi vendredi samedi dimanche hier aujourd'hui demain soir matin matinée après-midi soirée nuit
semaine week-end mois année janvier février mars avril mai juin juillet août septembre octobre novembre décembre dernier dernière
prochain prochaine midi veille lendemain journée`), fields(`début fin courant`)},
	"de": {fields(forms(`montag dienstag mittwoch donnerstag freitag samstag sonntag`, `- abend nachmittag vormittag morgen mittag nacht`),
		`heute gestern vorgestern morgen abend nachmittag vormittag mittag nacht woche wochenende monat jahr januar februar märz april mai
juni juli august september oktober november dezember`), fields(`vergangenen vergangene letzten letzte späten frühen kommenden`)},
	"es": {fields(`lunes martes miércoles jueves viernes sábado domingo hoy ayer anoche anteayer mañana tarde noche madrugada semana mes
año jornada enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre pasado pasada próximo
próxima mediodía`), fields(`último última pasado pasada próximo primera última`)},
	"it": {fields(`lunedì martedì mercoledì giovedì venerdì sabato domenica oggi ieri stamattina stamani stasera sera serata mattina
mattinata pomeriggio notte nottata settimana mese anno gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre
novembre dicembre scorso scorsa prossimo prossima`), fields(`scorso scorsa tarda prima`)},
	"pt": {fields(forms(`segunda terça quarta quinta sexta`, `- -feira`), `sábado domingo hoje ontem anteontem amanhã manhã tarde noite
madrugada semana mês ano janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro passado passada
próximo próxima`), fields(`último última passado passada próximo`)},
	"nl": {fields(forms(`maandag dinsdag woensdag donderdag vrijdag zaterdag zondag`, `- avond middag ochtend nacht`), `vandaag gisteren
eergisteren morgen avond middag ochtend nacht week weekend maand jaar januari februari maart april mei juni juli augustus september
oktober november december`), fields(`vorige afgelopen late vroege komende`)},
	"pl": {fields(`poniedziałek wtorek środę czwartek piątek sobotę niedzielę poniedziałku dziś dzisiaj wczoraj jutro rano wieczorem
południe nocy tygodniu miesiącu roku stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
grudnia`), fields(`ubiegłym zeszłym minionym ubiegły`)},
	"ru": {fields(`понедельник вторник среду четверг пятницу субботу воскресенье вчера сегодня накануне завтра утром днем днём вечером
ночью ночь утро вечер неделе недели месяце года году января февраля марта апреля мая июня июля августа сентября октября ноября
декабря`), fields(`прошлой прошлом минувшей минувшую минувший прошлую прошлый этой этом`)},
	"ar": {fields(`يوم اليوم الآن أمس الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد مساء صباح ظهر ليل ليلة الليلة الماضي الماضية
الجاري الحالي الشهر الأسبوع يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر`), fields(`هذا هذه`)},
}

// overTime gives the item behind the expression of time that begins at item k,
// or k if there is none: "on Friday", "este viernes", "am späten Abend",
// "в среду, 12 марта".
func (d *document) overTime(k, limit int) int {
	// A number may lead to it: "12 марта".
	if !d.may(k, asTime|asTimeLead|asDet|asPrep|asOf) && !d.may(k+1, asTime|asOf) {
		return k
	}
	end := k
	for n := k; n < limit && n-k < maxTime; n++ {
		w := d.word(n)
		if w == nil {
			return end
		}
		nm := d.inName(n)
		switch {
		case nm != nil && (nm.Person || nm.Last-nm.First > 1):
			return end
		case d.may(n, asTime):
			end = n + 1
		case w.Kind == words.Number:
			if end > k && d.isMark(n-1, "(") && d.isMark(n+1, ")") {
				n++
				end = n + 1
			}
		case w.Is("(") && end > k, d.may(n, asTimeLead|asDet|asPrep|asOf):
		default:
			return end
		}
	}
	return end
}
