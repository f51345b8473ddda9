// Package cluster links articles with nearly the same text, across replicas: an
// annotator that needs the broker, since what it says follows from the articles
// before.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

// Annotator is the name under which clusters can be switched off, and stand in
// events and metrics.
const Annotator = "cluster"

// version is that of the rules.
const version = "1"

// maxAge is how long the stream keeps signatures.
const maxAge = 7 * 24 * time.Hour

const (
	// longestWait bounds the wait for what came before an article. It is a matter
	// of milliseconds while the broker is well.
	longestWait = 10 * time.Second
	// loadWait is the bound while the index is read after a start.
	loadWait = time.Minute
)

// Clusters finds each article's cluster. Every replica keeps an index of its own,
// which it builds from the one stream of signatures, in its order:
//
//  1. An article's signature is published; the server gives it its place.
//  2. The replica waits until its index has taken in the stream up to that place.
//  3. The index has then decided, by what came before the article alone.
//
// So all replicas agree, and of two copies that come at the same time one is the
// first. A repeat has the same message id, and finds what was decided.
type Clusters struct {
	bus    *bus.Bus
	log    *zap.Logger
	age    time.Duration
	limit  int
	now    func() time.Time
	held   prometheus.Gauge
	waited prometheus.Histogram

	mu    sync.Mutex
	index *neardup.Index
	// applied is the sequence up to which the index has read.
	applied uint64
	// loaded tells that it has read what was there when it began.
	loaded bool
	// broken is why the stream is not followed; nil while it is.
	broken  error
	waiters map[*waiter]struct{}
}

// waiter is an article that waits for the index.
type waiter struct {
	sequence uint64
	reached  chan struct{}
}

// errLate means that the index did not get as far in time.
var errLate = errors.New("the signatures before this one were not read in time")

// New makes an index of at most limit articles, none older than age. The errors name
// the settings.
func New(b *bus.Bus, log *zap.Logger, limit int, age time.Duration) (*Clusters, error) {
	if age > maxAge {
		return nil, fmt.Errorf("enricher.cluster-age is %s: use at most %s, for which signatures are kept", age, maxAge)
	}
	index, err := neardup.NewIndex(limit, age)
	if err != nil {
		return nil, fmt.Errorf("enricher.cluster-max and enricher.cluster-age: %w", err)
	}
	return &Clusters{
		bus: b, log: log, age: age, limit: limit, now: time.Now,
		index: index, waiters: map[*waiter]struct{}{},
		held: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dateline_cluster_index_entries",
			Help: "Articles among which near-duplicates are looked for.",
		}),
		waited: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "dateline_cluster_wait_seconds",
			Help:    "Time that an article, enriched but for its cluster, waited for the signatures before its own.",
			Buckets: prometheus.ExponentialBucketsRange(0.0001, 60, 16),
		}),
	}, nil
}

// Collectors are the metrics.
func (c *Clusters) Collectors() []prometheus.Collector {
	return []prometheus.Collector{c.held, c.waited}
}

// Placement is an article on its way to its cluster.
type Placement struct {
	article string
	// future is the server's answer to its signature.
	future jetstream.PubAckFuture
	// took is the time that was spent on it.
	took time.Duration
	err  error
}

// Begin publishes an article's signature and does not wait. It returns nil for a
// text without words, which has no cluster.
func (c *Clusters) Begin(a *datelinev1.Article) *Placement {
	started := time.Now()
	signature, ok := neardup.Sign(a.GetDocument().GetText())
	if !ok {
		return nil
	}
	p := &Placement{article: a.GetId()}
	record := &neardup.Record{Article: p.article, Revision: a.GetRevision(), Signature: signature}
	if p.err = c.propose(record); p.err == nil {
		msg := nats.NewMsg(topology.ArticleSignature(p.article))
		msg.Header.Set(jetstream.MsgIDHeader, stage.ID(p.article, a.GetRevision(), Annotator))
		msg.Data = record.Encode()
		if p.future, p.err = c.bus.JS.PublishMsgAsync(msg); p.err != nil {
			p.err = fmt.Errorf("publish the signature: %w", p.err)
		}
	}
	p.took = time.Since(started)
	return p
}

// propose sets a record's hint. The error says why nobody would read it.
func (c *Clusters) propose(r *neardup.Record) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return c.broken
	}
	if c.loaded {
		c.index.Propose(r, c.now())
	}
	return nil
}

// Finish waits for an article's place and adds its cluster to what is known of
// it. What goes wrong is no error but recorded.
func (c *Clusters) Finish(ctx context.Context, p *Placement, out *datelinev1.Enrichment) time.Duration {
	started := time.Now()
	var d neardup.Decision
	if p.err == nil {
		d, p.err = c.await(ctx, p)
		c.waited.Observe(time.Since(started).Seconds())
	}
	took := p.took + time.Since(started)
	run := &datelinev1.Annotator{Name: Annotator, Version: version, Took: durationpb.New(took)}
	out.Annotators = append(out.Annotators, run)
	if p.err != nil {
		run.Error = p.err.Error()
		c.log.Warn("article left without a cluster", zap.String("article", p.article), zap.Error(p.err))
		return took
	}
	out.Cluster = &datelinev1.Cluster{
		Id: d.Cluster, Size: d.Size, FirstArticleId: d.Cluster, NearestArticleId: d.Nearest,
		Kind: d.Kind.String(), Similarity: rounded(d.Similarity), Containment: rounded(d.Containment),
		Annotator: Annotator + "/" + version,
	}
	return took
}

// rounded drops the digits that an estimate does not have.
func rounded(share float32) float64 { return float64(int(share*1000+0.5)) / 1000 }

// await waits until the index has decided of an article.
func (c *Clusters) await(ctx context.Context, p *Placement) (neardup.Decision, error) {
	c.mu.Lock()
	bound := longestWait
	if !c.loaded {
		bound = loadWait
	}
	c.mu.Unlock()
	ctx, cancel := context.WithTimeoutCause(ctx, bound, errLate)
	defer cancel()
	var sequence uint64
	select {
	case ack := <-p.future.Ok():
		sequence = ack.Sequence
	case err := <-p.future.Err():
		return neardup.Decision{}, fmt.Errorf("publish the signature: %w", err)
	case <-ctx.Done():
		return neardup.Decision{}, fmt.Errorf("publish the signature: %w", context.Cause(ctx))
	}
	if err := c.reach(ctx, sequence); err != nil {
		return neardup.Decision{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	d, ok := c.index.Lookup(p.article)
	if !ok {
		return d, errors.New("the article has left the index already: enricher.cluster-max or enricher.cluster-age is too small")
	}
	return d, nil
}

// reach waits until the index has read up to a sequence.
func (c *Clusters) reach(ctx context.Context, sequence uint64) error {
	w := &waiter{sequence: sequence, reached: make(chan struct{})}
	c.mu.Lock()
	if c.applied >= sequence {
		c.mu.Unlock()
		return nil
	}
	c.waiters[w] = struct{}{}
	c.mu.Unlock()
	select {
	case <-w.reached:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiters, w)
		c.mu.Unlock()
		return context.Cause(ctx)
	}
}
