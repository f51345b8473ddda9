package pollplan_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

// drawn is any outcome of a poll of any state.
func drawn(t *rapid.T, state *datelinev1.PollState, now time.Time) pollplan.Outcome {
	n := rapid.IntRange(0, 50).Draw(t, "newest")
	conditional, _ := pollplan.Conditional(state, now)
	out := pollplan.Outcome{
		Status:      rapid.SampledFrom([]int{0, 200, 200, 200, 301, 304, 304, 403, 404, 429, 500, 503}).Draw(t, "status"),
		Conditional: conditional,
		Hard:        rapid.Bool().Draw(t, "hard"),
		RetryAfter:  time.Duration(rapid.IntRange(0, 24).Draw(t, "retry")) * time.Hour,
		TTL:         time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 30, 100}).Draw(t, "ttl")) * time.Hour,
		ETag:        rapid.SampledFrom([]string{"", `"a"`, `"b"`}).Draw(t, "etag"),
		BodySHA256:  rapid.SampledFrom([]string{"1", "2"}).Draw(t, "hash"),
		SkipHours:   rapid.SliceOfN(rapid.Uint32Range(0, 30), 0, 40).Draw(t, "hours"),
		SkipDays:    rapid.SliceOfN(rapid.Uint32Range(0, 9), 0, 8).Draw(t, "days"),
		Sitemap:     rapid.Bool().Draw(t, "sitemap"),
	}
	switch out.Status {
	case 0:
		out.Err = errors.New("no answer")
	case 200:
		out.Entries = feed(max(0, n-10), n, now, time.Duration(rapid.IntRange(0, 1<<40).Draw(t, "gap")))
	}
	return out
}

// listed tells what a list leaves out, unless it leaves nothing.
func listed[T ~int](all int, list []uint32, i T) bool {
	var set []uint32
	for _, v := range list {
		if int(v) < all && !slices.Contains(set, v) {
			set = append(set, v)
		}
	}
	return len(set) < all && slices.Contains(set, uint32(i))
}

// TestInvariants states what holds after any poll of any state.
func TestInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := pollplan.Config{
			Min:  time.Duration(rapid.IntRange(0, 48).Draw(t, "min")) * time.Hour,
			Max:  time.Duration(rapid.IntRange(0, 48).Draw(t, "max")) * time.Hour,
			Full: time.Duration(rapid.IntRange(0, 48).Draw(t, "full")) * time.Hour,
		}
		lo, hi := cfg.Min, cfg.Max
		if lo == 0 {
			lo = 5 * time.Minute
		}
		if hi == 0 {
			hi = 24 * time.Hour
		}
		hi = max(lo, hi)
		full := min(max(lo, cfg.Full), hi)
		var state *datelinev1.PollState
		now := start
		for range rapid.IntRange(1, 12).Draw(t, "polls") {
			out := drawn(t, state, now)
			rnd := rapid.Float64Range(0, 0.999).Draw(t, "rnd")
			chance := func() float64 { return rnd }
			before := state
			var yield pollplan.Yield
			state, yield = pollplan.Next(before, out, cfg, now, chance)
			again, _ := pollplan.Next(before, out, cfg, now, chance)
			require.True(t, proto.Equal(state, again), "the same goes in, the same comes out")

			next := state.NextPollAt.AsTime()
			d, longest := wait(state), 9*24*time.Hour
			if out.Status == 200 || out.Status == 304 {
				longest = hi + hi/5
				require.GreaterOrEqual(t, d, min(out.TTL, hi), "hints are obeyed up to the cap")
				if out.Status == 200 && out.ETag == "" && out.TTL == 0 {
					require.GreaterOrEqual(t, d, full, "full answers cost more")
				}
			} else {
				require.GreaterOrEqual(t, d, out.RetryAfter)
			}
			require.GreaterOrEqual(t, d, lo)
			if len(out.SkipHours)+len(out.SkipDays) > 0 {
				longest += 8 * 24 * time.Hour
			}
			require.LessOrEqual(t, d, longest)
			require.False(t, listed(24, out.SkipHours, next.Hour()), "in a skipped hour: %s", next)
			require.False(t, listed(7, out.SkipDays, next.Weekday()), "on a skipped day: %s", next)
			require.GreaterOrEqual(t, state.Interval.AsDuration(), lo)
			require.LessOrEqual(t, state.Interval.AsDuration(), hi)
			checkState(t, state, yield)
			now = next.Add(time.Duration(rapid.IntRange(-100, 1<<44).Draw(t, "late")))
		}
	})
}

func checkState(t *rapid.T, state *datelinev1.PollState, yield pollplan.Yield) {
	require.NotEmpty(t, state.State)
	require.NotEmpty(t, state.Reason)
	require.LessOrEqual(t, len(state.KnownEntries), 4096*8)
	require.Equal(t, len(state.KnownEntries), 2*len(state.KnownVersions))
	require.LessOrEqual(t, len(state.Changes), 20)
	require.LessOrEqual(t, len(yield.Changed), 50)
	require.GreaterOrEqual(t, state.KnownShare, 0.)
	require.LessOrEqual(t, state.KnownShare, 1.)
	require.GreaterOrEqual(t, state.ErrorWeight, 0.)
	if state.ExpectedSilence != nil {
		require.GreaterOrEqual(t, state.ExpectedSilence.AsDuration(), 24*time.Hour)
		require.LessOrEqual(t, state.ExpectedSilence.AsDuration(), 90*24*time.Hour)
	}
	require.Equal(t, state.State, state.Changes[len(state.Changes)-1].State)
}

// TestEachEntryIsNewOnce holds for any document that was read in full.
func TestEachEntryIsNewOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var entries []*datelinev1.Entry
		for range rapid.IntRange(0, 40).Draw(t, "entries") {
			entries = append(entries, &datelinev1.Entry{
				Guid:  rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "guid"),
				Url:   rapid.SampledFrom([]string{"", "", "https://example.org/1", "https://example.org/2"}).Draw(t, "url"),
				Title: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "title")),
			})
		}
		state := after(nil, pollplan.Outcome{Status: 200, Entries: entries})
		require.Empty(t, pollplan.NewEntries(state, entries))
		require.Empty(t, pollplan.Changed(state, entries))
	})
}
