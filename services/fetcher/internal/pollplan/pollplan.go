// Package pollplan decides when a feed is polled next and what state it is in. It holds
// pure functions only: time and chance are arguments.
package pollplan

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// The states of a feed.
const (
	// New: not read yet.
	New = "new"
	// Healthy: read, and entries come as they used to.
	Healthy = "healthy"
	// Quiet: read, but silent for longer than its own rhythm explains.
	Quiet = "quiet"
	// Late: read, but the service came to it long after it was due.
	Late = "late"
	// Limited: its origin asks for fewer requests.
	Limited = "limited"
	// Moved: its origin says for good that it is elsewhere; polling has ended.
	Moved = "moved"
	// Gone: its origin says for good that it is no more; polling has ended.
	Gone = "gone"
	// Failing: it cannot be read. Polling goes on, more slowly.
	Failing = "failing"
)

// Config bounds the distance between polls. Zero values mean the defaults.
type Config struct {
	// Min and Max bound the interval (defaults 5 min and 24 h).
	Min, Max time.Duration
	// First is the interval after a first poll whose entries have no dates (default
	// 30 min).
	First time.Duration
	// QuietAfter is the silence after which a feed with no known rhythm is called
	// quiet (default 14 days).
	QuietAfter time.Duration
}

func (cfg Config) withDefaults() Config {
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{{&cfg.Min, 5 * time.Minute}, {&cfg.Max, 24 * time.Hour}, {&cfg.First, 30 * time.Minute}, {&cfg.QuietAfter, 14 * 24 * time.Hour}} {
		if *d.at <= 0 {
			*d.at = d.value
		}
	}
	cfg.Max = max(cfg.Max, cfg.Min)
	return cfg
}

// Outcome is what a poll gave.
type Outcome struct {
	// Status is the HTTP status; 0 if there was no answer.
	Status int
	// Err is the failure, or nil: no answer, or an answer that is no feed.
	Err error
	// Entries are the feed's entries (status 200).
	Entries []*datelinev1.Entry
	// ETag, LastModified and BodySHA256 are of the answer.
	ETag, LastModified, BodySHA256 string
	// RetryAfter is what the origin asked for; 0 if nothing.
	RetryAfter time.Duration
	// TTL is the longest wait that feed and cache headers ask for; 0 if none. Up to
	// the maximal interval it is obeyed.
	TTL time.Duration
	// MovedTo is where permanent redirects (301, 308) led; empty if none.
	MovedTo string
}

const (
	// movedAfter is how many polls in a row must be led to one new URL before the feed
	// counts as moved. Single permanent redirects are often mistakes.
	movedAfter = 3
	// failingAfter is how many failures of a kind that passes make a feed failing.
	failingAfter = 3
)

// Next gives the state of a feed after a poll that ended at now. It changes none of its
// arguments. The result has no next_poll_at if polling has ended: after 410, and after
// movedAfter polls that permanent redirects led to the same URL, which is in
// moved_to. Its interval is the adaptive one, also while errors make the wait longer.
// rnd gives numbers in [0,1).
func Next(state *datelinev1.PollState, out Outcome, cfg Config, now time.Time, rnd func() float64) *datelinev1.PollState {
	p := plan{cfg: cfg.withDefaults(), out: out, now: now, rnd: rnd, before: state, s: &datelinev1.PollState{}}
	if state != nil {
		p.s = proto.CloneOf(state)
	}
	p.s.Polls++
	p.s.LastPollAt = timestamppb.New(now)
	p.s.LastStatus = uint32(max(out.Status, 0))
	if p.s.AddedAt == nil {
		p.s.AddedAt = timestamppb.New(now)
	}
	switch {
	case out.Err == nil && (out.Status == 200 || out.Status == 304):
		p.succeed()
	default:
		p.fail()
	}
	return p.s
}

// plan is one call of Next.
type plan struct {
	cfg    Config
	out    Outcome
	now    time.Time
	rnd    func() float64
	before *datelinev1.PollState
	s      *datelinev1.PollState
}

// interval is the adaptive interval before the poll, within the bounds.
func (p *plan) interval() time.Duration {
	interval := p.cfg.First
	if p.s.Interval != nil {
		interval = p.s.Interval.AsDuration()
	}
	return min(max(interval, p.cfg.Min), p.cfg.Max)
}

