package feedread

import (
	"strings"
	"time"
)

// parseISO reads ISO 8601 as feeds write it (RFC 3339, W3CDTF and forms near them):
// "2024-05-01T10:20:30.5+02:00", "2024-05-01 10:20", "20240501", "2024-122", "2024-05",
// "2024", "03-12-31", "-03-12". ok is false where s is of another kind or out of range.
func parseISO(s string) (time.Time, bool) {
	date, clock := s, ""
	if i := strings.IndexAny(s, "Tt "); i > 0 {
		date, clock = s[:i], strings.TrimSpace(s[i+1:])
	}
	year, month, day, ok := isoDay(date)
	if !ok {
		return time.Time{}, false
	}
	if clock == "" {
		return newTime(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	hour, minute, sec, nsec, zone, ok := isoClock(clock)
	if !ok {
		return time.Time{}, false
	}
	return newTime(year, month, day, hour, minute, sec, nsec, zone)
}

// isoDay reads the date part. Months and days may have lost their leading zero.
func isoDay(s string) (year, month, day int, ok bool) {
	month, day = 1, 1
	parts := strings.Split(s, "-")
	if len(parts) > 1 && parts[0] == "" {
		// "-YY-MM": the century left out.
		parts = parts[1:]
	}
	var v [3]int
	if len(parts) > 3 {
		return 0, 0, 0, false
	}
	for i, p := range parts {
		if v[i], ok = digits(p); !ok {
			return 0, 0, 0, false
		}
	}
	switch n := len(parts[0]); {
	case len(parts) == 1 && n == 8:
		return v[0] / 10000, v[0] / 100 % 100, v[0] % 100, true
	case n == 4:
		year = v[0]
	case n == 2 && len(parts) > 1:
		year = 2000 + v[0]
		if v[0] >= 69 {
			year = 1900 + v[0]
		}
	default:
		return 0, 0, 0, false
	}
	switch len(parts) {
	case 2:
		if len(parts[1]) == 3 {
			return ordinal(year, v[1])
		}
		month = v[1]
	case 3:
		// A day of three digits is a slip for one of two.
		month, day = v[1], v[2]
	}
	return year, month, day, true
}

// ordinal gives the date of the nth day of a year.
func ordinal(year, n int) (y, month, day int, ok bool) {
	if n < 1 || n > 366 {
		return 0, 0, 0, false
	}
	t := time.Date(year, 1, n, 0, 0, 0, 0, time.UTC)
	return t.Year(), int(t.Month()), t.Day(), true
}

// isoClock reads "hh[:mm[:ss[.fff]]][zone]".
func isoClock(s string) (hour, minute, sec, nsec int, zone *time.Location, ok bool) {
	end := strings.IndexAny(s, "Zz+- ")
	clock, rest := s, ""
	if end >= 0 {
		clock, rest = s[:end], strings.TrimSpace(s[end:])
	}
	zone = time.UTC
	switch {
	case rest == "", strings.EqualFold(rest, "z"):
	case rest[0] == '+' || rest[0] == '-':
		loc, used, good := parseOffset(rest)
		if !good || used != len(rest) {
			return 0, 0, 0, 0, nil, false
		}
		zone = loc
	default:
		loc, good := zoneNames[strings.ToLower(rest)]
		if !good {
			return 0, 0, 0, 0, nil, false
		}
		zone = loc
	}
	var p dateParts
	if !strings.Contains(clock, ":") {
		h, good := digits(clock)
		switch {
		case good && len(clock) <= 2:
			return h, 0, 0, 0, zone, true
		case good && len(clock) == 4:
			return h / 100, h % 100, 0, 0, zone, true
		case good && len(clock) == 6:
			return h / 10000, h / 100 % 100, h % 100, 0, zone, true
		}
		return 0, 0, 0, 0, nil, false
	}
	if used, good := p.clock(clock); !good || used != len(clock) {
		return 0, 0, 0, 0, nil, false
	}
	return p.hour, p.min, p.sec, p.nsec, zone, true
}

func digits(s string) (int, bool) {
	if s == "" || len(s) > 8 {
		return 0, false
	}
	v := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, true
}

// parseOffset reads "+hh:mm", "+hhmm", "+hh" or "+h" at the start of s.
func parseOffset(s string) (*time.Location, int, bool) {
	i := 1
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n := i - 1
	v, ok := digits(s[1:i])
	if !ok || n > 4 {
		return nil, 0, false
	}
	hours, minutes := v, 0
	if n > 2 {
		hours, minutes = v/100, v%100
	} else if i < len(s) && s[i] == ':' {
		if i+2 >= len(s) {
			return nil, 0, false
		}
		if minutes, ok = digits(s[i+1 : i+3]); !ok {
			return nil, 0, false
		}
		i += 3
	}
	if hours > 15 || minutes > 59 {
		return nil, 0, false
	}
	offset := hours*3600 + minutes*60
	if s[0] == '-' {
		offset = -offset
	}
	return time.FixedZone("", offset), i, true
}
