package pollplan_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/pollplan"
)

func TestNewEntries(t *testing.T) {
	t.Parallel()
	state := after(nil, pollplan.Outcome{Status: 200, Entries: []*datelinev1.Entry{
		{Guid: "1", Url: "https://example.org/1"}, {Guid: "2", Title: "Two"}, {Guid: "3", Url: "https://example.org/"}, {Guid: "4", Url: "https://example.org/"},
	}})
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
		state = after(state, pollplan.Outcome{Status: 200, Entries: feed(i*1000, i*1000+999, start, time.Second)})
		require.LessOrEqual(t, len(state.KnownEntries), 4096*8)
	}
	require.Len(t, state.KnownEntries, 2000*8)
	require.Empty(t, pollplan.NewEntries(state, feed(18000, 19999, start, time.Second)))
}

// edited gives the entries with other words in some.
func edited(entries []*datelinev1.Entry, which ...int) []*datelinev1.Entry {
	out := make([]*datelinev1.Entry, len(entries))
	for i, e := range entries {
		out[i] = proto.CloneOf(e)
	}
	for _, i := range which {
		out[i].Summary += "Corrected."
	}
	return out
}

func TestChangedEntries(t *testing.T) {
	t.Parallel()
	entries := feed(1, 10, start, time.Hour)
	state := after(nil, pollplan.Outcome{Status: 200, Entries: entries})
	require.Len(t, state.KnownVersions, len(state.KnownEntries)/2)
	require.Empty(t, pollplan.Changed(state, entries))

	news := edited(entries, 2, 7)
	news[7].Updated = timestamppb.New(start)
	require.Equal(t, []*datelinev1.Entry{news[2], news[7]}, pollplan.Changed(state, news))
	state = after(state, pollplan.Outcome{Status: 200, Entries: news})
	require.Empty(t, pollplan.Changed(state, news), "each change is told once")

	retagged := edited(news)
	retagged[3].Guid, retagged[3].Url = "other", retagged[3].Url+"?utm_source=x"
	require.Empty(t, pollplan.Changed(state, retagged), "who it is, is not what it says")

	state.KnownVersions = nil
	require.Empty(t, pollplan.Changed(state, edited(news, 1)), "what it said before is not known")
	state.KnownVersions = []byte{1, 2}
	require.Empty(t, pollplan.Changed(state, edited(news, 1)))
}

// A counter in each summary is no edit; its next change must be none, either.
func TestTemplateNoise(t *testing.T) {
	t.Parallel()
	entries := feed(1, 10, start, time.Hour)
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: entries})
	for range 5 {
		entries = edited(entries, 0, 1, 2, 3, 4, 5, 6)
		p.poll(pollplan.Outcome{Status: 200, Entries: entries})
		require.Empty(t, p.yield.Changed)
	}
	entries = edited(entries, 4)
	p.poll(pollplan.Outcome{Status: 200, Entries: entries})
	require.Len(t, p.yield.Changed, 1, "the noise was learnt along")

	few := feed(1, 4, start, time.Hour)
	state := after(nil, pollplan.Outcome{Status: 200, Entries: few})
	require.Len(t, pollplan.Changed(state, edited(few, 0, 1, 2, 3)), 4)
}

// Of many changed entries each is looked at, fifty at a poll.
func TestChangedEntriesWaitForTheNextPoll(t *testing.T) {
	t.Parallel()
	entries := feed(1, 300, start, time.Hour)
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: entries})
	var which []int
	for i := range 120 {
		which = append(which, 2*i)
	}
	entries = edited(entries, which...)
	seen := map[string]bool{}
	for _, most := range []int{50, 50, 20, 0} {
		p.poll(pollplan.Outcome{Status: 200, Entries: entries})
		require.Len(t, p.yield.Changed, most)
		for _, e := range p.yield.Changed {
			seen[e.Url] = true
		}
	}
	require.Len(t, seen, 120)
}

