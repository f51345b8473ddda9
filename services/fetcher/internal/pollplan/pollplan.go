// Package pollplan decides how a feed is polled: when next, whether conditionally,
// what is news in its answer and what state it is in. It holds pure functions only:
// time and chance are arguments.
package pollplan

import (
	"fmt"
	"slices"
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
	// Quiet: read, but silent for longer than its own history explains.
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
	// Full is the least interval of a feed whose polls each cost its origin a full
	// answer, because it gives neither validators nor a hint how long to wait (default
	// Min). It is a courtesy: half of what feeds cost their origins is answers to
	// readers that have them already.
	Full time.Duration
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
	cfg.Full = min(max(cfg.Full, cfg.Min), cfg.Max)
	return cfg
}

// Outcome is what a poll gave.
type Outcome struct {
	// Status is the HTTP status; 0 if there was no answer.
	Status int
	// Err is the failure, or nil: no answer, or an answer that is no feed.
	Err error
	// Hard says that Err would be the same at once: an address that may not be asked,
	// an answer that is too large.
	Hard bool
	// Conditional says that the request carried the validators.
	Conditional bool
	// Pushed says that the document came without being asked for, from the feed's hub.
	// It brings entries, and says nothing of validators or the distance between polls.
	Pushed bool
	// Entries are the feed's entries (status 200). They are nil where the body is the
	// one of the last full answer, byte for byte: it need not be read again.
	Entries []*datelinev1.Entry
	// Dropped counts the entries of the document beyond the cap.
	Dropped int
	// Sitemap says that the document is a sitemap, which lists a site's past, too; Index
	// that it is an index, whose entries are those of its children.
	Sitemap, Index bool
	// Sitemaps are what is to be remembered of an index's children.
	Sitemaps []*datelinev1.Sitemap
	// Unread are the entries of those children that were not read before: what has no
	// date there may be of any age.
	Unread map[*datelinev1.Entry]bool
	// ETag, LastModified and BodySHA256 are of the answer.
	ETag, LastModified, BodySHA256 string
	// RetryAfter is what the origin asked for; 0 if nothing.
	RetryAfter time.Duration
	// TTL is the longest wait that feed and cache headers ask for; 0 if none. Up to
	// the maximal interval it is obeyed.
	TTL time.Duration
	// SkipHours and SkipDays are those in which the feed asks not to be polled.
	SkipHours, SkipDays []uint32
	// MovedTo is where permanent redirects (301, 308) led; empty if none.
	MovedTo string
	// Site is the feed that the answer, a web page, links to; empty if it is none.
	Site string
}

// modified tells an answer with a body that was not seen before.
func (out *Outcome) modified(before *datelinev1.PollState) bool {
	return out.Status == 200 && (out.BodySHA256 == "" || out.BodySHA256 != before.GetBodySha256() || len(out.Entries) > 0)
}

const (
	// movedAfter is how many polls in a row must be led to one new URL before the feed
	// counts as moved. Single permanent redirects are often mistakes.
	movedAfter = 3
	// maxChanges is how many changes of state are remembered.
	maxChanges = 20
)

// Next gives the state of a feed after a poll that ended at now, and what its document
// holds. It changes none of its arguments. The state has no next_poll_at if polling has
// ended: after 410, after a site that is no feed, and after movedAfter polls that
// permanent redirects led to the same URL, which is in moved_to. Its interval is the
// adaptive one, also while errors make the wait longer. rnd gives numbers in [0,1).
func Next(state *datelinev1.PollState, out Outcome, cfg Config, now time.Time, rnd func() float64) (*datelinev1.PollState, Yield) {
	p := plan{cfg: cfg.withDefaults(), out: out, now: now, rnd: rnd, before: state, s: &datelinev1.PollState{}}
	if state != nil {
		p.s = proto.CloneOf(state)
	}
	if p.s.AddedAt == nil {
		p.s.AddedAt = timestamppb.New(now)
	}
	if !out.Pushed {
		p.s.Polls++
		p.s.LastPollAt = timestamppb.New(now)
		p.s.LastStatus = uint32(max(out.Status, 0))
	}
	if out.Sitemaps != nil {
		p.s.Sitemaps = out.Sitemaps
	}
	switch {
	case out.Site != "":
		p.end(Moved, "this is a site; the feed that it links to is polled instead: "+out.Site)
	case out.Err == nil && (out.Status == 200 || out.Status == 304):
		p.succeed()
	default:
		p.fail()
	}
	p.chronicle()
	return p.s, p.yield
}

// plan is one call of Next.
type plan struct {
	cfg    Config
	out    Outcome
	now    time.Time
	rnd    func() float64
	before *datelinev1.PollState
	s      *datelinev1.PollState
	yield  Yield
}

