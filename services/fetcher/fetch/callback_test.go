package fetch_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// recordOf reads a feed's entry in the registry.
func recordOf(t *testing.T, b *bus.Bus, id string) *datelinev1.FeedRecord {
	t.Helper()
	store, err := bus.OpenStore[datelinev1.FeedRecord](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	record, _, err := store.Get(t.Context(), id)
	require.NoError(t, err)
	return record
}

// TestFromHubToArticles follows a feed from its submission to what its hub delivers,
// with several replicas: the hub's calls go to either.
func TestFromHubToArticles(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	o := newOrigin(t).serve("/a", body("text/html", harbour)).serve("/b", body("text/html", harbour)).serve("/c", body("text/html", harbour))
	h := newHub(t, false)
	o.serve("/feed", body(rssType, rss(advertised(h.URL+"/", o.URL+"/feed"), item(o.URL+"/a", "1", "Harbour reopens", "Soon."))))

	var called atomic.Int64
	replicas := []http.Handler{nil, nil}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		replicas[called.Add(1)%2].ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	cfg := busConfig(o)
	cfg.AllowHosts = append(cfg.AllowHosts, h.Listener.Addr().String())
	cfg.WebSubURL, cfg.WebSubLease = front.URL, time.Hour
	for i := range replicas {
		deps, err := fetch.Open(t.Context(), b)
		require.NoError(t, err)
		f, err := fetch.New(cfg, deps)
		require.NoError(t, err)
		t.Cleanup(f.Close)
		replicas[i] = f.Callbacks()
	}
	fetchers(t, b, cfg, 2, nil)

	receipt, err := client.New(b).SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	id := receipt.GetId()
	require.Eventually(t, func() bool { return h.holds() == 1 && recordOf(t, b, id).GetHub().GetState() == "active" }, time.Minute, 10*time.Millisecond)
	hub := recordOf(t, b, id).GetHub()
	require.False(t, recordOf(t, b, id).GetPoll().GetNextPollAt().AsTime().After(hub.GetLeaseUntil().AsTime()), "the next poll is in time to renew")

	form := h.only(t)
	for i, name := range []string{"/b", "/c"} {
		entry := item(o.URL+name, name, "Dispatch "+name, "Soon.")
		require.Equal(t, 202, h.deliver(t, form, rssType, rss(entry), ""))
		// A hub that did not hear of it delivers again, to the other replica.
		require.Equal(t, 202, h.deliver(t, form, rssType, rss(entry), ""))
		require.Eventually(t, func() bool { return recordOf(t, b, id).GetHub().GetDeliveries() == uint32(i+1) }, time.Minute, 10*time.Millisecond)
	}
	require.GreaterOrEqual(t, called.Load(), int64(5))
	pages := fetched(t, b, 3)
	urls := map[string]string{}
	for _, p := range pages {
		urls[p.GetArticle().GetFetch().GetUrl()] = p.GetArticle().GetTrail()[0].GetStage()
	}
	require.Equal(t, map[string]string{
		o.URL + "/a": "fetcher-poll", o.URL + "/b": "fetcher-deliver", o.URL + "/c": "fetcher-deliver",
	}, urls)
	settled(t, b)

	// More than a message may hold.
	long := rss(item(o.URL+"/a", "1", "Harbour reopens", fmt.Sprintf("%01000000d", 0)), item("https://courier.example/"+fmt.Sprintf("%0300000d", 0), "x", "Long", "Long."))
	require.Greater(t, len(long), 1<<20)
	require.Equal(t, 413, h.deliver(t, form, rssType, long, ""), "the limit is the fetcher's")
	require.Empty(t, quarantined(t, b))

	_, err = client.New(b).RemoveFeed(t.Context(), id)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return h.holds() == 0 }, time.Minute, 10*time.Millisecond)
	require.Equal(t, 410, h.deliver(t, form, rssType, rss(), ""))
}

