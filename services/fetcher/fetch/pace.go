package fetch

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// pace caps how many polls this process makes in a second. What became due while
// no fetcher was running comes all at once: the polls are then made one after the
// other, which also spreads the next ones.
type pace struct {
	// polls is nil where there is no cap.
	polls *rate.Limiter
	// first gives new feeds a part of the cap, so that a long list of them leaves
	// room for the polls of all others.
	first *rate.Limiter
	now   func() time.Time
}

const (
	// burstPart is the part of a second's polls that may be made at once: what
	// becomes due in one moment is not held up in the normal state.
	burstPart = 10
	// firstPart is the part of the cap that first polls of new feeds get.
	firstPart = 2
)

// newPace makes a pace of so many polls a second; 0 is no cap.
func newPace(perSecond int, now func() time.Time) *pace {
	p := &pace{now: now}
	if perSecond > 0 {
		first := max(1, perSecond/firstPart)
		p.polls = rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/burstPart))
		p.first = rate.NewLimiter(rate.Limit(first), first)
	}
	return p
}

// turn reserves a poll and returns how long it has to wait.
func (p *pace) turn() time.Duration {
	if p.polls == nil {
		return 0
	}
	now := p.now()
	return p.polls.ReserveN(now, 1).DelayFrom(now)
}

// wait waits for a poll's turn: in the worker, since those that have one wait no
// longer than a worker's number of turns.
func (p *pace) wait(ctx context.Context) error {
	d := p.turn()
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// firstPoll is when a new feed may be polled for the first time: now, unless many
// are new.
func (p *pace) firstPoll() time.Time {
	now := p.now()
	if p.first == nil {
		return now
	}
	return now.Add(p.first.ReserveN(now, 1).DelayFrom(now))
}