// lateBy is how long after it was due the poll came; 0 if it was in time.
func (p *plan) lateBy() time.Duration {
	if p.before.GetNextPollAt() == nil {
		return 0
	}
	return max(0, p.now.Sub(p.before.GetNextPollAt().AsTime()))
}

// wasLate tells a poll so late that its yield says nothing of the interval.
func (p *plan) wasLate() bool {
	return p.lateBy() > max(p.interval()/2, 10*time.Minute)
}

func (p *plan) succeed() {
	fresh := 0
	if p.out.Status == 200 {
		fresh = len(NewEntries(p.before, p.out.Entries))
		p.s.KnownEntries = remember(p.before.GetKnownEntries(), p.out.Entries)
		p.s.Etag, p.s.LastModified, p.s.BodySha256 = p.out.ETag, p.out.LastModified, p.out.BodySHA256
	} else if p.out.ETag != "" {
		p.s.Etag = p.out.ETag
	}
	first := p.before.GetLastSuccessAt() == nil
	p.s.ConsecutiveErrors, p.s.LastError = 0, ""
	p.s.LastSuccessAt = timestamppb.New(p.now)
	if fresh > 0 {
		p.s.LastNewAt = timestamppb.New(p.now)
		p.s.EntriesFound += uint32(fresh)
	}
	interval := p.adapt(fresh, first)
	p.s.Interval = durationpb.New(interval)
	p.s.NextPollAt = timestamppb.New(p.now.Add(p.wait(interval)))
	p.judge(fresh, first)
	p.follow()
}

// adapt gives the new interval. Polls that find nothing new lengthen it by half; polls
// that find more than one entry shorten it, so that about one comes at a time; where
// most of the document is new, entries may have been missed, and it falls to a
// quarter. A first poll is judged by the dates of the entries.
func (p *plan) adapt(fresh int, first bool) time.Duration {
	interval := p.interval()
	switch {
	case first:
		interval = p.cfg.First
		if gap, ok := typicalGap(p.out.Entries, p.now, 0.5); ok {
			interval = gap / 2
		}
	case p.wasLate():
		// Media Cloud's fetcher found that adapting to late polls makes a service that
		// is behind fall further behind.
	case fresh == 0:
		interval += interval / 2
	case 3*fresh >= 2*len(p.out.Entries) && len(p.out.Entries) > 3:
		interval /= 4
	case fresh > 1:
		interval = max(interval/4, interval*3/time.Duration(2*fresh))
	}
	return min(max(interval, p.cfg.Min), p.cfg.Max)
}

// wait gives the time to the next poll: the interval with a fifth of jitter, within the
// bounds, and no less than the feed asks for.
func (p *plan) wait(interval time.Duration) time.Duration {
	spread := time.Duration(p.rnd() * float64(interval/5))
	d := interval + spread
	if interval+interval/5 > p.cfg.Max {
		d = max(interval-spread, p.cfg.Min)
	}
	if asked := min(p.out.TTL, p.cfg.Max); d < asked {
		d = asked + time.Duration(p.rnd()*float64(asked/20))
	}
	return d
}

// judge sets the state after a success.
func (p *plan) judge(fresh int, first bool) {
	silence, since := p.silence(fresh, first)
	switch {
	case p.wasLate() && !first:
		p.set(Late, "polled %s after it was due: the service is behind", short(p.lateBy()))
	case silence > 0 && !since.IsZero():
		p.set(Quiet, "nothing new since %s, though no silence over %s was to be expected", since.UTC().Format("2006-01-02"), short(silence))
	case silence > 0:
		// A 304 to a feed that was quiet: it still is.
	case fresh > 0:
		p.set(Healthy, "%d of %d entries were new", fresh, len(p.out.Entries))
	default:
		p.set(Healthy, "nothing new; polled every %s", short(p.s.Interval.AsDuration()))
	}
}

