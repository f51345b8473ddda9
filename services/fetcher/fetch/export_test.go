package fetch

import (
	"context"
	"time"

	"github.com/dateline-news/dateline/pkg/worker"
)

// What tests of the outside look into.
var (
	ReadFeedSubmission = readFeedSubmission
	ReadDocument       = readDocument
	Open               = open
	LookAgain          = (*Fetcher).lookAgain
)

// Content is what a document holds.
func (d document) Content() []byte { return d.content }

// MediaType is a document's.
func (d document) MediaType() string { return d.mediaType }

// Stages are the fetcher's stages.
func (f *Fetcher) Stages(env worker.Env) ([]worker.Stage, error) { return f.stages(env) }

// Budget is the budget of hosts.
type Budget struct{ b *budget }

// NewBudget makes a budget.
func NewBudget(s slots, delay time.Duration, connections int, timeout time.Duration) Budget {
	return Budget{&budget{slots: s, delay: delay, connections: connections, timeout: timeout, now: time.Now}}
}

// Plan plans a slot.
func (b Budget) Plan(ctx context.Context, host string) (time.Time, error) {
	return b.b.plan(ctx, host, 0, time.Time{})
}

// Take takes a turn.
func (b Budget) Take(ctx context.Context, host string, patience time.Duration) (*Turn, time.Time, error) {
	t, _, busy, err := b.b.take(ctx, b.b.ofHost(host, 0), patience)
	return (*Turn)(t), busy, err
}

// Turn is a turn that was taken.
type Turn turn

// Answered gives a turn back.
func (t *Turn) Answered(ctx context.Context, took, pause time.Duration) error {
	return (*turn)(t).answered(ctx, answer{took: took, pause: pause})
}

// Block keeps requests from a host.
func (b Budget) Block(ctx context.Context, host string, until time.Time) error {
	return b.b.block(ctx, host, until)
}

// Backlog is how far ahead a host's plan reaches.
func (b Budget) Backlog(ctx context.Context, host string) (time.Duration, error) {
	return b.b.backlog(ctx, host)
}

// Refetch counts a refetch.
func (b Budget) Refetch(ctx context.Context, host string, perDay int) (bool, error) {
	return b.b.refetch(ctx, host, perDay)
}

// Work does what a stage does with a page that is due: it gives a turn, or when to
// come back.
func (b Budget) Work(ctx context.Context, host string, planned bool) (*Turn, time.Time, error) {
	f := &Fetcher{budget: b.b, now: b.b.now}
	t, slot, err := f.turn(ctx, b.b.ofHost(host, 0), planned)
	return (*Turn)(t), slot, err
}

// IsBridge says whether a host is one, by patterns.
func IsBridge(patterns []string, host string) bool { return bridges(patterns).has(host) }

// Pace is the cap on polls.
type Pace struct{ p *pace }

// NewPace makes a pace.
func NewPace(perSecond int, now func() time.Time) Pace { return Pace{newPace(perSecond, now)} }

// Turn reserves a poll.
func (p Pace) Turn() time.Duration { return p.p.turn() }

// Wait waits for a poll's turn.
func (p Pace) Wait(ctx context.Context) error { return p.p.wait(ctx) }

// FirstPoll is when a new feed may be polled.
func (p Pace) FirstPoll() time.Time { return p.p.firstPoll() }