// lateBy is how long after it was due the poll came; 0 if it was in time.
func (p *plan) lateBy() time.Duration {
	if p.before.GetNextPollAt() == nil || p.out.Pushed {
		return 0
	}
	return max(0, p.now.Sub(p.before.GetNextPollAt().AsTime()))
}

// wasLate tells a poll so late that its yield says nothing of the interval.
func (p *plan) wasLate() bool {
	return p.lateBy() > max(p.interval()/2, 10*time.Minute)
}

// first tells the first poll that can be read.
func (p *plan) first() bool { return p.before.GetLastSuccessAt() == nil }

func (p *plan) succeed() {
	if p.out.modified(p.before) {
		p.yield = p.read()
	}
	found := len(p.yield.New)
	p.s.ConsecutiveErrors, p.s.LastError = 0, ""
	p.s.ErrorWeight = lighter(p.s.ErrorWeight)
	p.s.LastSuccessAt = timestamppb.New(p.now)
	p.learnSilence(found)
	if found > 0 {
		p.s.LastNewAt = timestamppb.New(p.now)
		p.s.EntriesFound += uint32(found)
	}
	if p.out.Pushed {
		p.judge()
		return
	}
	p.validate()
	p.pace()
	p.judge()
	p.follow()
}

// read takes from the document what is news, and remembers what it holds.
func (p *plan) read() Yield {
	doc := identify(p.out.Entries)
	y := doc.compare(p.before)
	p.s.KnownEntries, p.s.KnownVersions = doc.remember(p.before, y.Changed)
	if p.out.Sitemap && (p.out.Index || p.first()) {
		y.hold(p.newsSince(), func(e *datelinev1.Entry) bool { return p.first() || p.out.Unread[e] })
	}
	return y
}

// newsSince is how old an entry of a sitemap may be to be news: two days, as in news
// sitemaps (sitemaps.org asks for no more, and Google News drops what is older), and
// longer where the feed was not read for longer.
func (p *plan) newsSince() time.Time {
	const age = 48 * time.Hour
	since := p.now
	if at := p.before.GetLastSuccessAt(); at != nil && at.AsTime().Before(since) {
		since = at.AsTime()
	}
	return since.Add(-age)
}

// pace sets interval and next poll after a success.
func (p *plan) pace() {
	share, told := p.share()
	if told {
		p.s.KnownShare = mean(p.before.GetKnownShare(), share)
	}
	interval := p.adapt(share)
	p.s.Interval = durationpb.New(interval)
	p.schedule(p.wait(interval))
}

// schedule puts the next poll after a wait, out of the hours and days that the feed
// leaves out.
func (p *plan) schedule(wait time.Duration) {
	p.s.NextPollAt = timestamppb.New(Allowed(p.now.Add(wait), p.out.SkipHours, p.out.SkipDays, p.rnd()))
}

// judge sets the state after a success.
func (p *plan) judge() {
	found := len(p.yield.New)
	switch {
	case p.wasLate() && !p.first():
		p.set(Late, "polled %s after it was due: the service is behind", short(p.lateBy()))
	case p.quiet():
	case found > 0 || p.yield.Held > 0:
		p.set(Healthy, "%d of %d entries were new%s", found, len(p.out.Entries), p.remarks())
	default:
		p.set(Healthy, "nothing new; polled every %s", short(p.s.Interval.AsDuration()))
	}
}

// remarks says what else there is to say of a document.
func (p *plan) remarks() string {
	out := ""
	if p.lied() {
		out = "; answers 304 had hidden them"
	}
	if p.yield.Held > 0 {
		out += fmt.Sprintf("; %d from before were noted only", p.yield.Held)
	}
	if p.out.Dropped > 0 {
		out += fmt.Sprintf("; %d more, the oldest, were left out", p.out.Dropped)
	}
	return out
}

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
		p.end(Moved, fmt.Sprintf("%d polls in a row were redirected for good to %s", p.s.MovedPolls, p.s.MovedTo))
	}
}

// end ends polling.
func (p *plan) end(state, reason string) {
	p.s.State, p.s.Reason, p.s.NextPollAt = state, reason, nil
}

func (p *plan) set(state, format string, args ...any) {
	p.s.State, p.s.Reason = state, fmt.Sprintf(format, args...)
}

// chronicle notes a change of state.
func (p *plan) chronicle() {
	if p.s.State == p.before.GetState() {
		return
	}
	p.s.Changes = append(p.s.Changes, &datelinev1.StateChange{At: timestamppb.New(p.now), State: p.s.State, Reason: p.s.Reason})
	if extra := len(p.s.Changes) - maxChanges; extra > 0 {
		p.s.Changes = slices.Delete(p.s.Changes, 0, extra)
	}
}
