package date

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number, a word or a single sign of a printed date.
type token struct {
	kind  byte // 'n' number, 'w' word, otherwise the sign
	value int  // of a number
	width int  // digits of a number
	text  string
	end   int // byte after it in the string
}

// maxTokens bounds the work on one string.
const maxTokens = 48

func tokenize(s string) []token {
	out := make([]token, 0, 16)
	for i := 0; i < len(s) && len(out) < maxTokens; {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case digit(r) >= 0:
			t := token{kind: 'n'}
			for i < len(s) {
				r, n := utf8.DecodeRuneInString(s[i:])
				v := digit(r)
				if v < 0 {
					break
				}
				if t.width < 9 {
					t.value = t.value*10 + v
				}
				t.width++
				i += n
			}
			t.end = i
			out = append(out, t)
		case unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) && !unicode.Is(unicode.Hangul, r):
			start := i
			for i < len(s) {
				r, n := utf8.DecodeRuneInString(s[i:])
				if !unicode.IsLetter(r) && !unicode.IsMark(r) && r != 0x200c {
					break
				}
				i += n
			}
			out = append(out, token{kind: 'w', text: strings.ToLower(s[start:i]), end: i})
		case r == '年' || r == '月' || r == '日' || r == '년' || r == '월' || r == '일':
			i += n
			out = append(out, token{kind: cjkUnit(r), end: i})
		default:
			i += n
			if r != ' ' && r < utf8.RuneSelf {
				out = append(out, token{kind: byte(r), end: i})
			}
		}
	}
	return out
}

// cjkUnit names the unit signs of Chinese, Japanese and Korean dates.
func cjkUnit(r rune) byte {
	switch r {
	case '年', '년':
		return 'Y'
	case '月', '월':
		return 'M'
	}
	return 'D'
}

// digit is the value of a European, Arabic-Indic, Persian, Devanagari, Bengali or
// Thai digit.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= 0x660 && r <= 0x669:
		return int(r - 0x660)
	case r >= 0x6f0 && r <= 0x6f9:
		return int(r - 0x6f0)
	case r >= 0x966 && r <= 0x96f:
		return int(r - 0x966)
	case r >= 0x9e6 && r <= 0x9ef:
		return int(r - 0x9e6)
	case r >= 0xe50 && r <= 0xe59:
		return int(r - 0xe50)
	}
	return -1
}

// parsePrinted reads a date as printed for people.
func parsePrinted(s, language string) (Date, bool) {
	for _, m := range twoWordMonths {
		s = strings.Replace(s, m.name, monthNumberWords[m.month-1], 1)
	}
	tokens := tokenize(s)
	f := empty()
	used, ok := byName(tokens, language, &f)
	if !ok {
		used, ok = byUnit(tokens, &f)
	}
	if !ok {
		used, ok = byNumbers(tokens, language, len(s) <= maxBare, &f)
	}
	if !ok {
		return Date{}, false
	}
	if f.day > 0 {
		clockIn(s, tokens, used, &f)
	}
	return f.date()
}

var monthNumberWords = [12]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

func yearOf(t token) int {
	if t.kind == 'n' && t.width == 4 && t.value >= firstYear && t.value <= lastYear {
		return t.value
	}
	return -1
}

func dayOf(t token) int {
	if t.kind == 'n' && t.width <= 2 && t.value >= 1 && t.value <= 31 {
		return t.value
	}
	return -1
}

// monthOf looks a month's name up. October and November have each other's name
// in Croatian and in Polish or Czech.
func monthOf(t token, language string) int {
	if t.kind != 'w' {
		return -1
	}
	m, ok := monthByWord[t.text]
	if !ok {
		return -1
	}
	if m == 11 && strings.HasPrefix(t.text, "listopad") && (strings.HasPrefix(language, "hr") || strings.HasPrefix(language, "bs")) {
		return 10
	}
	return m
}

