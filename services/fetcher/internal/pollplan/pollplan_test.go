package pollplan_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

var start = time.Date(2025, 6, 5, 10, 0, 0, 0, time.UTC)

func half() float64 { return 0.5 }

// feed gives entries first..last, one published every gap, the last one at newest.
func feed(first, last int, newest time.Time, gap time.Duration) []*datelinev1.Entry {
	var out []*datelinev1.Entry
	for i := last; i >= first; i-- {
		out = append(out, &datelinev1.Entry{
			Guid: fmt.Sprint("g", i), Url: fmt.Sprintf("https://example.org/%d", i),
			Published: timestamppb.New(newest.Add(-time.Duration(last-i) * gap)),
		})
	}
	return out
}

// poller polls one feed at the times that the plan gives.
type poller struct {
	t     *testing.T
	state *datelinev1.PollState
	now   time.Time
	cfg   pollplan.Config
	yield pollplan.Yield
}

func (p *poller) poll(out pollplan.Outcome) *datelinev1.PollState {
	p.t.Helper()
	before := proto.CloneOf(p.state)
	next, yield := pollplan.Next(p.state, out, p.cfg, p.now, half)
	require.True(p.t, proto.Equal(before, p.state), "the argument stays as it was")
	p.state, p.yield = next, yield
	if next.NextPollAt != nil {
		require.True(p.t, next.NextPollAt.AsTime().After(p.now))
		p.now = next.NextPollAt.AsTime()
	}
	return next
}

// after is the state after one poll.
func after(state *datelinev1.PollState, out pollplan.Outcome) *datelinev1.PollState {
	next, _ := pollplan.Next(state, out, pollplan.Config{}, start, half)
	return next
}

func wait(s *datelinev1.PollState) time.Duration {
	return s.NextPollAt.AsTime().Sub(s.LastPollAt.AsTime())
}

func TestFirstPoll(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	s := p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 20, start.Add(-time.Hour), 2*time.Hour), ETag: `"a"`, BodySHA256: "ab"})
	require.Equal(t, pollplan.Healthy, s.State)
	require.Equal(t, "20 of 20 entries were new", s.Reason)
	require.Equal(t, time.Hour, s.Interval.AsDuration(), "half the gap between entries")
	require.Equal(t, 66*time.Minute, wait(s))
	require.EqualValues(t, 20, s.EntriesFound)
	require.EqualValues(t, 1, s.Polls)
	require.Equal(t, `"a"`, s.Etag)
	require.Len(t, s.KnownEntries, 20*8)

	undated := after(nil, pollplan.Outcome{Status: 200, Entries: []*datelinev1.Entry{{Guid: "a", Title: "A"}}})
	require.Equal(t, 30*time.Minute, undated.Interval.AsDuration())
}

func TestIntervalAdapts(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start, cfg: pollplan.Config{Min: 10 * time.Minute, Max: 12 * time.Hour}}
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 20, start, 4*time.Hour)})
	require.Equal(t, 2*time.Hour, p.state.Interval.AsDuration())
	p.poll(pollplan.Outcome{Status: 304})
	require.Equal(t, 3*time.Hour, p.state.Interval.AsDuration(), "nothing new")
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(2, 21, p.now, time.Hour)})
	require.Equal(t, 3*time.Hour, p.state.Interval.AsDuration(), "one new entry")
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(5, 24, p.now, time.Hour)})
	require.Equal(t, 90*time.Minute, p.state.Interval.AsDuration(), "three new entries")
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(45, 64, p.now, time.Hour)})
	require.Equal(t, 11*time.Minute+15*time.Second, p.state.Interval.AsDuration(), "all new: some were missed")
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(145, 164, p.now, time.Hour)})
	require.Equal(t, 10*time.Minute, p.state.Interval.AsDuration())
	for range 20 {
		p.poll(pollplan.Outcome{Status: 304})
	}
	require.Equal(t, 12*time.Hour, p.state.Interval.AsDuration())
}

func TestLatePollsDoNotAdapt(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 20, start, time.Hour)})
	interval := p.state.Interval.AsDuration()
	p.now = p.now.Add(5 * time.Hour)
	s := p.poll(pollplan.Outcome{Status: 200, Entries: feed(18, 40, p.now, time.Hour)})
	require.Equal(t, pollplan.Late, s.State)
	require.Contains(t, s.Reason, "5h after it was due")
	require.Equal(t, interval, s.Interval.AsDuration())
	require.Equal(t, pollplan.Healthy, p.poll(pollplan.Outcome{Status: 304}).State)
}

func TestHints(t *testing.T) {
	t.Parallel()
	for ttl, least := range map[time.Duration]time.Duration{
		0: time.Hour, time.Minute: time.Hour, 12 * time.Hour: 12 * time.Hour, 1000 * time.Hour: 24 * time.Hour,
	} {
		s := after(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour), TTL: ttl})
		require.GreaterOrEqual(t, wait(s), least)
		require.Less(t, wait(s), least+least/5)
	}
}

