package fetch_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// text is enough to stand in for a page.
var text = strings.Repeat("The harbour of Vessmouth reopened on Tuesday. ", 6)

func article(url, feedText string) *datelinev1.Article {
	return &datelinev1.Article{
		Id: urlnorm.ID("a", url), Revision: 1,
		Fetch:  &datelinev1.Fetch{Url: url},
		Source: &datelinev1.Source{FeedUrl: courier, Entry: &datelinev1.Entry{Url: url, Title: "Harbour reopens", Summary: feedText}},
		Trail:  []*datelinev1.Stamp{{Stage: topology.Poll.Name}},
	}
}

func duePage(t testing.TB, a *datelinev1.Article) stage.Raw {
	header := nats.Header{}
	header.Set("Dateline-Slot", "2026-03-01T12:00:00Z")
	return stage.Raw{Subject: topology.PageDue("host", a.GetId()), Header: header, Data: []byte(encoded(t, a))}
}

// page fetches a page as the page stage does.
func (w *world) page(t testing.TB, a *datelinev1.Article) ([]stage.Out, error) {
	t.Helper()
	before := proto.CloneOf(a)
	ctx := stage.WithDelivery(t.Context(), stage.Delivery{
		Stage: topology.Page.Name, Attempt: 1, Sequence: 7, Stored: time.Now(), Started: time.Now(),
	})
	outs, err := w.Page(ctx, duePage(t, a))
	require.True(t, proto.Equal(before, a))
	return outs, err
}

func pageOf(t testing.TB, outs []stage.Out) *datelinev1.Page {
	t.Helper()
	require.Len(t, outs, 1)
	require.True(t, strings.HasPrefix(outs[0].Subject, "articles.fetched."), outs[0].Subject)
	return outs[0].Message.(*datelinev1.Page)
}

func TestPage(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v1"`)
		body("text/html; charset=iso-8859-1", "<p>Caf\xe9 am Hafen")(w, r)
	})
	w := newWorld(t, at(o), withRobots)
	outs, err := w.page(t, article(o.URL+"/a", ""))
	require.NoError(t, err)
	page := pageOf(t, outs)
	require.Equal(t, "<p>Caf\xe9 am Hafen", string(page.GetContent()), "bytes are not decoded here")
	f := page.GetArticle().GetFetch()
	require.Equal(t, uint32(200), f.GetStatus())
	require.Equal(t, "text/html", f.GetContentType())
	require.Equal(t, "iso-8859-1", f.GetCharset())
	require.Equal(t, `"v1"`, f.GetEtag())
	require.Equal(t, "absent", f.GetRobots())
	require.Equal(t, "http", f.GetVia())
	require.Equal(t, "fetcher-page", page.GetArticle().GetTrail()[1].GetStage())
	require.Equal(t, []string{"/robots.txt", "/a"}, []string{o.all()[0].path, o.all()[1].path})
}

func gzipped(n int64) http.HandlerFunc {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.CopyN(z, zeros{}, n)
	_ = z.Close()
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(b.Bytes())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// What becomes of a page by what its origin answers; with is where the feed has
// text to stand in for it.
func TestWhatAPageComesTo(t *testing.T) {
	t.Parallel()
	huge := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.CopyN(w, zeros{}, 50<<20)
	}
	tests := map[string]struct {
		page    http.HandlerFunc
		without error // nil: permanent
		reason  string
	}{
		"not found":     {status(404), stage.Drop("gone"), "gone"},
		"gone":          {status(410), stage.Drop("gone"), "gone"},
		"forbidden":     {status(403), stage.Drop("forbidden"), "forbidden"},
		"paywall":       {status(402), stage.Drop("forbidden"), "forbidden"},
		"teapot":        {status(418), stage.Drop("status"), "status"},
		"picture":       {body("image/jpeg", "\xff\xd8\xff"), stage.Drop("media-type"), "media-type"},
		"50 MB":         {huge, nil, "too-large"},
		"gzip bomb":     {gzipped(8 << 20), nil, "too-large"},
		"redirect loop": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a", http.StatusFound) }, nil, "redirects"},
		"inside": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, nil, "private"},
		"cloud metadata": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, nil, "private"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/a", test.page)
			w := newWorld(t, at(o))
			outs, err := w.page(t, article(o.URL+"/a", "Two words."))
			require.Empty(t, outs)
			if test.without != nil {
				require.Equal(t, test.without, err)
			} else {
				require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err), "%v", err)
			}
			require.Contains(t, w.logged(), test.reason)

			outs, err = w.page(t, article(o.URL+"/a", text))
			require.NoError(t, err, "the feed's text stands in")
			page := pageOf(t, outs)
			require.Empty(t, page.GetContent())
			require.Equal(t, "feed", page.GetArticle().GetFetch().GetVia())
		})
	}
}

