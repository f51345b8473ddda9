package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// slots is where the host budgets are kept. Every write names the revision that
// it was worked out from.
type slots interface {
	Get(ctx context.Context, key string) (*datelinev1.HostBudget, uint64, error)
	Put(ctx context.Context, key string, host *datelinev1.HostBudget, revision uint64) (uint64, error)
}

// budget gives out turns on hosts, so that all replicas together ask a host no
// more often than once in a delay, and have no more requests in hand there than
// its connections. It is the generic cell rate algorithm (ITU-T I.371) with a
// burst of one, and a counting semaphore of leases. Each host has two entries:
//
//   - The plan is when the next request may be planned for. It spreads what
//     waits over the time to come, so that nothing waits in a worker.
//   - The turn is when the next request may be made, and who has one in hand. What
//     was planned may come late, together with others (no fetcher was running), or
//     the host may have asked for a pause or stopped answering since: so each
//     request also takes its turn when it is made, and is planned anew if it cannot.
//
// They are two, since each has a "next" of its own, and since what is admitted
// would otherwise compete for one entry with what is fetched.
//
// Feeds, pages and robots.txt files share a host's budget. The redirects of a
// request are part of it, and count against the host that was asked. All rests on
// clocks that agree: a replica whose clock is ahead by a second asks a second early.
type budget struct {
	slots slots
	// delay is the least time between two requests to a host.
	delay time.Duration
	// connections is the most requests in hand on a host; 0 means no limit.
	connections int
	// timeout bounds a request.
	timeout time.Duration
	bridges bridges
	now     func() time.Time
	// wrongClock is set when an entry shows that some replica's clock was wrong.
	wrongClock atomic.Bool
}

// reserveTries bounds the writes lost to other replicas in one reservation;
// with a random, growing wait between them, more mean that something is wrong.
const reserveTries = 50

func planKey(name string) string { return topology.Token(name) + ".plan" }
func turnKey(name string) string { return topology.Token(name) + ".turn" }

// plan reserves the next slot of a host that is not before the given time. delay
// may be longer than the default, where the host's robots.txt asks for it.
func (b *budget) plan(ctx context.Context, host string, delay time.Duration, notBefore time.Time) (time.Time, error) {
	return b.planOn(ctx, b.ofHost(host, delay)[0], notBefore)
}

// planOn reserves the next slot of an account.
//
// The distance of slots follows the host's pace. Where the plan was laid for a pace
// much slower than the host's has become, it is drawn together in proportion: the
// slots given out stay, and new ones fall between them.
func (b *budget) planOn(ctx context.Context, a account, notBefore time.Time) (slot time.Time, err error) {
	if a.delay == 0 && a.connections == 0 {
		return latest(b.now(), notBefore), nil
	}
	_, err = b.move(ctx, planKey(a.name), nil, func(now time.Time, plan *datelinev1.HostBudget) (bool, error) {
		slot = latest(now, plan.GetNext().AsTime(), notBefore)
		var pace time.Duration
		if slot.After(now) && a.connections > 0 {
			// Only what waits needs to know the pace: the look at a host that nothing waits
			// for is spared.
			turn, _, err := b.look(ctx, turnKey(a.name))
			if err != nil {
				return false, err
			}
			pace = b.pace(a, turn, now)
			if next, drawn := a.draw(plan, pace, now); drawn {
				slot = latest(now, next, turn.GetNext().AsTime(), notBefore)
			}
		}
		a.lay(plan, slot, pace, now)
		return plan.GetNext().AsTime().After(now), nil
	})
	return slot, err
}

// draw draws a plan together that was laid for a pace at which slots are more than
// twice as far apart as they need be today.
func (a account) draw(plan *datelinev1.HostBudget, pace time.Duration, now time.Time) (next time.Time, drawn bool) {
	laid, today := a.spacing(plan.GetPace().AsDuration()), a.spacing(pace)
	ahead := plan.GetNext().AsTime().Sub(now)
	if ahead <= 0 || laid <= 2*today {
		return time.Time{}, false
	}
	plan.Pace = durationpb.New(pace)
	return now.Add(time.Duration(float64(ahead) * float64(today) / float64(laid))), true
}

// lay adds a slot to a plan. The plan's pace is the mean of the paces that its slots
// were given out at.
func (a account) lay(plan *datelinev1.HostBudget, slot time.Time, pace time.Duration, now time.Time) {
	mean := plan.GetPace().AsDuration()
	ahead := 0.0
	if distance := a.spacing(mean); distance > 0 {
		ahead = max(0, float64(slot.Sub(now))/float64(distance))
	}
	plan.Next = timestamppb.New(slot.Add(a.spacing(pace)))
	plan.Pace = durationpb.New(mean + time.Duration(float64(pace-mean)/(ahead+1)))
}

