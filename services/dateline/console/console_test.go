package console_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestPageIsSelfContainedAndGuarded(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for path, kind := range map[string]string{
		"/":                  "text/html; charset=utf-8",
		"/assets/app.js":     "text/javascript; charset=utf-8",
		"/assets/text.js":    "text/javascript; charset=utf-8",
		"/assets/api.js":     "text/javascript; charset=utf-8",
		"/assets/books.js":   "text/javascript; charset=utf-8",
		"/assets/colours.js": "text/javascript; charset=utf-8",
		"/assets/lists.js":   "text/javascript; charset=utf-8",
		"/assets/theme.js":   "text/javascript; charset=utf-8",
		"/assets/trace.js":   "text/javascript; charset=utf-8",
		"/assets/style.css":  "text/css; charset=utf-8",
		"/assets/narrow.css": "text/css; charset=utf-8",
		"/assets/icon.svg":   "image/svg+xml",
		"/api/feeds":         "application/json",
		"/api/quarantine":    "application/json",
	} {
		res, body := r.get(path)
		require.Equal(t, http.StatusOK, res.StatusCode, path)
		require.Equal(t, kind, res.Header.Get("Content-Type"), path)
		require.Equal(t, policy, res.Header.Get("Content-Security-Policy"), path)
		require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", res.Header.Get("Referrer-Policy"), path)
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "https://cdn", " style=\"", "onclick=\""} {
			require.NotContains(t, body, forbidden, path)
		}
	}
	res, _ := r.get("/assets/app.js")
	res, _ = r.get("/assets/app.js", "If-None-Match", res.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, res.StatusCode)

	res, _ = r.get("/assets/../console.go")
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	res, body := r.get("/api/feeds", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors")
	require.Equal(t, http.StatusForbidden, res.StatusCode, body)
	res, _ = r.get("/", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
	require.Equal(t, http.StatusOK, res.StatusCode, "a link to the console works")
}

func TestNothingCanBeChanged(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	for _, path := range []string{"/", "/api/feeds", "/api/quarantine", "/api/stream", "/api/articles/1"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader("{}"))
			require.NoError(t, err)
			res, err := r.http.Do(req)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode, "%s %s", method, path)
		}
	}
}

func TestStreamResumesAfterTheLastEventSeen(t *testing.T) {
	b := bustest.Start(t)
	for i := range 60 {
		publish(t, b, bus.JSON, plain("a"+strconv.Itoa(i), "Article "+strconv.Itoa(i)))
	}
	r := start(t, b, prometheus.NewRegistry())

	// The first look shows the last fifty.
	s := r.open("")
	for want := 11; want <= 60; want++ {
		id, a := s.article()
		require.Equal(t, strconv.Itoa(want), id)
		require.Equal(t, "Article "+strconv.Itoa(want-1), a["headline"])
	}
	// Older ones are there for searches.
	_, body := r.get("/api/search?q=article+3")
	require.Contains(t, body, `"id":"a3"`)
	// What comes from now on is live, in either encoding.
	publish(t, b, bus.Protobuf, plain("live", "Lifeboat school opens"))
	id, a := s.article()
	require.Equal(t, "61", id)
	require.Equal(t, "Lifeboat school opens", a["headline"])
	require.Equal(t, "The Harbour Courier", a["source"])
	require.Equal(t, "en", a["language"])

	for lastSeen, first := range map[string]string{
		"59": "60",
		// An id of another stream, or no id at all, counts for nothing.
		"4000": "12", "-1": "12", "x": "12",
	} {
		id, _ := r.open(lastSeen).article()
		require.Equal(t, first, id, lastSeen)
	}

	// What cannot be read does not hide what comes after it.
	_, err := b.JS.Publish(t.Context(), topology.ArticleEnriched("en", "", "broken"), []byte("\xff\xff"))
	require.NoError(t, err)
	publish(t, b, bus.JSON, plain("after", "After it"))
	id, _ = s.article()
	require.Equal(t, "63", id)
}

func TestClientsAreBounded(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	var open []*stream
	for range 16 {
		s := r.open("")
		_, ok := s.next("flow")
		require.True(t, ok)
		open = append(open, s)
	}
	res, body := r.get("/api/stream")
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	require.Contains(t, body, "too many pages")

	require.NoError(t, open[0].res.Body.Close())
	require.Eventually(t, func() bool {
		res := r.do("/api/stream")
		defer res.Body.Close()
		return res.StatusCode == http.StatusOK
	}, patience, tick)
}

