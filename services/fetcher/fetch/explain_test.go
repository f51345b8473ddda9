package fetch_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestReadFeedWithNoBroker(t *testing.T) {
	t.Parallel()
	doc := []byte(rss(item("/a", "1", "Harbour reopens", "Soon.")))
	feed, err := fetch.ReadFeed(doc, "https://courier.example/feed.xml", rssType)
	require.NoError(t, err)
	require.Equal(t, "https://courier.example/a", feed.GetEntries()[0].GetUrl())
	require.NotEmpty(t, feed.GetUrl())
	_, err = fetch.ReadFeed([]byte(harbour), courier, "text/html")
	require.Error(t, err)

	require.True(t, fetch.IsFeed(doc, ""))
	require.True(t, fetch.IsFeed(doc, "application/xml"))
	require.True(t, fetch.IsFeed(nil, "Application/RSS+XML; charset=utf-8"))
	require.False(t, fetch.IsFeed([]byte(harbour), ""))
	require.False(t, fetch.IsFeed(doc, "text/plain"))
	require.False(t, fetch.IsFeed([]byte(wire), ""))
}

func TestDocumentWithNoBroker(t *testing.T) {
	t.Parallel()
	page := fetch.Document("", "https://courier.example/a#x", `Text/HTML; charset="latin1"`, []byte(harbour), time.Now())
	require.Equal(t, article("https://courier.example/a", "").GetId(), page.GetArticle().GetId(), "the identity that a feed would give it")
	require.Equal(t, "text/html", page.GetArticle().GetFetch().GetContentType())
	require.Equal(t, "latin1", page.GetArticle().GetFetch().GetCharset())

	w := newWorld(t)
	outs, err := w.Push(delivery(t, 1), pushed(nil, wire))
	require.NoError(t, err)
	page = fetch.Document("", "", "", []byte(wire), time.Now())
	require.Equal(t, pageOf(t, outs).GetArticle().GetId(), page.GetArticle().GetId(), "or a push")
	require.Equal(t, "text/plain", page.GetArticle().GetFetch().GetContentType())
	require.Equal(t, "mine", fetch.Document("mine", "", "", nil, time.Now()).GetArticle().GetId())
}

func TestGetWithNoBroker(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html; charset=utf-8", harbour))
	cfg := testConfig()
	cfg.AllowHosts = []string{o.host}
	page, err := fetch.Get(t.Context(), cfg, o.URL+"/a#top")
	require.NoError(t, err)
	require.Equal(t, harbour, string(page.GetContent()))
	require.Equal(t, o.URL+"/a", page.GetArticle().GetFetch().GetUrl())
	require.Equal(t, "http", page.GetArticle().GetFetch().GetVia())
	require.True(t, strings.HasPrefix(o.log()[0].header.Get("User-Agent"), "Dateline/"))

	_, err = fetch.Get(t.Context(), cfg, o.URL+"/missing")
	require.ErrorContains(t, err, "answered 404")
	_, err = fetch.Get(t.Context(), testConfig(), o.URL+"/a")
	require.ErrorContains(t, err, "refused to fetch")
	_, err = fetch.Get(t.Context(), cfg, "no URL")
	require.ErrorContains(t, err, "not a URL")
}

// An origin may answer any number, which must not become as many series.
func TestMetricsAreBounded(t *testing.T) {
	t.Parallel()
	code := http.StatusOK
	o := newOrigin(t)
	o.serve("/a", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	registry := prometheus.NewRegistry()
	w := newWorld(t, at(o), func(_ *fetch.Config, d *fetch.Deps) { d.Registry = registry })
	for code = 600; code < 640; code++ {
		_, err := w.page(t, article(o.URL+"/a", ""))
		require.Equal(t, stage.VerdictDeferred, stage.VerdictOf(err))
	}
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() == "dateline_fetch_responses_total" {
			require.Len(t, family.GetMetric(), 1)
		}
	}
}
