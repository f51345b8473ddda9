package pollplan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

func TestConditional(t *testing.T) {
	t.Parallel()
	hourly := durationpb.New(time.Hour)
	ago := func(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(start.Add(-d)) }
	tests := map[string]struct {
		state  *datelinev1.PollState
		want   bool
		reason string
	}{
		"first poll":         {nil, false, "no validators"},
		"no validators":      {&datelinev1.PollState{Polls: 7}, false, "no validators"},
		"entity tag":         {&datelinev1.PollState{Etag: `"a"`}, true, ""},
		"date":               {&datelinev1.PollState{LastModified: "Mon, 02 Jan 2006 15:04:05 GMT"}, true, ""},
		"19 times 304":       {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 19, Interval: durationpb.New(time.Minute)}, true, ""},
		"20 times 304":       {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 20}, false, "20 answers in a row"},
		"304 for 23 hours":   {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 5, Interval: durationpb.New(4 * time.Hour)}, true, ""},
		"304 for a day":      {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 6, Interval: durationpb.New(4 * time.Hour)}, false, "a day"},
		"304, polled daily":  {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 3, Interval: durationpb.New(24 * time.Hour)}, true, ""},
		"304 for four days":  {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 4, Interval: durationpb.New(24 * time.Hour)}, false, "a day"},
		"a lie":              {&datelinev1.PollState{Etag: `"a"`, ValidatorLies: 1, DistrustUntil: timestamppb.New(start.Add(time.Hour))}, false, "hid entries once; they are not used until 2025-06-05T11:00:00Z"},
		"a lie long ago":     {&datelinev1.PollState{Etag: `"a"`, ValidatorLies: 3, DistrustUntil: timestamppb.New(start)}, true, ""},
		"silence":            {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 1, Interval: hourly, LastNewAt: ago(49 * time.Hour), ExpectedSilence: durationpb.New(48 * time.Hour)}, false, "silent for longer than 2 days"},
		"silence, as usual":  {&datelinev1.PollState{Etag: `"a"`, UnmodifiedPolls: 1, Interval: hourly, LastNewAt: ago(47 * time.Hour), ExpectedSilence: durationpb.New(48 * time.Hour)}, true, ""},
		"silence, looked at": {&datelinev1.PollState{Etag: `"a"`, State: pollplan.Quiet, UnmodifiedPolls: 1, Interval: hourly, LastNewAt: ago(49 * time.Hour), ExpectedSilence: durationpb.New(48 * time.Hour)}, true, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, reason := pollplan.Conditional(test.state, start)
			require.Equal(t, test.want, got)
			require.Contains(t, reason, test.reason)
			require.Equal(t, got, reason == "", "whatever is not conditional has a reason")
		})
	}
}