func TestStopEndsTheStreams(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	s := r.open("")
	_, ok := s.next("flow")
	require.True(t, ok)
	r.stop()
	for ok {
		_, ok = s.next("flow")
	}
}

func TestArticleIsServedAsItIs(t *testing.T) {
	b := bustest.Start(t)
	want := hostile()
	sequence := publish(t, b, bus.JSON, want)
	r := start(t, b, prometheus.NewRegistry())

	res, body := r.get("/api/articles/" + strconv.FormatUint(sequence, 10))
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NotContains(t, body, "<", "markup is escaped even within JSON")
	var event struct {
		Seq       uint64
		Subject   string
		Truncated bool
		Article   json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(body), &event))
	require.Equal(t, sequence, event.Seq)
	require.Equal(t, "articles.enriched.es.none.hostile1", event.Subject)
	require.False(t, event.Truncated)
	var got datelinev1.Article
	require.NoError(t, protojson.Unmarshal(event.Article, &got))
	require.Equal(t, want.GetDocument().GetText(), got.GetDocument().GetText())
	require.Empty(t, got.GetSource().GetEntry().GetContent(), "the feed's markup stays out")
	span := got.GetEnrichment().GetQuotes()[0].GetSpan()
	require.Equal(t, "<img src=x onerror=alert(1)>", string([]rune(got.GetDocument().GetText())[span.GetStart():span.GetEnd()]))

	ack, err := b.JS.Publish(t.Context(), topology.ArticleEnriched("en", "", "broken"), []byte("\xff\xff"))
	require.NoError(t, err)
	res, body = r.get("/api/articles/" + strconv.FormatUint(ack.Sequence, 10))
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	require.Contains(t, body, "cannot be read")

	for path, code := range map[string]int{
		"/api/articles/999": http.StatusNotFound,
		"/api/articles/0":   http.StatusBadRequest,
		"/api/articles/-1":  http.StatusBadRequest,
		"/api/articles/x":   http.StatusBadRequest,
	} {
		res, body := r.get(path)
		require.Equal(t, code, res.StatusCode, path)
		require.Contains(t, body, `"error"`, path)
	}
}

func TestLongArticleIsCut(t *testing.T) {
	b := bustest.Start(t)
	long := plain("long", strings.Repeat("語", 400))
	long.Document.Text = strings.Repeat("語", 250_000)
	for range 2000 {
		long.Enrichment.Quotes = append(long.Enrichment.Quotes, &datelinev1.Quote{Text: "語"})
	}
	sequence := publish(t, b, bus.Protobuf, long)
	r := start(t, b, prometheus.NewRegistry())

	_, summary := r.open("").article()
	require.Len(t, []rune(summary["headline"].(string)), 240)
	_, body := r.get("/api/articles/" + strconv.FormatUint(sequence, 10))
	var event struct {
		Truncated bool
		Article   struct {
			Document   struct{ Text string }
			Enrichment struct{ Quotes []any }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &event))
	require.True(t, event.Truncated)
	require.Len(t, []rune(event.Article.Document.Text), 200_000)
	require.Len(t, event.Article.Enrichment.Quotes, 1000)
}

func TestFlowCountsWhatMoves(t *testing.T) {
	b := bustest.Start(t)
	registry := prometheus.NewRegistry()
	stage.NewMetrics(registry)
	r := start(t, b, registry)
	for _, id := range []string{"d1", "d2", "d3"} {
		msg, err := bus.Encode(topology.ArticleParsed(id), plain(id, id), bus.Protobuf)
		require.NoError(t, err)
		_, err = b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	publish(t, b, bus.JSON, plain("e1", "One"), plain("e2", "Two"))

	flow := r.open("").flow(func(flow map[string]any) bool { return flow["events"].(map[string]any)["lastMinute"] == 2.0 })
	require.NotContains(t, flow, "broker")
	require.EqualValues(t, 2, flow["events"].(map[string]any)["total"])
	stages := make(map[string]map[string]any)
	for _, s := range flow["stages"].([]any) {
		stages[s.(map[string]any)["name"].(string)] = s.(map[string]any)
	}
	require.Len(t, stages, len(topology.Stages()))
	require.EqualValues(t, 3, stages["enricher"]["waiting"])
	require.EqualValues(t, 0, stages["parser"]["waiting"])
	require.Contains(t, stages["fetcher-poll"], "scheduled")
	require.NotContains(t, stages["parser"], "scheduled")
}
