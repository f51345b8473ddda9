package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// fault is one way in which things break.
type fault struct {
	name, how, asserted string
	options             options
	// articles that flow while it happens, at full size.
	articles int
	// brief says that it is part of the short form, too.
	brief bool
	// needs returns why it cannot run here; "" if it can.
	needs func() string
	// setUp readies what the rig needs, before it starts.
	setUp func(t *testing.T, o *options)
	// prepare changes what is sent, before anything is.
	prepare func(x *injection)
	// inject breaks things while articles flow. It returns when all is whole again.
	inject func(ctx context.Context, x *injection) error
	// exact says that the server hears every acknowledgement, so that each process'
	// outcomes are as many as the messages that it was given.
	exact bool
	// after asserts what goes beyond the common property.
	after func(ctx context.Context, t *testing.T, x *injection)
}

// injection is a fault that happens.
type injection struct {
	*rig
	publisher *publisher
	articles  int
	faults    int
	resumed   time.Duration
	// confirmed is the longest time until a publish after a fault was confirmed.
	confirmed time.Duration
	note      []string
	before    map[string]process.Footprint
	// replayed is how many articles a replay was to bring.
	replayed int
	// offered counts the submissions of an overload.
	offered atomic.Int64
}

// articlesFor is how many articles flow.
func (f fault) articlesFor() int {
	if !*full {
		return 60
	}
	if f.articles == 0 {
		return 1000
	}
	return f.articles
}

func (f fault) run(t *testing.T) {
	if !*full {
		t.Parallel() // The figures of full runs must not disturb each other.
	}
	result := row{fault: f.name, how: f.how, asserted: f.asserted}
	if f.needs != nil {
		if why := f.needs(); why != "" {
			result.skipped = why
			require.NoError(t, results.add(result))
			t.Skip(why)
		}
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Minute)
	defer cancel()
	o := f.options
	if f.setUp != nil {
		f.setUp(t, &o)
	}
	if !*full && o.ackWait == 0 {
		o.ackWait = 3 * time.Second
	}
	r := newRig(ctx, t, o)
	x := &injection{rig: r, articles: f.articlesFor(), before: map[string]process.Footprint{}}
	x.publisher = &publisher{rig: r, window: 400, random: rand.New(rand.NewPCG(r.seed, 2))}
	if f.prepare != nil {
		f.prepare(x)
	}
	// Some go through before, so that all is warm and something can be compared.
	warm := min(x.articles/5, 200)
	require.NoError(t, x.publisher.publish(ctx, warm))
	require.NoError(t, r.settle(ctx))
	x.remember(ctx)

	published := make(chan error, 1)
	go func() { published <- x.publisher.publish(ctx, x.articles-warm) }()
	err := f.inject(ctx, x)
	require.NoError(t, err)
	require.NoError(t, <-published)
	settled := r.settle(ctx)
	v, err := r.check(ctx)
	require.NoError(t, err)
	result.faults, result.known, result.events, result.quarantined = x.faults, v.known, v.events-v.doubted, v.entries
	result.lost, result.doubled, result.resumed = len(v.lost), len(v.doubled), x.resumed
	_, classes := r.ledger.expected()
	for _, problem := range v.problems(classes) {
		t.Error(problem)
	}
	require.NoError(t, settled)
	if v.doubted > 0 {
		x.note = append(x.note, fmt.Sprintf("%d of the unconfirmed articles came in all the same", v.doubted))
	}
	orphans, err := r.orphans(ctx)
	require.NoError(t, err)
	if orphans > 0 {
		x.note = append(x.note, fmt.Sprintf("%d acknowledged messages left in work queues", orphans))
	}
	// A shorter wait for a sign of life brings deliveries that are one too many.
	x.account(ctx, t, f.exact && o.ackWait == 0)
	if f.after != nil {
		f.after(ctx, t, x)
	}
	x.compare(ctx, t)
	result.took, result.note = time.Since(began), strings.Join(x.note, "; ")
	require.NoError(t, results.add(result))
	t.Logf("%d faults, %d articles known, %d events, %d in quarantine %v, %d lost, %d doubled, resumed within %s, took %s; %s",
		result.faults, v.known, v.events, v.entries, v.reasons, len(v.lost), len(v.doubled),
		x.resumed.Round(time.Millisecond), result.took.Round(time.Second), result.note)
}

// key tells a service's processes apart.
func (x *injection) key(role string) string {
	return fmt.Sprintf("%s/%d", role, x.running[role].PID())
}

// remember reads what each process takes, to be compared at the end.
func (x *injection) remember(ctx context.Context) {
	for name, p := range x.running {
		if f, err := p.Footprint(ctx); err == nil {
			x.before[x.key(name)] = f
		}
	}
}

// compare holds the processes that outlived the fault to what they took before.
func (x *injection) compare(ctx context.Context, t *testing.T) {
	for name, p := range x.running {
		was, ok := x.before[x.key(name)]
		if !ok {
			continue
		}
		// The last connections and timers end in their own time.
		var is process.Footprint
		require.Eventually(t, func() bool {
			var err error
			is, err = p.Footprint(ctx)
			return err == nil && is.Goroutines <= was.Goroutines+10 && is.Heap <= 2*was.Heap+(32<<20)
		}, time.Minute, time.Second, "%s does not return to where it was", name)
		x.note = append(x.note, fmt.Sprintf("%s %d → %d goroutines, %d → %d MiB heap", name, was.Goroutines, is.Goroutines, was.Heap>>20, is.Heap>>20))
	}
}

// spread calls fn n times, at random points of the flow of articles.
func (x *injection) spread(ctx context.Context, n int, fn func(i int) error) error {
	mean := max(1, (x.articles-x.articles/5)/(n+1))
	for i := range n {
		done, err := x.awaitDone(ctx, 0, patience)
		if err != nil {
			return err
		}
		// Where nothing moves, since all that is left waits for another delivery,
		// the next fault need not wait for it.
		_, _ = x.awaitDone(ctx, done+x.random.IntN(2*mean), 2*time.Second)
		pause(ctx, time.Duration(x.random.IntN(20_000))*time.Microsecond)
		if err := fn(i); err != nil {
			return err
		}
		x.faults++
	}
	return nil
}

// resumes measures the time until the next message comes to its end. Where there
// is nothing to be done, it measures nothing.
func (x *injection) resumes(ctx context.Context) { _ = x.goesOn(ctx) }

// goesOn measures the same, and says whether work goes on.
func (x *injection) goesOn(ctx context.Context) bool {
	whole := time.Now()
	done, err := x.awaitDone(ctx, 0, patience)
	if err != nil {
		return false
	}
	if done >= x.ledger.ends() {
		return true
	}
	if _, err := x.awaitDone(ctx, done+1, 40*time.Second); err != nil {
		return false
	}
	x.resumed = max(x.resumed, time.Since(whole))
	return true
}

func TestFaults(t *testing.T) {
	for _, f := range faults() {
		if !*full && !f.brief {
			continue
		}
		t.Run(strings.ReplaceAll(f.name, " ", "-"), f.run)
	}
}
