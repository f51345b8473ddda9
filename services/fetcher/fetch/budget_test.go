package fetch_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

const host = "news.example"

func newHosts() *store[*datelinev1.HostBudget] { return newStore[*datelinev1.HostBudget]() }

// slow is a bucket whose writes take a moment, so that others get in between.
type slow struct {
	*store[*datelinev1.HostBudget]
	pause func() time.Duration
}

// slowest is the longest that a slow bucket takes.
const slowest = 3 * time.Millisecond

func (s slow) Put(ctx context.Context, key string, m *datelinev1.HostBudget, revision uint64) (uint64, error) {
	time.Sleep(s.pause())
	return s.store.Put(ctx, key, m, revision)
}

// made is a request that was made.
type made struct{ from, to time.Time }

// worked is what became of the requests of a simulation.
type worked struct {
	mu   sync.Mutex
	made []made
	// planned counts how often one had to come back.
	planned int
}

// errand is a page of a simulation.
type errand struct {
	takes time.Duration // how long the host takes to answer
	pause time.Duration // how long it then asks to be left alone
	dies  bool          // whether the replica dies before it gives its turn back
}

// page waits for its turn as a page's message does: it is put off to its slot,
// and delivered some time after it.
func (w *worked) page(ctx context.Context, b fetch.Budget, e errand, lateness func() time.Duration) error {
	planned := false
	for {
		turn, slot, err := b.Work(ctx, host, planned)
		if err != nil {
			return err
		}
		if turn != nil {
			from := time.Now()
			time.Sleep(e.takes)
			w.mu.Lock()
			w.made = append(w.made, made{from, time.Now()})
			w.mu.Unlock()
			if e.dies {
				return nil
			}
			return turn.Answered(ctx, e.takes, e.pause)
		}
		w.mu.Lock()
		w.planned++
		w.mu.Unlock()
		planned = true
		time.Sleep(time.Until(slot) + lateness())
	}
}

// leastGap is the least time between two requests.
func (w *worked) leastGap() time.Duration {
	slices.SortFunc(w.made, func(a, b made) int { return a.from.Compare(b.from) })
	least := time.Duration(1<<63 - 1)
	for i := 1; i < len(w.made); i++ {
		least = min(least, w.made[i].from.Sub(w.made[i-1].from))
	}
	return least
}

