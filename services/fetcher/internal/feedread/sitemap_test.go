package feedread_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/feedread"
)

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestSitemapsAsPublishersServeThem(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		urls []string
		cut  bool
	}{
		"empty":               {`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, nil, false},
		"no namespace":        {`<urlset><url><loc>https://example.org/a</loc></url></urlset>`, []string{"https://example.org/a"}, false},
		"an unknown one":      {`<urlset xmlns="https://example.org/our-own"><url><loc>/a</loc></url></urlset>`, []string{"https://example.org/a"}, false},
		"with a prefix":       {`<s:urlset xmlns:s="https://www.sitemaps.org/schemas/sitemap/0.9/"><s:url><s:loc>/a</s:loc></s:url></s:urlset>`, []string{"https://example.org/a"}, false},
		"bare ampersand":      {`<urlset><url><loc>https://example.org/a?b=1&c=2</loc></url></urlset>`, []string{"https://example.org/a?b=1&c=2"}, false},
		"in CDATA, broken up": {"<urlset><url><loc>\n<![CDATA[https://example.org/a]]>\n</loc></url></urlset>", []string{"https://example.org/a"}, false},
		"upper case":          {`<URLSET><URL><LOC>/a</LOC></URL></URLSET>`, []string{"https://example.org/a"}, false},
		"cut":                 {`<urlset><url><loc>/a</loc></url><url><loc>/b</lo`, []string{"https://example.org/a"}, true},
		"an unclosed url":     {`<urlset><url><loc>/a</loc><url><loc>/b</loc></url></urlset>`, []string{"https://example.org/a", "https://example.org/b"}, false},
		"junk before":         {"\n\n<br />Notice: undefined index\n<urlset><url><loc>/a</loc></url></urlset>", []string{"https://example.org/a"}, false},
		"twice":               {`<urlset><url><loc>/a</loc></url><url><loc>/a</loc></url></urlset>`, []string{"https://example.org/a"}, false},
	} {
		feed, report := read(t, tc.body)
		require.Equal(t, "sitemap", feed.Format, name)
		var urls []string
		for _, e := range feed.Entries {
			urls = append(urls, e.Url)
			require.Equal(t, e.Url, e.Guid)
		}
		require.Equal(t, tc.urls, urls, name)
		require.Equal(t, tc.cut, report.Truncated != "", name)
	}
}

func TestSitemapInLines(t *testing.T) {
	t.Parallel()
	body := []byte("\ufeffhttps://example.org/a\r\n\r\n  https://example.org/b?x=1&y=2\n")
	feed, err := feedread.Read(body, feedread.Options{Listed: true})
	require.NoError(t, err)
	require.Equal(t, "sitemap", feed.Format)
	require.Len(t, feed.Entries, 2)
	require.Equal(t, "https://example.org/b?x=1&y=2", feed.Entries[1].Url)
	var e *feedread.NotFeed
	_, err = feedread.Read(body, feedread.Options{})
	require.ErrorAs(t, err, &e, "lines are a sitemap only where a site says so")
	_, err = feedread.Read([]byte("https://example.org/a\nService unavailable"), feedread.Options{Listed: true})
	require.ErrorAs(t, err, &e)
}

func TestZippedSitemap(t *testing.T) {
	t.Parallel()
	plain, err := os.ReadFile("testdata/news.xml")
	require.NoError(t, err)
	whole := zipped(t, string(plain))
	feed, report := read(t, string(whole))
	require.Equal(t, "news sitemap", feed.Format)
	require.Len(t, feed.Entries, 3)
	require.Empty(t, report.Truncated)

	var long strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&long, "<url><loc>https://example.org/%x</loc></url>", i*i*7919)
	}
	whole = zipped(t, "<urlset>"+long.String()+"</urlset>")
	feed, report = read(t, string(whole[:len(whole)/2]))
	require.NotEmpty(t, feed.Entries)
	require.Contains(t, report.Truncated, "gzip")
}

func TestZipBomb(t *testing.T) {
	t.Parallel()
	bomb := zipped(t, "<urlset>"+strings.Repeat("<url><loc>https://example.org/a</loc></url>", 100_000)+"</urlset>")
	require.Less(t, len(bomb), 32<<10)
	var report feedread.Report
	feed, err := feedread.Read(bomb, feedread.Options{MaxBytes: 1 << 20, Report: &report})
	require.NoError(t, err)
	require.Len(t, feed.Entries, 1)
	require.Contains(t, report.Truncated, "more bytes")
	require.Less(t, report.Duplicates, 2000, "what is over the cap is not kept")

	twice := zipped(t, string(bomb))
	_, err = feedread.Read(twice, feedread.Options{})
	var e *feedread.NotFeed
	require.ErrorAs(t, err, &e)
	require.Equal(t, "binary", e.Found)
}

func TestSitemapsAreBounded(t *testing.T) {
	t.Parallel()
	var pages, maps strings.Builder
	for i := range 50_100 {
		fmt.Fprintf(&pages, "<url><loc>/%d</loc></url>", i)
	}
	for i := range 1200 {
		fmt.Fprintf(&maps, "<sitemap><loc>/%d.xml</loc></sitemap>", i)
	}
	feed, report := read(t, "<urlset>"+pages.String()+"</urlset>")
	require.Len(t, feed.Entries, 2000)
	require.Equal(t, 48_100, report.Dropped)

	feed, report = read(t, "<sitemapindex>"+maps.String()+"</sitemapindex>")
	require.Len(t, feed.Sitemaps, 1000)
	require.Equal(t, 200, report.Dropped)
	require.Equal(t, "https://example.org/1199.xml", feed.Sitemaps[999].Url)

	feed, _ = read(t, "<sitemapindex>"+maps.String()+"<sitemap><loc>/last.xml</loc><lastmod>2025-06-05</lastmod></sitemap></sitemapindex>")
	require.Equal(t, "https://example.org/last.xml", feed.Sitemaps[0].Url)
}
