package pollplan

import (
	"slices"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// dateOf gives the time of an entry; zero if it has none.
func dateOf(e *datelinev1.Entry) time.Time {
	switch {
	case e.GetPublished() != nil:
		return e.GetPublished().AsTime()
	case e.GetUpdated() != nil:
		return e.GetUpdated().AsTime()
	}
	return time.Time{}
}

// Newest gives the newest entries, most of them at the most, in their order, and how
// many it left out. An entry without a date counts as old as the one before it, since
// documents without dates put the newest first.
func Newest(entries []*datelinev1.Entry, most int) (kept []*datelinev1.Entry, dropped int) {
	if len(entries) <= most {
		return entries, 0
	}
	type dated struct {
		at    time.Time
		index int
	}
	order := make([]dated, len(entries))
	var last time.Time
	for i, e := range entries {
		if at := dateOf(e); !at.IsZero() {
			last = at
		}
		order[i] = dated{last, i}
	}
	slices.SortStableFunc(order, func(a, b dated) int { return b.at.Compare(a.at) })
	order = order[:most]
	slices.SortFunc(order, func(a, b dated) int { return a.index - b.index })
	for _, o := range order {
		kept = append(kept, entries[o.index])
	}
	return kept, len(entries) - most
}

// dates gives the times of entries up to now, the newest first.
func dates(entries []*datelinev1.Entry, now time.Time) []time.Time {
	var out []time.Time
	for _, e := range entries {
		if at := dateOf(e); !at.IsZero() && !at.After(now) {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b time.Time) int { return b.Compare(a) })
	return out
}

func newestDate(entries []*datelinev1.Entry, now time.Time) time.Time {
	if d := dates(entries, now); len(d) > 0 {
		return d[0]
	}
	return time.Time{}
}

// typicalGap gives a quantile of the gaps between the dates of the newest 20 entries;
// false for fewer than four dates.
func typicalGap(entries []*datelinev1.Entry, now time.Time, quantile float64) (time.Duration, bool) {
	const newest, least = 20, 4
	d := dates(entries, now)
	d = d[:min(len(d), newest)]
	if len(d) < least {
		return 0, false
	}
	gaps := make([]time.Duration, len(d)-1)
	for i := range gaps {
		gaps[i] = d[i].Sub(d[i+1])
	}
	slices.Sort(gaps)
	return gaps[int(quantile*float64(len(gaps)-1)+0.5)], true
}