// silence gives the longest silence that the feed's rhythm explains and since when it
// has been silent, if that is longer; else 0.
func (p *plan) silence(fresh int, first bool) (expected time.Duration, since time.Time) {
	if fresh > 0 && !first {
		return 0, time.Time{}
	}
	unchanged := p.out.Status == 304 || p.out.BodySHA256 != "" && p.out.BodySHA256 == p.before.GetBodySha256()
	if unchanged && p.before.GetState() == Quiet {
		return p.cfg.QuietAfter, time.Time{}
	}
	expected = p.cfg.QuietAfter
	if gap, ok := typicalGap(p.out.Entries, p.now, 0.9); ok {
		expected = 4 * gap
	} else if gap, ok := meanGap(p.before); ok {
		expected = 8 * gap
	}
	expected = min(max(expected, minSilence), maxSilence)
	since = p.s.GetLastNewAt().AsTime()
	if newest := newestDate(p.out.Entries, p.now); first && !newest.IsZero() {
		since = newest
	} else if p.s.LastNewAt == nil {
		since = p.s.AddedAt.AsTime()
	}
	if p.now.Sub(since) <= expected {
		return 0, time.Time{}
	}
	return expected, since
}

const (
	// minSilence and maxSilence bound what counts as an unexpected silence: a long
	// weekend is none, and after a season any feed is quiet.
	minSilence = 4 * 24 * time.Hour
	maxSilence = 90 * 24 * time.Hour
)

// follow counts permanent redirects.
func (p *plan) follow() {
	if p.out.MovedTo == "" {
		p.s.MovedTo, p.s.MovedPolls = "", 0
		return
	}
	if p.out.MovedTo != p.s.MovedTo {
		p.s.MovedTo, p.s.MovedPolls = p.out.MovedTo, 0
	}
	if p.s.MovedPolls++; p.s.MovedPolls >= movedAfter {
		p.set(Moved, "%d polls in a row were redirected for good to %s", p.s.MovedPolls, p.s.MovedTo)
		p.s.NextPollAt = nil
	}
}

func (p *plan) set(state, format string, args ...any) {
	p.s.State, p.s.Reason = state, fmt.Sprintf(format, args...)
}

// fail sets state and wait after a failure. Validators, entries and interval stay.
func (p *plan) fail() {
	p.s.ConsecutiveErrors++
	n := p.s.ConsecutiveErrors
	err := p.out.Err
	if err == nil {
		err = fmt.Errorf("the origin answered %d", p.out.Status)
	}
	p.s.LastError = clean(err.Error())
	p.s.Interval = durationpb.New(p.interval())
	longest := max(p.cfg.Max, 24*time.Hour)
	wait := p.backOff(p.interval()/4, n, longest)
	switch status := p.out.Status; {
	case status == 410:
		p.set(Gone, "the origin says that the feed is gone for good (410)")
		p.s.NextPollAt = nil
		return
	case status == 429, status == 503 && p.out.RetryAfter > 0:
		p.set(Limited, "the origin asks for fewer requests (%d)", status)
	case status == 404:
		// From two hours on, doubling: a day after the fifth time, a week at the most.
		wait = p.backOff(2*time.Hour, n, max(longest, 7*24*time.Hour))
		p.set(Failing, "the origin has no such feed (404)%s", inRow(n))
	case status == 401, status == 402, status == 403, status == 451:
		wait = p.backOff(4*time.Hour, n, longest)
		p.set(Failing, "the origin refuses (%d)%s", status, inRow(n))
	case status >= 200 && status <= 299 && p.out.Err != nil:
		p.set(Failing, "the answer cannot be read%s: %s", inRow(n), p.s.LastError)
	case n >= failingAfter, p.s.GetLastSuccessAt() == nil:
		// A feed that never answered is most likely mistyped: its submitter should
		// see it at once.
		p.set(Failing, "no answer%s: %s", inRow(n), p.s.LastError)
	default:
		p.s.Reason = p.s.LastError
	}
	if p.out.RetryAfter > wait {
		wait = p.out.RetryAfter + time.Duration(p.rnd()*float64(p.out.RetryAfter/10))
	}
	p.s.NextPollAt = timestamppb.New(p.now.Add(wait))
}

// backOff gives the wait after the nth failure: base, or the least interval, doubled each time, up to longest,
// with jitter up to as much again, so that feeds which failed together come back apart
// and none comes back early.
func (p *plan) backOff(base time.Duration, n uint32, longest time.Duration) time.Duration {
	d := min(max(base, p.cfg.Min), longest)
	for i := uint32(1); i < n && d < longest; i++ {
		d = min(2*d, longest)
	}
	if d == longest {
		return d + time.Duration(p.rnd()*float64(d/5))
	}
	return d + time.Duration(p.rnd()*float64(min(d, longest-d)))
}
