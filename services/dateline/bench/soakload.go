package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

const (
	// soakWindow is how many articles are on their way while the sustainable rate is
	// measured, and how many wait in feeds: enough for every worker at any moment.
	soakWindow = 300
	// publishing is how many documents are pushed at once.
	publishing = 64
)

// saturate keeps as many articles on their way as can be worked on, and returns how many
// came out a second. The first half of the time warms up.
func (s *soak) saturate(ctx context.Context, d time.Duration) (float64, error) {
	pushing, pushCtx := errgroup.WithContext(ctx)
	pushing.SetLimit(publishing)
	began := time.Now()
	half, at := 0, time.Time{}
	for time.Since(began) < 2*d {
		done, underway := s.ledger.finished()
		if at.IsZero() && time.Since(began) >= d {
			half, at = done, time.Now()
		}
		if underway >= soakWindow {
			if err := pause(ctx, 5*time.Millisecond); err != nil {
				return 0, err
			}
			continue
		}
		if err := s.give(pushCtx, pushing, s.origin.unread() < soakWindow); err != nil {
			return 0, err
		}
	}
	done, _ := s.ledger.finished()
	rate := float64(done-half) / time.Since(at).Seconds()
	if err := pushing.Wait(); err != nil {
		return 0, err
	}
	if rate == 0 {
		return 0, fmt.Errorf("no article came out within %s", 2*d)
	}
	return rate, s.drained(ctx)
}

// offer gives articles at an even rate. What is owed follows from the time, so a machine
// that is late is made up for.
func (s *soak) offer(ctx context.Context, rate float64, d time.Duration) error {
	pushing, pushCtx := errgroup.WithContext(ctx)
	pushing.SetLimit(publishing)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	given := 0
	for began := time.Now(); time.Since(began) < d; {
		select {
		case <-pushCtx.Done():
			return pushing.Wait()
		case <-ticker.C:
		}
		for ; given < int(rate*time.Since(began).Seconds()); given++ {
			if err := s.give(pushCtx, pushing, true); err != nil {
				return err
			}
		}
	}
	return pushing.Wait()
}

// give offers the next article: by turns in a feed and pushed, or pushed where feeds are
// to be spared.
func (s *soak) give(ctx context.Context, pushing *errgroup.Group, feeds bool) error {
	n := s.ledger.enter()
	if n%2 == 0 && feeds {
		s.origin.add(n)
		return ctx.Err()
	}
	// Counted as on its way before there is a place for it: a publisher that has to
	// wait is a part of the latency.
	s.ledger.begin(n, time.Now())
	pushing.Go(func() error { return s.push(ctx, n) })
	return ctx.Err()
}

// push publishes a document until the server has confirmed it, as a publisher has to.
func (s *soak) push(ctx context.Context, n int) error {
	url := fmt.Sprintf("https://wire.example/report/%d", n)
	for {
		msg := nats.NewMsg(topology.SubjectArticleSubmit)
		msg.Header.Set(bus.HeaderURL, url)
		msg.Header.Set(bus.HeaderContentType, "text/html; charset=utf-8")
		msg.Data = s.origin.document(n, url)
		_, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.PubAck, error) { return s.bus.JS.PublishMsg(ctx, msg) })
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("push document %d: %w", n, err)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// drained waits until an event of every article has come.
func (s *soak) drained(ctx context.Context) error {
	last, since := 0, time.Now()
	for {
		done, _ := s.ledger.finished()
		switch given := s.ledger.given(); {
		case done == given:
			return nil
		case done > last:
			last, since = done, time.Now()
		case time.Since(since) > soakPatience:
			return fmt.Errorf("%d of %d articles came out, and none more for %s", done, given, soakPatience)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// settle waits until every article is done and nothing is left in hand.
func (s *soak) settle(ctx context.Context) error {
	if err := s.drained(ctx); err != nil {
		return err
	}
	for since := time.Now(); ; {
		left, err := s.left(ctx)
		if err != nil || left == "" {
			return err
		}
		if time.Since(since) > soakPatience {
			return fmt.Errorf("every article came out, and not everything is done: %s", left)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// left names what is not done.
func (s *soak) left(ctx context.Context) (string, error) {
	for _, stage := range topology.Stages() {
		consumer, err := s.bus.JS.Consumer(ctx, stage.Stream, stage.Name)
		if err != nil {
			return "", fmt.Errorf("look at %s: %w", stage.Name, err)
		}
		if info := consumer.CachedInfo(); info.NumAckPending > 0 || info.NumPending > 0 {
			return fmt.Sprintf("%s has %d pending and %d in hand", stage.Name, info.NumPending, info.NumAckPending), nil
		}
	}
	return "", nil
}

// quarantined is how many messages were given up: there must be none.
func (s *soak) quarantined(ctx context.Context) (uint64, error) {
	stream, err := s.bus.JS.Stream(ctx, topology.StreamQuarantine)
	if err != nil {
		return 0, fmt.Errorf("look at the quarantine: %w", err)
	}
	return stream.CachedInfo().State.Msgs, nil
}
