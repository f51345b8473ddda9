// Package client is the kit for those outside: it submits feeds and articles and
// consumes enriched events, in either encoding.
package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Client talks to a running Dateline.
type Client struct{ bus *bus.Bus }

// New makes a client of a connection.
func New(b *bus.Bus) *Client { return &Client{bus: b} }

// EventOptions choose events.
type EventOptions struct {
	// Language (ISO 639-1) and Topic (slug); empty for all. The server filters.
	Language, Topic string
	// Since is how far back to start; 0: only what comes from now on.
	Since time.Duration
	// Durable names a durable consumer, so that a restart goes on where it was;
	// empty: no memory. Since counts for a new durable only.
	Durable string
	// Started, if not nil, is called once the consumer exists: what is published
	// from then on is not missed.
	Started func()
}

// Event is one enriched article as delivered.
type Event struct {
	*datelinev1.Article
	// Subject it came on, and Sequence in the stream.
	Subject  string
	Sequence uint64
	// Header holds the CloudEvents attributes.
	Header nats.Header
	// Payload is the event as published.
	Payload []byte
}

// Replay is the name of the replay that the event came of: the article was an event before,
// in the same revision, and was parsed or enriched once more. Empty for news.
func (e Event) Replay() string { return e.Header.Get(bus.HeaderReplay) }

// Events calls fn for every event, in order, until ctx ends or fn returns an
// error. With a durable, an event is acknowledged when fn returns nil, so a
// crash repeats an event rather than losing it, within half a minute; and since events
// keep their order, all who share a durable have one event in hand together. fn
// may take as long as it likes. A lost connection is waited out.
func (c *Client) Events(ctx context.Context, o EventOptions, fn func(Event) error) error {
	consumer, err := c.consumer(ctx, o)
	if err != nil {
		return err
	}
	if o.Durable != "" {
		if o.Started != nil {
			o.Started()
		}
		return c.remembered(ctx, consumer, fn)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(readAhead))
	if err != nil {
		return fmt.Errorf("consume events: %w", err)
	}
	if o.Started != nil {
		o.Started()
	}
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	defer messages.Stop()
	for {
		msg, err := messages.Next()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("next event: %w", err)
		}
		if err := c.handle(ctx, msg, false, fn); err != nil {
			return err
		}
	}
}

const (
	// readAhead is how many events are fetched before they are asked for, where
	// nobody remembers them.
	readAhead = 64
	// pullWait bounds one request for an event, and so the time that an end by the
	// context takes; pullPause is the wait after one that failed.
	pullWait  = time.Second
	pullPause = 250 * time.Millisecond
	// ackWait is how long the server waits for a sign of life of an event that is
	// being handled, and signEvery how often it gets one.
	ackWait   = 30 * time.Second
	signEvery = ackWait / 3
)

// remembered handles the events of a durable consumer. A request for an event is
// not cut short by ctx: the server may have answered it, and would then wait in
// vain for the event's end.
func (c *Client) remembered(ctx context.Context, consumer jetstream.Consumer, fn func(Event) error) error {
	for ctx.Err() == nil {
		batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(pullWait))
		if err == nil {
			for msg := range batch.Messages() {
				if ctx.Err() != nil {
					return giveBack(msg)
				}
				if err := c.handle(ctx, msg, true, fn); err != nil {
					return err
				}
			}
			err = batch.Error()
		}
		if err == nil {
			continue
		}
		if _, gone := c.bus.JS.Consumer(ctx, topology.StreamEnriched, consumer.CachedInfo().Name); isFinal(gone) {
			return fmt.Errorf("next event: %w", gone)
		}
		// The server is away, and comes back.
		select {
		case <-ctx.Done():
		case <-time.After(pullPause):
		}
	}
	return nil
}

// isFinal says whether no event will come any more.
func isFinal(err error) bool {
	return errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// handle passes one event on, and acknowledges it where that is remembered.
func (c *Client) handle(ctx context.Context, msg jetstream.Msg, durable bool, fn func(Event) error) error {
	event, err := c.event(ctx, msg)
	if err == nil {
		stop := func() {}
		if durable {
			stop = signs(msg)
		}
		err = fn(event)
		stop()
	}
	if !durable {
		return err
	}
	if err != nil {
		return errors.Join(err, giveBack(msg))
	}
	if err := msg.Ack(); err != nil {
		return fmt.Errorf("acknowledge event %d: %w", event.Sequence, err)
	}
	return nil
}

// giveBack lets the server deliver an event again at once.
func giveBack(msg jetstream.Msg) error {
	if err := msg.Nak(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("give back an event: %w", err)
	}
	return nil
}

// signs tells the server that an event is being worked on, until the function
// that it returns is called.
func signs(msg jetstream.Msg) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(signEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				// Without it the event comes again, which is safe.
				_ = msg.InProgress()
			}
		}
	}()
	return func() { close(done); <-ended }
}

func (c *Client) consumer(ctx context.Context, o EventOptions) (jetstream.Consumer, error) {
	filter := topology.EnrichedFilter(o.Language, o.Topic)
	policy, start := jetstream.DeliverNewPolicy, (*time.Time)(nil)
	if o.Since > 0 {
		t := time.Now().Add(-o.Since)
		policy, start = jetstream.DeliverByStartTimePolicy, &t
	}
	if o.Durable == "" {
		consumer, err := c.bus.JS.OrderedConsumer(ctx, topology.StreamEnriched, jetstream.OrderedConsumerConfig{
			FilterSubjects: []string{filter}, DeliverPolicy: policy, OptStartTime: start,
		})
		if err != nil {
			return nil, fmt.Errorf("consume %s: %w", filter, err)
		}
		return consumer, nil
	}
	consumer, err := c.bus.JS.Consumer(ctx, topology.StreamEnriched, o.Durable)
	if err == nil {
		if have := consumer.CachedInfo().Config.FilterSubject; have != filter {
			return nil, fmt.Errorf("consumer %s exists and gets %s, not %s; choose another name", o.Durable, have, filter)
		}
		return consumer, nil
	}
	if !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, fmt.Errorf("look up consumer %s: %w", o.Durable, err)
	}
	consumer, err = c.bus.JS.CreateConsumer(ctx, topology.StreamEnriched, jetstream.ConsumerConfig{
		Durable: o.Durable, FilterSubject: filter, DeliverPolicy: policy, OptStartTime: start,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		// The next event waits for this one, also where this one comes again.
		MaxAckPending: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("create consumer %s: %w", o.Durable, err)
	}
	return consumer, nil
}

func (c *Client) event(ctx context.Context, msg jetstream.Msg) (Event, error) {
	meta, err := msg.Metadata()
	if err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	payload, err := c.bus.Payload(ctx, msg.Headers(), msg.Data())
	if err != nil {
		return Event{}, fmt.Errorf("read event %d: %w", meta.Sequence.Stream, err)
	}
	article := &datelinev1.Article{}
	if err := bus.Decode(msg.Headers(), payload, article); err != nil {
		return Event{}, fmt.Errorf("read event %d: %w", meta.Sequence.Stream, err)
	}
	return Event{
		Article: article, Subject: msg.Subject(), Sequence: meta.Sequence.Stream,
		Header: msg.Headers(), Payload: payload,
	}, nil
}
