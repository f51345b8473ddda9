package fetch_test

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// told answers one after the other, the last for ever.
func told(answers ...http.HandlerFunc) http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		answers[min(int(n.Add(1)), len(answers))-1](w, r)
	}
}

// A page changes, stays, goes, comes back and goes for good, through a server.
func TestTheLifeOfAPage(t *testing.T) {
	t.Parallel()
	notModified := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"v1"` {
			t.Error("the look was not conditional")
		}
		w.WriteHeader(http.StatusNotModified)
	}
	first := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v1"`)
		body("text/html", harbour)(w, r)
	}
	o := newOrigin(t).serve("/a", told(
		first, notModified, body("text/html", harbour+"<p>Corrected."), status(500), status(404), status(404), status(404),
		body("text/html", harbour+"<p>Corrected."), status(410)))
	o.serve("/feed", body(rssType, rss(item(o.URL+"/a", "courier-1", "Harbour reopens", "Soon."))))
	b := bustest.Start(t)
	cfg := busConfig(o)
	cfg.Refetch, cfg.RefetchBudget = slices.Repeat([]string{"100ms"}, 9), 1000
	cfg.Robots = false
	fetchers(t, b, cfg, 2, nil)
	_, err := client.New(b).SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)

	type seen struct {
		text     bool
		vanished bool
		status   uint32
	}
	var got []seen
	ids := map[string]bool{}
	for _, p := range fetched(t, b, 5) {
		got = append(got, seen{len(p.GetContent()) > 0, p.GetArticle().GetVanishedAt() != nil, p.GetArticle().GetFetch().GetStatus()})
		ids[p.GetArticle().GetId()] = true
	}
	require.Equal(t, []seen{{true, false, 200}, {true, false, 200}, {false, true, 404}, {true, false, 200}, {false, true, 410}}, got)
	require.Len(t, ids, 1)
	require.Eventually(t, func() bool { return count(t, b, topology.StreamPages) == 0 }, time.Minute, 10*time.Millisecond, "all looks are spent")
	settled(t, b)
	require.Empty(t, quarantined(t, b))
	require.EqualValues(t, 5, count(t, b, topology.StreamArchive))
}

// Pages that wait for another look are no backlog of the stage.
func TestLooksToComeAreNotPending(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", body("text/html", harbour)).serve("/b", body("text/html", harbour))
	o.serve("/feed", body(rssType, rss(
		item(o.URL+"/a", "courier-1", "Harbour reopens", "Soon."), item(o.URL+"/b", "courier-2", "Ferry fares", "Later."))))
	b := bustest.Start(t)
	cfg := busConfig(o)
	cfg.Refetch, cfg.RefetchBudget = []string{"1h"}, 1000
	fetchers(t, b, cfg, 1, nil)
	_, err := client.New(b).SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	fetched(t, b, 2)
	settled(t, b)
	require.EqualValues(t, 2, count(t, b, topology.StreamPages), "they wait")
	consumer, err := b.JS.Consumer(t.Context(), topology.Page.Stream, topology.Page.Name)
	require.NoError(t, err)
	require.Zero(t, consumer.CachedInfo().NumPending)

	deps, err := fetch.Open(t.Context(), b)
	require.NoError(t, err)
	visit, sequence, err := deps.Seen.Visit(t.Context(), article(o.URL+"/a", "").GetId())
	require.NoError(t, err)
	require.NotZero(t, sequence)
	require.Equal(t, o.URL+"/a", visit.GetUrl())
	require.EqualValues(t, 1, visit.GetFetches())
	none, _, err := deps.Seen.Visit(t.Context(), "anobody")
	require.NoError(t, err)
	require.Nil(t, none)
}

// Another feed of the publisher brings an article under a new address, to which the
// old one leads by now.
func TestAnArticleThatMoves(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/old", body("text/html", harbour)).serve("/new", body("text/html", harbour+"<p>Moved."))
	o.serve("/feed", body(rssType, rss(item(o.URL+"/old", "courier-4711", "Harbour reopens", "Soon."))))
	o.serve("/all", body(rssType, rss(item(o.URL+"/new", "courier-4711", "Harbour reopens", "Soon."))))
	b := bustest.Start(t)
	cfg := busConfig(o)
	cfg.Refetch, cfg.RefetchBudget = []string{"1h"}, 1000
	fetchers(t, b, cfg, 2, func(d *fetch.Deps) { d.Seen = longAgo{d.Seen} })
	c := client.New(b)
	_, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/feed"})
	require.NoError(t, err)
	fetched(t, b, 1)
	settled(t, b)
	_, err = c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: o.URL + "/all"})
	require.NoError(t, err)
	pages := fetched(t, b, 2)
	require.Equal(t, pages[0].GetArticle().GetId(), pages[1].GetArticle().GetId())
	require.Equal(t, o.URL+"/new", pages[1].GetArticle().GetFetch().GetUrl())
	require.Equal(t, []string{o.URL + "/old"}, pages[1].GetArticle().GetAliases())
	settled(t, b)
	require.Empty(t, quarantined(t, b))
}