// mostAtOnce is the most requests in hand at a time.
func (w *worked) mostAtOnce() int {
	most := 0
	for _, m := range w.made {
		n := 0
		for _, other := range w.made {
			if !other.from.After(m.from) && other.to.After(m.from) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// cycle gives drawn times in turn.
func cycle(ms []int, unit time.Duration) func() time.Duration {
	var (
		mu   sync.Mutex
		next int
	)
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		next++
		return time.Duration(ms[next%len(ms)]) * unit
	}
}

// However requests arrive, are late, take long, die, and whatever pauses the host
// asks for: they keep their distance and their number, none is made in a pause, and
// all of them are made.
func TestABudgetHolds(t *testing.T) {
	t.Parallel()
	const timeout = 30 * time.Second
	rapid.Check(t, func(rt *rapid.T) {
		delay := time.Duration(rapid.IntRange(0, 3000).Draw(rt, "delay in ms")) * time.Millisecond
		connections := rapid.IntRange(0, 4).Draw(rt, "connections")
		arrivals := rapid.SliceOfN(rapid.IntRange(0, 60_000), 1, 40).Draw(rt, "arrivals in ms")
		// Schedules fire up to 400 ms late; at times nobody takes them for minutes.
		lates := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 400), rapid.IntRange(0, 180_000)), 1, 20).Draw(rt, "lateness in ms")
		takes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(1, 500), rapid.IntRange(1, 30_000)), 1, 20).Draw(rt, "answers in ms")
		deaths := rapid.SliceOfN(rapid.IntRange(0, len(arrivals)-1), 0, 5).Draw(rt, "dying")
		pauses := rapid.MapOfN(rapid.IntRange(0, len(arrivals)-1), rapid.IntRange(1, 600), 0, 3).Draw(rt, "pauses in s")
		blocks := rapid.MapOfN(rapid.IntRange(0, 120), rapid.IntRange(1, 300), 0, 3).Draw(rt, "blocks, at and for s")
		writes := rapid.SliceOfN(rapid.IntRange(0, int(slowest/time.Microsecond)), 1, 20).Draw(rt, "writes in µs")
		var (
			w       worked
			quiet   []made // when the host is to be left alone
			quietMu sync.Mutex
		)
		synctest.Test(t, func(t *testing.T) {
			b := fetch.NewBudget(slow{newHosts(), cycle(writes, time.Microsecond)}, delay, connections, timeout)
			late, took := cycle(lates, time.Millisecond), cycle(takes, time.Millisecond)
			var wg sync.WaitGroup
			for i, ms := range arrivals {
				e := errand{takes: took(), pause: time.Duration(pauses[i]) * time.Second, dies: slices.Contains(deaths, i)}
				wg.Go(func() {
					time.Sleep(time.Duration(ms) * time.Millisecond)
					if err := w.page(t.Context(), b, e, late); err != nil {
						t.Error(err)
					}
				})
			}
			for at, long := range blocks {
				wg.Go(func() {
					time.Sleep(time.Duration(at) * time.Second)
					until := time.Now().Add(time.Duration(long) * time.Second)
					if err := b.Block(t.Context(), host, until); err != nil {
						t.Error(err)
					}
					quietMu.Lock()
					defer quietMu.Unlock()
					quiet = append(quiet, made{time.Now(), until})
				})
			}
			began := time.Now()
			wg.Wait()
			// A request waits for those before it, for what holds a lease and died, for the
			// pauses, and for whoever comes late.
			longest := time.Hour + time.Duration(len(arrivals))*(delay+2*timeout+3*time.Minute)
			if waited := time.Since(began); waited > longest {
				t.Errorf("the last request was made after %s", waited)
			}
		})
		if len(w.made) != len(arrivals) {
			rt.Fatalf("%d of %d requests were made", len(w.made), len(arrivals))
		}
		if gap := w.leastGap(); gap < delay-20*slowest {
			rt.Fatalf("two requests were %s apart, the delay is %s", gap, delay)
		}
		if n := w.mostAtOnce(); connections > 0 && n > connections {
			rt.Fatalf("%d requests were in hand at once, the limit is %d", n, connections)
		}
		for _, m := range w.made {
			for _, q := range quiet {
				// Whoever had its turn before may be waiting for it.
				if m.from.After(q.from.Add(time.Second)) && m.from.Before(q.to) {
					rt.Fatalf("a request was made %s before the end of a pause", q.to.Sub(m.from))
				}
			}
		}
	})
}

// After a time with no fetcher running, all that was planned comes at once.
func TestNoHerdAfterAnOutage(t *testing.T) {
	t.Parallel()
	var w worked
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newHosts(), time.Second, 2, 30*time.Second)
		outage := time.Now().Add(time.Hour)
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				late := func() time.Duration { return max(0, time.Until(outage)) }
				if err := w.page(t.Context(), b, errand{takes: 200 * time.Millisecond}, late); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
	require.Len(t, w.made, 200)
	require.GreaterOrEqual(t, w.leastGap(), time.Second)
	require.LessOrEqual(t, w.made[199].from.Sub(w.made[1].from), time.Hour+5*time.Minute, "the host is not left idle")
}

