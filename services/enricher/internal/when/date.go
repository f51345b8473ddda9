package when

import (
	"fmt"
	"time"
)

// Date is a day, a month or a year: parts that are not known are zero. A date
// with a month but no year names no date yet; its String is empty.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the date of t in t's zone, as exact as precision: "second",
// "minute" and "day" give the day, "month" and "year" less. Any other precision,
// and the zero time, give no date.
func DateOf(t time.Time, precision string) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.Date()
	switch precision {
	case "second", "minute", "day":
		return Date{y, m, d}
	case "month":
		return Date{y, m, 0}
	case "year":
		return Date{y, 0, 0}
	}
	return Date{}
}

// String is the date after ISO 8601: "2023-12-07", "2023-12", "2023" or "".
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// exact tells whether the date is a day.
func (d Date) exact() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// valid tells whether the calendar has such a date; years are those of the news.
func (d Date) valid() bool {
	if d.Year != 0 && (d.Year < minYear || d.Year > maxYear) || d.Month < 0 || d.Month > 12 || d.Day < 0 {
		return false
	}
	return d.Day <= d.days()
}

// The years that a four-digit number is taken for.
const minYear, maxYear = 1000, 2199

// days is the length of the date's month; of the longest if the month is unknown,
// in a leap year if the year is.
func (d Date) days() int {
	if d.Month == 0 {
		return 31
	}
	year := d.Year
	if year == 0 {
		year = 2000
	}
	return time.Date(year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// time is the first instant of the date, UTC.
func (d Date) time() time.Time {
	return time.Date(d.Year, max(d.Month, 1), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// add moves an exact date by days.
func (d Date) add(days int) Date {
	y, m, day := d.time().AddDate(0, 0, days).Date()
	return Date{y, m, day}
}

// addMonths returns the month that lies n months away.
func (d Date) addMonths(n int) Date {
	y, m, _ := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, 0}
}

// weekday counts from Monday, 1, to Sunday, 7, as ISO 8601 does.
func (d Date) weekday() int { return (int(d.time().Weekday())+6)%7 + 1 }

// until is the number of days from d to o.
func (d Date) until(o Date) int { return int(o.time().Sub(d.time()).Hours() / 24) }

// week is the ISO 8601 week of the date, such as "2023-W49".
func (d Date) week() string {
	y, w := d.time().ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}

// Reference says from when a story's relative expressions count.
type Reference struct {
	// Dateline is the date printed in the dateline, if any.
	Dateline Date
	// Published is the publication date, in the zone of publication if known, and
	// only as exact as it is known.
	Published Date
}

// date is the dateline's date unless the publication's is more exact and does not
// contradict it.
func (r Reference) date() Date {
	d, p := r.Dateline, r.Published
	switch {
	case d.Year == 0:
		return p
	case d.exact() || p.Year != d.Year || d.Month != 0 && p.Month != d.Month:
		return d
	}
	return p
}
