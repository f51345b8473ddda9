package fetch_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// urlset is a sitemap of pages, each "path date".
func urlset(pages ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, p := range pages {
		path, date, _ := strings.Cut(p, " ")
		fmt.Fprintf(&b, "<url><loc>%s</loc><lastmod>%s</lastmod></url>", path, date)
	}
	return b.String() + "</urlset>"
}

// sitemaps are sitemaps as an index lists them, each "url date", where the date may be
// left out.
func sitemaps(listed ...string) []*datelinev1.Sitemap {
	var out []*datelinev1.Sitemap
	for _, l := range listed {
		url, date, _ := strings.Cut(l, " ")
		s := &datelinev1.Sitemap{Url: url}
		if at, err := time.Parse("2006-01-02T15", date); err == nil {
			s.LastModified = timestamppb.New(at)
		}
		out = append(out, s)
	}
	return out
}

func urls(all []*datelinev1.Sitemap) []string {
	var out []string
	for _, s := range all {
		out = append(out, strings.TrimPrefix(s.GetUrl(), "https://x.example/"))
	}
	return out
}

func paths(entries []*datelinev1.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.GetUrl()[strings.LastIndexByte(e.GetUrl(), '/'):])
	}
	return out
}

func TestPickSitemaps(t *testing.T) {
	t.Parallel()
	const x = "https://x.example/"
	for name, tc := range map[string]struct {
		listed, remembered, want []string
	}{
		"none": {nil, nil, nil},
		"changed since, the archive left alone": {
			[]string{x + "a 2025-06-05T10", x + "b 2025-06-05T09", x + "c 2025-06-04T10", x + "old 2025-05-01T00"},
			[]string{x + "a 2025-06-05T10", x + "b 2025-06-05T08"},
			[]string{"b", "c"},
		},
		"first look": {
			[]string{x + "2025-04.xml 2025-05-01T00", x + "2025-05.xml 2025-06-01T00", x + "2025-06.xml 2025-06-05T09"},
			nil,
			[]string{"2025-06.xml"},
		},
		"an old one that was read, and changes": {
			[]string{x + "a 2025-06-05T10", x + "old 2025-05-02T00"}, []string{x + "a 2025-06-05T10", x + "old 2025-05-01T00"}, []string{"old"},
		},
		"without dates: the highest numbers, and the lowest": {
			[]string{x + "posts-1.xml", x + "posts-2.xml", x + "posts-9.xml", x + "posts-10.xml", x + "posts-11.xml"},
			nil,
			[]string{"posts-11.xml", "posts-10.xml", "posts-1.xml"},
		},
		"without dates: months": {
			[]string{x + "2024/12.xml", x + "2025/5.xml", x + "2025/6.xml", x + "2025/4.xml"},
			nil,
			[]string{"2025/6.xml", "2025/5.xml", "2024/12.xml"},
		},
		"one date for all tells nothing": {
			[]string{x + "p1.xml 2025-06-05T10", x + "p2.xml 2025-06-05T10", x + "p3.xml 2025-06-05T10", x + "p4.xml 2025-06-05T10"},
			[]string{x + "p4.xml 2025-06-05T10"},
			[]string{"p4.xml", "p3.xml", "p1.xml"},
		},
		"news first, what is no articles not at all": {
			[]string{x + "category-sitemap.xml", x + "post-sitemap.xml", x + "author-sitemap.xml", x + "news-sitemap.xml", x + "video.xml"},
			nil,
			[]string{"news-sitemap.xml", "post-sitemap.xml"},
		},
		"only others": {[]string{x + "video.xml", x + "image.xml"}, nil, []string{"video.xml", "image.xml"}},
		"all have their turn": {
			[]string{x + "a 2025-06-05T10", x + "b 2025-06-05T09", x + "c 2025-06-05T08", x + "d 2025-06-05T07", x + "e 2025-06-05T06", x + "f 2025-06-05T05", x + "g 2025-06-05T04"},
			[]string{x + "a 2025-06-01T00", x + "b 2025-06-01T00", x + "c 2025-06-01T00", x + "d 2025-06-01T00", x + "e 2025-06-01T00"},
			[]string{"a", "b", "c", "f", "g"},
		},
	} {
		require.Equal(t, tc.want, urls(fetch.PickSitemaps(sitemaps(tc.listed...), sitemaps(tc.remembered...), 5)), name)
	}
}

