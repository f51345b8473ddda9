// Package console is the page on which ops see a running Dateline.
//
// The page is live over server-sent events; what it does not need all the time it asks
// for. It changes feeds and the quarantine for those who may: see Settings.
package console

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/telemetry"
)

const (
	// snapshotEvery is how often the flow is measured while somebody looks.
	snapshotEvery = time.Second
	// brokerTimeout bounds all that is asked of the broker for one snapshot or
	// one answer, so that a page tells of a slow broker instead of waiting for it.
	brokerTimeout = 3 * time.Second
	// followRetry is the wait before the events are followed again after an error.
	followRetry = time.Second
	// maxReads bounds the articles that are read at once, for each may be large.
	maxReads = 4
)

// Console is the page and the stream of what it shows.
type Console struct {
	bus        *bus.Bus
	log        *zap.Logger
	now        func() time.Time
	assets     map[string]asset
	hub        *hub
	meter      *meter
	feeds      *cache[feedList]
	quarantine *cache[quarantineList]
	reads      chan struct{}
	metrics    prometheus.Gatherer
	settings   Settings
	access     *access
}

// New makes a console that reads from a bus and from the metrics of this
// process. It shows nothing live until Run.
func New(b *bus.Bus, metrics prometheus.Gatherer, settings Settings, log *zap.Logger) (*Console, error) {
	assets, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("load the console's page: %w", err)
	}
	c := &Console{
		bus:    b,
		log:    log,
		now:    time.Now,
		assets: assets,
		hub:    newHub(),
		reads:  make(chan struct{}, maxReads),

		metrics: metrics, settings: settings,
	}
	c.meter = newMeter(b, metrics, c.now)
	c.feeds = newCache(c.now, func(ctx context.Context) (feedList, error) { return readFeeds(ctx, b) })
	c.quarantine = newCache(c.now, (&quarantineReader{bus: b}).read)
	return c, nil
}

// Mount adds the console to an ops listener that listens already: who may change
// something depends on where. The streams that it serves end when Run does.
func (c *Console) Mount(ops *telemetry.Ops) error {
	var err error
	if c.access, err = newAccess(c.settings, ops.Addr()); err != nil {
		return err
	}
	for pattern, handler := range c.routes() {
		ops.Handle(pattern, handler)
	}
	return nil
}

// Run follows the events, and measures the flow while somebody looks, until ctx
// ends. It outlives an unreachable broker.
func (c *Console) Run(ctx context.Context) error {
	defer c.hub.close()
	var group errgroup.Group
	group.Go(func() error { c.follow(ctx); return nil })
	group.Go(func() error { c.measure(ctx); return nil })
	return group.Wait()
}

// measure sends a snapshot of the flow to the clients, at once to the first that
// comes, and from then on every snapshotEvery.
func (c *Console) measure(ctx context.Context) {
	ticker := time.NewTicker(snapshotEvery)
	defer ticker.Stop()
	for {
		if c.hub.watched() {
			f := c.meter.snapshot(ctx)
			f.Events.LastMinute = c.hub.lastMinute(f.At)
			c.hub.measured(frame("flow", 0, f))
		}
		select {
		case <-ctx.Done():
			return
		case <-c.hub.first:
		case <-ticker.C:
		}
	}
}

// pause waits for d; false means that ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