// A delivery that is refused because the stream is full is delivered again.
func TestDeliveryToAFullStream(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	stream, err := b.JS.Stream(t.Context(), topology.StreamSubmissions)
	require.NoError(t, err)
	limit := stream.CachedInfo().Config
	full := limit
	full.MaxBytes = 1
	_, err = b.JS.UpdateStream(t.Context(), full)
	require.NoError(t, err)
	h := newHub(t, false)
	deps, err := fetch.Open(t.Context(), b)
	require.NoError(t, err)
	registry := prometheus.NewRegistry()
	deps.Registry = registry
	cfg := testConfig()
	cfg.WebSubURL, cfg.WebSubLease = "https://dateline.example", day
	f, err := fetch.New(cfg, deps)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	front := httptest.NewServer(f.Callbacks())
	t.Cleanup(front.Close)
	sub := &datelinev1.HubSubscription{HubUrl: "http://hub.example/", TopicUrl: courier, Secret: "s3cret", State: "active"}
	_, err = deps.Feeds.Put(t.Context(), "f1", &datelinev1.FeedRecord{Feed: &datelinev1.Feed{Id: "f1", Url: courier}, Poll: &datelinev1.PollState{}, Hub: sub}, 0)
	require.NoError(t, err)
	form := map[string][]string{"hub.callback": {front.URL + "/websub/f1/" + fetch.HubToken(sub, "f1")}}
	require.Equal(t, 503, h.deliver(t, form, rssType, rss(tuesday), ""))
	_, err = b.JS.UpdateStream(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 202, h.deliver(t, form, rssType, rss(tuesday), ""))
	require.EqualValues(t, 1, count(t, b, topology.StreamSubmissions))
	for series, want := range map[string]float64{"accepted": 1, "refused": 1, "forged": 0} {
		got, err := testutil.GatherAndCount(registry, "dateline_websub_deliveries_total")
		require.NoError(t, err)
		require.Equal(t, 7, got)
		require.Equal(t, want, value(t, registry, "dateline_websub_deliveries_total", series))
	}

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Reconcile(ctx, func(context.Context, stage.Out) error { return nil }) }()
	require.Eventually(t, func() bool { return value(t, registry, "dateline_websub_subscriptions", "active") == 1 }, time.Minute, time.Millisecond)
	cancel()
	require.Error(t, <-done)
}

// value is that of the series of a metric with a label's value; -1 if there is none.
func value(t *testing.T, registry *prometheus.Registry, name, label string) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == label {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return -1
}

func TestCallbackListener(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	listener := func(addr string, log *zap.Logger) worker.Stage {
		deps, err := fetch.Open(t.Context(), b)
		require.NoError(t, err)
		deps.Log = log
		cfg := testConfig()
		cfg.WebSubURL, cfg.WebSubListen, cfg.WebSubLease = "https://dateline.example", addr, day
		f, err := fetch.New(cfg, deps)
		require.NoError(t, err)
		t.Cleanup(f.Close)
		stages, err := f.Stages(worker.NewEnv(b, zaptest.NewLogger(t), prometheus.NewRegistry(), nil))
		require.NoError(t, err)
		last := stages[len(stages)-1]
		require.Equal(t, "fetcher-websub", last.Name())
		return last
	}
	core, logs := observer.New(zapcore.InfoLevel)
	l := listener("127.0.0.1:0", zap.New(core))
	require.NoError(t, l.Ready())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	require.Eventually(t, func() bool { return logs.FilterMessage("listening for hubs").Len() == 1 }, time.Minute, time.Millisecond)
	addr := logs.FilterMessage("listening for hubs").All()[0].ContextMap()["address"].(string)
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	resp, err := c.Post("http://"+addr+"/websub/fnone/0123456789abcdef0123456789abcdef01234567", rssType, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusGone, resp.StatusCode)
	cancel()
	require.NoError(t, <-done)
	_, err = net.DialTimeout("tcp", addr, time.Second)
	require.Error(t, err, "it is closed")

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	require.ErrorContains(t, listener(taken.Addr().String(), nil).Run(t.Context()), "fetcher.websub-listen")
}