// What may pass is tried again later, and not for ever.
func TestWhatAPageWaitsFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		page   http.HandlerFunc
		reason string
		least  time.Duration
	}{
		"empty":              {body("text/html", " \n"), "empty", 30 * time.Second},
		"server error":       {status(503), "status", 30 * time.Second},
		"limited":            {status(429, "Retry-After", "1200"), "status", 20 * time.Minute},
		"limited till later": {status(429, "Retry-After", now.Add(time.Hour).Format(http.TimeFormat)), "status", time.Hour},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "<p>The harb")
		}, "truncated", 30 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/a", test.page)
			w := newWorld(t, at(o), stopped(now))
			a := article(o.URL+"/a", "Two words.")
			outs, err := w.page(t, a)
			require.Equal(t, stage.Defer(test.reason), err)
			require.Len(t, outs, 1)
			require.GreaterOrEqual(t, outs[0].At.Sub(now), test.least)
			require.Equal(t, topology.PageDue(o.host, a.GetId()), outs[0].Target)
			require.Empty(t, outs[0].Header["Dateline-Slot"], "its slot is planned when the time has come")

			ids := map[string]bool{outs[0].ID: true}
			for range 4 {
				// In another world, since in this one the host may have asked for a pause.
				w := newWorld(t, at(o), stopped(now))
				a = outs[0].Message.(*datelinev1.Article)
				outs, err = w.page(t, a)
				require.Equal(t, stage.Defer(test.reason), err)
				require.False(t, ids[outs[0].ID], "the server would take %s for a repeat", outs[0].ID)
				ids[outs[0].ID] = true
			}
			a = outs[0].Message.(*datelinev1.Article)
			_, err = newWorld(t, at(o), stopped(now)).page(t, a)
			require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
			require.ErrorContains(t, err, "gave up after 6 attempts")

			a.Source.Entry.Summary = text
			outs, err = newWorld(t, at(o), stopped(now)).page(t, a)
			require.NoError(t, err)
			require.Equal(t, "feed", pageOf(t, outs).GetArticle().GetFetch().GetVia())
		})
	}
}

func TestRetryAfterOfAPageSparesItsHost(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", status(429, "Retry-After", "600")).serve("/b", body("text/html", harbour))
	w := newWorld(t, at(o), withRobots)
	_, err := w.page(t, article(o.URL+"/a", ""))
	require.Equal(t, stage.Defer("status"), err)
	outs, err := w.page(t, article(o.URL+"/b", ""))
	require.Equal(t, stage.Defer("host-busy"), err, "also pages that had their slot before")
	require.GreaterOrEqual(t, time.Until(outs[0].At), 9*time.Minute)
	require.NotEmpty(t, outs[0].Header["Dateline-Slot"])
	require.Len(t, o.log(), 1)
}

func TestAPageThatIsPutOffTwiceHasTwoIDs(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	w := newWorld(t, at(o), withDelay(time.Hour))
	_, err := w.page(t, article(o.URL+"/a", ""))
	require.Equal(t, stage.Drop("gone"), err)
	raw := duePage(t, article(o.URL+"/b", ""))
	first, err := w.Page(delivery(t, 7), raw)
	require.Equal(t, stage.Defer("host-busy"), err)
	second, err := w.Page(delivery(t, 8), raw)
	require.Equal(t, stage.Defer("host-busy"), err)
	require.NotEqual(t, first[0].ID, second[0].ID, "the server would drop the page as a repeat")
}

