package fetch_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// journey is an article's page on its way to the parser, in a sim.
type journey struct {
	*sim
	// due is what makes it due; nil when it waits no more.
	due *stage.Out
	// page is what went to the parser; nil if nothing did.
	page *datelinev1.Page
	// end is the last verdict.
	end error
}

// send sends for the page of an article found.
func (s *sim) send(url string) *journey {
	s.t.Helper()
	j := &journey{sim: s}
	j.take(s.Admit(s.delivery(), article(url, "")))
	return j
}

func (j *journey) take(outs []stage.Out, err error) {
	j.due, j.end = nil, err
	for _, out := range outs {
		switch {
		case strings.HasPrefix(out.Subject, "pages."):
			j.due = &out
		case strings.HasPrefix(out.Subject, "articles.fetched."):
			j.page = out.Message.(*datelinev1.Page)
		default:
			require.True(j.t, strings.HasPrefix(out.Subject, "articles.alias."), out.Subject)
		}
	}
}

// try fetches the page as often as it is due, n times at most, each at its time.
func (j *journey) try(n int) *journey {
	j.t.Helper()
	for ; n > 0 && j.due != nil; n-- {
		j.sleep(max(0, j.due.At.Sub(j.now())))
		header := nats.Header{}
		for name, value := range j.due.Header {
			header.Set(name, value)
		}
		raw := stage.Raw{Subject: j.due.Subject, Header: header, Data: []byte(encoded(j.t, j.due.Message))}
		ctx := stage.WithDelivery(j.t.Context(), stage.Delivery{
			Stage: topology.Page.Name, Attempt: 1, Stored: j.now(), Started: j.now(), Sequence: 1,
		})
		j.take(j.Page(ctx, raw))
	}
	return j
}

// enough is more than a page is ever tried.
const enough = 20

// came fetches the page, which has to come in the end.
func (j *journey) came() *journey {
	j.t.Helper()
	j.try(enough)
	require.NoError(j.t, j.end)
	require.NotNil(j.t, j.page)
	return j
}

// paged is a sim with one site that has a page at /a, and others of a path's start.
func paged(t *testing.T, page http.HandlerFunc, settings ...setting) (*sim, *site) {
	t.Helper()
	s := newSim(t, settings...)
	return s, s.site().serve("/a", page)
}

func story(headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		body("text/html", harbour)(w, r)
	}
}