func TestValidators(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, ETag: `"a"`, LastModified: "x", BodySHA256: "1"})
	s := p.poll(pollplan.Outcome{Status: 304, ETag: `"b"`})
	require.Equal(t, `"b"`, s.Etag)
	require.Equal(t, "x", s.LastModified)
	s = p.poll(pollplan.Outcome{Status: 500, ETag: `"c"`})
	require.Equal(t, `"b"`, s.Etag, "kept over an error")
	s = p.poll(pollplan.Outcome{Status: 200, Err: errors.New("not a feed"), ETag: `"d"`, BodySHA256: "2"})
	require.Equal(t, `"b"`, s.Etag, "a body that cannot be read must not be pinned")
	require.Equal(t, "1", s.BodySha256)
	s = p.poll(pollplan.Outcome{Status: 200, LastModified: "y"})
	require.Empty(t, s.Etag, "the new answer has none")
	require.Equal(t, "y", s.LastModified)
}

func TestErrorsNeverEndPolling(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 20, start, 2*time.Hour)})
	last := time.Duration(0)
	for i := range 40 {
		s := p.poll(pollplan.Outcome{Err: errors.New("dial tcp: no\nroute")})
		require.GreaterOrEqual(t, wait(s), last)
		require.LessOrEqual(t, wait(s), 29*time.Hour)
		require.EqualValues(t, i+1, s.ConsecutiveErrors)
		require.Equal(t, "dial tcp: no route", s.LastError)
		require.Equal(t, i >= 2, s.State == pollplan.Failing)
		last = wait(s)
	}
	require.GreaterOrEqual(t, last, 24*time.Hour)
	require.Contains(t, p.state.Reason, "40 times in a row")
	s := p.poll(pollplan.Outcome{Status: 200, Entries: feed(2, 21, p.now, time.Hour)})
	require.Equal(t, pollplan.Healthy, s.State)
	require.Empty(t, s.LastError)
	require.Zero(t, s.ConsecutiveErrors)
	require.Equal(t, time.Hour, s.Interval.AsDuration(), "the interval outlives the errors")
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	for range 5 {
		p.poll(pollplan.Outcome{Status: 404})
	}
	require.GreaterOrEqual(t, wait(p.state), 24*time.Hour, "404 five times")
	require.Equal(t, pollplan.Failing, p.state.State)
	for range 20 {
		p.poll(pollplan.Outcome{Status: 404})
	}
	require.NotNil(t, p.state.NextPollAt, "404 never ends polling")

	for _, status := range []int{401, 403} {
		s := after(nil, pollplan.Outcome{Status: status})
		require.GreaterOrEqual(t, wait(s), 4*time.Hour)
		require.Equal(t, pollplan.Failing, s.State)
	}

	s := after(nil, pollplan.Outcome{Status: 429, RetryAfter: 2 * time.Hour})
	require.Equal(t, pollplan.Limited, s.State)
	require.GreaterOrEqual(t, wait(s), 2*time.Hour)
	s = after(nil, pollplan.Outcome{Status: 429})
	require.GreaterOrEqual(t, wait(s), 5*time.Minute)
	s = after(nil, pollplan.Outcome{Status: 503, RetryAfter: time.Hour})
	require.Equal(t, pollplan.Limited, s.State)

	s = after(nil, pollplan.Outcome{Status: 410})
	require.Equal(t, pollplan.Gone, s.State)
	require.Nil(t, s.NextPollAt)

	s = after(nil, pollplan.Outcome{Err: errors.New("no route")})
	require.Equal(t, pollplan.Failing, s.State, "a feed that never answered is most likely mistyped")
	require.Contains(t, s.Reason, "no route")

	known := &datelinev1.PollState{State: pollplan.Healthy, LastSuccessAt: timestamppb.New(start)}
	s = after(known, pollplan.Outcome{Err: errors.New("no route")})
	require.Equal(t, pollplan.Healthy, s.State, "one error changes nothing for a feed that has answered")
}

func TestPermanentRedirects(t *testing.T) {
	t.Parallel()
	p := &poller{t: t, now: start}
	const a, b = "https://a.example/feed", "https://b.example/feed"
	ok := func(to string) *datelinev1.PollState {
		return p.poll(pollplan.Outcome{Status: 200, Entries: feed(1, 5, start, time.Hour), MovedTo: to})
	}
	ok(a)
	ok(a)
	require.Equal(t, pollplan.Healthy, ok(b).State, "another place: counted anew")
	ok(b)
	require.Equal(t, pollplan.Healthy, ok("").State)
	require.Empty(t, p.state.MovedTo)
	ok(a)
	p.poll(pollplan.Outcome{Status: 500, MovedTo: a})
	ok(a)
	s := ok(a)
	require.Equal(t, pollplan.Moved, s.State)
	require.Equal(t, a, s.MovedTo)
	require.Nil(t, s.NextPollAt)
}
