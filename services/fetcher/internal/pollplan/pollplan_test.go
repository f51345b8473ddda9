package pollplan_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

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
}

func (p *poller) poll(out pollplan.Outcome) *datelinev1.PollState {
	p.t.Helper()
	before := proto.CloneOf(p.state)
	next := pollplan.Next(p.state, out, p.cfg, p.now, half)
	require.True(p.t, proto.Equal(before, p.state), "the argument stays as it was")
	p.state = next
	if next.NextPollAt != nil {
		require.True(p.t, next.NextPollAt.AsTime().After(p.now))
		p.now = next.NextPollAt.AsTime()
	}
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

	undated := pollplan.Next(nil, pollplan.Outcome{Status: 200, Entries: []*datelinev1.Entry{{Guid: "a", Title: "A"}}}, pollplan.Config{}, start, half)
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
	require.Equal(t, 22*time.Minute+30*time.Second, p.state.Interval.AsDuration(), "all new: some were missed")
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
		s := pollplan.Next(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 9, start, 2*time.Hour), TTL: ttl}, pollplan.Config{}, start, half)
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
		s := pollplan.Next(nil, pollplan.Outcome{Status: status}, pollplan.Config{}, start, half)
		require.GreaterOrEqual(t, wait(s), 4*time.Hour)
		require.Equal(t, pollplan.Failing, s.State)
	}

	s := pollplan.Next(nil, pollplan.Outcome{Status: 429, RetryAfter: 2 * time.Hour}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Limited, s.State)
	require.GreaterOrEqual(t, wait(s), 2*time.Hour)
	s = pollplan.Next(nil, pollplan.Outcome{Status: 429}, pollplan.Config{}, start, half)
	require.GreaterOrEqual(t, wait(s), 5*time.Minute)
	s = pollplan.Next(nil, pollplan.Outcome{Status: 503, RetryAfter: time.Hour}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Limited, s.State)

	s = pollplan.Next(nil, pollplan.Outcome{Status: 410}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Gone, s.State)
	require.Nil(t, s.NextPollAt)

	s = pollplan.Next(nil, pollplan.Outcome{Err: errors.New("no route")}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Failing, s.State, "a feed that never answered is most likely mistyped")
	require.Contains(t, s.Reason, "no route")

	known := &datelinev1.PollState{State: pollplan.Healthy, LastSuccessAt: timestamppb.New(start)}
	s = pollplan.Next(known, pollplan.Outcome{Err: errors.New("no route")}, pollplan.Config{}, start, half)
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

	weekly := pollplan.Next(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 20, start.Add(-20*24*time.Hour), 7*24*time.Hour)}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Healthy, weekly.State)
	old := pollplan.Next(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 20, start.Add(-700*24*time.Hour), time.Hour)}, pollplan.Config{}, start, half)
	require.Equal(t, pollplan.Quiet, old.State)
	require.Contains(t, old.Reason, "2023-07")
}

func TestNewEntries(t *testing.T) {
	t.Parallel()
	state := pollplan.Next(nil, pollplan.Outcome{Status: 200, Entries: []*datelinev1.Entry{
		{Guid: "1", Url: "https://example.org/1"}, {Guid: "2", Title: "Two"}, {Guid: "3", Url: "https://example.org/"}, {Guid: "4", Url: "https://example.org/"},
	}}, pollplan.Config{}, start, half)
	fresh := pollplan.NewEntries(state, []*datelinev1.Entry{
		{Guid: "changed", Url: "HTTPS://example.org/1?utm_source=feed"},
		{Guid: "2", Title: "Two"},
		{Guid: "says nothing"},
		{Guid: "3", Url: "https://example.org/"},
		{Guid: "5", Url: "https://example.org/"},
		{Guid: "6", Url: "https://example.org/6"},
		{Guid: "6", Title: "Six"},
		{Guid: "6", Title: "Six"},
	})
	var guids []string
	for _, e := range fresh {
		guids = append(guids, e.Guid)
	}
	require.Equal(t, []string{"5", "6", "6"}, guids)
	require.Len(t, pollplan.NewEntries(nil, fresh), 3)
}

func TestMemoryOfEntriesIsBounded(t *testing.T) {
	t.Parallel()
	var state *datelinev1.PollState
	for i := range 20 {
		state = pollplan.Next(state, pollplan.Outcome{Status: 200, Entries: feed(i*1000, i*1000+999, start, time.Second)}, pollplan.Config{}, start, half)
		require.LessOrEqual(t, len(state.KnownEntries), 4096*8)
	}
	require.Len(t, state.KnownEntries, 2000*8)
	require.Empty(t, pollplan.NewEntries(state, feed(18000, 19999, start, time.Second)))
}

// TestInvariants states what holds after any poll of any state.
func TestInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := pollplan.Config{
			Min: time.Duration(rapid.IntRange(0, 48).Draw(t, "min")) * time.Hour,
			Max: time.Duration(rapid.IntRange(0, 48).Draw(t, "max")) * time.Hour,
		}
		lo, hi := cfg.Min, cfg.Max
		if lo == 0 {
			lo = 5 * time.Minute
		}
		if hi == 0 {
			hi = 24 * time.Hour
		}
		hi = max(lo, hi)
		var state *datelinev1.PollState
		now := start
		for range rapid.IntRange(1, 12).Draw(t, "polls") {
			n := rapid.IntRange(0, 50).Draw(t, "newest")
			out := pollplan.Outcome{
				Status:     rapid.SampledFrom([]int{0, 200, 200, 200, 301, 304, 404, 429, 500, 503}).Draw(t, "status"),
				Entries:    feed(max(0, n-10), n, now, time.Duration(rapid.IntRange(0, 1<<40).Draw(t, "gap"))),
				RetryAfter: time.Duration(rapid.IntRange(0, 24).Draw(t, "retry")) * time.Hour,
				TTL:        time.Duration(rapid.IntRange(0, 100).Draw(t, "ttl")) * time.Hour,
			}
			if out.Status == 0 {
				out.Err = errors.New("no answer")
			}
			rnd := rapid.Float64Range(0, 0.999).Draw(t, "rnd")
			state = pollplan.Next(state, out, cfg, now, func() float64 { return rnd })
			d := wait(state)
			require.GreaterOrEqual(t, d, lo)
			if out.Status == 200 || out.Status == 304 {
				require.LessOrEqual(t, d, hi+hi/5)
				require.GreaterOrEqual(t, d, min(out.TTL, hi))
			} else {
				require.GreaterOrEqual(t, d, out.RetryAfter)
				require.LessOrEqual(t, d, 9*24*time.Hour)
			}
			require.GreaterOrEqual(t, state.Interval.AsDuration(), lo)
			require.LessOrEqual(t, state.Interval.AsDuration(), hi)
			require.NotEmpty(t, state.State)
			require.NotEmpty(t, state.Reason)
			now = state.NextPollAt.AsTime().Add(time.Duration(rapid.IntRange(-100, 1<<44).Draw(t, "late")))
		}
	})
}
