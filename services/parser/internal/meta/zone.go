package meta

import (
	"time"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

const day = 24 * time.Hour

// Bounds of zones, as distances from UTC.
const (
	westmost = -12 * time.Hour
	eastmost = 14 * time.Hour
)

// localise finds the zone of a publication time that is given in UTC: many
// systems tell machines the time in UTC, and readers the same time in their own
// zone. Where the page shows a clock, that tells the zone; where it shows only a
// day, or its address holds one, the offset is the smallest in whole hours that
// makes it that day. The time itself stays. A time of no zone was in UTC if a
// clock on the page differs from it as zones do.
func (r *resolver) localise(fromURL Date) {
	p := &r.out.Published
	if !p.Known || p.Offset != 0 || (p.Precision != date.Minute && p.Precision != date.Second) {
		return
	}
	var days []date.Date
	for i := range r.p.dates {
		c := &r.p.dates[i]
		if (c.aside && !r.p.headingAside) || r.nearHeading(c) <= 0 {
			continue
		}
		for _, s := range [...]string{c.shown, c.text} {
			d, ok := date.Parse(s, r.out.Language.Text)
			if !ok {
				continue
			}
			offset, same := offsetTo(p.Date, d)
			if !same && d.Either {
				offset, same = offsetTo(p.Date, d.Exchanged())
			}
			if same {
				r.zone(offset)
				return
			}
			if d.Precision == date.Day && (c.marked || len(c.text) <= maxDateOnly) {
				days = append(days, d)
			}
		}
	}
	if r.localiseByData() || !p.ZoneKnown {
		return
	}
	if fromURL.Known && fromURL.Source == URL && fromURL.Precision == date.Day {
		days = append(days, fromURL.Date)
	}
	r.localiseByDay(days)
}

// zone sets the offset that a clock on the page tells.
func (r *resolver) zone(offset time.Duration) {
	p := &r.out.Published
	p.Offset = int(offset / time.Minute)
	p.ZoneKnown = p.ZoneKnown || offset != 0
}

// localiseByData takes the zone from a clock in the page's scripts; only times
// near the turn of the day are worth the reading.
func (r *resolver) localiseByData() bool {
	p := &r.out.Published
	if h := p.Time.Hour(); h >= 12 && h < 18 {
		return false
	}
	for _, d := range r.dataDates() {
		if offset, ok := offsetTo(p.Date, d); ok && offset != 0 {
			r.zone(offset)
			return true
		}
	}
	return false
}

// localiseByDay takes the offset from the days that the page tells, unless one
// of them is the day in UTC.
func (r *resolver) localiseByDay(days []date.Date) {
	p := &r.out.Published
	today := p.Time.Truncate(day)
	offset := time.Duration(0)
	for _, d := range days {
		switch d.Local().Truncate(day) {
		case today:
			return
		case today.Add(-day):
			if o := -p.Time.Sub(today).Truncate(time.Hour) - time.Hour; offset == 0 && o >= westmost {
				offset = o
			}
		case today.Add(day):
			if o := today.Add(day).Sub(p.Time); offset == 0 && o <= eastmost {
				offset = (o + time.Hour - 1).Truncate(time.Hour)
			}
		}
	}
	p.Offset = int(offset / time.Minute)
}

// offsetTo is the distance of the zone in which clock shows the same time as p,
// which is in UTC. Clocks without seconds may leave them out; zones differ from
// UTC by half hours, but for few.
func offsetTo(p, clock date.Date) (time.Duration, bool) {
	if clock.Precision != date.Minute && clock.Precision != date.Second {
		return 0, false
	}
	if clock.ZoneKnown {
		same := clock.Time.Truncate(time.Minute).Equal(p.Time.Truncate(time.Minute))
		return time.Duration(clock.Offset) * time.Minute, same && clock.Offset != 0
	}
	offset := clock.Local().Truncate(time.Minute).Sub(p.Time.Truncate(time.Minute))
	if offset < westmost || offset > eastmost || offset%(30*time.Minute) != 0 {
		return 0, false
	}
	return offset, true
}

// exchange reads day and month the other way round where the address, another
// time of the page's or a printed date without that doubt says so, and nothing
// says the contrary.
func (r *resolver) exchange(fromURL Date) {
	p := &r.out.Published
	if !p.Known || !p.Either {
		return
	}
	other := p.Exchanged()
	if !other.Plausible(r.c.Now) {
		return
	}
	witnesses := []date.Date{fromURL.Date, r.out.Modified.Date}
	for i := range r.p.dates {
		if d, ok := r.read(r.p.dates[i].text); ok {
			witnesses = append(witnesses, d)
		}
	}
	for _, w := range witnesses {
		if w.Either || w.Precision == date.Month || w.Time.IsZero() {
			continue
		}
		switch w.Local().Truncate(day) {
		case p.Local().Truncate(day):
			return
		case other.Local().Truncate(day):
			p.Date = other
			return
		}
	}
}
