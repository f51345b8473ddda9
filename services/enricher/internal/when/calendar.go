package when

import (
	"time"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

// printed is a date as the text gives it.
type printed struct {
	Date
	// weekday is 1 to 7, or 0 if none is given.
	weekday int
	// other is the second reading of a numeric date that has two; zero if none.
	other Date
	next  int
}

// joints are words that may stand between the parts of a date, in any language:
// a month's name must follow, so nothing is lost by taking them together.
var joints = map[string]bool{
	",": true, "'": true, "d": true, "de": true, "del": true, "di": true, "do": true, "da": true, "of": true,
	"the": true, "den": true, "dem": true, "der": true, "le": true, "el": true, "il": true, "den.": true,
	"من": true, "في": true, "am": true, "on": true, "dia": true, "día": true, "o": true,
}

// joined skips at most two joints.
func (s *scan) joined(i int) int {
	for range 2 {
		if !joints[s.at(i).key] {
			break
		}
		i++
	}
	return i
}

// calendarDate reads a date that names a day or a month with its year: numeric, or
// with the month's name, in any order of the parts, perhaps with the weekday.
func (s *scan) calendarDate(i int) (printed, bool) {
	if p, ok := s.numeric(i); ok {
		return p, ok
	}
	at, day := i, 0
	if n, next, ok := s.weekday(i); ok {
		day, at = n, s.joined(next)
		if s.at(at).key == "(" { // pt: "quinta-feira (7)"
			if n := s.at(at + 1); n.number >= 1 && n.number <= 31 && s.at(at+2).key == ")" {
				return printed{Date: Date{Day: n.number}, weekday: day, next: at + 3}, true
			}
		}
	}
	p, ok := s.dayMonth(at)
	if !ok {
		p, ok = s.monthDay(at)
	}
	if !ok && day == 0 {
		p, ok = s.yearFirst(at)
	}
	if !ok && day != 0 {
		p, ok = s.dayOnly(at)
	}
	if !ok && day == 0 {
		p, ok = s.monthYear(at)
	}
	p.weekday = day
	return p, ok && p.valid()
}

// day reads the number of a day with what may follow it ("7th", "1er", "7.").
func (s *scan) day(i int) (n, next int, ok bool) {
	t := s.at(i)
	if t.number < 1 || t.number > 31 || t.digits > 2 {
		return 0, i, false
	}
	after := s.at(i + 1)
	switch {
	case after.key == "." && !after.spaced:
		if s.at(i+2).key == "º" || s.at(i+2).key == "ª" {
			return t.number, i + 3, true
		}
		return t.number, i + 2, true
	case !after.spaced && s.lex.is("ordinal", after.key):
		return t.number, i + 2, true
	case after.key == "-" && !after.spaced && s.lex.is("ordinal", s.at(i+2).key):
		return t.number, i + 3, true
	}
	return t.number, i + 1, true
}

// year reads a year of four digits that may end a date.
func (s *scan) year(i int) (n, next int, ok bool) {
	at := s.joined(i)
	if t := s.at(at); t.digits == 4 && t.number >= minYear && t.number <= maxYear && !s.decimal(at) {
		return t.number, at + 1, true
	}
	return 0, i, false
}

// dayMonth reads "7 décembre 2023", "7. Dezember", "7th of December".
func (s *scan) dayMonth(i int) (printed, bool) {
	n, next, ok := s.day(i)
	if !ok || s.decimal(i) {
		return printed{}, false
	}
	m, next, ok := s.month(s.joined(next), true)
	if !ok {
		return printed{}, false
	}
	p := printed{Date: Date{Month: time.Month(m), Day: n}, next: next}
	if y, next, ok := s.year(next); ok {
		p.Year, p.next = y, next
	}
	return p, true
}

// monthDay reads "December 7, 2023" where the language says so, and "12月7日".
func (s *scan) monthDay(i int) (printed, bool) {
	m, next, ok := s.month(i, true)
	if !ok {
		return printed{}, false
	}
	n, after, ok := s.day(next)
	if !ok || s.decimal(next) {
		return printed{}, false
	}
	p := printed{Date: Date{Month: time.Month(m), Day: n}, next: after}
	if s.lex.is("daysuffix", s.at(after).key) {
		p.next++
		return p, true
	}
	if !s.lex.monthFirst {
		return printed{}, false
	}
	if y, next, ok := s.year(after); ok {
		p.Year, p.next = y, next
	}
	return p, true
}

// yearFirst reads "2023年12月7日", "2023. december 7." and "2023年12月".
func (s *scan) yearFirst(i int) (printed, bool) {
	t := s.at(i)
	if t.digits != 4 || t.number < minYear || t.number > maxYear {
		return printed{}, false
	}
	next := i + 1
	if after := s.at(next); after.key == "." || s.lex.is("yearsuffix", after.key) {
		next++
	} else if !s.lex.monthFirst {
		return printed{}, false
	}
	if p, ok := s.monthDay(next); ok {
		p.Year = t.number
		return p, true
	}
	m, next, ok := s.month(next, false)
	if !ok {
		return printed{}, false
	}
	return printed{Date: Date{Year: t.number, Month: time.Month(m)}, next: next}, true
}

// dayOnly reads the day behind a weekday: "jeudi 7".
func (s *scan) dayOnly(i int) (printed, bool) {
	n, next, ok := s.day(i)
	if !ok || s.decimal(i) || s.at(i).digits == 0 || s.at(i-1).key == "," {
		return printed{}, false
	}
	// "jeudi 7 personnes" counts, it does not date: a noun follows at once.
	if t := s.at(next); t.spaced && wordy(t) && !s.lex.is("monthlead", t.key) && len(t.key) > 3 {
		return printed{}, false
	}
	if next == i+2 && s.at(i+1).key == "." {
		next = i + 1
	}
	return printed{Date: Date{Day: n}, next: next}, true
}

func wordy(t *token) bool {
	if t.number >= 0 || t.key == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.key)
	kind := kindOf(r, char.Of(r))
	return kind == word || kind == lone
}

