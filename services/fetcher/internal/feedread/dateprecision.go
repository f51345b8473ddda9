package feedread

import (
	"strings"
	"time"
)

// precision says how exact a date is as it is written.
type precision uint8

const (
	toTime  precision = iota // with a time of day
	toDay                    // a day
	coarser                  // a month or a year
)

// precisionOf gives the precision of a date that parseDate reads.
func precisionOf(s string) precision {
	s = strings.TrimSpace(cleanChars(s))
	if _, ok := parseISO(s); ok {
		date, clock := s, ""
		if i := strings.IndexAny(s, "Tt "); i > 0 {
			date, clock = s[:i], strings.TrimSpace(s[i+1:])
		}
		hyphens := strings.Count(strings.TrimPrefix(date, "-"), "-")
		switch {
		case clock != "":
			return toTime
		case hyphens == 2, hyphens == 0 && len(date) == 8, hyphens == 1 && len(date) == len("2025-156"):
			return toDay
		}
		return coarser
	}
	if _, ok := parseUnix(s); ok {
		return toTime
	}
	var p dateParts
	switch {
	case !p.scan(s), p.hasTime, !p.place():
		return toTime
	case p.day > 0:
		return toDay
	}
	return coarser
}

// setPublished takes a publication time as it is written. One that is less exact than
// a time is kept as it is, too, and yields to one that is; one that is less exact than
// a day gives no time.
func (e *rawEntry) setPublished(dates *dateReader, rank uint8, s string) {
	t := dates.read(s)
	if t.IsZero() {
		return
	}
	exact := toTime
	if t.Truncate(24 * time.Hour).Equal(t) {
		exact = precisionOf(s)
	}
	if exact != toTime {
		rank = 1
	}
	if !better(&e.ranks, fieldPublished, rank) {
		return
	}
	e.published, e.publishedText = t, ""
	if exact != toTime {
		e.publishedText = tidyLine(s)
	}
	e.coarse = exact == coarser
}
