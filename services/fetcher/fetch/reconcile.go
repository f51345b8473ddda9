package fetch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// reconcileSpread is the time over which polls that were lost are spread, lest a
// registry that was restored is polled at once.
const reconcileSpread = time.Minute

// Reconcile schedules a poll for every feed that has none, neither scheduled nor
// due nor in hand: after a schedule was lost by hand, or a registry was restored.
// It then goes on counting the feeds by state, as the registry changes, until ctx
// ends. A record that cannot be read is left out, logged and counted.
func (f *Fetcher) Reconcile(ctx context.Context, publish func(context.Context, stage.Out) error) error {
	if err := f.hasten(ctx); err != nil {
		return fmt.Errorf("reconcile the schedules: %w", err)
	}
	polls, err := f.deps.Polls.Subjects(ctx)
	if err != nil {
		return fmt.Errorf("reconcile the schedules: %w", err)
	}
	count, subscriptions := newCensus(countedStates), newCensus(websub.States)
	watched := false
	err = f.deps.Feeds.Follow(ctx, func(e bus.Entry[*datelinev1.FeedRecord]) error {
		state := stateOf(e)
		if state == stateCorrupt {
			f.log.Error("feed's record left out: it cannot be read; submit the feed again, or remove it by its id",
				zap.String("feed", e.Key), zap.Error(e.Err))
		}
		count.set(e.Key, state)
		subscriptions.set(e.Key, e.Message.GetHub().GetState())
		switch {
		case watched || e.Message == nil || ended(e.Message.GetPoll()):
			return nil
		case isScheduled(polls, e.Key) && f.tooFar(e.Message):
			f.log.Warn("feed's next poll was planned by a wrong clock, polling it now", zap.String("feed", e.Key),
				zap.Time("planned", e.Message.GetPoll().GetNextPollAt().AsTime()))
			return publish(ctx, schedule(e.Key, f.pace.firstPoll()))
		case isScheduled(polls, e.Key):
			return nil
		}
		return f.scheduleLost(ctx, e.Key, e.Message, publish)
	}, func() error {
		// From now on each write of a record is followed by that of a schedule.
		watched, polls = true, nil
		count.show(f.metrics.feeds)
		subscriptions.show(f.hubs.subscriptions)
		f.census.Store(count)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reconcile the schedules: %w", err)
	}
	return nil
}

// hasten has pages that were put off by a wrong clock wait no longer. They are looked for
// only where a host's budget has shown that there was one.
func (f *Fetcher) hasten(ctx context.Context) error {
	if !f.budget.wrongClock.Load() {
		return nil
	}
	n, err := f.deps.Waits.Hasten(ctx, f.now().Add(farthest), f.now())
	if err != nil {
		return err
	}
	f.budget.wrongClock.Store(false)
	f.log.Warn("a fetcher's clock was wrong: what it put off for years waits no longer", zap.Int("pages", n))
	return nil
}

// tooFar says whether a feed's next poll is further away than any that is planned, since
// the clock that it was planned by was wrong.
func (f *Fetcher) tooFar(record *datelinev1.FeedRecord) bool {
	return record.GetPoll().GetNextPollAt().AsTime().After(f.now().Add(2 * f.cfg.MaxInterval))
}

func isScheduled(polls map[string]struct{}, id string) bool {
	_, scheduled := polls[topology.FeedSchedule(id)]
	_, due := polls[topology.FeedPoll(id)]
	return scheduled || due
}

// scheduleLost schedules a poll for a feed that seems to have none.
func (f *Fetcher) scheduleLost(ctx context.Context, id string, record *datelinev1.FeedRecord, publish func(context.Context, stage.Out) error) error {
	// It may have become due, or have been added, since.
	if due, err := f.deps.Polls.Has(ctx, topology.FeedPoll(id)); err != nil || due {
		return err
	}
	at := latest(f.pace.firstPoll(), record.GetPoll().GetNextPollAt().AsTime())
	// A new feed's submission was cut short between its record and its schedule: whoever
	// sent it waits, and it has its pace already.
	if record.GetPoll().GetState() != pollplan.New {
		at = latest(at, f.now().Add(time.Duration(f.random()*float64(reconcileSpread))))
	}
	if f.tooFar(record) {
		at = f.pace.firstPoll()
	}
	return publish(ctx, scheduleIfNone(id, at))
}

// Unscheduled is by how many the polls, scheduled or due, fall short of the feeds
// that are to have one. It costs no more than one request, and is a sign only:
// what was removed may be scheduled still, and hide that another is not.
func (f *Fetcher) Unscheduled(ctx context.Context) (int, error) {
	count := f.census.Load()
	if count == nil {
		return 0, nil
	}
	polls, err := f.deps.Polls.Count(ctx)
	if err != nil {
		return 0, err
	}
	return max(0, count.polled()-polls), nil
}

// stateCorrupt is counted for a record that cannot be read.
const stateCorrupt = "corrupt"

// countedStates are the states of feeds, each of which is a series of the gauge;
// the last stands for all that this version does not know.
var countedStates = []string{
	pollplan.New, pollplan.Healthy, pollplan.Quiet, pollplan.Late,
	pollplan.Limited, pollplan.Moved, pollplan.Gone, pollplan.Failing, stateCorrupt, "other",
}

// stateOf is an entry's state; empty if it was deleted.
func stateOf(e bus.Entry[*datelinev1.FeedRecord]) string {
	switch {
	case e.Err != nil:
		return stateCorrupt
	case e.Message == nil:
		return ""
	}
	return e.Message.GetPoll().GetState()
}

// census counts feeds by a state. It holds a byte and a key for each.
type census struct {
	mu sync.Mutex
	// names are the states; the last stands for all others.
	names  []string
	states map[string]uint8
	counts []int
	gauge  *prometheus.GaugeVec
}

func newCensus(names []string) *census {
	return &census{names: names, states: map[string]uint8{}, counts: make([]int, len(names))}
}

// set notes a feed's state; an empty one forgets the feed.
func (c *census) set(id, state string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	was, known := c.states[id]
	switch {
	case state != "":
		now := slices.Index(c.names, state)
		if now < 0 {
			now = len(c.names) - 1
		}
		c.states[id] = uint8(now)
		c.add(uint8(now), 1)
	case known:
		delete(c.states, id)
	}
	if known {
		c.add(was, -1)
	}
}

func (c *census) add(state uint8, n int) {
	c.counts[state] += n
	if c.gauge != nil {
		c.gauge.WithLabelValues(c.names[state]).Set(float64(c.counts[state]))
	}
}

// show has the gauge follow the counts.
func (c *census) show(gauge *prometheus.GaugeVec) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gauge = gauge
	for state := range c.names {
		c.add(uint8(state), 0)
	}
}

