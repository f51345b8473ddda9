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
func NewBudget(s slots, delay time.Duration) Budget {
	return Budget{&budget{slots: s, delay: delay, now: time.Now}}
}

// Plan plans a slot.
func (b Budget) Plan(ctx context.Context, host string) (time.Time, error) {
	return b.b.plan(ctx, host, 0, time.Time{})
}

// Take takes a turn.
func (b Budget) Take(ctx context.Context, host string, patience time.Duration) (time.Time, error) {
	return b.b.take(ctx, host, 0, patience)
}

// Block keeps requests from a host.
func (b Budget) Block(ctx context.Context, host string, until time.Time) error {
	return b.b.block(ctx, host, until)
}

// Work does what a stage does with a page that is due, and reports whether the
// page was asked for, or when to come back.
func (b Budget) Work(ctx context.Context, host string, planned bool) (time.Time, error) {
	f := &Fetcher{budget: b.b, now: b.b.now}
	return f.turn(ctx, host, planned, 0)
}
