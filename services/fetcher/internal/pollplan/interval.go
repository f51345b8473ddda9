package pollplan

import (
	"math"
	"time"
)

// interval is the adaptive interval before the poll, within the bounds.
func (p *plan) interval() time.Duration {
	interval := p.cfg.First
	if p.s.Interval != nil {
		interval = p.s.Interval.AsDuration()
	}
	return min(max(interval, p.cfg.Min), p.cfg.Max)
}

// floor is the least interval that the feed's polls may have.
func (p *plan) floor() time.Duration {
	if p.costly() {
		return p.cfg.Full
	}
	return p.cfg.Min
}

// costly tells a feed each poll of which costs its origin a full answer: it gives no
// validators and no hint, or ignores its own, or lied with them; or it is an index,
// which is always read.
func (p *plan) costly() bool {
	if p.out.Status != 200 {
		return false
	}
	ignored := p.out.Conditional && p.out.BodySHA256 != "" && p.out.BodySHA256 == p.before.GetBodySha256()
	silent := p.out.ETag == "" && p.out.LastModified == ""
	return p.out.TTL == 0 && (silent || ignored || p.out.Index) || distrusted(p.s, p.now)
}

// few is the number of entries up to which a document's turnover says nothing.
const few = 3

// share gives the share of the document's entries that were known; false where it
// says nothing of the feed's pace.
func (p *plan) share() (share float64, told bool) {
	total := len(p.out.Entries)
	switch {
	case p.first() || p.wasLate() || p.out.Index:
		// Of an index's children only those are read that have changed.
		return 1, false
	case total == 0:
		return 1, true
	}
	return 1 - float64(len(p.yield.New))/float64(total), true
}

// mean moves a mean of shares towards the newest; 0 is a mean of none.
func mean(before, share float64) float64 {
	const weight = 0.3
	if before == 0 {
		return share
	}
	return before + weight*(share-before)
}

// adapt gives the new interval from the share of known entries, now and of late. Where
// all is known it grows, the more so the longer that has been so; where more than one
// entry is new it shrinks, so that about one comes at a time; where little is known,
// entries are soon missed, and it falls to a quarter; where nothing is, some were
// missed, and it falls to an eighth. A first poll is judged by the dates of the
// entries.
func (p *plan) adapt(share float64) time.Duration {
	interval, fresh := p.interval(), len(p.yield.New)
	turnover := len(p.out.Entries) > few
	switch {
	case p.first():
		interval = p.cfg.First
		if gap, ok := typicalGap(p.out.Entries, p.now, 0.5); ok {
			interval = gap / 2
		}
	case p.wasLate():
		// Media Cloud's fetcher found that adapting to late polls makes a service that
		// is behind fall further behind.
	case fresh == 0:
		interval = scale(interval, 1+growth(p.s.KnownShare))
	case turnover && share == 0:
		interval /= 8
	case turnover && share < 1./3:
		interval /= 4
	case fresh > 1:
		interval = scale(interval, max(0.25, 1.5/float64(fresh)))
	}
	return min(max(interval, p.floor()), p.cfg.Max)
}

// growth is by how much the interval grows after a poll that found nothing: by a fifth
// where the feed's document turns over fast, by a half where it stands still.
func growth(knownShare float64) float64 {
	const least, most, fast = 0.2, 0.5, 0.8
	return least + (most-least)*min(max((knownShare-fast)/(1-fast), 0), 1)
}

func scale(d time.Duration, by float64) time.Duration {
	return time.Duration(min(float64(d)*by, math.MaxInt64/2))
}

// wait gives the time to the next poll: the interval with a fifth of jitter, within the
// bounds, and no less than the feed asks for.
func (p *plan) wait(interval time.Duration) time.Duration {
	spread := scale(interval/5, p.rnd())
	d := interval + spread
	if interval+interval/5 > p.cfg.Max {
		d = max(interval-spread, p.floor())
	}
	if asked := min(p.out.TTL, p.cfg.Max); d < asked {
		d = asked + scale(asked/20, p.rnd())
	}
	return d
}

// Allowed gives the first time, from at on, in none of the hours and on none of the
// days that a feed asks to leave out (RSS 2.0.11, skipHours and skipDays), UTC. A time
// that is moved falls at random into the first half of its hour. Where all hours or
// all days are left out, none of them is.
func Allowed(at time.Time, hours, days []uint32, rnd float64) time.Time {
	var skipHour [24]bool
	var skipDay [7]bool
	mark(skipHour[:], hours)
	mark(skipDay[:], days)
	at = at.UTC()
	for moved := at; ; moved = moved.Truncate(time.Hour).Add(time.Hour) {
		switch {
		case skipHour[moved.Hour()] || skipDay[moved.Weekday()]:
		case moved.Equal(at):
			return at
		default:
			return moved.Add(scale(time.Hour/2, rnd))
		}
	}
}

// mark sets what is listed, unless nothing would be left.
func mark(set []bool, listed []uint32) {
	left := len(set)
	for _, i := range listed {
		if int(i) < len(set) && !set[i] {
			set[i] = true
			left--
		}
	}
	if left == 0 {
		clear(set)
	}
}