// What a probe must find for its feed to have lied.
func TestLies(t *testing.T) {
	t.Parallel()
	old, young := start.Add(-3*time.Hour-time.Minute), start.Add(-time.Minute)
	tests := map[string]struct {
		etag, date         string // of the probe's answer; "a" and "x" were stored
		published          time.Time
		undated            bool
		conditional, fresh bool
		unmodified         uint32
		lied               bool
	}{
		"entries under the same tag":               {etag: "a", date: "y", published: young, fresh: true, unmodified: 9, lied: true},
		"entries, without dates, under a new tag":  {etag: "b", date: "y", undated: true, fresh: true, unmodified: 9},
		"entries that are just out":                {etag: "b", date: "y", published: young, fresh: true, unmodified: 9},
		"entries from before the 304":              {etag: "b", date: "y", published: old, fresh: true, unmodified: 9, lied: true},
		"entries of a day":                         {etag: "b", date: "y", published: start.Add(-10 * time.Hour), fresh: true, unmodified: 9},
		"entries of the day before":                {etag: "b", date: "y", published: start.Add(-34 * time.Hour), fresh: true, unmodified: 9, lied: true},
		"nothing new":                              {etag: "a", date: "x", unmodified: 9},
		"an answer to a conditional request":       {etag: "a", date: "x", published: old, fresh: true, unmodified: 9, conditional: true},
		"a probe without a 304 before":             {etag: "a", date: "x", published: old, fresh: true},
		"entries, the tag gone and the date equal": {date: "x", published: young, fresh: true, unmodified: 9},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := after(nil, pollplan.Outcome{Status: 200, Entries: feed(1, 5, start.Add(-48*time.Hour), time.Hour), ETag: "a", LastModified: "x"})
			before.UnmodifiedPolls, before.LastSuccessAt = test.unmodified, timestamppb.New(start.Add(-time.Hour))
			entries := feed(1, 5, start.Add(-48*time.Hour), time.Hour)
			if test.fresh {
				entries = append(feed(6, 7, test.published, 0), entries...)
			}
			if test.undated {
				entries[0].Published, entries[1].Published = nil, nil
			}
			s := after(before, pollplan.Outcome{
				Status: 200, Entries: entries, ETag: test.etag, LastModified: test.date, Conditional: test.conditional,
			})
			require.Equal(t, test.lied, s.ValidatorLies == 1)
			require.Equal(t, test.lied, s.DistrustUntil != nil)
			require.Zero(t, s.UnmodifiedPolls)
			require.Equal(t, test.etag, s.Etag)
		})
	}
}

func TestDistrustGrows(t *testing.T) {
	t.Parallel()
	var state *datelinev1.PollState
	days := []int{1, 2, 4, 8, 16, 30, 30}
	for i, want := range days {
		state = after(state, pollplan.Outcome{Status: 200, Entries: feed(1, i+1, start, time.Hour), ETag: "a"})
		state.UnmodifiedPolls = 20
		state = after(state, pollplan.Outcome{Status: 200, Entries: feed(1, i+2, start, time.Hour), ETag: "a"})
		require.EqualValues(t, i+1, state.ValidatorLies)
		require.Equal(t, time.Duration(want)*24*time.Hour, state.DistrustUntil.AsTime().Sub(start))
		require.Contains(t, state.Reason, "304 had hidden them")
	}
}

// Whoever costs its origin a full answer each time is asked less often.
func TestFullAnswersCostMore(t *testing.T) {
	t.Parallel()
	busy := func(n int) []*datelinev1.Entry { return feed(n, n+20, start, time.Minute) }
	cfg := pollplan.Config{Full: time.Hour}
	least := func(first, second pollplan.Outcome) time.Duration {
		p := &poller{t: t, now: start, cfg: cfg}
		p.poll(first)
		p.poll(second)
		return wait(p.state)
	}
	full := func(n int, change func(*pollplan.Outcome)) pollplan.Outcome {
		out := pollplan.Outcome{Status: 200, Entries: busy(n), BodySHA256: "1"}
		change(&out)
		return out
	}
	none := func(*pollplan.Outcome) {}
	tag := func(o *pollplan.Outcome) { o.ETag, o.Conditional = "a", true }
	hint := func(o *pollplan.Outcome) { o.TTL = time.Second }
	date := func(o *pollplan.Outcome) { o.LastModified = "x" }
	require.GreaterOrEqual(t, least(full(1, none), full(40, none)), time.Hour)
	for name, polite := range map[string]func(*pollplan.Outcome){"tag": tag, "hint": hint, "date": date} {
		second := full(40, polite)
		second.BodySHA256 = "2"
		require.Less(t, least(full(1, polite), second), 10*time.Minute, name)
	}
	ignored := full(1, tag)
	ignored.Entries = nil
	require.GreaterOrEqual(t, least(full(1, tag), ignored), time.Hour, "the same body again, to a conditional request")

	cfg.Max = 15 * time.Minute
	require.Less(t, least(full(1, none), full(40, none)), 20*time.Minute, "the submitter wants it sooner")
	cfg = pollplan.Config{}
	require.Less(t, least(full(1, none), full(40, none)), 10*time.Minute)
}
