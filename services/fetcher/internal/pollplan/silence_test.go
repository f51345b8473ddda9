package pollplan_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

func TestQuiet(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	entries := feed(1, 20, start, 2*time.Hour)
	p.poll(pollplan.Outcome{Status: 200, Entries: entries, BodySHA256: "1"})
	var s *datelinev1.PollState
	for p.now.Before(start.Add(4 * 24 * time.Hour)) {
		s = p.poll(pollplan.Outcome{Status: 200, Entries: entries, BodySHA256: "1"})
		require.Equal(t, pollplan.Healthy, s.State)
	}
	p.poll(pollplan.Outcome{Status: 200, Entries: entries, BodySHA256: "1"})
	s = p.poll(pollplan.Outcome{Status: 200, Entries: entries, BodySHA256: "1"})
	require.Equal(t, pollplan.Quiet, s.State)
	require.Contains(t, s.Reason, "nothing new since 2025-06-05")
	s = p.poll(pollplan.Outcome{Status: 304})
	require.Equal(t, pollplan.Quiet, s.State, "a 304 says nothing else")
	s = p.poll(pollplan.Outcome{Status: 200, Entries: feed(2, 21, p.now, time.Hour), BodySHA256: "2"})
	require.Equal(t, pollplan.Healthy, s.State)

	weekly := after(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 20, start.Add(-13*24*time.Hour), 7*24*time.Hour)})
	require.Equal(t, pollplan.Healthy, weekly.State)
	old := after(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 20, start.Add(-700*24*time.Hour), time.Hour)})
	require.Equal(t, pollplan.Quiet, old.State)
	require.Contains(t, old.Reason, "2023-07")
}

// Weeks of entries by day, none at night nor on weekends, are no silence; nor are
// polls that failed. What comes after is.
func TestSilenceIsLearnt(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start, cfg: pollplan.Config{Min: time.Hour, Max: time.Hour}}
	n, last := 20, start
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, n, start, time.Hour)})
	require.Equal(t, 4*24*time.Hour, p.state.ExpectedSilence.AsDuration(), "at least a long weekend, at first")
	for p.now.Before(start.Add(60 * 24 * time.Hour)) {
		out := pollplan.Outcome{Status: 304}
		if d := p.now.Weekday(); d != time.Saturday && d != time.Sunday && p.now.Hour() >= 8 && p.now.Hour() < 19 {
			n++
			last = p.now
			out = pollplan.Outcome{Status: 200, Entries: feed(n-19, n, p.now, time.Hour)}
		}
		require.Equal(t, pollplan.Healthy, p.poll(out).State, p.now)
	}
	learnt := p.state.ExpectedSilence.AsDuration()
	require.Greater(t, learnt, 5*24*time.Hour, "twice a weekend")
	require.Less(t, learnt, 6*24*time.Hour)

	for p.poll(pollplan.Outcome{Status: 304}).State == pollplan.Healthy {
		require.LessOrEqual(t, p.state.LastPollAt.AsTime().Sub(last), learnt)
	}
	require.Equal(t, pollplan.Quiet, p.state.State, "also where all answers are 304")
	require.Greater(t, p.state.LastPollAt.AsTime().Sub(last), learnt)
	require.Less(t, p.state.LastPollAt.AsTime().Sub(last), learnt+2*time.Hour)

	for range 5 {
		p.poll(pollplan.Outcome{Err: errors.New("no route")})
	}
	require.Equal(t, pollplan.Failing, p.state.State)
	require.Equal(t, pollplan.Quiet, p.poll(pollplan.Outcome{Status: 304}).State, "an outage ends no silence")
	s := p.poll(pollplan.Outcome{Status: 200, Entries: feed(n-18, n+1, p.now, time.Hour)})
	require.Equal(t, pollplan.Healthy, s.State)
	var states []string
	for _, c := range s.Changes {
		states = append(states, c.State)
	}
	require.Equal(t, []string{"healthy", "quiet", "failing", "quiet", "healthy"}, states)
}

// A feed that never rests is missed within a day or two; one without dates is given
// two weeks.
func TestSilenceOfExtremes(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start, cfg: pollplan.Config{Max: time.Hour}}
	for n := 1; n < 24*120; n++ {
		p.poll(pollplan.Outcome{Status: 200, Entries: feed(n, n+19, p.now, time.Hour)})
	}
	require.Equal(t, 24*time.Hour, p.state.ExpectedSilence.AsDuration())

	undated := after(nil, pollplan.Outcome{Status: 200, Entries: []*datelinev1.Entry{{Url: "https://example.org/1"}}})
	require.Nil(t, undated.ExpectedSilence, "too little is known")
	require.Equal(t, pollplan.Healthy, undated.State)
	u := &poller{t: t, now: start, state: undated}
	for u.poll(pollplan.Outcome{Status: 304}).State != pollplan.Quiet {
		require.Less(t, u.state.LastPollAt.AsTime().Sub(start), 14*24*time.Hour+time.Second)
	}
}

func TestChangesAreKept(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	for i := range 40 {
		p.poll(pollplan.Outcome{Status: 200 + 229*(i%2)})
	}
	require.Len(t, p.state.Changes, 20)
	last := p.state.Changes[19]
	require.Equal(t, p.state.State, last.State)
	require.Equal(t, p.state.Reason, last.Reason)
	require.Equal(t, p.state.LastPollAt.AsTime(), last.At.AsTime())
}
