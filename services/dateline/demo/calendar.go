package demo

import (
	"fmt"
	"time"
)

// calendar is how a language writes days.
type calendar struct {
	months [12]string
	// weekdays start with Sunday. Where a language's preposition depends on the
	// day (Portuguese, Russian), it is part of the word.
	weekdays [7]string
	date     string // pattern of a day; see expand
	stamp    string // pattern of a day with its time; {date} is the day
}

var calendars = map[string]calendar{
	"ar": {
		months:   [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		weekdays: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
		date:     "{d} {month} {yyyy}", stamp: "{date} - {HH}:{MM}",
	},
	"de": {
		months:   [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		date:     "{d}. {month} {yyyy}", stamp: "{date}, {HH}:{MM} Uhr",
	},
	"en": {
		months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		date:     "{d} {month} {yyyy}", stamp: "{date}, {HH}:{MM}",
	},
	"es": {
		months:   [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		date:     "{d} de {month} de {yyyy}", stamp: "{date}, {HH}:{MM} h",
	},
	"fr": {
		months:   [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		date:     "{d} {month} {yyyy}", stamp: "{date} à {HH}h{MM}",
	},
	"it": {
		months:   [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
		weekdays: [7]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"},
		date:     "{d} {month} {yyyy}", stamp: "{date}, ore {HH}:{MM}",
	},
	"ja": {
		months:   [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		weekdays: [7]string{"日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
		date:     "{yyyy}年{month}月{d}日", stamp: "{date} {HH}時{MM}分",
	},
	"nl": {
		months:   [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		weekdays: [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		date:     "{d} {month} {yyyy}", stamp: "{date}, {HH}.{MM} uur",
	},
	"pt": {
		months:   [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		weekdays: [7]string{"no domingo", "na segunda-feira", "na terça-feira", "na quarta-feira", "na quinta-feira", "na sexta-feira", "no sábado"},
		date:     "{d} de {month} de {yyyy}", stamp: "{date} às {HH}h{MM}",
	},
	"ru": {
		months:   [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		weekdays: [7]string{"в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"},
		date:     "{d} {month} {yyyy}", stamp: "{date}, {HH}:{MM}",
	},
	"zh": {
		months:   [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		weekdays: [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
		date:     "{yyyy}年{month}月{d}日", stamp: "{date} {HH}:{MM}",
	},
}

// calendarOf is the calendar of a language that the site publishes in.
func calendarOf(lang string) (calendar, error) {
	c, ok := calendars[lang]
	if !ok {
		return calendar{}, fmt.Errorf("no calendar for language %q", lang)
	}
	return c, nil
}

// weekday is the day's name as it stands in running text.
func (c calendar) weekday(t time.Time) string { return c.weekdays[t.Weekday()] }

// day is the day in words.
func (c calendar) day(t time.Time) string {
	return expand(c.date, t, "{month}", c.months[t.Month()-1])
}

// moment is the day in words with its time.
func (c calendar) moment(t time.Time) string {
	return expand(c.stamp, t, "{date}", c.day(t))
}
