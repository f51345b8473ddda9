package pollplan

import (
	"math"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const (
	// minSilence and maxSilence bound the silence that is expected: no feed is
	// called quiet within a day, and after a season any feed is.
	minSilence = 24 * time.Hour
	maxSilence = 90 * 24 * time.Hour
	// priorSilence is the least that is expected of a feed before it is known better:
	// its nights and a long weekend.
	priorSilence = 4 * 24 * time.Hour
	// silenceHalfLife is how long it takes to forget half of a gap.
	silenceHalfLife = 30 * 24 * time.Hour
)

// learnSilence learns from the gap that new entries end. What is expected is twice the
// longest gap of late, so that nights, weekends and a skipped edition are no silence.
func (p *plan) learnSilence(found int) {
	if p.first() {
		if gap, ok := typicalGap(p.out.Entries, p.now, 0.9); ok {
			p.expect(max(2*gap, priorSilence))
		}
		return
	}
	if found == 0 || p.before.GetLastNewAt() == nil {
		return
	}
	gap := max(0, p.now.Sub(p.before.GetLastNewAt().AsTime()))
	longest := expected(p.before, p.cfg.QuietAfter) / 2
	longest = scale(longest, math.Exp2(-float64(gap)/float64(silenceHalfLife)))
	if !p.wasLate() && p.before.GetConsecutiveErrors() == 0 && !p.lied() {
		// Else the silence was ours, the network's or the validators'.
		longest = max(longest, gap)
	}
	p.expect(2 * longest)
}

func (p *plan) expect(silence time.Duration) {
	p.s.ExpectedSilence = durationpb.New(min(max(silence, minSilence), maxSilence))
}

// expected is the longest silence that the feed's history explains; for a feed with
// none, the one given.
func expected(state *datelinev1.PollState, unknown time.Duration) time.Duration {
	if state.GetExpectedSilence() == nil {
		return unknown
	}
	return state.GetExpectedSilence().AsDuration()
}

// overdue tells a feed that has been silent for longer than is expected.
func overdue(state *datelinev1.PollState, now time.Time) bool {
	return state.GetExpectedSilence() != nil && state.GetLastNewAt() != nil &&
		now.Sub(state.GetLastNewAt().AsTime()) > state.GetExpectedSilence().AsDuration()
}

// quiet sets the state of a feed that is silent for longer than is expected, also
// where the answer was 304. A feed that is quiet stays so until entries come.
func (p *plan) quiet() bool {
	if len(p.yield.New) > 0 && !p.first() {
		return false
	}
	if wasQuiet(p.before) {
		if p.before.GetState() != Quiet {
			p.set(Quiet, "nothing new since it was called quiet")
		}
		return true
	}
	limit, since := expected(p.s, p.cfg.QuietAfter), p.silentSince()
	if p.now.Sub(since) <= limit {
		return false
	}
	p.set(Quiet, "nothing new since %s, though no silence over %s was to be expected", since.UTC().Format(time.DateOnly), short(limit))
	return true
}

// silentSince is when the newest entry came: for a first document, when it was
// published.
func (p *plan) silentSince() time.Time {
	if newest := newestDate(p.out.Entries, p.now); p.first() && !newest.IsZero() {
		return newest
	}
	if p.s.LastNewAt != nil {
		return p.s.LastNewAt.AsTime()
	}
	return p.s.AddedAt.AsTime()
}

// wasQuiet tells a feed that was quiet when it was read last, errors since aside, and
// has brought nothing since.
func wasQuiet(state *datelinev1.PollState) bool {
	changes := state.GetChanges()
	for i := len(changes) - 1; i >= 0; i-- {
		switch changes[i].GetState() {
		case Quiet:
			return !state.GetLastNewAt().AsTime().After(changes[i].GetAt().AsTime())
		case Healthy:
			return false
		}
	}
	return false
}
