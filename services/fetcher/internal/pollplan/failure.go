package pollplan

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// failingAfter is how many failures of a kind that passes make a feed failing.
	failingAfter = 3
	// A failure that may pass by itself (no name, no connection, no answer in time, 408,
	// 425, 429, 5xx) weighs half of one that somebody has to mend (an answer that is no
	// feed, 404, 403), as in Media Cloud's fetcher. With each unit of weight the wait
	// doubles.
	softWeight, hardWeight = 0.5, 1.0
	// maxWeight bounds the weight, so that a feed that has come back after months is soon
	// polled as before.
	maxWeight = 12
	// A week is the longest wait after failures: a feed that comes back is found within
	// it. It also clamps what an origin asks for.
	longestWait = 7 * 24 * time.Hour
	// refusedWait is the first wait where the origin refuses (401, 403), missingWait
	// where it has no such feed (404): from the fifth time on that is over a day.
	refusedWait = 4 * time.Hour
	missingWait = 2 * time.Hour
)

// lighter is the weight of errors after a success. It halves, so that a feed which
// fails every other time waits longer than one that fails for the first time.
func lighter(weight float64) float64 {
	const nothing = 0.2
	if weight /= 2; weight < nothing {
		return 0
	}
	return weight
}

// weight says how much a failure weighs.
func (out *Outcome) weight() float64 {
	switch s := out.Status; {
	case out.Hard:
		return hardWeight
	case out.Index:
		// The index was read. Its children failed, perhaps because their host is busy.
		return softWeight
	case s == 0, s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500:
		return softWeight
	}
	return hardWeight
}

// fail sets state and wait after a failure. Validators, entries and interval stay.
func (p *plan) fail() {
	p.s.ConsecutiveErrors++
	err := p.out.Err
	if err == nil {
		err = fmt.Errorf("the origin answered %d", p.out.Status)
	}
	p.s.LastError = clean(err.Error())
	p.s.Interval = durationpb.New(p.interval())
	p.s.ErrorWeight = min(p.s.ErrorWeight+p.out.weight(), maxWeight)
	p.accuse()
	if p.out.Status == http.StatusGone {
		p.end(Gone, "the origin says that the feed is gone for good (410)")
		return
	}
	wait := p.waitAfterFailure()
	if asked := min(p.out.RetryAfter, longestWait); asked > wait {
		wait = asked + scale(asked/10, p.rnd())
	}
	p.schedule(wait)
}

// accuse sets the state after a failure.
func (p *plan) accuse() {
	n := p.s.ConsecutiveErrors
	switch status := p.out.Status; {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && p.out.RetryAfter > 0:
		p.set(Limited, "the origin asks for fewer requests (%d)", status)
	case status == http.StatusNotFound:
		p.set(Failing, "the origin has no such feed (404)%s", inRow(n))
	case refused(status):
		p.set(Failing, "the origin refuses (%d)%s", status, inRow(n))
	case status >= 200 && status <= 299 && !p.out.Index:
		p.set(Failing, "the answer cannot be read%s: %s", inRow(n), p.s.LastError)
	case n >= failingAfter, p.first():
		// A feed that never answered is most likely mistyped: its submitter should
		// see it at once.
		p.set(Failing, "%s%s", p.s.LastError, inRow(n))
	default:
		p.s.Reason = p.s.LastError
	}
}

func refused(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return true
	}
	return false
}

// waitAfterFailure gives the wait that failures of late ask for.
func (p *plan) waitAfterFailure() time.Duration {
	longest := max(p.cfg.Max, 24*time.Hour)
	switch status := p.out.Status; {
	case status == http.StatusNotFound:
		return p.backOff(missingWait, max(longest, longestWait))
	case refused(status):
		return p.backOff(refusedWait, longest)
	}
	return p.backOff(p.interval()/4, longest)
}

// backOff gives base, or the least interval, doubled with each unit of weight that was
// there before this failure, up to longest, with jitter up to as much again, so that
// feeds which failed together come back apart and none comes back early.
func (p *plan) backOff(base, longest time.Duration) time.Duration {
	earlier := max(0, p.s.ErrorWeight-p.out.weight())
	d := min(scale(max(base, p.cfg.Min), math.Exp2(earlier)), longest)
	if d == longest {
		return d + scale(d/5, p.rnd())
	}
	return d + scale(min(d, longest-d), p.rnd())
}
