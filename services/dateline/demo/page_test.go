package demo_test

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/dateline-news/dateline/services/dateline/demo"
)

// parse decodes a page as a browser does and returns its tree.
func parse(t *testing.T, site *demo.Site, path string) *html.Node {
	t.Helper()
	res := get(t, site, path)
	require.Equal(t, http.StatusOK, res.StatusCode, path)
	decoded, err := charset.NewReader(res.Body, res.Header.Get("Content-Type"))
	require.NoError(t, err)
	tree, err := html.Parse(decoded)
	require.NoError(t, err)
	return tree
}

// attribute is the value of an element's attribute, or "".
func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words is the text under n with single spaces.
func words(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// homes are the papers' front pages.
func homes(site *demo.Site) []string {
	list := []string{"/"}
	for _, feed := range append(site.FeedPaths(), site.ExtraFeedPath()) {
		list = append(list, feed[:strings.Index(feed[1:], "/")+2])
	}
	return list
}

func TestPagesShowTheirArticle(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	for _, a := range site.Articles() {
		page := words(parse(t, site, a.Path))
		for paragraph := range strings.SplitSeq(a.Text, "\n\n") {
			// A live blog sets its headings' clock apart.
			require.Contains(t, page, strings.Join(strings.Fields(paragraph), " "), a.Path)
		}
		if a.Kind == demo.KindConsent {
			require.NotContains(t, page, a.Title, "the wall stands before the article")
		} else {
			require.Contains(t, page, a.Title, a.Path)
		}
	}
}

func TestLinksWithinTheSiteResolve(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	paths := homes(site)
	for _, a := range site.Articles() {
		paths = append(paths, a.Path)
	}
	seen := map[string]bool{}
	for _, path := range paths {
		for n := range parse(t, site, path).Descendants() {
			for _, key := range []string{"href", "src", "action"} {
				u, err := url.Parse(attribute(n, key))
				require.NoError(t, err, path)
				if u.Host != "demo.test:8081" || seen[u.Path] {
					continue
				}
				seen[u.Path] = true
				require.Equal(t, http.StatusOK, get(t, site, u.Path).StatusCode, "%s links to %s", path, u)
			}
		}
	}
	require.Greater(t, len(seen), 50)
}

func TestFeedsListTheirArticles(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	kinds := map[string]int{}
	for _, path := range append(site.FeedPaths(), site.ExtraFeedPath()) {
		res := get(t, site, path)
		feed, err := gofeed.NewParser().Parse(res.Body)
		require.NoError(t, err, path)
		kinds[feed.FeedType+" "+feed.FeedVersion]++
		want := map[string]demo.Article{}
		for _, a := range site.Articles() {
			if a.Feed == path {
				want[a.Path] = a
				require.Equal(t, a.Paper, feed.Title)
			}
		}
		require.Len(t, feed.Items, len(want), path)
		for _, item := range feed.Items {
			u, err := url.Parse(item.Link)
			require.NoError(t, err)
			require.Equal(t, "demo.test:8081", u.Host)
			require.Equal(t, http.StatusOK, get(t, site, u.Path).StatusCode)
			a, ok := want[u.Path]
			require.True(t, ok, item.Link)
			require.Equal(t, a.Title, item.Title)
			require.NotNil(t, item.PublishedParsed, item.Link)
			require.True(t, a.Published.Equal(*item.PublishedParsed), item.Link)
			// RSS 1.0 has no guid; its items are known by their address.
			require.Equal(t, feed.FeedVersion == "1.0" && feed.FeedType == "rss", item.GUID == "", item.Link)
			require.NotEmpty(t, item.Description, item.Link)
		}
	}
	require.Equal(t, map[string]int{"rss 2.0": 4, "rss 1.0": 1, "atom 1.0": 2, "json https://jsonfeed.org/version/1.1": 1}, kinds)
}

func TestHomePageLeadsToItsFeed(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	var found []string
	for n := range parse(t, site, site.HomePath()).Descendants() {
		if n.DataAtom == atom.Link && attribute(n, "rel") == "alternate" {
			found = append(found, attribute(n, "href"))
		}
	}
	require.Equal(t, []string{"http://demo.test:8081/courier/feed.atom"}, found)
	require.Contains(t, site.FeedPaths(), "/courier/feed.atom")
}

func TestCharsetOfOldPapers(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	tests := []struct {
		paper, declared, detected string
		inPage                    bool
		bytes                     []string // that show the charset
	}{
		{"/listok/", "", "windows-1251", true, []string{"\xc2\xee\xeb\xe3"}},                          // Волг
		{"/correio/", "ISO-8859-15", "iso-8859-15", false, []string{"milh\xf5es", "\xa4", "&#8220;"}}, // õ and the euro sign; no curly marks
	}
	for _, tt := range tests {
		var all strings.Builder
		for _, a := range site.Articles() {
			if !strings.HasPrefix(a.Path, tt.paper) {
				continue
			}
			res := get(t, site, a.Path)
			raw, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			_, params, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
			require.NoError(t, err)
			require.Equal(t, tt.declared, params["charset"])
			require.Equal(t, tt.inPage, strings.Contains(string(raw[:1024]), "charset="), a.Path)
			_, name, _ := charset.DetermineEncoding(raw, res.Header.Get("Content-Type"))
			require.Equal(t, tt.detected, name)
			all.Write(raw)
		}
		for _, b := range tt.bytes {
			require.Contains(t, all.String(), b)
		}
	}
}

func TestMetadataDiffersByPaper(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	tests := []struct {
		paper                       string
		linked, openGraph, microdat bool
	}{
		{"/meridia/", true, true, false},
		{"/quotidien/", true, true, false},
		{"/courier/", false, true, false},
		{"/ufer/", true, false, false},
		{"/listok/", false, false, false},
		{"/correio/", false, false, true},
		{"/orbe/", false, true, false},
		{"/kade/", false, false, false},
	}
	for _, tt := range tests {
		for _, a := range site.Articles() {
			if !strings.HasPrefix(a.Path, tt.paper) || a.Kind == demo.KindConsent || a.Kind == demo.KindLiveBlog {
				continue
			}
			var linked, openGraph, microdata bool
			for n := range parse(t, site, a.Path).Descendants() {
				openGraph = openGraph || strings.HasPrefix(attribute(n, "property"), "og:")
				microdata = microdata || attribute(n, "itemprop") == "headline"
				if attribute(n, "type") == "application/ld+json" {
					linked = true
					require.True(t, json.Valid([]byte(n.FirstChild.Data)), a.Path)
					require.Contains(t, n.FirstChild.Data, a.Published.Format("2006-01-02T15:04:05"))
				}
			}
			require.Equal(t, tt.linked, linked, a.Path)
			require.Equal(t, tt.openGraph, openGraph, a.Path)
			require.Equal(t, tt.microdat, microdata, a.Path)
		}
	}
}

func TestArabicPagesRunFromRightToLeft(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	for _, a := range site.Articles() {
		if a.Language != "ar" {
			continue
		}
		for n := range parse(t, site, a.Path).Descendants() {
			if n.DataAtom == atom.Html {
				require.Equal(t, "rtl", attribute(n, "dir"))
				require.Equal(t, "ar", attribute(n, "lang"))
			}
		}
	}
}
