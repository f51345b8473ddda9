package demo_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/services/dateline/demo"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// afternoon is the time at which most tests look at the site: a Tuesday, so that
// the edition is Monday's.
var afternoon = time.Date(2026, 11, 24, 15, 46, 12, 0, time.UTC)

func newSite(t *testing.T, now time.Time) *demo.Site {
	t.Helper()
	site, err := demo.New(demo.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	return site
}

// get asks the site for a path; header is pairs of name and value.
func get(t *testing.T, site *demo.Site, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://demo.test:8081"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	site.Handler().ServeHTTP(w, r)
	return w.Result()
}

// body is the text of a path that must be there.
func body(t *testing.T, site *demo.Site, path string) string {
	t.Helper()
	res := get(t, site, path)
	require.Equal(t, http.StatusOK, res.StatusCode, path)
	content, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(content)
}

func TestPathsAreThoseOfTheGoldenList(t *testing.T) {
	t.Parallel()
	const golden = "testdata/paths.golden"
	site := newSite(t, afternoon)
	for range 5 {
		_, ok := site.PublishNext()
		require.True(t, ok)
	}
	var list strings.Builder
	for _, a := range site.Articles() {
		list.WriteString(strings.Join([]string{a.Path, a.Language, a.Paper, string(a.Kind)}, "\t") + "\n")
	}
	for _, path := range append(site.FeedPaths(), site.ExtraFeedPath(), site.HomePath()) {
		list.WriteString(path + "\n")
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(list.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), list.String())
}

func TestSiteIsVaried(t *testing.T) {
	t.Parallel()
	languages, kinds, feeds := map[string]int{}, map[demo.Kind]int{}, map[string]int{}
	site := newSite(t, afternoon)
	for _, a := range site.Articles() {
		languages[a.Language]++
		kinds[a.Kind]++
		feeds[a.Feed]++
	}
	require.GreaterOrEqual(t, len(site.Articles()), 16)
	for _, lang := range []string{"ar", "de", "en", "es", "fr", "it", "ja", "nl", "pt", "ru", "zh"} {
		require.NotZero(t, languages[lang], lang)
	}
	for _, kind := range []demo.Kind{
		demo.KindArticle, demo.KindWire, demo.KindSyndicated, demo.KindRewrite,
		demo.KindLiveBlog, demo.KindConsent, demo.KindPaywall, demo.KindDisallowed,
	} {
		require.NotZero(t, kinds[kind], kind)
	}
	require.Equal(t, 2, feeds[site.ExtraFeedPath()])
	require.NotContains(t, site.FeedPaths(), site.ExtraFeedPath())
}

func TestArticlesHaveTheLengthOfNews(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	for ok := true; ok; _, ok = site.PublishNext() {
		continue
	}
	for _, a := range site.Articles() {
		switch {
		case a.Kind == demo.KindConsent || a.Kind == demo.KindPaywall:
			require.Empty(t, a.Text, a.Path)
		case a.Kind == demo.KindDisallowed || a.Kind == demo.KindLiveBlog:
			require.NotEmpty(t, a.Text, a.Path)
		case a.Language == "zh" || a.Language == "ja":
			require.Greater(t, utf8.RuneCountInString(a.Text), 500, a.Path)
		default:
			words := len(strings.FieldsFunc(a.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
			require.GreaterOrEqual(t, words, 250, a.Path)
			require.LessOrEqual(t, words, 600, a.Path)
		}
	}
}

func TestDatesHoldThroughTheDayAndAreNeverInTheFuture(t *testing.T) {
	t.Parallel()
	for _, clock := range []time.Time{
		time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC),
		time.Date(2026, 11, 24, 20, 30, 0, 0, time.FixedZone("", -3*3600)),
	} {
		site := newSite(t, clock)
		require.Equal(t, newSite(t, afternoon).Articles(), site.Articles())
		for _, a := range site.Articles() {
			require.True(t, a.Published.Before(clock), a.Path)
			require.Less(t, clock.Sub(a.Published), 36*time.Hour, a.Path)
			if !a.Updated.IsZero() {
				require.True(t, a.Updated.After(a.Published) && a.Updated.Before(clock), a.Path)
			}
		}
	}
	next := newSite(t, afternoon.AddDate(0, 0, 1)).Articles()
	for i, a := range newSite(t, afternoon).Articles() {
		if a.Kind != demo.KindDisallowed {
			require.NotEqual(t, a.Path, next[i].Path, "a new day is a new edition")
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	paths := append(site.FeedPaths(), site.ExtraFeedPath(), site.HomePath(), site.Articles()[0].Path)
	for _, path := range paths {
		for _, encoding := range []string{"identity", "gzip"} {
			first := get(t, site, path, "Accept-Encoding", encoding)
			require.Equal(t, http.StatusOK, first.StatusCode, path)
			require.Equal(t, "Accept-Encoding", first.Header.Get("Vary"))
			tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
			require.NotEmpty(t, tag, path)
			require.NotEmpty(t, modified, path)
			for _, header := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", modified}} {
				again := get(t, site, path, append(header, "Accept-Encoding", encoding)...)
				require.Equal(t, http.StatusNotModified, again.StatusCode, path)
				content, err := io.ReadAll(again.Body)
				require.NoError(t, err)
				require.Empty(t, content)
			}
			require.Equal(t, http.StatusOK, get(t, site, path, "If-None-Match", `"other"`, "Accept-Encoding", encoding).StatusCode)
		}
	}
}

func TestGzipIsUsedWhenAskedFor(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	plain := body(t, site, site.HomePath())
	tests := map[string]string{
		"gzip": "gzip", "br, GZIP;q=0.5": "gzip", "": "", "br": "", "gzip;q=0": "", "gzip; q=0.000": "",
	}
	for accept, want := range tests {
		res := get(t, site, site.HomePath(), "Accept-Encoding", accept)
		require.Equal(t, want, res.Header.Get("Content-Encoding"), accept)
	}
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	res, err := server.Client().Get(server.URL + site.HomePath())
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	require.True(t, res.Uncompressed, "the client asked for gzip and unpacked it")
	content, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(plain, "http://demo.test:8081", server.URL), string(content))
}

func TestMethodsAndUnknownPaths(t *testing.T) {
	t.Parallel()
	handler := newSite(t, afternoon).Handler()
	tests := []struct {
		method, path string
		want         int
	}{
		{http.MethodHead, "/", http.StatusOK},
		{http.MethodPost, "/", http.StatusMethodNotAllowed},
		{http.MethodGet, "/nothing", http.StatusNotFound},
		{http.MethodGet, "/../../etc/passwd", http.StatusNotFound},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, &http.Request{Method: tt.method, URL: &url.URL{Path: tt.path}, Header: http.Header{}})
		require.Equal(t, tt.want, w.Code, "%s %s", tt.method, tt.path)
	}
}

func TestRobotsForbidsOneArticle(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	robots := body(t, site, "/robots.txt")
	for _, a := range site.Articles() {
		forbidden := strings.HasPrefix(a.Path, "/ufer/epaper/")
		require.Equal(t, a.Kind == demo.KindDisallowed, forbidden, a.Path)
	}
	require.Contains(t, robots, "Disallow: /ufer/epaper/\n")
}

func TestPublishBringsOutTheReserve(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	before := site.Articles()
	first := get(t, site, "/courier/feed.atom").Header.Get("ETag")
	// Readers keep coming while articles come out.
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				for _, path := range []string{"/", "/courier/", "/orbe/feed.json", before[0].Path} {
					w := httptest.NewRecorder()
					site.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				}
			}
		})
	}
	site.Publish(t.Context(), time.Microsecond)
	cancel()
	readers.Wait()
	after := site.Articles()
	require.Len(t, after, len(before)+5)
	_, ok := site.PublishNext()
	require.False(t, ok)
	for _, a := range after {
		if a.Published.Equal(afternoon) {
			require.Contains(t, body(t, site, a.Feed), a.Path)
			body(t, site, a.Path)
		}
	}
	require.NotEqual(t, first, get(t, site, "/courier/feed.atom").Header.Get("ETag"))
}

func TestPublishIsOffByDefaultAndStopsWithItsContext(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	before := len(site.Articles())
	site.Publish(t.Context(), 0)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	site.Publish(done, time.Hour)
	require.Len(t, site.Articles(), before)
}