func TestRobots(t *testing.T) {
	t.Parallel()
	rules := func(text string) http.HandlerFunc { return body("text/plain", text) }
	t.Run("disallowed", func(t *testing.T) {
		t.Parallel()
		o := newOrigin(t).serve("/robots.txt", rules("User-agent: dateline\nDisallow: /private/"))
		o.serve("/private/a", body("text/html", harbour))
		w := newWorld(t, at(o), withRobots)
		_, err := w.page(t, article(o.URL+"/private/a", ""))
		require.Equal(t, stage.Drop("robots"), err)
		outs, err := w.page(t, article(o.URL+"/private/a", text))
		require.NoError(t, err)
		require.Equal(t, "disallowed", pageOf(t, outs).GetArticle().GetFetch().GetRobots())
		require.Empty(t, o.log())
		require.Len(t, o.all(), 1, "the file is kept")
	})
	t.Run("unreachable", func(t *testing.T) {
		t.Parallel()
		o := newOrigin(t).serve("/robots.txt", status(500)).serve("/a", body("text/html", harbour))
		w := newWorld(t, at(o), withRobots)
		_, err := w.page(t, article(o.URL+"/a", ""))
		require.Equal(t, stage.Defer("robots-unreachable"), err)
		require.Empty(t, o.log())
	})
	t.Run("counts against the host's budget", func(t *testing.T) {
		t.Parallel()
		o := newOrigin(t).serve("/a", body("text/html", harbour))
		w := newWorld(t, at(o), withRobots, withDelay(time.Hour))
		outs, err := w.page(t, article(o.URL+"/a", ""))
		require.Equal(t, stage.Defer("host-busy"), err)
		require.GreaterOrEqual(t, time.Until(outs[0].At), 59*time.Minute)
		require.Empty(t, o.log())
	})
	t.Run("crawl-delay moves the slot", func(t *testing.T) {
		t.Parallel()
		o := newOrigin(t).serve("/robots.txt", rules("User-agent: *\nCrawl-delay: 300"))
		for _, p := range []string{"/a", "/b"} {
			o.serve(p, body("text/html", harbour))
		}
		w := newWorld(t, at(o), withRobots)
		outs, err := w.page(t, article(o.URL+"/a", ""))
		require.NoError(t, err)
		pageOf(t, outs)
		outs, err = w.page(t, article(o.URL+"/b", ""))
		require.Equal(t, stage.Defer("host-busy"), err)
		require.GreaterOrEqual(t, time.Until(outs[0].At), 299*time.Second)
	})
	t.Run("switched off", func(t *testing.T) {
		t.Parallel()
		o := newOrigin(t).serve("/robots.txt", rules("User-agent: *\nDisallow: /")).serve("/a", body("text/html", harbour))
		outs, err := newWorld(t, at(o)).page(t, article(o.URL+"/a", ""))
		require.NoError(t, err)
		require.Equal(t, "unchecked", pageOf(t, outs).GetArticle().GetFetch().GetRobots())
	})
}

func TestARedirectToAnotherArticleIsADuplicate(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	o.serve("/old", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/new?utm_medium=x", http.StatusFound)
	})
	o.serve("/new", body("text/html", harbour))
	w := newWorld(t, at(o))
	outs, err := w.page(t, article(o.URL+"/old", ""))
	require.NoError(t, err, "nobody knows the other address")
	require.Equal(t, o.URL+"/new?utm_medium=x", pageOf(t, outs).GetArticle().GetFetch().GetFinalUrl())

	other := article(o.URL+"/new", "")
	w.seen.find(stage.Out{Subject: topology.ArticleFound(o.host, other.GetId()), Message: other})
	_, err = w.page(t, article(o.URL+"/old", ""))
	require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(err))
	outs, err = w.page(t, other)
	require.NoError(t, err)
	pageOf(t, outs)
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	t.Run("gives each page its slot", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, withDelay(time.Hour))
		outs, err := w.Admit(delivery(t, 1), article("https://courier.example/a", ""))
		require.NoError(t, err)
		require.Equal(t, topology.PageDue("courier.example", article("https://courier.example/a", "").GetId()), outs[0].Subject)
		for i := range 3 {
			outs, err = w.Admit(delivery(t, 1), article(fmt.Sprintf("https://courier.example/%d", i), ""))
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(outs[0].Subject, "pages.wait."))
			require.WithinDuration(t, time.Now().Add(time.Duration(i+1)*time.Hour), outs[0].At, time.Minute)
		}
	})
	t.Run("hands on what has no page", func(t *testing.T) {
		t.Parallel()
		a := article("", text)
		a.Id, a.Fetch = "atide", &datelinev1.Fetch{Via: "feed"}
		outs, err := newWorld(t).Admit(delivery(t, 1), a)
		require.NoError(t, err)
		require.Equal(t, topology.ArticleFetched("courier.example", "atide"), outs[0].Subject)
	})
	t.Run("knows what was pushed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		_, err := w.Push(delivery(t, 1), pushed(inbox(bus.HeaderURL, "https://courier.example/a"), harbour))
		require.NoError(t, err)
		_, err = w.Admit(delivery(t, 2), article("https://courier.example/a", ""))
		require.Equal(t, stage.VerdictDuplicate, stage.VerdictOf(err))
	})
	t.Run("refuses what is none", func(t *testing.T) {
		t.Parallel()
		for _, a := range []*datelinev1.Article{{}, {Id: "a1"}, {Id: "a b", Fetch: &datelinev1.Fetch{Url: courier}}, {Id: "a1", Fetch: &datelinev1.Fetch{Url: "ftp://x"}}} {
			_, err := newWorld(t).Admit(delivery(t, 1), a)
			require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
			_, err = newWorld(t).Page(delivery(t, 1), duePage(t, a))
			require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
		}
	})
}
