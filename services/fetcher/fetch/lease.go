package fetch

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// turn is a turn that was taken. It is given back when the request was answered;
// one that is not, because its holder died, ends when its leases do.
type turn struct {
	budget *budget
	// accounts are what it counts against, the one whose time was taken first.
	accounts []account
	// leases are the connections that it holds, by account.
	leases []lease
}

// lease is a connection that is held.
type lease struct {
	// until is when it is given up for lost; zero if none is held.
	until time.Time
	// last is the entry that the lease was written to.
	last *entry
}

const (
	// leaseMargin is how much longer than a request's deadline a lease is: a lease
	// that ends while its request goes on would let another one in.
	leaseMargin = 15 * time.Second
	// minRecheck is the least time between two looks for a free connection.
	minRecheck = 10 * time.Millisecond
	// maxSpacing bounds how far apart the slots of a slow host are planned, whatever
	// its pace: a request is made now and then, so that its recovery is seen.
	maxSpacing = 5 * time.Minute
	// paceWeight is the inverse of the weight of the newest sample in the mean of the
	// times that a host takes, as TCP has it for the round-trip time (RFC 6298,
	// section 2.3).
	paceWeight = 8
)

// spacing is the distance of planned slots where answers take pace.
//
// A plan denser than what a host can answer on its connections would only come back
// to be planned again. So the slots are as far apart as keeps half of the connections
// busy, the other half being for answers that take longer than the mean. Crawlers wait
// a multiple of the last answer's time (Heritrix' delayFactor, 5 by default; ten times
// in Manning, Raghavan and Schütze, "Introduction to Information Retrieval", section
// 20.2.3, after Mercator). With two connections this is the same with a factor of one,
// over the mean, from one request's start to the next: they empty a site that they
// found whole, where this one is to have news while it is news.
func (a account) spacing(pace time.Duration) time.Duration {
	if a.connections == 0 {
		return a.delay
	}
	return max(a.delay, min(2*pace/time.Duration(a.connections), maxSpacing))
}

// full says whether all connections are in use.
func (a account) full(host *datelinev1.HostBudget, now time.Time) bool {
	if a.connections == 0 {
		return false
	}
	held := 0
	for _, until := range host.GetLeases() {
		if until.AsTime().After(now) {
			held++
		}
	}
	return held >= a.connections
}

// pace is how long an account's host takes to answer: the mean, or, where all
// connections are in use, what each of those requests has taken already, if that is
// more. So a host that hangs is known for slow before its first request has failed.
func (b *budget) pace(a account, host *datelinev1.HostBudget, now time.Time) time.Duration {
	pace := host.GetPace().AsDuration()
	if !a.full(host, now) {
		return pace
	}
	var youngest time.Time
	for _, until := range host.GetLeases() {
		youngest = latest(youngest, until.AsTime())
	}
	return max(pace, now.Sub(youngest.Add(-b.leaseTime())))
}

func (b *budget) leaseTime() time.Duration { return b.timeout + leaseMargin }

// take takes a turn on all accounts, and waits until it is there, for at most the
// given patience. If that is not enough it returns no turn, but the account that is
// busy and until when.
func (b *budget) take(ctx context.Context, on []account, patience time.Duration) (t *turn, by account, busy time.Time, err error) {
	t = &turn{budget: b, accounts: on}
	deadline := b.now().Add(patience)
	for _, a := range on {
		at, held, err := b.enter(ctx, a, deadline)
		t.leases = append(t.leases, held)
		late := err == nil && at.After(deadline)
		if err == nil && !late {
			err = sleep(ctx, at.Sub(b.now()))
		}
		if err != nil {
			t.giveBack(ctx)
			return nil, a, time.Time{}, err
		}
		if late {
			t.giveBack(ctx)
			return nil, a, at, nil
		}
	}
	return t, account{}, time.Time{}, nil
}

// enter takes the next turn on one account and returns when it is. A time after the
// deadline is when to come back: then nothing was taken.
func (b *budget) enter(ctx context.Context, a account, deadline time.Time) (at time.Time, held lease, err error) {
	for {
		full := false
		held.last, err = b.move(ctx, turnKey(a.name), nil, func(now time.Time, host *datelinev1.HostBudget) (bool, error) {
			held.until = time.Time{}
			at, full = latest(now, host.GetNext().AsTime()), a.full(host, now)
			if full {
				wait := b.pace(a, host, now) / time.Duration(a.connections)
				at = latest(at, now.Add(min(max(wait, minRecheck), maxSpacing)))
			}
			if full || at.After(deadline) {
				return false, nil
			}
			if a.delay > 0 {
				host.Next = timestamppb.New(at.Add(a.delay))
			}
			if a.connections > 0 {
				held.until = at.Add(b.leaseTime())
				host.Leases = append(standing(host.GetLeases(), now), timestamppb.New(held.until))
			}
			return a.delay > 0 || a.connections > 0, nil
		})
		if err != nil || !full || at.After(deadline) {
			return at, held, err
		}
		// Several wait: they do not look again together.
		if err := sleep(ctx, rand.N(max(at.Sub(b.now()), minRecheck))); err != nil {
			return at, held, err
		}
	}
}

// standing are the leases that have not ended.
func standing(leases []*timestamppb.Timestamp, now time.Time) []*timestamppb.Timestamp {
	var still []*timestamppb.Timestamp
	for _, until := range leases {
		if until.AsTime().After(now) {
			still = append(still, until)
		}
	}
	return still
}

// answer is what is learnt of a host by a request.
type answer struct {
	// took is how long it took; 0 if that is not known.
	took time.Duration
	// pause is how long the host asks to be left alone; 0 if it does not.
	pause time.Duration
}

// giveBackTime bounds giving a turn back, which goes on where the request's context
// has ended: a process that stops has little time left.
const giveBackTime = time.Second

// giveBack gives back a turn that was not used.
func (t *turn) giveBack(ctx context.Context) { _ = t.answered(ctx, answer{}) }

// answered gives the turn back, and enters what was learnt. A pause concerns the
// first account only, the feed on a bridge; the pace is that of whatever has the
// connections.
func (t *turn) answered(ctx context.Context, got answer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBackTime)
	defer cancel()
	var errs []error
	if got.pause > 0 {
		// First of all, so that nobody gets in between.
		errs = append(errs, t.budget.block(ctx, t.accounts[0].name, t.budget.now().Add(got.pause)))
	}
	for i, held := range t.leases {
		if held.until.IsZero() {
			continue
		}
		_, err := t.budget.move(ctx, turnKey(t.accounts[i].name), held.last, func(now time.Time, host *datelinev1.HostBudget) (bool, error) {
			host.Leases = without(standing(host.GetLeases(), now), held.until)
			learn(host, got.took)
			return true, nil
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// without is leases less one that ends at a given time. Leases of the same end are
// alike: it does not matter which one goes.
func without(leases []*timestamppb.Timestamp, until time.Time) []*timestamppb.Timestamp {
	for i, l := range leases {
		if l.AsTime().Equal(until) {
			return append(leases[:i:i], leases[i+1:]...)
		}
	}
	return leases
}

// learn enters a time that a host took into its pace.
func learn(host *datelinev1.HostBudget, took time.Duration) {
	if took <= 0 {
		return
	}
	pace := took
	if host.Pace != nil {
		pace = host.GetPace().AsDuration()
		pace += (took - pace) / paceWeight
	}
	host.Pace = durationpb.New(pace)
}

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
