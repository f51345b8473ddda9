package feedread

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxDate is the longest date, in bytes, that is read.
const maxDate = 100

// dateReader reads the dates of feeds. A date is of use if it names a day and stands to
// reason: not in the future, where clocks and zones that are wrong put it.
type dateReader struct {
	now time.Time
}

// ahead is how far in the future a date may stand, for clocks that differ.
const ahead = time.Hour

// read gives the time that s means, in UTC; zero if there is none or it cannot be true.
func (d *dateReader) read(s string) time.Time {
	t, ok := parseDate(s)
	switch {
	case !ok, t.Year() < 1900, t.Unix() == 0, t.After(d.now.Add(ahead)):
		return time.Time{}
	}
	return t
}

// parseDate reads a date in any of the forms met in feeds: RFC 822 and its relatives
// with names of days, months and zones in several languages, ISO 8601 and its
// relatives, asctime, American and dotted forms, and Unix time. A date without a zone
// is UTC. A word that belongs to no date fails it.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(cleanChars(s))
	if s == "" || len(s) > maxDate {
		return time.Time{}, false
	}
	if t, ok := parseISO(s); ok {
		return t, true
	}
	if t, ok := parseUnix(s); ok {
		return t, true
	}
	var p dateParts
	if !p.scan(s) {
		return time.Time{}, false
	}
	return p.time()
}

// parseUnix reads seconds or milliseconds since 1970, in the years that feeds exist.
func parseUnix(s string) (time.Time, bool) {
	if len(s) != 10 && len(s) != 13 || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, false
	}
	n := int64(0)
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	if len(s) == 13 {
		n /= 1000
	}
	return time.Unix(n, 0).UTC(), true
}

// dateParts is a date in parts as they are found; -1 stands for none.
type dateParts struct {
	year, month, day int
	hour, min, sec   int
	nsec             int
	numbers          []number
	pm, am           bool
	doubtful         bool // month was a name that is also a weekday's
	zone             *time.Location
	hasTime          bool
}

// number is a number that is not yet known to be day, month or year.
type number struct {
	value, digits int
	after         byte // the byte that follows it
}

// scan splits s into numbers, words and signs, and takes what is certain.
func (p *dateParts) scan(s string) bool {
	p.year, p.month, p.day = -1, -1, -1
	for i := 0; i < len(s); {
		c := s[i]
		r, n := utf8.DecodeRuneInString(s[i:])
		ok := true
		switch {
		case c >= '0' && c <= '9':
			n, ok = p.number(s[i:])
		case (c == '+' || c == '-') && p.hasTime && zoneSign(s[i:]):
			p.zone, n, ok = parseOffset(s[i:])
		case c == '(':
			// A comment, such as the name of the zone.
			n = strings.IndexByte(s[i:], ')') + 1
			ok = n > 0
		case unicode.IsLetter(r):
			n = wordLen(s[i:])
			ok = p.word(s[i : i+n])
		}
		if !ok {
			return false
		}
		i += n
	}
	return true
}

// number takes the number or time of day at the start of s and gives its length.
func (p *dateParts) number(s string) (int, bool) {
	end, v := 0, 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		v = v*10 + int(s[end]-'0')
		if end++; end > 9 {
			return 0, false
		}
	}
	num := number{value: v, digits: end}
	if end < len(s) {
		if num.after = s[end]; num.after == ':' && !p.hasTime {
			return p.clock(s)
		}
	}
	p.numbers = append(p.numbers, num)
	return end, true
}

// wordLen gives the length of the word at the start of s, with the slashes and
// underscores of zones such as America/New_York and the dots of "a.m.".
func wordLen(s string) int {
	end := 0
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		letterNext := end+1 < len(s) && unicode.IsLetter(rune(s[end+1]))
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r):
		case (r == '/' || r == '_') && letterNext:
		case r == '.' && end == 1 && letterNext && (s[2] == 'm' || s[2] == 'M'):
		default:
			return end
		}
		end += n
	}
	return end
}

// zoneSign tells whether the sign at the start of s begins an offset, and is no dash
// between words. A plus before letters is an offset gone wrong.
func zoneSign(s string) bool {
	return len(s) > 1 && (s[1] >= '0' && s[1] <= '9' || unicode.IsLetter(rune(s[1])) && s[0] == '+')
}

// clock reads "hh:mm[:ss[.fff]]" and gives its length.
func (p *dateParts) clock(s string) (int, bool) {
	var v [3]int
	i, n := 0, 0
	for n < 3 {
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' && i-start < 2 {
			v[n] = v[n]*10 + int(s[i]-'0')
			i++
		}
		if i == start {
			return 0, false
		}
		n++
		if n == 3 || i >= len(s) || s[i] != ':' {
			break
		}
		i++
	}
	if i < len(s) && (s[i] == '.' || s[i] == ',') && n == 3 {
		scale := 100_000_000
		for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			p.nsec += int(s[i]-'0') * scale
			scale /= 10
		}
	}
	p.hour, p.min, p.sec, p.hasTime = v[0], v[1], v[2], true
	return i, n >= 2
}