// filler reports whether a token may stand between the parts of a date.
func filler(t token) bool {
	switch t.kind {
	case '.', ',', '-', '/', '\'':
		return true
	case 'w':
		switch t.text {
		case "de", "of", "del", "di", "le", "st", "nd", "rd", "th", "er", "tháng", "năm", "г", "ngày", "den", "ta", "في", "من", "do":
			return true
		}
	}
	return false
}

// step moves from i in one direction to the next token that is no filler.
func step(tokens []token, i, by int) int {
	for k := 0; k < 4; k++ {
		i += by
		if i < 0 || i >= len(tokens) {
			return -1
		}
		if !filler(tokens[i]) {
			return i
		}
	}
	return -1
}

// byName finds a month's name with its day and year around it, and returns the
// index of the last token used.
func byName(tokens []token, language string, f *fields) (int, bool) {
	for i, t := range tokens {
		month := monthOf(t, language)
		if month < 0 {
			continue
		}
		before, after := step(tokens, i, -1), step(tokens, i, 1)
		switch {
		case before >= 0 && dayOf(tokens[before]) > 0 && after >= 0 && yearOf(tokens[after]) > 0:
			f.day, f.month, f.year = tokens[before].value, month, tokens[after].value
			return after, true
		case after >= 0 && dayOf(tokens[after]) > 0:
			if y := yearAfter(tokens, after); y >= 0 {
				f.day, f.month, f.year = tokens[after].value, month, tokens[y].value
				return y, true
			}
			if before >= 0 && yearOf(tokens[before]) > 0 {
				f.day, f.month, f.year = tokens[after].value, month, tokens[before].value
				return after, true
			}
		case before >= 0 && dayOf(tokens[before]) > 0 && after >= 0 && tokens[after].kind == 'n' && tokens[after].width == 2:
			f.day, f.month, f.year = tokens[before].value, month, fullYear(tokens[after].value)
			return after, true
		case after >= 0 && yearOf(tokens[after]) > 0 && len(t.text) > 2:
			f.month, f.year = month, tokens[after].value
			return after, true
		}
	}
	return 0, false
}

// NamesDay reports whether s is little more than a day of the year by its
// month's name, with a year or without: "le 3 mai", "May 3rd".
func NamesDay(s string) bool {
	if len(s) > maxLength {
		return false
	}
	tokens := tokenize(s)
	words, day := 0, false
	for i, t := range tokens {
		if t.kind == 'w' && !filler(t) {
			words++
		}
		if monthOf(t, "") < 0 {
			continue
		}
		for _, by := range [...]int{-1, 1} {
			if k := step(tokens, i, by); k >= 0 && dayOf(tokens[k]) > 0 {
				day = true
			}
		}
	}
	return day && words <= maxDayWords
}

// maxDayWords is how many words a printed day takes: the month, the day of the
// week, the publication ("publié", "updated") and the clock's.
const maxDayWords = 4

// yearAfter finds the year that follows a day: at once, or after a clock as in
// ANSI C's "Jan 2 15:04:05 2006".
func yearAfter(tokens []token, day int) int {
	if y := step(tokens, day, 1); y >= 0 && yearOf(tokens[y]) > 0 {
		return y
	}
	for k := day + 1; k < len(tokens) && k <= day+8; k++ {
		if t := tokens[k]; yearOf(t) > 0 && tokens[k-1].kind != ':' {
			return k
		}
		if k := tokens[k].kind; k != 'n' && k != ':' && k != 'w' && k != ',' {
			break
		}
	}
	return -1
}

// byUnit reads 2021年3月4日 and 2021년 3월 4일.
func byUnit(tokens []token, f *fields) (int, bool) {
	last := -1
	for i := 1; i < len(tokens); i++ {
		if tokens[i-1].kind != 'n' {
			continue
		}
		v := tokens[i-1].value
		switch tokens[i].kind {
		case 'Y':
			if f.year < 0 && yearOf(tokens[i-1]) > 0 {
				f.year, last = v, i
			}
		case 'M':
			if f.year > 0 && f.month < 0 && v >= 1 && v <= 12 {
				f.month, last = v, i
			}
		case 'D':
			if f.month > 0 && f.day < 0 && v >= 1 && v <= 31 {
				f.day, last = v, i
			}
		}
	}
	return last, f.year > 0 && f.month > 0
}

