package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// slots is where the host budgets are kept. Every write names the revision that
// it was worked out from.
type slots interface {
	Get(ctx context.Context, key string) (*timestamppb.Timestamp, uint64, error)
	Put(ctx context.Context, key string, next *timestamppb.Timestamp, revision uint64) (uint64, error)
}

// budget gives out turns on hosts, so that all replicas together ask a host no
// more often than once in a delay. It is the generic cell rate algorithm (ITU-T
// I.371) with a burst of one, kept twice for each host:
//
//   - The plan is when the next request may be planned for. It spreads what
//     waits over the time to come, so that nothing waits in a worker.
//   - The turn is when the next request may be made. What was planned may come
//     late, together with others (no fetcher was running), or the host may have
//     asked for a pause since: so each request also takes its turn when it is
//     made, and is planned anew if it cannot.
//
// Feeds, pages and robots.txt files share a host's budget. The redirects of a
// request are part of it, and count against the host that was asked.
type budget struct {
	slots slots
	delay time.Duration
	now   func() time.Time
}

// patience is how long a request waits for its turn in a worker: the server
// fires schedules up to some 400 ms late, so neighbours come that much too close.
const patience = 500 * time.Millisecond

// reserveTries bounds the writes lost to other replicas in one reservation;
// with a random, growing wait between them, more mean that something is wrong.
const reserveTries = 50

func planKey(host string) string { return topology.Token(host) + ".plan" }
func turnKey(host string) string { return topology.Token(host) + ".turn" }

// plan reserves the next slot of a host that is not before the given time. delay
// may be longer than the default, where the host's robots.txt asks for it.
func (b *budget) plan(ctx context.Context, host string, delay time.Duration, notBefore time.Time) (time.Time, error) {
	delay = max(delay, b.delay)
	slot := latest(b.now(), notBefore)
	if delay == 0 {
		return slot, nil
	}
	err := b.move(ctx, planKey(host), func(now, next time.Time) (time.Time, bool) {
		slot = latest(now, next, notBefore)
		return slot.Add(delay), true
	})
	return slot, err
}

// take takes a host's turn to make a request and waits until it is there, for
// at most the given patience. If that is not enough it takes nothing and returns
// when the host is free; otherwise the zero time.
func (b *budget) take(ctx context.Context, host string, delay, patience time.Duration) (busy time.Time, err error) {
	delay = max(delay, b.delay)
	var turn time.Time
	err = b.move(ctx, turnKey(host), func(now, next time.Time) (time.Time, bool) {
		turn, busy = latest(now, next), time.Time{}
		if turn.Sub(now) > patience {
			busy = turn
		}
		return turn.Add(delay), busy.IsZero() && delay > 0
	})
	if err != nil || !busy.IsZero() {
		return busy, err
	}
	wait := time.NewTimer(turn.Sub(b.now()))
	defer wait.Stop()
	select {
	case <-wait.C:
		return time.Time{}, nil
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// free is when a host may be asked next.
func (b *budget) free(ctx context.Context, host string) (at time.Time, err error) {
	err = b.move(ctx, turnKey(host), func(now, next time.Time) (time.Time, bool) {
		at = latest(now, next)
		return at, false
	})
	return at, err
}

// block keeps all requests from a host until then, because it asked for that:
// also those that have a slot before.
func (b *budget) block(ctx context.Context, host string, until time.Time) error {
	for _, key := range []string{turnKey(host), planKey(host)} {
		err := b.move(ctx, key, func(_, next time.Time) (time.Time, bool) { return until, until.After(next) })
		if err != nil {
			return err
		}
	}
	return nil
}

// move changes one entry by step, which is called again after each write that
// was lost to somebody else. It returns the new value, and whether to write it.
func (b *budget) move(ctx context.Context, key string, step func(now, next time.Time) (time.Time, bool)) error {
	for try := range reserveTries {
		next, revision, err := b.slots.Get(ctx, key)
		if err != nil && !errors.Is(err, bus.ErrNotFound) {
			return fmt.Errorf("read a host budget: %w", err)
		}
		following, write := step(b.now(), next.AsTime())
		if !write {
			return nil
		}
		_, err = b.slots.Put(ctx, key, timestamppb.New(following), revision)
		if err == nil {
			return nil
		}
		if !errors.Is(err, bus.ErrConflict) {
			return fmt.Errorf("write a host budget: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(time.Duration(try+1) * time.Millisecond)):
		}
	}
	return fmt.Errorf("write the host budget %s: %d writes in a row lost to others", key, reserveTries)
}

func latest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.After(first) {
			first = t
		}
	}
	return first
}