// word takes the name of a day, month or zone, or a mark of the half of the day.
func (p *dateParts) word(w string) bool {
	lower := strings.ToLower(w)
	if m, ok := months[lower]; ok && (p.month < 0 || p.doubtful) {
		// "mar" is also the French and Spanish Tuesday: another month's name after it wins.
		p.month, p.doubtful = m, weekdays[lower]
		return true
	}
	switch lower {
	case "오전", "오후":
		p.am, p.pm, p.zone = w == "오전", w == "오후", korea
		return true
	case "am", "a.m":
		p.am = true
		return true
	case "pm", "p.m":
		p.pm = true
		return true
	case "t", "at", "de", "of", "um", "le", "the", "st", "nd", "rd", "th", "kl", "uhr", "à":
		// "T" between date and time, and small words around them; "at" is also a zone,
		// after the time.
		if lower == "at" && p.hasTime && p.zone == nil {
			p.zone = zoneNames[lower]
		}
		return true
	case "년", "월", "일", "年", "月", "日":
		if w == "년" || w == "월" || w == "일" {
			p.zone = korea
		}
		return p.unit(w)
	}
	if loc, ok := zoneNames[lower]; ok {
		p.zone = loc
		return true
	}
	if weekdays[lower] {
		return true
	}
	if strings.Contains(w, "/") {
		// A zone by place: without tables of the system, its offset is unknown.
		if loc, err := time.LoadLocation(w); err == nil {
			p.zone = loc
		}
		return true
	}
	return false
}

// unit takes the number before a Chinese, Japanese or Korean unit.
func (p *dateParts) unit(w string) bool {
	if len(p.numbers) == 0 {
		return false
	}
	v := p.numbers[len(p.numbers)-1].value
	p.numbers = p.numbers[:len(p.numbers)-1]
	switch w {
	case "년", "年":
		p.year = v
	case "월", "月":
		p.month = v
	case "일", "日":
		p.day = v
	}
	return true
}

// time puts the parts together.
func (p *dateParts) time() (time.Time, bool) {
	if !p.place() {
		return time.Time{}, false
	}
	if p.year < 100 && p.year >= 0 {
		// Two digits: RFC 2822, section 4.3, turned for dates that cannot be far ahead.
		if p.year < 69 {
			p.year += 2000
		} else {
			p.year += 1900
		}
	}
	switch {
	case p.pm && p.hour < 12:
		p.hour += 12
	case p.am && p.hour == 12:
		p.hour = 0
	}
	if p.day < 0 {
		p.day = 1
	}
	if p.zone == nil {
		p.zone = time.UTC
	}
	return newTime(p.year, p.month, p.day, p.hour, p.min, p.sec, p.nsec, p.zone)
}

// newTime checks the ranges and gives the time in UTC. A leap second counts as the
// second after it, and hour 24 as the end of the day.
func newTime(year, month, day, hour, minute, sec, nsec int, zone *time.Location) (time.Time, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ||
		hour < 0 || hour > 24 || minute < 0 || minute > 59 || sec < 0 || sec > 60 || hour == 24 && minute+sec > 0 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, sec, nsec, zone).UTC()
	return t, true
}

// place decides which of the numbers left is day, month and year.
func (p *dateParts) place() bool {
	take := func(i int) int {
		v := p.numbers[i].value
		p.numbers = append(p.numbers[:i:i], p.numbers[i+1:]...)
		return v
	}
	yearFirst := len(p.numbers) > 0 && p.numbers[0].digits == 4
	for i, n := range p.numbers {
		if p.year < 0 && (n.digits == 4 || n.value > 31 && p.month >= 0) {
			p.year = take(i)
			break
		}
	}
	switch len(p.numbers) {
	case 0:
	case 1:
		switch {
		case p.day < 0 && p.month >= 0:
			p.day = take(0)
		case p.month < 0:
			p.month = take(0)
		}
	case 2:
		if p.month >= 0 {
			// "5 Jan 24": the day stands first.
			p.day = take(0)
			if p.year < 0 {
				p.year = take(0)
			}
			break
		}
		first, second := p.numbers[0], p.numbers[1]
		// Year, month, day; the American month, day, year with slashes; else day, month.
		monthFirst := yearFirst || first.after == '/' && first.value <= 12
		if monthFirst && second.value <= 31 {
			p.month, p.day = first.value, second.value
		} else {
			p.day, p.month = first.value, second.value
		}
		p.numbers = nil
	case 3:
		if p.month >= 0 || p.year >= 0 {
			return false
		}
		a, b, c := p.numbers[0], p.numbers[1], p.numbers[2]
		switch {
		case a.after == '/' && a.value <= 12:
			p.month, p.day, p.year = a.value, b.value, c.value
		default:
			p.day, p.month, p.year = a.value, b.value, c.value
		}
		p.numbers = nil
	default:
		return false
	}
	return p.year >= 0 && p.month >= 1 && len(p.numbers) == 0
}