// free is when a host may be asked next, as far as can be told.
func (b *budget) free(ctx context.Context, host string) (time.Time, error) {
	a := b.ofHost(host, 0)[0]
	turn, _, err := b.look(ctx, turnKey(host))
	if err != nil {
		return time.Time{}, err
	}
	now := b.now()
	at := latest(now, turn.GetNext().AsTime())
	if a.full(turn, now) {
		at = latest(at, now.Add(a.spacing(b.pace(a, turn, now))))
	}
	return at, nil
}

// block keeps all requests from an account until then, because its host asked for
// that: also those that have a slot before.
func (b *budget) block(ctx context.Context, name string, until time.Time) error {
	for _, key := range []string{turnKey(name), planKey(name)} {
		if _, err := b.move(ctx, key, nil, postponed(until)); err != nil {
			return err
		}
	}
	return nil
}

func postponed(until time.Time) step {
	return func(_ time.Time, host *datelinev1.HostBudget) (bool, error) {
		if !until.After(host.GetNext().AsTime()) {
			return false, nil
		}
		host.Next = timestamppb.New(until)
		return true, nil
	}
}

// backlog is how far ahead a host's plan reaches: what is planned now waits so
// long. What can wait gives way to what cannot by it.
func (b *budget) backlog(ctx context.Context, host string) (time.Duration, error) {
	plan, _, err := b.look(ctx, planKey(host))
	if err != nil {
		return 0, err
	}
	return max(0, plan.GetNext().AsTime().Sub(b.now())), nil
}

// refetch counts a page of a host that is fetched again, and says whether it may
// be: no more than perDay are a day, UTC, all replicas together.
func (b *budget) refetch(ctx context.Context, host string, perDay int) (ok bool, err error) {
	_, err = b.move(ctx, planKey(host), nil, func(now time.Time, plan *datelinev1.HostBudget) (bool, error) {
		today := uint32(now.Unix() / int64(24*time.Hour/time.Second))
		if plan.GetRefetchDay() != today {
			plan.RefetchDay, plan.Refetches = today, 0
		}
		ok = int64(plan.GetRefetches()) < int64(perDay)
		plan.Refetches++
		return ok, nil
	})
	return ok, err
}

// step changes an entry, and says whether to write it.
type step func(now time.Time, host *datelinev1.HostBudget) (write bool, err error)

// entry is an entry as it was read or written last.
type entry struct {
	host     *datelinev1.HostBudget
	revision uint64
}

// look reads an entry; a missing one is empty, with revision 0.
func (b *budget) look(ctx context.Context, key string) (*datelinev1.HostBudget, uint64, error) {
	host, revision, err := b.slots.Get(ctx, key)
	if errors.Is(err, bus.ErrNotFound) {
		return &datelinev1.HostBudget{}, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read a host budget: %w", err)
	}
	b.correct(host)
	return host, revision, nil
}

// farthest is further ahead than any plan reaches.
const farthest = 7 * 24 * time.Hour

// correct takes out of an entry what can only come from a clock that was wrong: else a
// host would be left alone until that time comes.
func (b *budget) correct(host *datelinev1.HostBudget) {
	now := b.now()
	if host.GetNext().AsTime().After(now.Add(farthest)) {
		host.Next = nil
		b.wrongClock.Store(true)
	}
	host.Leases = slices.DeleteFunc(host.GetLeases(), func(until *timestamppb.Timestamp) bool {
		return until.AsTime().After(now.Add(farthest))
	})
}

// move changes one entry by a step, which is called again after each write that was
// lost to somebody else, and returns what it wrote. last, if not nil, is the entry as
// the caller knows it, which spares the first look; it is used up.
func (b *budget) move(ctx context.Context, key string, last *entry, change step) (*entry, error) {
	for try := range reserveTries {
		if last == nil {
			host, revision, err := b.look(ctx, key)
			if err != nil {
				return nil, err
			}
			last = &entry{host, revision}
		}
		write, err := change(b.now(), last.host)
		if err != nil || !write {
			return nil, err
		}
		last.revision, err = b.slots.Put(ctx, key, last.host, last.revision)
		if err == nil {
			return last, nil
		}
		if !errors.Is(err, bus.ErrConflict) {
			return nil, fmt.Errorf("write a host budget: %w", err)
		}
		last = nil
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(rand.N(time.Duration(try+1) * time.Millisecond)):
		}
	}
	return nil, fmt.Errorf("write the host budget %s: %d writes in a row lost to others", key, reserveTries)
}

func latest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.After(first) {
			first = t
		}
	}
	return first
}