// polled is how many feeds are to have a poll.
func (c *census) polled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for state, count := range c.counts {
		switch c.names[state] {
		case pollplan.Moved, pollplan.Gone, stateCorrupt:
		default:
			n += count
		}
	}
	return n
}

// reconciler sees to it that every feed has a next poll, at the start and then
// from time to time, and counts the feeds by state all the time.
type reconciler struct {
	fetcher *Fetcher
	bus     *bus.Bus
}

const (
	// reconcileEvery is how often all feeds are compared with all schedules, which
	// costs about a second of CPU for 100,000: what it mends happens by hand only.
	reconcileEvery = time.Hour
	// compareEvery is how often their numbers are, which costs one request. After
	// as many as shortLooks that fall short, the feeds are compared one by one.
	compareEvery = time.Minute
	shortLooks   = 2
	// reconcileWait is the wait after a failure.
	reconcileWait = 10 * time.Second
)

// Name implements worker.Stage.
func (r *reconciler) Name() string { return "fetcher-reconciler" }

// Ready implements worker.Stage: nothing waits for it.
func (r *reconciler) Ready() error { return nil }

// Run implements worker.Stage.
func (r *reconciler) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := r.round(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		r.fetcher.log.Warn("reconciling failed, trying again", zap.Error(err), zap.Duration("wait", reconcileWait))
		select {
		case <-ctx.Done():
		case <-time.After(reconcileWait):
		}
	}
	return nil
}

// errRoundOver ends a round.
var errRoundOver = errors.New("time to compare feeds and schedules again")

// round reconciles once, and then follows the registry until it is time to do so
// again.
func (r *reconciler) round(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	var comparing sync.WaitGroup
	defer comparing.Wait()
	defer end(nil)
	comparing.Go(func() {
		if r.compare(ctx) {
			end(errRoundOver)
		}
	})
	err := r.fetcher.Reconcile(ctx, r.publish)
	if errors.Is(context.Cause(ctx), errRoundOver) {
		return nil
	}
	return err
}

// compare waits until the round is to end: when its time is over, or schedules
// are missing. It returns false if ctx ended before.
func (r *reconciler) compare(ctx context.Context) bool {
	ticker := time.NewTicker(compareEvery)
	defer ticker.Stop()
	short := 0
	for range reconcileEvery / compareEvery {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
		if r.fetcher.budget.wrongClock.Load() {
			return true
		}
		missing, err := r.fetcher.Unscheduled(ctx)
		if err != nil || missing == 0 {
			short = 0
			continue
		}
		if short++; short == shortLooks {
			r.fetcher.log.Warn("feeds without a schedule", zap.Int("feeds", missing))
			return true
		}
	}
	return true
}

// publish schedules a poll where none is scheduled; that one is, is no error.
func (r *reconciler) publish(ctx context.Context, out stage.Out) error {
	msg, err := out.Encode()
	if err != nil {
		return err
	}
	_, err = r.bus.JS.PublishMsg(ctx, msg)
	if stage.IsKnown(err) {
		return nil
	}
	return err
}