// monthYear reads "décembre 2023", "December of 2023", "grudzień 2023 r.".
func (s *scan) monthYear(i int) (printed, bool) {
	m, next, ok := s.month(i, true)
	if !ok || s.at(i).number >= 0 { // "3月，2019" is a list
		return printed{}, false
	}
	y, next, ok := s.year(next)
	if !ok {
		return printed{}, false
	}
	return printed{Date: Date{Year: y, Month: time.Month(m)}, next: next}, true
}

// numeric reads "2023-12-07", "7.12.2023" and "07/12/2023".
func (s *scan) numeric(i int) (printed, bool) {
	a, b, c := s.at(i), s.at(i+2), s.at(i+4)
	sign, second := s.at(i+1), s.at(i+3)
	tight := !sign.spaced && !b.spaced && !second.spaced && !c.spaced
	if a.number < 0 || b.number < 0 || c.number < 0 || !tight || sign.key != second.key || s.at(i-1).digits > 0 {
		return printed{}, false
	}
	if before := s.at(i - 1); !a.spaced && (before.key == "." || before.key == "-" || before.key == "/") {
		return printed{}, false
	}
	p := printed{next: i + 5}
	switch {
	case a.digits == 4 && b.digits == 2 && c.digits == 2 && (sign.key == "-" || sign.key == "/" || sign.key == "."):
		p.Date = Date{a.number, time.Month(b.number), c.number}
	case c.digits == 4 && a.digits <= 2 && b.digits <= 2 && (sign.key == "." || sign.key == "/" || sign.key == "-"):
		p.Date = Date{c.number, time.Month(b.number), a.number}
		american := Date{c.number, time.Month(a.number), b.number}
		if s.lex.monthFirst && sign.key == "/" {
			p.Date, american = american, p.Date
		}
		if !p.valid() || p.Month == 0 || p.Day == 0 {
			p.Date, american = american, Date{}
		}
		// Only English prints both orders with a stroke.
		if s.lex.monthFirst && sign.key == "/" && american != p.Date && american.valid() && american.Month > 0 && american.Day > 0 {
			p.other = american
		}
	}
	return p, p.Date.exact() && p.valid()
}