// TestConductOfPages holds what fetches pages to what origins may expect of it.
func TestConductOfPages(t *testing.T) {
	t.Parallel()
	clock := func(s *sim, layout string, in time.Duration) func() string {
		return func() string { return s.now().Add(in).UTC().Format(layout) }
	}
	said := func(value string) func(*sim) func() string {
		return func(*sim) func() string { return func() string { return value } }
	}
	in2h := func(layout string) func(*sim) func() string {
		return func(s *sim) func() string { return clock(s, layout, 2*time.Hour) }
	}
	for name, test := range map[string]func(*testing.T){
		"ua":          pageHeader("User-Agent", "Dateline/"),
		"no-cookie":   pageHeader("Cookie", ""),
		"no-referer":  pageHeader("Referer", ""),
		"accept":      pageHeader("Accept", "text/html"),
		"gzip":        pageCodings,
		"no-query":    pageOneGet,
		"one-get":     pageOneGet,
		"robots":      pageRobots,
		"host-par":    pageHostPar,
		"404":         pageGone(http.StatusNotFound),
		"gone":        pageGone(http.StatusGone),
		"backoff":     pageBackoff,
		"ra-seconds":  pageRetryAfter(said("7200"), 2*time.Hour, 2*time.Hour),
		"ra-date":     pageRetryAfter(in2h(http.TimeFormat), 2*time.Hour-time.Second, 2*time.Hour),
		"ra-date850":  both(pageRetryAfter(in2h("Monday, 02-Jan-06 15:04:05 GMT"), 2*time.Hour-time.Second, 2*time.Hour), pageRetryAfter(in2h(time.ANSIC), 2*time.Hour-time.Second, 2*time.Hour)),
		"ra-zero":     pageRetryAfter(said("0"), time.Minute/2, time.Minute),
		"ra-negative": both(pageRetryAfter(said("-1"), time.Minute/2, time.Minute), pageRetryAfter(said("1.5"), time.Minute/2, time.Minute), pageRetryAfter(said(""), time.Minute/2, time.Minute), pageRetryAfter(said("soon"), time.Minute/2, time.Minute)),
		"ra-huge":     pageRetryAfter(said("1"+strings.Repeat("0", 20)), day, day),
		"ra-past":     pageRetryAfter(func(s *sim) func() string { return clock(s, http.TimeFormat, -day) }, time.Minute/2, time.Minute),
		"ra-host":     pageHoldsHost,
		"ra-301":      pageRetryAfterWithoutError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func both(tests ...func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) {
		for _, test := range tests {
			test(t)
		}
	}
}

// pageHeader wants a header to hold something in all requests, robots.txt included, or
// not to be there.
func pageHeader(name, holds string) func(*testing.T) {
	return func(t *testing.T) {
		s, o := paged(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", "a=b")
			http.Redirect(w, r, "/b", http.StatusFound)
		}, withRobots)
		o.serve("/b", story("Set-Cookie", "a=b")).serve("/c", story())
		o.serve("/robots.txt", story("Set-Cookie", "a=b"))
		s.send(o.URL + "/a").came()
		s.send(o.URL + "/c").came()
		require.Len(t, o.asked(""), 4)
		for _, v := range o.asked("") {
			require.Equal(t, holds == "", len(v.header[name]) == 0, v.url)
			if name != "Accept" || v.url != "/robots.txt" {
				require.Contains(t, v.header.Get(name), holds, v.url)
			}
			if name == "User-Agent" {
				require.Regexp(t, `^Dateline/\S+ \(\+https://\S+\)$`, v.header.Get(name))
			}
		}
	}
}

// pageCodings wants gzip offered, and of all that is offered that it is read.
func pageCodings(t *testing.T) {
	s, o := paged(t, story())
	s.send(o.URL + "/a").came()
	offered := o.asked("/a")[0].header.Get("Accept-Encoding")
	require.Contains(t, offered, "gzip")
	for _, coding := range strings.Split(offered, ",") {
		coding, _, _ = strings.Cut(strings.TrimSpace(coding), ";")
		o.serve("/"+coding, packed(t, coding, harbour))
		require.Equal(t, harbour, string(s.send(o.URL+"/"+coding).came().page.GetContent()), coding)
	}
}

func pageOneGet(t *testing.T) {
	s, o := paged(t, story("Etag", `"1"`))
	s.send(o.URL + "/a").came()
	require.Len(t, o.asked(""), 1)
	require.Equal(t, http.MethodGet, o.asked("")[0].method)
	require.Equal(t, "/a", o.asked("")[0].url)
}

// Pages obey robots.txt; one that cannot be had keeps them away, too (RFC 9309, section
// 2.3.1.4).
func pageRobots(t *testing.T) {
	s, o := paged(t, story(), withRobots)
	o.serve("/robots.txt", body("text/plain", "User-agent: dateline\nDisallow: /a\n")).serve("/b", story())
	require.Equal(t, stage.Drop("robots"), s.send(o.URL+"/a").try(enough).end)
	s.send(o.URL + "/b").came()
	require.Empty(t, o.asked("/a"))
	require.Len(t, o.asked("/robots.txt"), 1, "once for all pages")

	s, o = paged(t, story(), withRobots)
	o.serve("/robots.txt", status(http.StatusServiceUnavailable))
	require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(s.send(o.URL+"/a").try(enough).end))
	require.Empty(t, o.asked("/a"))
}