func TestLyingGuids(t *testing.T) {
	t.Parallel()
	lying := map[string]func(int) *datelinev1.Entry{
		"one guid for all": func(i int) *datelinev1.Entry {
			return &datelinev1.Entry{Guid: "1", Url: fmt.Sprintf("https://example.org/%d", i), Title: "T"}
		},
		"one guid, no address": func(i int) *datelinev1.Entry {
			return &datelinev1.Entry{Guid: "1", Title: fmt.Sprint("Title ", i)}
		},
		"no guid": func(i int) *datelinev1.Entry {
			return &datelinev1.Entry{Url: fmt.Sprintf("https://example.org/%d", i), Title: "T"}
		},
		"neither": func(i int) *datelinev1.Entry { return &datelinev1.Entry{Title: fmt.Sprint("Title ", i)} },
		"one address, no guid": func(i int) *datelinev1.Entry {
			return &datelinev1.Entry{Url: "https://example.org/", Title: fmt.Sprint("Title ", i)}
		},
	}
	for name, entry := range lying {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var entries []*datelinev1.Entry
			for i := range 20 {
				entries = append(entries, entry(i))
			}
			p := &poller{t: t, now: start}
			p.poll(pollplan.Outcome{Status: 200, Entries: entries})
			require.Len(t, p.yield.New, 20)
			for range 2 {
				p.poll(pollplan.Outcome{Status: 200, Entries: entries})
				require.Empty(t, p.yield.New)
				require.Empty(t, p.yield.Changed)
			}
			p.poll(pollplan.Outcome{Status: 200, Entries: append(entries[1:20:20], entry(99))})
			require.Equal(t, []*datelinev1.Entry{entry(99)}, p.yield.New)
		})
	}
}

func TestNewest(t *testing.T) {
	t.Parallel()
	entries := append(feed(1, 5, start, time.Hour), feed(6, 10, start.Add(24*time.Hour), time.Hour)...)
	kept, dropped := pollplan.Newest(entries, 7)
	require.Equal(t, 3, dropped)
	require.Equal(t, append(entries[:2:2], entries[5:]...), kept, "the newest, in their order")
	undated := []*datelinev1.Entry{{Guid: "1"}, {Guid: "2"}, {Guid: "3"}}
	kept, _ = pollplan.Newest(undated, 2)
	require.Equal(t, undated[:2], kept)
	kept, dropped = pollplan.Newest(undated, 3)
	require.Equal(t, undated, kept)
	require.Zero(t, dropped)
}

// A sitemap lists a site's past, which is no news.
func TestFirstPollOfASitemap(t *testing.T) {
	t.Parallel()
	entries := append(feed(1, 100, start.Add(-time.Hour), 2*time.Hour), &datelinev1.Entry{Url: "https://example.org/undated"})
	p := &poller{t: t, now: start}
	p.poll(pollplan.Outcome{Status: 200, Entries: entries, Sitemap: true, Dropped: 7})
	require.Len(t, p.yield.New, 24)
	require.Equal(t, 77, p.yield.Held)
	require.EqualValues(t, 24, p.state.EntriesFound)
	require.Equal(t, "24 of 101 entries were new; 77 from before were noted only; 7 more, the oldest, were left out", p.state.Reason)

	late := &datelinev1.Entry{Url: "https://example.org/late", Published: timestamppb.New(start.Add(-90 * 24 * time.Hour))}
	entries = append(entries, late, &datelinev1.Entry{Url: "https://example.org/undated-2"})
	p.poll(pollplan.Outcome{Status: 200, Entries: entries, Sitemap: true})
	require.Len(t, p.yield.New, 2, "what is added later is news, whatever its date")

	index := &poller{t: t, now: start}
	index.poll(pollplan.Outcome{Status: 200, Entries: entries[:50], Sitemap: true, Index: true})
	index.poll(pollplan.Outcome{Status: 200, Entries: entries[50:], Sitemap: true, Index: true})
	require.Len(t, index.yield.New, 2, "a child that is read for the first time lists the past, too: only what has no date is new")
}
