// Package date reads points in time as publishers write them, and says how
// exact they are and whether their zone is known.
//
// It knows the machine forms (ISO 8601 and its relatives, RFC 822/1123, Unix
// time) and printed dates with month names in some forty-five languages. It never
// guesses: a string that could mean two days is read by the page's language, or
// refused.
package date

import (
	"strings"
	"time"
)

// Precision is how exact a date is, by the event's names.
type Precision string

// The precisions, from fine to coarse.
const (
	Second Precision = "second"
	Minute Precision = "minute"
	Day    Precision = "day"
	Month  Precision = "month"
	Year   Precision = "year"
)

// Date is a point in time as exact as its source gave it.
type Date struct {
	// Time is in UTC; parts finer than Precision are zero. Where the zone is
	// not known, the printed clock is taken for UTC.
	Time      time.Time
	Precision Precision
	// ZoneKnown says that the source gave a zone, and Offset is that zone's
	// distance from UTC in minutes.
	ZoneKnown bool
	Offset    int
	// Either says that day and month could be read the other way round, as in
	// 03/04/2021; the language decided.
	Either bool
}

// Exchanged is a date with day and month read the other way round. It is only
// meaningful where Either.
func (d Date) Exchanged() Date {
	t := d.Local()
	t = time.Date(t.Year(), time.Month(t.Day()), int(t.Month()), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	d.Time = t.Add(-time.Duration(d.Offset) * time.Minute)
	return d
}

// Local is the printed calendar day and clock of the date, as if in UTC.
func (d Date) Local() time.Time { return d.Time.Add(time.Duration(d.Offset) * time.Minute) }

// Covers reports whether d is a month or a year, and e is a finer date in it.
func (d Date) Covers(e Date) bool {
	of, in := d.Time, e.Local()
	switch d.Precision {
	case Year:
		return e.Precision != Year && in.Year() == of.Year()
	case Month:
		return e.Precision != Year && e.Precision != Month && in.Year() == of.Year() && in.Month() == of.Month()
	}
	return false
}

// Range of years that a news story can have been published in.
const (
	firstYear = 1900
	lastYear  = 2100
)

// Plausible reports whether d can be a publication time seen from now: not more
// than a day ahead (zones differ by less), and not before the first news agency
// archives online.
func (d Date) Plausible(now time.Time) bool {
	return !d.Time.After(now.Add(24*time.Hour)) && d.Time.Year() >= firstYear
}

// maxLength bounds what is looked at: a date is short.
const maxLength = 160

// Parse reads the first date in s. language (BCP 47, may be empty) decides
// between day and month in forms such as 03/04/2021. ok is false where there
// is no date, or none that means one day.
func Parse(s, language string) (d Date, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxLength {
		s = s[:maxLength]
	}
	if len(s) < 4 {
		return Date{}, false
	}
	if d, ok := parseISO(s); ok {
		return d, true
	}
	if d, ok := parseUnix(s); ok {
		return d, true
	}
	return parsePrinted(s, language)
}

// fields are the parts of a date as read; -1 stands for not given.
type fields struct {
	year, month, day     int
	hour, minute, second int
	zoneKnown            bool
	offset               int  // minutes
	either               bool // day and month could be exchanged
}

func empty() fields {
	return fields{year: -1, month: -1, day: -1, hour: -1, minute: -1, second: -1}
}

// date builds a Date, if the fields name a real day.
func (f fields) date() (Date, bool) {
	if f.year < firstYear || f.year > lastYear {
		return Date{}, false
	}
	d := Date{Precision: Year, Either: f.either}
	month, day := 1, 1
	if f.month > 0 {
		month, d.Precision = f.month, Month
		if f.day > 0 {
			day, d.Precision = f.day, Day
		}
	}
	hour, minute, second := 0, 0, 0
	if d.Precision == Day && f.hour >= 0 && f.minute >= 0 {
		hour, minute, d.Precision = f.hour, f.minute, Minute
		if f.second >= 0 {
			second, d.Precision = min(f.second, 59), Second
		}
	}
	if month > 12 || hour > 24 || minute > 59 || f.offset < -14*60 || f.offset > 14*60 {
		return Date{}, false
	}
	t := time.Date(f.year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if hour < 24 && (t.Day() != day || int(t.Month()) != month) {
		return Date{}, false
	}
	d.Time = t
	if f.zoneKnown && (d.Precision == Minute || d.Precision == Second) {
		d.ZoneKnown, d.Offset = true, f.offset
		d.Time = t.Add(-time.Duration(f.offset) * time.Minute)
	}
	return d, true
}
