package console

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// follow hands every event to the hub, from the latest ones on, until ctx ends.
func (c *Console) follow(ctx context.Context) {
	for {
		if err := c.followOnce(ctx); err != nil && ctx.Err() == nil {
			c.log.Debug("cannot follow the events, trying again", zap.Error(err))
		}
		if !pause(ctx, followRetry) {
			return
		}
	}
}

func (c *Console) followOnce(ctx context.Context) error {
	start, err := c.startSequence(ctx)
	if err != nil {
		return err
	}
	consumer, err := c.bus.JS.OrderedConsumer(ctx, topology.StreamEnriched, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: start,
	})
	if err != nil {
		return fmt.Errorf("consume %s: %w", topology.StreamEnriched, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(maxLatest))
	if err != nil {
		return fmt.Errorf("consume %s: %w", topology.StreamEnriched, err)
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	for {
		msg, err := messages.Next()
		if err != nil {
			return fmt.Errorf("next event: %w", err)
		}
		if err := c.take(ctx, msg); err != nil {
			// One event that cannot be read must not hide the others.
			c.log.Debug("event left out", zap.String("subject", msg.Subject()), zap.Error(err))
		}
	}
}

// startSequence is where to follow from: after the last article known, or
// firstRead before the stream's end.
func (c *Console) startSequence(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, brokerTimeout)
	defer cancel()
	stream, err := c.bus.JS.Stream(ctx, topology.StreamEnriched)
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", topology.StreamEnriched, err)
	}
	info := stream.CachedInfo()
	start := max(info.State.FirstSeq, 1)
	if info.State.LastSeq >= firstRead {
		start = max(start, info.State.LastSeq-firstRead+1)
	}
	live := info.State.LastSeq - min(info.State.LastSeq, maxLatest) + 1
	last := c.hub.begin(info.Created.UTC().Format(time.RFC3339Nano), live)
	return max(start, last+1), nil
}

func (c *Console) take(ctx context.Context, msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return err
	}
	payload, err := c.bus.Payload(ctx, msg.Headers(), msg.Data())
	if err != nil {
		return err
	}
	a := &datelinev1.Article{}
	if err := bus.Decode(msg.Headers(), payload, a); err != nil {
		return err
	}
	s := summarise(a)
	s.Sequence, s.At = meta.Sequence.Stream, meta.Timestamp.UTC()
	c.hub.add(s)
	return nil
}