// Twenty pages of one host, asked for by as many workers: two connections, and each
// page once.
func pageHostPar(t *testing.T) {
	const pages, connections = 20, 2
	var (
		g gauge
		o = newOrigin(t)
		w = newWorld(t, at(o), func(c *fetch.Config, _ *fetch.Deps) { c.HostConnections = connections })
	)
	var workers sync.WaitGroup
	for i := range pages {
		path := fmt.Sprintf("/%d", i)
		o.serve(path, g.served(body("text/html", harbour)))
		workers.Go(func() {
			for {
				_, err := w.Page(delivery(t, 3), duePage(t, article(o.URL+path, "")))
				if err == nil {
					return
				}
				if stage.VerdictOf(err) != stage.VerdictDeferred {
					t.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	require.LessOrEqual(t, g.most, connections)
	require.Len(t, o.log(), pages)
}

func pageGone(code int) func(*testing.T) {
	return func(t *testing.T) {
		s, o := paged(t, status(code))
		require.Equal(t, stage.Drop("gone"), s.send(o.URL+"/a").try(enough).end)
		require.Len(t, o.asked(""), 1, "it is not asked for again")
	}
}

func pageBackoff(t *testing.T) {
	s, o := paged(t, status(http.StatusServiceUnavailable))
	require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(s.send(o.URL+"/a").try(enough).end))
	gaps := waits(o.asked("/a"))
	require.Len(t, gaps, 5, "it is given up at last")
	require.True(t, slices.IsSorted(gaps), "the waits grow: %v", gaps)
	require.GreaterOrEqual(t, gaps[0], time.Minute/2)
	require.LessOrEqual(t, gaps[len(gaps)-1], day, "capped")

	again := func() time.Duration {
		s, o := paged(t, status(http.StatusServiceUnavailable))
		s.send(o.URL + "/a").try(2)
		return waits(o.asked("/a"))[0]
	}
	require.Len(t, unique([]time.Duration{again(), again(), again()}), 3, "with jitter")
}

// pageRetryAfter wants a wait after each of 429 and 503, and then the page.
func pageRetryAfter(value func(*sim) func() string, least, most time.Duration) func(*testing.T) {
	return func(t *testing.T) {
		for _, code := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			var say func() string
			s, o := paged(t, told(func(w http.ResponseWriter, r *http.Request) {
				status(code, "Retry-After", say())(w, r)
			}, story()))
			say = value(s)
			s.send(o.URL + "/a").came()
			gaps := waits(o.asked("/a"))
			require.Len(t, gaps, 1)
			require.GreaterOrEqual(t, gaps[0], least)
			// A pause of the host ends a wait of half a minute later, and all have jitter.
			require.LessOrEqual(t, gaps[0], most+time.Minute)
		}
	}
}

// One page's 429 slows all of its host, and no other.
func pageHoldsHost(t *testing.T) {
	s, o := paged(t, told(status(http.StatusTooManyRequests, "Retry-After", "1800"), story()))
	o.serve("/b", story()).serve("/feed", fixed()(s))
	other := s.site().serve("/c", story())
	limited := s.now()
	page := s.send(o.URL + "/a").try(1)
	s.send(other.URL + "/c").came()
	require.Equal(t, limited, s.now(), "another host is asked at once")
	s.send(o.URL + "/b").came()
	s.follow(&datelinev1.Feed{Url: o.URL + "/feed"})
	s.poll(2)
	page.came()
	for _, v := range o.asked("")[1:] {
		require.GreaterOrEqual(t, v.at.Sub(limited), 30*time.Minute, v.url)
	}
	require.Len(t, o.asked("/a"), 2)
}

func pageRetryAfterWithoutError(t *testing.T) {
	s, o := paged(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "80000")
		http.Redirect(w, r, "/b", http.StatusMovedPermanently)
	})
	o.serve("/b", story("Retry-After", "80000")).serve("/c", story())
	began := s.now()
	s.send(o.URL + "/a").came()
	s.send(o.URL + "/c").came()
	require.Equal(t, began, s.now())
}

// packed serves a text in a content coding.
func packed(t *testing.T, coding, text string) http.HandlerFunc {
	t.Helper()
	var (
		b   bytes.Buffer
		w   io.WriteCloser
		err error
	)
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	default:
		require.Fail(t, "an unknown coding is offered", coding)
	}
	require.NoError(t, err)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		rw.Header().Set("Content-Encoding", coding)
		_, _ = rw.Write(b.Bytes())
	}
}
