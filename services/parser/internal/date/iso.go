package date

import (
	"strings"
	"time"
)

// parseISO reads ISO 8601 dates at the start of s, with the liberties that
// pages take: "/" or "." for "-", a space for "T", a zone without colon, a
// fraction of any length, and the compact form 20060102T150405.
func parseISO(s string) (Date, bool) {
	r := reader{s: s}
	f := empty()
	var ok bool
	if f.year, ok = r.digits(4); !ok {
		return Date{}, false
	}
	sep := r.peek()
	switch {
	case sep == '-' || sep == '/' || sep == '.':
		if !r.calendar(&f, sep) {
			return Date{}, false
		}
	case isDigit(sep):
		if !r.compact(&f) {
			return Date{}, false
		}
	case r.done():
		return f.date()
	default:
		return Date{}, false
	}
	if f.day > 0 {
		r.clock(&f)
	}
	return f.date()
}

// parseUnix reads seconds (10 digits) or milliseconds (13 digits) since 1970.
func parseUnix(s string) (Date, bool) {
	if len(s) != 10 && len(s) != 13 {
		return Date{}, false
	}
	n := int64(0)
	for i := range len(s) {
		if !isDigit(s[i]) {
			return Date{}, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	if len(s) == 13 {
		n /= 1000
	}
	// Nine digits end in September 2001; anything below is a number, not a time.
	if n < 1_000_000_000 || n > 4_000_000_000 {
		return Date{}, false
	}
	return Date{Time: time.Unix(n, 0).UTC(), Precision: Second, ZoneKnown: true}, true
}

type reader struct {
	s string
	i int
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func (r *reader) peek() byte {
	if r.i < len(r.s) {
		return r.s[r.i]
	}
	return 0
}

func (r *reader) done() bool { return r.i >= len(r.s) }

// digits reads exactly n digits.
func (r *reader) digits(n int) (int, bool) {
	if r.i+n > len(r.s) {
		return -1, false
	}
	v := 0
	for k := range n {
		c := r.s[r.i+k]
		if !isDigit(c) {
			return -1, false
		}
		v = v*10 + int(c-'0')
	}
	r.i += n
	return v, true
}

// upTo reads one or two digits that no further digit follows.
func (r *reader) upTo2() (int, bool) {
	v, n := 0, 0
	for n < 3 && r.i+n < len(r.s) && isDigit(r.s[r.i+n]) {
		v = v*10 + int(r.s[r.i+n]-'0')
		n++
	}
	if n == 0 || n > 2 {
		return -1, false
	}
	r.i += n
	return v, true
}

func (r *reader) skip(b byte) bool {
	if r.peek() == b {
		r.i++
		return true
	}
	return false
}

// calendar reads "-MM-DD" or "-MM" after the year.
func (r *reader) calendar(f *fields, sep byte) bool {
	r.i++
	var ok bool
	if f.month, ok = r.upTo2(); !ok || f.month < 1 || f.month > 12 {
		return false
	}
	if !r.skip(sep) {
		// "2023-12", alone or before other words.
		return r.done() || r.peek() == ' '
	}
	if f.day, ok = r.upTo2(); !ok || f.day < 1 || f.day > 31 {
		return false
	}
	return true
}

// compact reads "MMDD" after the year.
func (r *reader) compact(f *fields) bool {
	var ok1, ok2 bool
	f.month, ok1 = r.digits(2)
	f.day, ok2 = r.digits(2)
	return ok1 && ok2 && f.month >= 1 && f.month <= 12 && f.day >= 1 && f.day <= 31 && (r.done() || !isDigit(r.peek()))
}

// clock reads the time of day and the zone, if they follow.
func (r *reader) clock(f *fields) {
	start := r.i
	for r.peek() == ' ' || r.peek() == ',' || r.peek() == '-' {
		r.i++
	}
	if r.peek() == 'T' || r.peek() == 't' {
		r.i++
	}
	if r.i == start {
		return
	}
	hour, ok := r.upTo2()
	compact := false
	if !ok {
		if hour, ok = r.digits(2); !ok {
			return
		}
		compact = true
	}
	if !r.skip(':') && !compact {
		return
	}
	minute, ok := r.digits(2)
	if !ok || hour > 24 || minute > 59 {
		return
	}
	f.hour, f.minute = hour, minute
	if r.skip(':') || compact {
		if second, ok := r.digits(2); ok {
			f.second = second
			if r.skip('.') || r.skip(',') {
				for isDigit(r.peek()) {
					r.i++
				}
			}
		}
	}
	rest := strings.TrimSpace(r.s[r.i:])
	if f.hour <= 12 {
		rest = f.halfDay(rest)
	}
	f.zone(rest)
}

// halfDay applies a leading "am" or "pm" and returns what follows it.
func (f *fields) halfDay(s string) string {
	low := strings.ToLower(s[:min(len(s), 4)])
	low = strings.ReplaceAll(low, ".", "")
	switch {
	case strings.HasPrefix(low, "am"):
		f.hour %= 12
	case strings.HasPrefix(low, "pm"):
		f.hour = f.hour%12 + 12
	default:
		return s
	}
	return strings.TrimLeft(s[2:], " m.M")
}

// zone reads a zone at the start of s: Z, an offset, or a well-known name.
func (f *fields) zone(s string) {
	s = strings.TrimLeft(s, " (")
	if s == "" {
		return
	}
	word := s
	if i := strings.IndexFunc(s, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }); i >= 0 {
		word = s[:i]
	}
	offset, named := zones[strings.ToUpper(word)]
	rest := s[len(word):]
	if word == "" || named {
		if minutes, ok := numericZone(rest); ok {
			f.zoneKnown, f.offset = true, minutes
			return
		}
	}
	if named {
		f.zoneKnown, f.offset = true, offset
	}
}

// numericZone reads "+01:00", "+0100", "+01" or "-5".
func numericZone(s string) (int, bool) {
	s = strings.Replace(s, "−", "-", 1)
	if s == "" || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	r := reader{s: s, i: 1}
	hours, ok := r.digits(2)
	if !ok {
		if hours, ok = r.digits(1); !ok {
			return 0, false
		}
	}
	r.skip(':')
	minutes, ok := r.digits(2)
	if !ok {
		minutes = 0
	}
	total := hours*60 + minutes
	if hours > 14 || minutes > 59 {
		return 0, false
	}
	if s[0] == '-' {
		total = -total
	}
	return total, true
}

// zones are the abbreviations that mean one offset in news text. Those that
// mean several (IST, BST as Bangladesh's, CST as China's) have the reading of
// RFC 822 or of the publishers that print them most.
var zones = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0,
	"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
	"ET": -300, "AKST": -540, "AKDT": -480, "HST": -600, "AST": -240, "ADT": -180,
	"BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "WEST": 60, "EET": 120, "EEST": 180,
	"MSK": 180, "SAST": 120, "EAT": 180, "WAT": 60, "CAT": 120, "IST": 330, "PKT": 300, "WIB": 420, "ICT": 420,
	"SGT": 480, "HKT": 480, "PHT": 480, "MYT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "ACST": 570,
	"AWST": 480, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "CLT": -240, "COT": -300, "PET": -300,
}
