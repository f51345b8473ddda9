// Package level is how full the broker is, as metrics: what waits for each
// stage, what the streams hold, and what is left of the disk.
package level

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

const (
	// lookEvery is the distance of looks at the broker. A look is some twenty
	// small requests.
	lookEvery = 2 * time.Second
	// lookTimeout bounds one look.
	lookTimeout = 10 * time.Second
	// requestTimeout bounds one request of it: one that the server does not permit
	// gets no answer, and must not cost the rest.
	requestTimeout = time.Second
)

var (
	descConnected = prometheus.NewDesc("dateline_nats_connected",
		"1 while this process is connected to the broker, else 0.", nil, nil)
	descPending = prometheus.NewDesc("dateline_stage_pending",
		"Messages that wait for the stage, all replicas together.", []string{"stage"}, nil)
	descAckPending = prometheus.NewDesc("dateline_stage_ack_pending",
		"Messages delivered and not yet acknowledged, all replicas together.", []string{"stage"}, nil)
	descBytes = prometheus.NewDesc("dateline_stream_bytes",
		"Bytes that a stream or bucket holds, of one copy.", []string{"stream"}, nil)
	descMaxBytes = prometheus.NewDesc("dateline_stream_max_bytes",
		"Bytes that a stream or bucket may hold; absent where it has no limit of its own.", []string{"stream"}, nil)
	descMessages = prometheus.NewDesc("dateline_stream_messages",
		"Messages that a stream or bucket holds.", []string{"stream"}, nil)
	descStore = prometheus.NewDesc("dateline_store_bytes",
		"Bytes that all streams and buckets together hold, of one copy.", nil, nil)
	descMaxStore = prometheus.NewDesc("dateline_store_max_bytes",
		"Bytes that all streams and buckets together may take (nats.max-store).", nil, nil)
)

// Watch looks at the broker from time to time and tells what it saw. Every
// process tells of the whole broker, so that the backlog of a stage is known
// where no process of that stage is left to tell. What could not be seen at the
// last look is not told: no figure is better than an old one.
type Watch struct {
	bus      *bus.Bus
	maxStore int64
	streams  []string
	seen     atomic.Pointer[[]prometheus.Metric]
}

// New makes a watch of the broker and registers its metrics.
func New(b *bus.Bus, o topology.Options, reg prometheus.Registerer) *Watch {
	w := &Watch{bus: b, maxStore: o.MaxStore, streams: topology.StreamNames()}
	if w.maxStore == 0 {
		w.maxStore = topology.DefaultMaxStore
	}
	reg.MustRegister(w)
	return w
}

// Name stands in logs.
func (w *Watch) Name() string { return "broker-watch" }

// Ready is always nil: nothing waits for a watch.
func (w *Watch) Ready() error { return nil }

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		seen := w.look(ctx)
		w.seen.Store(&seen)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Describe implements prometheus.Collector.
func (w *Watch) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descConnected, descPending, descAckPending, descBytes, descMaxBytes, descMessages, descStore, descMaxStore,
	} {
		ch <- d
	}
}

// Collect implements prometheus.Collector. It asks nobody: a scrape does not
// wait for the broker.
func (w *Watch) Collect(ch chan<- prometheus.Metric) {
	connected := 0.0
	if w.bus.Ready() == nil {
		connected = 1
	}
	ch <- gauge(descConnected, connected)
	ch <- gauge(descMaxStore, float64(w.maxStore))
	if seen := w.seen.Load(); seen != nil && connected == 1 {
		for _, m := range *seen {
			ch <- m
		}
	}
}

// look asks the broker for everything, one thing after another, lest a look be a
// burst.
func (w *Watch) look(ctx context.Context) []prometheus.Metric {
	if w.bus.Ready() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	var seen []prometheus.Metric
	for _, stage := range topology.Stages() {
		consumer, err := bus.AskFor(ctx, requestTimeout, func(ctx context.Context) (jetstream.Consumer, error) {
			return w.bus.JS.Consumer(ctx, stage.Stream, stage.Name)
		})
		if err != nil {
			continue
		}
		info := consumer.CachedInfo()
		seen = append(seen,
			gauge(descPending, float64(info.NumPending), stage.Name),
			gauge(descAckPending, float64(info.NumAckPending), stage.Name))
	}
	var total uint64
	complete := true
	for _, name := range w.streams {
		stream, err := bus.AskFor(ctx, requestTimeout, func(ctx context.Context) (jetstream.Stream, error) { return w.bus.JS.Stream(ctx, name) })
		if err != nil {
			// A stream that is not made yet holds nothing; one that could not be
			// seen makes the sum a guess.
			complete = complete && errors.Is(err, jetstream.ErrStreamNotFound)
			continue
		}
		info := stream.CachedInfo()
		total += info.State.Bytes
		seen = append(seen,
			gauge(descBytes, float64(info.State.Bytes), name),
			gauge(descMessages, float64(info.State.Msgs), name))
		if info.Config.MaxBytes > 0 {
			seen = append(seen, gauge(descMaxBytes, float64(info.Config.MaxBytes), name))
		}
	}
	if complete {
		seen = append(seen, gauge(descStore, float64(total)))
	}
	return seen
}

func gauge(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}
