package pollplan_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

// What passes by itself weighs less, and what is over is soon forgotten.
func TestErrorWeights(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		out    pollplan.Outcome
		weight float64
	}{
		"no answer":     {pollplan.Outcome{Err: errors.New("no such host")}, 0.5},
		"server error":  {pollplan.Outcome{Status: 500}, 0.5},
		"too many":      {pollplan.Outcome{Status: 429}, 0.5},
		"slow":          {pollplan.Outcome{Status: 408}, 0.5},
		"too large":     {pollplan.Outcome{Err: errors.New("too large"), Hard: true}, 1},
		"no feed":       {pollplan.Outcome{Status: 200, Err: errors.New("not a feed")}, 1},
		"not found":     {pollplan.Outcome{Status: 404}, 1},
		"forbidden":     {pollplan.Outcome{Status: 403}, 1},
		"bad request":   {pollplan.Outcome{Status: 400}, 1},
		"odd redirects": {pollplan.Outcome{Status: 300}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &poller{t: t, now: start}
			p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour)})
			for i := range 40 {
				p.poll(test.out)
				require.InDelta(t, min(12, test.weight*float64(i+1)), p.state.ErrorWeight, 1e-9)
			}
			for range 6 {
				p.poll(pollplan.Outcome{Status: 304})
			}
			require.Zero(t, p.state.ErrorWeight)
		})
	}
}

func TestAFeedThatFlapsWaitsLonger(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour)})
	p.poll(pollplan.Outcome{Status: 200, Err: errors.New("not a feed")})
	steady := wait(p.state)
	for range 5 {
		p.poll(pollplan.Outcome{Status: 200, Err: errors.New("not a feed")})
		p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour)})
	}
	p.poll(pollplan.Outcome{Status: 200, Err: errors.New("not a feed")})
	require.Greater(t, wait(p.state), steady)
}

// What is pushed by a hub is news, and nothing else.
func TestPushed(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour), ETag: "a", LastModified: "x", BodySHA256: "1"})
	p.poll(pollplan.Outcome{Status: 304})
	before := p.state
	p.now = start.Add(time.Minute)
	s := p.poll(pollplan.Outcome{Status: 200, Entries: feed(9, 11, start, time.Minute), Pushed: true})
	require.Len(t, p.yield.New, 2)
	require.EqualValues(t, 11, s.EntriesFound)
	require.Equal(t, pollplan.Healthy, s.State)
	require.Equal(t, before.Polls, s.Polls)
	require.Equal(t, "a", s.Etag)
	require.Equal(t, "1", s.BodySha256)
	require.EqualValues(t, 1, s.UnmodifiedPolls)
	require.Zero(t, s.ValidatorLies)
	require.Equal(t, before.NextPollAt.AsTime(), s.NextPollAt.AsTime())
	require.Equal(t, before.Interval.AsDuration(), s.Interval.AsDuration())
}
