package discover_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
)

func TestFeeds(t *testing.T) {
	t.Parallel()
	const base = "https://example.org/news/"
	for name, tc := range map[string]struct {
		page string
		want []discover.Link
	}{
		"none": {`<html><head><link rel="stylesheet" href="a.css"></head><a href="/about">About</a>`, []discover.Link{}},
		"alternates in order, comments last": {
			`<head><LINK REL="Alternate" TYPE="application/rss+xml; charset=utf-8" TITLE="Comments" HREF="/comments/feed/">
			 <link rel="alternate" type="application/rss+xml" title=" The
			 Daily &amp; Co " href="/feed/"><link rel=alternate type=application/atom+xml href=atom.xml />
			 <link rel="alternate" hreflang="fr" href="/fr/"><link rel="alternate" type="application/json" href="/wp-json/posts/1"></head>`,
			[]discover.Link{
				{URL: "https://example.org/feed/", Title: "The Daily & Co", Type: "application/rss+xml"},
				{URL: "https://example.org/news/atom.xml", Type: "application/atom+xml"},
				{URL: "https://example.org/comments/feed/", Title: "Comments", Type: "application/rss+xml"},
			},
		},
		"base": {
			`<base href="https://cdn.example/x/"><base href="/y/"><link rel="alternate" type="application/feed+json" href="feed.json#top">`,
			[]discover.Link{{URL: "https://cdn.example/x/feed.json", Type: "application/feed+json"}},
		},
		"plain links": {
			`<body><a href="/rss.xml">All <b>news</b></a> <a href="?feed=rss2" title="Sport">x</a> <a href="/rss.xml">again</a>
			 <a href="feed">not a path</a> <a href="/feed-your-dog">Dogs</a><a href="/sitemap.xml">Map</a>`,
			[]discover.Link{
				{URL: "https://example.org/rss.xml", Title: "All news"},
				{URL: "https://example.org/news/?feed=rss2", Title: "Sport"},
			},
		},
		"announced before plain": {
			`<a href="/a.rss">A</a><link rel="feed" href="/b">`,
			[]discover.Link{{URL: "https://example.org/b"}, {URL: "https://example.org/a.rss", Title: "A"}},
		},
		"no web links": {
			`<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"><link rel="alternate" type="application/rss+xml" href="feed://example.org/rss">`,
			[]discover.Link{},
		},
	} {
		require.Equal(t, tc.want, discover.Feeds([]byte(tc.page), base), name)
	}
}

func TestFeedsIsBounded(t *testing.T) {
	t.Parallel()
	page := strings.Repeat(`<a href="/a`+"/rss"+`"><b>`, 20_000) + `<a href="` + strings.Repeat("x", 4<<20) + `">`
	require.Len(t, discover.Feeds([]byte(page), "https://example.org/"), 1)
	var many strings.Builder
	for i := range 1000 {
		many.WriteString(`<link rel="feed" href="/` + strings.Repeat("x", i) + `">`)
	}
	require.Len(t, discover.Feeds([]byte(many.String()), "https://example.org/"), 50)
}

func FuzzFeeds(f *testing.F) {
	f.Add([]byte(`<base href="//x"><link rel="alternate feed" type="application/rss+xml" title="&#0;a" href="/feed">`), "https://example.org/a")
	f.Add([]byte("<a href=/rss>\xff\x00 text<a href='?feed=rss'>"), "")
	f.Fuzz(func(t *testing.T, page []byte, base string) {
		seen := map[string]bool{}
		for _, l := range discover.Feeds(page, base) {
			require.False(t, seen[l.URL])
			seen[l.URL] = true
			require.Regexp(t, `^https?://[^/]`, l.URL)
			require.True(t, utf8.ValidString(l.Title+l.Type))
			require.LessOrEqual(t, len(l.Title), 210)
			require.NotContains(t, l.Title, "\n")
		}
	})
}