// A thousand pages wait for a host that never answers: each comes back now and then,
// not all the time, and no more than two workers are taken.
func TestAHostThatHangsDoesNotChurn(t *testing.T) {
	t.Parallel()
	const pages = 1000
	var w worked
	synctest.Test(t, func(t *testing.T) {
		// Without a delay nothing but the host itself holds them back.
		b := fetch.NewBudget(newHosts(), 0, 2, 30*time.Second)
		var wg sync.WaitGroup
		for range pages {
			wg.Go(func() {
				if err := w.page(t.Context(), b, errand{takes: 30 * time.Second}, func() time.Duration { return 0 }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
	require.Len(t, w.made, pages)
	require.Equal(t, 2, w.mostAtOnce())
	require.Less(t, w.planned, 3*pages, "times that a page was put off")
	took := w.made[pages-1].from.Sub(w.made[0].from)
	require.Less(t, took, 30*time.Second*pages*2, "the host is asked all the same")
}

// A host that hung and has recovered is not left with a plan for a host that hangs.
func TestAPlanIsDrawnTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newHosts(), time.Second, 2, 30*time.Second)
		answer := func(took time.Duration) {
			turn, busy, err := b.Take(t.Context(), host, 10*time.Second)
			require.NoError(t, err)
			require.Zero(t, busy)
			require.NoError(t, turn.Answered(t.Context(), took, 0))
		}
		plan := func(n int) (last time.Time) {
			for range n {
				slot, err := b.Plan(t.Context(), host)
				require.NoError(t, err)
				last = slot
			}
			return last
		}
		for range 30 {
			answer(30 * time.Second)
		}
		hung := time.Until(plan(200))
		require.Greater(t, hung, 190*30*time.Second, "a slot for each answer that half of the connections give")
		backlog, err := b.Backlog(t.Context(), host)
		require.NoError(t, err)
		require.GreaterOrEqual(t, backlog, hung)

		for range 60 {
			answer(100 * time.Millisecond)
		}
		pause := hung / 10
		require.NoError(t, b.Block(t.Context(), host, time.Now().Add(pause)))
		first := time.Until(plan(1))
		require.GreaterOrEqual(t, first, pause, "but not into a pause")
		require.Less(t, first, pause+time.Minute)
		require.Less(t, time.Until(plan(100)), first+101*time.Second)
	})
}

// A lease that nobody gives back ends by itself, and one that is given back is free at once.
func TestLeases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hosts := newHosts()
		b := fetch.NewBudget(hosts, 0, 2, 30*time.Second)
		take := func() (*fetch.Turn, time.Time) {
			turn, busy, err := b.Take(t.Context(), host, 0)
			require.NoError(t, err)
			return turn, busy
		}
		first, _ := take()
		require.NotNil(t, first)
		died, _ := take()
		require.NotNil(t, died)
		turn, busy := take()
		require.Nil(t, turn)
		require.NotZero(t, busy)
		require.NoError(t, first.Answered(t.Context(), time.Second, 0))
		again, _ := take()
		require.NotNil(t, again)
		require.NoError(t, first.Answered(t.Context(), time.Second, 0), "what was given back")

		time.Sleep(time.Minute)
		for range 2 {
			turn, _ = take()
			require.NotNil(t, turn, "leases of the dead have ended")
		}
		entry, _, err := hosts.Get(t.Context(), "news_example.turn")
		require.NoError(t, err)
		require.Len(t, entry.GetLeases(), 2, "and are forgotten")
		require.NoError(t, died.Answered(t.Context(), time.Minute, 0), "who was given up for lost takes nobody's place")
		turn, _ = take()
		require.Nil(t, turn)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err = b.Take(ctx, host, time.Hour)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		turn, busy, err = b.Take(t.Context(), host, time.Hour)
		require.NoError(t, err)
		require.NotNil(t, turn, "patience is rewarded")
		require.Zero(t, busy)
	})
}

func TestABlockHoldsBackWhatHasASlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newHosts(), time.Second, 2, 30*time.Second)
		for range 5 {
			_, err := b.Plan(t.Context(), host)
			require.NoError(t, err)
		}
		until := time.Now().Add(10 * time.Minute)
		require.NoError(t, b.Block(t.Context(), host, until))
		turn, slot, err := b.Work(t.Context(), host, true)
		require.NoError(t, err)
		require.Nil(t, turn)
		require.False(t, slot.Before(until), "put off to %s, blocked until %s", slot, until)
		slot, err = b.Plan(t.Context(), host)
		require.NoError(t, err)
		require.False(t, slot.Before(until), "what is new is planned after it at once")

		require.NoError(t, b.Block(t.Context(), host, time.Now()))
		_, busy, err := b.Take(t.Context(), host, time.Second)
		require.NoError(t, err)
		require.True(t, busy.Equal(until), "a block is not shortened by another")

		turn, busy, err = b.Take(t.Context(), "other.example", 0)
		require.NoError(t, err)
		require.NotNil(t, turn, "other hosts are free")
		require.Zero(t, busy)
	})
}

