package when

import "time"

// widely are the languages that a date is tried in when a text's language is not
// known.
var widely = []string{"en", "fr", "es", "de", "pt", "it", "ru", "ar"}

// ParseDate reads s, all of it, as a calendar date in lang, else in English:
// "7 décembre 2023", "Dec. 7", "7 дек". A missing year is that which brings the
// date nearest to ref; without a reference it stays unknown.
func ParseDate(s, lang string, ref Date) (Date, bool) {
	if d, ok := parseIn(s, lang, ref); ok {
		return d, true
	}
	others := widely
	if lexiconOf(lang) != nil {
		others = widely[:1]
	}
	for _, other := range others {
		if d, ok := parseIn(s, other, ref); ok && other != lang {
			return d, true
		}
	}
	return Date{}, false
}

func parseIn(text, lang string, ref Date) (Date, bool) {
	lex := lexiconOf(lang)
	if lex == nil {
		return Date{}, false
	}
	s := newScan(text, lex)
	p, ok := s.calendarDate(s.joined(0))
	if !ok || p.other.Year != 0 {
		return s.dayAlone(ref)
	}
	for i := p.next; i < len(s.tokens); i++ {
		if !trailing[s.at(i).key] {
			return Date{}, false
		}
	}
	if p.Year != 0 || p.Month == 0 {
		return p.Date, true
	}
	value, _ := resolve(ref, nearestYear(p.Date, p.weekday))
	if d, ok := ParseISO(value); ok {
		return d, true
	}
	return p.Date, true
}

// dayAlone reads "7日", where that is all.
func (s *scan) dayAlone(ref Date) (Date, bool) {
	e, ok := s.dayNumber(0, ref)
	if !ok || e.next != len(s.tokens) {
		return Date{}, false
	}
	if d, ok := ParseISO(e.value); ok {
		return d, true
	}
	return Date{Day: s.at(0).number}, true
}

// trailing are what may end a printed date: full stops, and words for "year".
var trailing = map[string]bool{
	".": true, ",": true, "г": true, "года": true, "год": true, "r": true, "roku": true, "م": true, "р": true, "року": true,
}

// ParseISO reads a date as ISO 8601 writes it: a year, a month or a day.
func ParseISO(s string) (Date, bool) {
	for _, layout := range []struct{ form, precision string }{
		{time.DateOnly, "day"}, {"2006-01", "month"}, {"2006", "year"},
	} {
		if t, err := time.Parse(layout.form, s); err == nil {
			d := DateOf(t, layout.precision)
			return d, d.Year != 0 && d.valid()
		}
	}
	return Date{}, false
}
