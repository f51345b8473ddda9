package fetch_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// What is due all at once is spread: no second has more polls than the rate and
// its small burst, and none is idle.
func TestPaceSpreadsAHerd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := fetch.NewPace(200, func() time.Time { return now })
	bySecond := map[time.Duration]int{}
	for range 1000 {
		bySecond[p.Turn().Truncate(time.Second)]++
	}
	for second, polls := range []int{220, 200, 200, 200, 180} {
		require.InDelta(t, polls, bySecond[time.Duration(second)*time.Second], 1, "second %d", second)
	}

	now = now.Add(time.Hour)
	for n := range 20 {
		require.Zero(t, p.Turn(), "poll %d of a small burst waits for nothing", n)
	}
	require.Positive(t, p.Turn())
	for range 600 {
		now = now.Add(time.Second / 100)
		require.LessOrEqual(t, p.Turn(), 10*time.Millisecond, "half of the cap waits for nothing")
	}
}

// Many new feeds take half of the cap, over as long as it takes.
func TestPaceOfFirstPolls(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := fetch.NewPace(200, func() time.Time { return now })
	for range 100 {
		require.Equal(t, now, p.FirstPoll(), "some feeds are polled at once")
	}
	var last time.Time
	for range 10_000 {
		last = p.FirstPoll()
	}
	require.WithinDuration(t, now.Add(100*time.Second), last, time.Millisecond)
	require.Zero(t, p.Turn(), "what else is due does not wait for them")
}

func TestPaceWithoutACap(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := fetch.NewPace(0, func() time.Time { return now })
	for range 1000 {
		require.Zero(t, p.Turn())
		require.Equal(t, now, p.FirstPoll())
	}
}

func TestPaceEndsWithItsContext(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := fetch.NewPace(1, func() time.Time { return now })
	require.NoError(t, p.Wait(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, p.Wait(ctx), context.Canceled)
}
