package fetch_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// worked is when each of the requests of a simulation was made.
type worked struct {
	mu sync.Mutex
	at []time.Time
	// planned counts how often one had to come back.
	planned int
}

// page waits for its turn as a page's message does: it is put off to its slot,
// and delivered some time after it.
func (w *worked) page(ctx context.Context, b fetch.Budget, lateness func() time.Duration) error {
	planned := false
	for {
		slot, err := b.Work(ctx, "news.example", planned)
		if err != nil {
			return err
		}
		w.mu.Lock()
		if slot.IsZero() {
			w.at = append(w.at, time.Now())
			w.mu.Unlock()
			return nil
		}
		w.planned++
		w.mu.Unlock()
		planned = true
		time.Sleep(time.Until(slot) + lateness())
	}
}

// gaps are the times between requests, the least first.
func (w *worked) gaps() []time.Duration {
	slices.SortFunc(w.at, time.Time.Compare)
	var gaps []time.Duration
	for i := 1; i < len(w.at); i++ {
		gaps = append(gaps, w.at[i].Sub(w.at[i-1]))
	}
	slices.Sort(gaps)
	return gaps
}

func TestRequestsToAHostKeepTheirDistance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		delay := time.Duration(rapid.IntRange(1, 3000).Draw(rt, "delay in ms")) * time.Millisecond
		arrivals := rapid.SliceOfN(rapid.IntRange(0, 60_000), 1, 40).Draw(rt, "arrivals in ms")
		// Schedules fire up to 400 ms late; at times nobody takes them for minutes.
		lates := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 400), rapid.IntRange(0, 180_000)), 1, 20).Draw(rt, "lateness in ms")
		var w worked
		synctest.Test(t, func(t *testing.T) {
			b := fetch.NewBudget(newStore[*timestamppb.Timestamp](), delay)
			var (
				wg   sync.WaitGroup
				mu   sync.Mutex
				next int
			)
			late := func() time.Duration {
				mu.Lock()
				defer mu.Unlock()
				next++
				return time.Duration(lates[next%len(lates)]) * time.Millisecond
			}
			for _, ms := range arrivals {
				wg.Go(func() {
					time.Sleep(time.Duration(ms) * time.Millisecond)
					if err := w.page(t.Context(), b, late); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
		if len(w.at) != len(arrivals) {
			rt.Fatalf("%d of %d requests were made", len(w.at), len(arrivals))
		}
		if gaps := w.gaps(); len(gaps) > 0 && gaps[0] < delay {
			rt.Fatalf("two requests were %s apart, the delay is %s", gaps[0], delay)
		}
	})
}

// After a time with no fetcher running, all that was planned comes at once.
func TestNoHerdAfterAnOutage(t *testing.T) {
	t.Parallel()
	var w worked
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newStore[*timestamppb.Timestamp](), time.Second)
		outage := time.Now().Add(time.Hour)
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				if err := w.page(t.Context(), b, func() time.Duration { return max(0, time.Until(outage)) }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
	require.Len(t, w.at, 200)
	require.GreaterOrEqual(t, w.gaps()[0], time.Second)
	require.LessOrEqual(t, w.at[199].Sub(w.at[1]), time.Hour+5*time.Minute, "the host is not left idle")
}

func TestABlockHoldsBackWhatHasASlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newStore[*timestamppb.Timestamp](), time.Second)
		for range 5 {
			_, err := b.Plan(t.Context(), "news.example")
			require.NoError(t, err)
		}
		until := time.Now().Add(10 * time.Minute)
		require.NoError(t, b.Block(t.Context(), "news.example", until))
		slot, err := b.Work(t.Context(), "news.example", true)
		require.NoError(t, err)
		require.False(t, slot.Before(until), "put off to %s, blocked until %s", slot, until)

		require.NoError(t, b.Block(t.Context(), "news.example", time.Now()))
		busy, err := b.Take(t.Context(), "news.example", time.Second)
		require.NoError(t, err)
		require.True(t, busy.Equal(until), "a block is not shortened by another")

		busy, err = b.Take(t.Context(), "other.example", 0)
		require.NoError(t, err)
		require.Zero(t, busy, "other hosts are free")
	})
}

// A host that asks for a pause gets it even where no delay is configured.
func TestABlockHoldsWithoutADelay(t *testing.T) {
	t.Parallel()
	b := fetch.NewBudget(newStore[*timestamppb.Timestamp](), 0)
	until := time.Now().Add(time.Hour)
	require.NoError(t, b.Block(t.Context(), "news.example", until))
	slot, err := b.Work(t.Context(), "news.example", false)
	require.NoError(t, err)
	require.False(t, slot.Before(until))
}

func TestATurnThatIsNotAwaitedIsNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := fetch.NewBudget(newStore[*timestamppb.Timestamp](), 10*time.Second)
		busy, err := b.Take(t.Context(), "news.example", 0)
		require.NoError(t, err)
		require.Zero(t, busy)
		for range 3 {
			busy, err = b.Take(t.Context(), "news.example", time.Second)
			require.NoError(t, err)
			require.Equal(t, 10*time.Second, time.Until(busy))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = b.Take(ctx, "news.example", time.Minute)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
