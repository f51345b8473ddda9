package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWorld(t, func(_ *fetch.Config, d *fetch.Deps) { d.Now = func() time.Time { return now } })
	ids := map[string]string{}
	for _, name := range []string{"lost", "new", "waiting", "due", "gone", "later", "years"} {
		record := w.register(t, &datelinev1.Feed{Url: "https://" + name + ".example/feed"})
		ids[name] = record.GetFeed().GetId()
	}
	change := func(name string, fn func(*datelinev1.PollState)) {
		record, revision, err := w.feeds.Get(t.Context(), ids[name])
		require.NoError(t, err)
		fn(record.GetPoll())
		_, err = w.feeds.Put(t.Context(), ids[name], record, revision)
		require.NoError(t, err)
	}
	change("lost", func(p *datelinev1.PollState) { p.State = "healthy" })
	change("gone", func(p *datelinev1.PollState) { p.State = "gone" })
	change("later", func(p *datelinev1.PollState) { p.NextPollAt = timestamppb.New(now.Add(time.Hour)) })
	change("years", func(p *datelinev1.PollState) { p.NextPollAt = timestamppb.New(now.AddDate(3, 0, 0)) })
	w.polls.set(topology.FeedSchedule(ids["waiting"]), topology.FeedPoll(ids["due"]), topology.FeedSchedule(ids["years"]))

	at := map[string]time.Time{}
	require.NoError(t, w.Reconcile(t.Context(), func(_ context.Context, out stage.Out) error {
		require.Equal(t, out.Subject == topology.FeedSchedule(ids["years"]), out.Expect == nil, "no other schedule is replaced")
		at[out.Subject] = out.At
		return nil
	}))
	require.Len(t, at, 4, "only what has no poll gets one")
	lost := at[topology.FeedSchedule(ids["lost"])]
	require.False(t, lost.Before(now))
	require.False(t, lost.After(now.Add(time.Minute)), "spread over a minute")
	require.Equal(t, now.Add(time.Hour), at[topology.FeedSchedule(ids["later"])])
	require.Equal(t, now, at[topology.FeedSchedule(ids["years"])], "a wrong clock planned it")
	require.Equal(t, now, at[topology.FeedSchedule(ids["new"])], "a submission that was cut short goes on at once")
}

func inState(state string) *datelinev1.FeedRecord {
	return &datelinev1.FeedRecord{Poll: &datelinev1.PollState{State: state}}
}

func unpublished(context.Context, stage.Out) error { return nil }

// A record that cannot be read neither ends the count nor hides.
func TestReconcileWithCorruptRecords(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	w := newWorld(t, func(_ *fetch.Config, d *fetch.Deps) { d.Registry = registry })
	w.register(t, &datelinev1.Feed{Url: courier})
	w.feeds.corrupt = []string{"fbad1", "fbad2"}
	scheduled := 0
	require.NoError(t, w.Reconcile(t.Context(), func(context.Context, stage.Out) error { scheduled++; return nil }))
	require.Equal(t, 1, scheduled, "what follows is mended")
	requireFeeds(t, registry, map[string]int{"new": 1, "corrupt": 2})
	require.Contains(t, w.logged(), "fbad1")
	require.Contains(t, w.logged(), "fbad2")
}

func TestTheCountFollowsTheRegistry(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	w := newWorld(t, func(_ *fetch.Config, d *fetch.Deps) { d.Registry = registry })
	for key, state := range map[string]string{"f1": "new", "f2": "healthy", "f3": "healthy", "f4": "gone"} {
		_, err := w.feeds.Put(t.Context(), key, inState(state), 0)
		require.NoError(t, err)
	}
	w.polls.set("feeds.schedule.f1", "feeds.schedule.f2", "feeds.poll.f3")
	type entry = bus.Entry[*datelinev1.FeedRecord]
	w.feeds.changes = []entry{
		{Key: "f1", Message: inState("healthy")},
		{Key: "f1", Message: inState("healthy")},
		{Key: "f2"},
		{Key: "f2"},
		{Key: "f3", Err: bus.ErrCorrupt},
		{Key: "f4", Message: inState("new")},
		{Key: "f5", Message: inState("of a later version")},
		{Key: "f6", Message: inState("failing")},
		{Key: "never-there"},
	}
	missing, err := w.Unscheduled(t.Context())
	require.NoError(t, err)
	require.Zero(t, missing, "nothing was counted yet")

	require.NoError(t, w.Reconcile(t.Context(), unpublished))
	requireFeeds(t, registry, map[string]int{"healthy": 1, "new": 1, "corrupt": 1, "failing": 1, "other": 1})
	missing, err = w.Unscheduled(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, missing, "f1, f4, f5 and f6 against three")

	w.feeds.changes = nil
	require.NoError(t, w.Reconcile(t.Context(), unpublished))
	requireFeeds(t, registry, map[string]int{"healthy": 2, "new": 1, "gone": 1})
}

