package cluster

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

const (
	// retry is the first pause after the stream could not be read.
	retry    = 100 * time.Millisecond
	retryMax = 5 * time.Second
	// askTime bounds one question to the broker.
	askTime = 5 * time.Second
	// batch is how many signatures are on their way from the broker at once.
	batch = 2000
)

// With gives a stage the index that it needs, which is read from the stream as long
// as articles are in hand.
func (c *Clusters) With(s worker.Stage) worker.Stage { return worker.Beside(s, c.follow) }

// follow keeps the index up with the stream until ctx ends.
func (c *Clusters) follow(ctx context.Context) {
	wait := retry
	for {
		before := c.position()
		err := c.followOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		if c.position() > before {
			wait = retry
		}
		c.setBroken(err)
		c.log.Warn("cannot read the signatures, trying again", zap.Error(err), zap.Duration("wait", wait))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, retryMax)
	}
}

// followOnce reads the stream, from where the index stands, until ctx ends or the
// stream cannot be read.
func (c *Clusters) followOnce(ctx context.Context) error {
	consumer, err := c.open(ctx)
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(batch))
	if err != nil {
		return fmt.Errorf("consume %s: %w", topology.StreamClusters, err)
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	c.setBroken(nil)
	if consumer.CachedInfo().NumPending == 0 {
		c.setLoaded()
	}
	for {
		msg, err := messages.Next()
		if err != nil {
			return fmt.Errorf("next signature: %w", err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("next signature: %w", err)
		}
		c.take(msg.Data(), meta)
		if meta.NumPending == 0 {
			c.setLoaded()
		}
	}
}

// open makes a consumer of what the index has not read. Where the stream is not
// the one that was read, since it was made anew, the index begins anew as well.
func (c *Clusters) open(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	stream, err := c.bus.JS.Stream(ctx, topology.StreamClusters)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", topology.StreamClusters, err)
	}
	position := c.position()
	if last := stream.CachedInfo().State.LastSeq; last < position {
		c.log.Warn("the stream of signatures was made anew", zap.Uint64("read", position), zap.Uint64("last", last))
		if err := c.reset(); err != nil {
			return nil, err
		}
		position = 0
	}
	// The library would by itself look for a deleted stream for ever, and not hear
	// a stop meanwhile.
	cfg := jetstream.OrderedConsumerConfig{MaxResetAttempts: 1}
	if position > 0 {
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, position+1
	} else {
		from := c.now().Add(-c.age)
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &from
	}
	consumer, err := c.bus.JS.OrderedConsumer(ctx, topology.StreamClusters, cfg)
	if err != nil {
		return nil, fmt.Errorf("consume %s: %w", topology.StreamClusters, err)
	}
	return consumer, nil
}

// take adds a signature to the index, and wakes the articles that waited for it.
func (c *Clusters) take(data []byte, meta *jetstream.MsgMetadata) {
	record, err := neardup.Decode(data)
	if err != nil {
		// One signature that cannot be read must not hold up the others.
		c.log.Warn("signature left out", zap.Uint64("sequence", meta.Sequence.Stream), zap.Error(err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if record != nil {
		c.index.Apply(record, meta.Timestamp)
	}
	c.applied = meta.Sequence.Stream
	for w := range c.waiters {
		if w.sequence <= c.applied {
			close(w.reached)
			delete(c.waiters, w)
		}
	}
	c.held.Set(float64(c.index.Len()))
}

func (c *Clusters) position() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.applied
}

func (c *Clusters) setBroken(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = err
}

func (c *Clusters) setLoaded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.loaded {
		c.loaded = true
		c.log.Info("signatures read", zap.Int("articles", c.index.Len()))
	}
}

func (c *Clusters) reset() error {
	index, err := neardup.NewIndex(c.limit, c.age)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.index, c.applied, c.loaded = index, 0, false
	return nil
}