// maxBare is the longest text, in bytes, in which 4.3.21 is a date and not the
// number of a version.
const maxBare = 24

// byNumbers reads 04.03.2021, 4/3/2021, 04-03-21 and 2021/03/04 inside other text,
// and where the text is little else, 4.3.21 too.
func byNumbers(tokens []token, language string, bare bool, f *fields) (int, bool) {
	for i := 0; i+4 < len(tokens); i++ {
		a, s1, b, s2, c := tokens[i], tokens[i+1].kind, tokens[i+2], tokens[i+3].kind, tokens[i+4]
		if a.kind != 'n' || b.kind != 'n' || c.kind != 'n' || s1 != s2 || (s1 != '.' && s1 != '/' && s1 != '-' && s1 != '|') {
			continue
		}
		if yearOf(a) > 0 && dayOf(b) > 0 && b.value <= 12 && dayOf(c) > 0 {
			f.year, f.month, f.day = a.value, b.value, c.value
			return i + 4, true
		}
		year := yearOf(c)
		if year < 0 && c.width == 2 && (a.width == 2 && b.width == 2 || bare && s1 == '.') {
			year = fullYear(c.value)
		}
		if year < 0 || dayOf(a) < 0 || dayOf(b) < 0 {
			continue
		}
		day, month := a.value, b.value
		f.either = (s1 == '/' || s1 == '-') && day <= 12 && month <= 12 && day != month
		if month > 12 || (s1 == '/' && day <= 12 && monthFirst(language)) {
			day, month = month, day
		}
		if month > 12 {
			continue
		}
		f.year, f.month, f.day = year, month, day
		return i + 4, true
	}
	return 0, false
}

// monthFirst reports whether a language's readers put the month before the day
// in forms such as 03/04/2021: American English, and English of unsaid country.
func monthFirst(language string) bool {
	l := strings.ToLower(strings.ReplaceAll(language, "_", "-"))
	return l == "" || l == "en" || l == "en-us" || l == "en-ph"
}

// fullYear puts two digits into the century that a news page means.
func fullYear(yy int) int {
	if yy >= 70 {
		return 1900 + yy
	}
	return 2000 + yy
}

// clockIn looks for a time of day after the date, or before it, and for the
// zone behind that.
func clockIn(s string, tokens []token, used int, f *fields) {
	at := clockFrom(tokens, used+1, len(tokens), f)
	if at < 0 {
		at = clockFrom(tokens, 0, used, f)
	}
	if at < 0 {
		return
	}
	rest := strings.TrimSpace(s[tokens[at].end:])
	if f.hour <= 12 {
		rest = f.halfDay(rest)
	}
	if strings.HasPrefix(rest, "-") && f.second < 0 {
		return // until, as in 10:00-11:00
	}
	f.zone(strings.TrimSpace(strings.TrimPrefix(rest, "Uhr")))
}

// clockFrom finds hh:mm, hh:mm:ss, hh.mm after a word, or 15h30 and returns the
// last token of it.
func clockFrom(tokens []token, from, to int, f *fields) int {
	for i := from; i+2 < to+1 && i+2 < len(tokens); i++ {
		h, sep, m := tokens[i], tokens[i+1], tokens[i+2]
		if h.kind != 'n' || h.width > 2 || h.value > 23 || m.kind != 'n' || m.width != 2 || m.value > 59 {
			continue
		}
		if sep.kind != ':' && (sep.kind != 'w' || sep.text != "h") && sep.kind != '.' {
			continue
		}
		if sep.kind == '.' && (i+4 < len(tokens) && tokens[i+3].kind == '.' || i > 0 && tokens[i-1].kind == '.') {
			continue
		}
		f.hour, f.minute = h.value, m.value
		if sep.kind == ':' && i+4 < len(tokens) && tokens[i+3].kind == ':' && tokens[i+4].kind == 'n' && tokens[i+4].width == 2 {
			f.second = tokens[i+4].value
			return i + 4
		}
		return i + 2
	}
	return -1
}