// TestEachSitemapHasItsTurn: where all change all the time, none is left out for long.
func TestEachSitemapHasItsTurn(t *testing.T) {
	t.Parallel()
	var listed []string
	for i := range 20 {
		listed = append(listed, fmt.Sprintf("https://x.example/section-%c.xml", 'a'+i))
	}
	var remembered []*datelinev1.Sitemap
	asked := map[string]int{}
	for range 12 {
		picked := fetch.PickSitemaps(sitemaps(listed...), remembered, 5)
		require.Len(t, picked, 5)
		now := map[string]bool{}
		for _, s := range picked {
			asked[s.GetUrl()]++
			now[s.GetUrl()] = true
		}
		for _, s := range remembered {
			if !now[s.GetUrl()] {
				picked = append(picked, s)
			}
		}
		remembered = picked
	}
	require.Len(t, asked, 20)
}

func TestExpand(t *testing.T) {
	t.Parallel()
	o := newOrigin(t)
	w := newWorld(t, at(o))
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprint(z, urlset("/b1 2025-06-05T08:30:00Z", "/a1 2025-06-05T09:00:00Z"))
	require.NoError(t, z.Close())
	o.serve("/a.xml", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, urlset("/a1 2025-06-05T09:00:00Z", "/a2 2025-06-05T07:00:00Z", "/undated"))
	})
	o.serve("/b.xml.gz", body("application/gzip", zipped.String()))
	o.serve("/gone.xml", status(http.StatusNotFound))
	o.serve("/lines.txt", body("text/plain", o.URL+"/c1\n"+o.URL+"/c2\n"))

	record := &datelinev1.FeedRecord{Feed: &datelinev1.Feed{Id: "f1", Url: o.URL + "/index.xml", Headers: map[string]string{"X-Key": "secret"}}}
	index := &datelinev1.Feed{Url: o.URL + "/index.xml", Sitemaps: sitemaps(
		o.URL+"/a.xml", o.URL+"/b.xml.gz", o.URL+"/gone.xml", o.URL+"/lines.txt", "https://elsewhere.example/a.xml",
	)}
	entries, children, err := w.Expand(t.Context(), record, index)
	require.NoError(t, err)
	require.Equal(t, []string{"/a1", "/b1", "/a2", "/undated", "/c1", "/c2"}, paths(entries))
	require.Len(t, children, 4)
	require.Equal(t, `"1"`, children[0].GetEtag())
	require.Contains(t, w.logged(), "sitemaps of an index refused")
	require.Contains(t, w.logged(), "answered 404")
	for _, r := range o.log() {
		require.Equal(t, "secret", r.header.Get("X-Key"))
	}

	asked := len(o.log())
	record.Poll = &datelinev1.PollState{Sitemaps: children}
	entries, again, err := w.Expand(t.Context(), record, index)
	require.NoError(t, err)
	require.NotContains(t, paths(entries), "/a2", "a sitemap that did not change gives nothing")
	require.Len(t, again, 4)
	require.Len(t, o.log(), asked+4)

	index.Sitemaps = sitemaps(o.URL + "/gone.xml")
	entries, children, err = w.Expand(t.Context(), record, index)
	require.ErrorContains(t, err, "answered 404")
	require.Empty(t, entries)
	require.Equal(t, o.URL+"/gone.xml", children[0].GetUrl())
}

// TestAnIndexInAnIndex: what one level below lists is read, and what is there again is
// not; what a sitemap holds without a date when it is read for the first time is no news.
func TestAnIndexInAnIndex(t *testing.T) {
	t.Parallel()
	s := newSim(t)
	o := s.site()
	index := func(children ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<sitemapindex>")
			for _, c := range children {
				fmt.Fprintf(w, "<sitemap><loc>%s</loc></sitemap>", c)
			}
			fmt.Fprint(w, "</sitemapindex>")
		}
	}
	now := " " + s.now().Format(time.RFC3339)
	o.serve("/index.xml", index("/years.xml")).serve("/years.xml", index("/2025.xml", "/deeper.xml", "/years.xml")).serve("/deeper.xml", index("/deepest.xml"))
	o.serve("/2025.xml", body("text/xml", urlset("/storm"+now, "/undated")))
	id := s.follow(&datelinev1.Feed{Url: o.URL + "/index.xml"})
	s.poll(1)
	require.Len(t, s.found, 1)
	require.Equal(t, o.URL+"/storm", s.found[0].GetFetch().GetUrl())
	require.Empty(t, o.asked("/deepest.xml"))
	require.Len(t, o.asked("/years.xml"), 1)
	require.Contains(t, s.logged(), "not followed any further")
	require.Equal(t, "healthy", s.state(id).GetState())

	// A sitemap that is new to the index: its dated news come, the undated are noted.
	o.serve("/years.xml", index("/2025.xml", "/late.xml", "/fails.xml"))
	o.serve("/late.xml", body("text/xml", urlset("/late"+now, "/old1", "/old2")))
	s.poll(1)
	require.Len(t, s.found, 2)
	require.Equal(t, o.URL+"/late", s.found[1].GetFetch().GetUrl())
	require.Contains(t, s.state(id).GetReason(), "2 from before were noted only")

	// What appears in it later is news, and a sitemap that failed has not been read.
	o.serve("/late.xml", body("text/xml", urlset("/late"+now, "/old1", "/old2", "/added")))
	o.serve("/fails.xml", body("text/xml", urlset("/old3")))
	s.poll(1)
	require.Len(t, s.found, 3)
	require.Equal(t, o.URL+"/added", s.found[2].GetFetch().GetUrl())
	require.Len(t, s.state(id).GetSitemaps(), 5)
}