func requireFeeds(t *testing.T, registry *prometheus.Registry, want map[string]int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# HELP dateline_feeds Feeds registered, by state; corrupt: the record cannot be read.\n# TYPE dateline_feeds gauge\n")
	for _, state := range []string{"new", "healthy", "quiet", "late", "limited", "moved", "gone", "failing", "corrupt", "other"} {
		fmt.Fprintf(&b, "dateline_feeds{state=%q} %d\n", state, want[state])
	}
	require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(b.String()), "dateline_feeds"))
}

// A record that cannot be read is mended by submitting the feed again, and is
// removed as any other.
func TestACorruptRecordIsWrittenAnewOrRemoved(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	o := newOrigin(t).serve("/feed", body(rssType, rss()))
	fetchers(t, b, busConfig(o), 1, nil)
	c := client.New(b)
	feed := &datelinev1.Feed{Url: o.URL + "/feed"}
	receipt, err := c.SubmitFeed(t.Context(), feed)
	require.NoError(t, err)
	settled(t, b)
	deps, err := fetch.Open(t.Context(), b)
	require.NoError(t, err)
	spoil := func() {
		t.Helper()
		_, err := b.JS.Publish(t.Context(), deps.Feeds.Subject(receipt.GetId()), []byte{0xff})
		require.NoError(t, err)
	}
	spoil()
	receipt, err = c.SubmitFeed(t.Context(), feed)
	require.NoError(t, err)
	require.Equal(t, "added", receipt.GetStatus())
	settled(t, b)
	record, _, err := deps.Feeds.Get(t.Context(), receipt.GetId())
	require.NoError(t, err)
	require.Equal(t, o.URL+"/feed", record.GetFeed().GetUrl())

	spoil()
	receipt, err = c.RemoveFeed(t.Context(), receipt.GetId())
	require.NoError(t, err)
	require.Equal(t, "removed", receipt.GetStatus())
	_, _, err = deps.Feeds.Get(t.Context(), receipt.GetId())
	require.ErrorIs(t, err, bus.ErrNotFound)
}

// Many feeds, a stop in the middle of their first polls, and two fetchers after
// it: each feed is polled, has one schedule, and is counted by both.
func TestManyFeedsOverARestart(t *testing.T) {
	t.Parallel()
	const feeds = 600
	o := newOrigin(t)
	for n := range feeds {
		o.serve(fmt.Sprintf("/feed/%d", n), func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `"1"`)
			body(rssType, rss())(w, r)
		})
	}
	b := bustest.Start(t)
	cfg := busConfig(o)
	cfg.HostConnections = 0
	stop := fetchers(t, b, cfg, 1, nil)
	for n := range feeds {
		_, err := b.JS.Publish(t.Context(), topology.SubjectFeedSubmit, fmt.Appendf(nil, "%s/feed/%d", o.URL, n))
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return len(o.log()) > feeds/4 }, time.Minute, 10*time.Millisecond)
	stop()

	registries := []*prometheus.Registry{prometheus.NewRegistry(), prometheus.NewRegistry()}
	next := 0
	fetchers(t, b, cfg, len(registries), func(d *fetch.Deps) { d.Registry = registries[next]; next++ })
	require.Eventually(t, func() bool {
		asked := map[string]bool{}
		for _, r := range o.log() {
			asked[r.path] = true
		}
		return len(asked) == feeds
	}, 2*time.Minute, 50*time.Millisecond)
	settled(t, b)
	require.EqualValues(t, feeds, count(t, b, topology.StreamFeeds), "one schedule a feed")
	require.Empty(t, quarantined(t, b))
	for _, registry := range registries {
		require.Eventually(t, func() bool { return healthy(t, registry) == feeds }, time.Minute, 20*time.Millisecond)
	}
}

// healthy is what the gauge says.
func healthy(t *testing.T, registry *prometheus.Registry) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "dateline_feeds" && m.GetLabel()[0].GetValue() == "healthy" {
				return m.GetGauge().GetValue()
			}
		}
	}
	return 0
}