// A host that asks for a pause gets it even where no budget is configured.
func TestABlockHoldsWithoutADelay(t *testing.T) {
	t.Parallel()
	b := fetch.NewBudget(newHosts(), 0, 0, 30*time.Second)
	turn, _, err := b.Work(t.Context(), host, false)
	require.NoError(t, err)
	require.NoError(t, turn.Answered(t.Context(), time.Second, time.Hour))
	turn, slot, err := b.Work(t.Context(), host, false)
	require.NoError(t, err)
	require.Nil(t, turn)
	require.Greater(t, time.Until(slot), 59*time.Minute)
}

func TestATurnThatIsNotAwaitedIsNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newHosts(), 10*time.Second, 1, 30*time.Second)
		turn, _, err := b.Take(t.Context(), host, 0)
		require.NoError(t, err)
		require.NotNil(t, turn)
		require.NoError(t, turn.Answered(t.Context(), time.Second, 0))
		for range 3 {
			turn, busy, err := b.Take(t.Context(), host, time.Second)
			require.NoError(t, err)
			require.Nil(t, turn)
			require.Equal(t, 10*time.Second, time.Until(busy))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err = b.Take(ctx, host, time.Minute)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		turn, _, err = b.Take(t.Context(), host, time.Minute)
		require.NoError(t, err)
		require.NotNil(t, turn, "who gave up holds no connection")
	})
}

func TestRefetchesOfADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newHosts(), time.Second, 2, 30*time.Second)
		refetch := func(host string, perDay int) bool {
			ok, err := b.Refetch(t.Context(), host, perDay)
			require.NoError(t, err)
			return ok
		}
		slot, err := b.Plan(t.Context(), host)
		require.NoError(t, err)
		for range 3 {
			require.True(t, refetch(host, 3))
		}
		require.False(t, refetch(host, 3))
		require.True(t, refetch("other.example", 3))
		require.False(t, refetch("off.example", 0))
		next, err := b.Plan(t.Context(), host)
		require.NoError(t, err)
		require.Equal(t, time.Second, next.Sub(slot), "the plan stands")

		time.Sleep(time.Until(time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)))
		require.True(t, refetch(host, 3), "a new day, UTC")
	})
}

// What an earlier version left in the bucket is no obstacle.
func TestEntriesOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	hosts := newHosts()
	old := &datelinev1.HostBudget{}
	data, err := proto.Marshal(timestamppb.Now())
	require.NoError(t, err)
	require.NoError(t, proto.Unmarshal(data, old))
	for _, key := range []string{"news_example.plan", "news_example.turn"} {
		_, err := hosts.Put(t.Context(), key, old, 0)
		require.NoError(t, err)
	}
	b := fetch.NewBudget(hosts, time.Second, 2, 30*time.Second)
	turn, _, err := b.Work(t.Context(), host, false)
	require.NoError(t, err)
	require.NoError(t, turn.Answered(t.Context(), time.Second, 0))
}

// What a replica whose clock was years ahead has planned and held does not close a host
// to all others.
func TestWhatAWrongClockPlanned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hosts := newHosts()
		years := timestamppb.New(time.Now().AddDate(3, 0, 0))
		for _, key := range []string{".plan", ".turn"} {
			_, err := hosts.Put(t.Context(), topology.Token(host)+key, &datelinev1.HostBudget{
				Next: years, Leases: []*timestamppb.Timestamp{years, years},
			}, 0)
			require.NoError(t, err)
		}
		b := fetch.NewBudget(hosts, time.Second, 2, time.Minute)
		slot, err := b.Plan(t.Context(), host)
		require.NoError(t, err)
		require.Equal(t, time.Now(), slot)
		turn, busy, err := b.Take(t.Context(), host, time.Second)
		require.NoError(t, err)
		require.NotNil(t, turn, "busy until %s", busy)
	})
}