// TestSitemapsOfOtherHosts: a site says in its robots.txt which of them are its own.
func TestSitemapsOfOtherHosts(t *testing.T) {
	t.Parallel()
	o, other := newOrigin(t), newOrigin(t)
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	o.serve("/robots.txt", body("text/plain", "User-agent: *\nSitemap: "+elsewhere+"/named.xml\n"))
	other.serve("/named.xml", body("text/xml", urlset("/a 2025-06-05")))
	other.serve("/unnamed.xml", body("text/xml", urlset("/b 2025-06-05")))
	w := newWorld(t, at(o), withRobots, func(c *fetch.Config, _ *fetch.Deps) {
		c.AllowHosts = append(c.AllowHosts, strings.TrimPrefix(elsewhere, "http://"))
	})
	record := &datelinev1.FeedRecord{Feed: &datelinev1.Feed{Id: "f1", Url: o.URL + "/index.xml", Headers: map[string]string{"X-Key": "secret"}}}
	entries, _, err := w.Expand(t.Context(), record, &datelinev1.Feed{
		Url: o.URL + "/index.xml", Sitemaps: sitemaps(elsewhere+"/named.xml", elsewhere+"/unnamed.xml"),
	})
	require.NoError(t, err)
	require.Equal(t, []string{"/a"}, paths(entries))
	require.Len(t, other.log(), 1)
	require.Empty(t, other.log()[0].header.Get("X-Key"), "keys stay with the host that they are for")
}

// TestSiteWithoutFeeds: the sitemaps in its robots.txt are the last resort.
func TestSiteWithoutFeeds(t *testing.T) {
	t.Parallel()
	s := newSim(t, withRobots)
	o := s.site()
	o.serve("/", body("text/html", "<!doctype html><title>The Courier</title><p>No feed here.</p>"))
	o.serve("/robots.txt", body("text/plain", "Sitemap: "+o.URL+"/all.xml\nSitemap: "+o.URL+"/news.xml\n"))
	o.serve("/news.xml", body("application/xml", urlset("/2025/storm "+s.now().Format(time.RFC3339))))
	s.follow(&datelinev1.Feed{Url: o.URL + "/"})
	s.poll(2)
	require.Len(t, s.found, 1)
	require.Equal(t, o.URL+"/2025/storm", s.found[0].GetFetch().GetUrl())
	require.Empty(t, o.asked("/all.xml"))
}

// TestPollOfAnIndex: what was read of its sitemaps is remembered from poll to poll.
func TestPollOfAnIndex(t *testing.T) {
	t.Parallel()
	s := newSim(t)
	o := s.site()
	o.serve("/index.xml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<sitemapindex><sitemap><loc>/new.xml</loc><lastmod>%s</lastmod></sitemap><sitemap><loc>/old.xml</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>`,
			s.now().Format(time.RFC3339))
	})
	o.serve("/new.xml", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, urlset("/2025/storm "+s.now().Format(time.RFC3339)))
	})
	id := s.follow(&datelinev1.Feed{Url: o.URL + "/index.xml"})
	s.poll(2)
	require.Len(t, s.found, 1)
	require.Len(t, o.asked("/new.xml"), 2)
	require.Equal(t, `"1"`, o.asked("/new.xml")[1].header.Get("If-None-Match"))
	require.Empty(t, o.asked("/old.xml"), "the archive is left alone")
	require.Len(t, s.state(id).GetSitemaps(), 1)
	require.Empty(t, s.state(id).GetLastError())
}

func FuzzPickSitemaps(f *testing.F) {
	f.Add("https://x.example/news-2025-06.xml", "https://x.example/99999999999999999999.xml", int64(1_700_000_000), int64(0), 5)
	f.Fuzz(func(t *testing.T, a, b string, atA, atB int64, n int) {
		n = 3 + n&7
		listed := []*datelinev1.Sitemap{{Url: a, LastModified: timestamppb.New(time.Unix(atA, 0))}, {Url: b}, {Url: a + b, LastModified: timestamppb.New(time.Unix(atB, 0))}}
		require.LessOrEqual(t, len(fetch.PickSitemaps(listed, listed[:1], n)), n)
	})
}
