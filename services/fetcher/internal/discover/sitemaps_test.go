package discover_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/discover"
)

func TestSitemaps(t *testing.T) {
	t.Parallel()
	var got []string
	for _, l := range discover.Sitemaps([]string{
		"https://news.example/image-sitemap.xml", "https://news.example/sitemap.xml", "/relative.xml", "https://news.example/sitemap-NEWS.xml.gz",
		"https://news.example/sitemap.xml", "https://cdn.example/map?type=googlenews", "javascript:x", "https://news.example/pages.txt", "https://cdn.example/archive.xml",
	}) {
		got = append(got, l.URL)
	}
	require.Equal(t, []string{
		"https://news.example/sitemap-NEWS.xml.gz", "https://cdn.example/map?type=googlenews",
		"https://news.example/sitemap.xml", "https://cdn.example/archive.xml", "https://news.example/image-sitemap.xml",
	}, got)
	require.Empty(t, discover.Sitemaps(nil))
	many := make([]string, 500)
	for i := range many {
		many[i] = fmt.Sprintf("https://example.org/%d.xml", i)
	}
	require.Len(t, discover.Sitemaps(many), 50)
}

func FuzzSitemaps(f *testing.F) {
	f.Add("https://example.org/news.xml", "//x/tags.txt")
	f.Fuzz(func(t *testing.T, a, b string) {
		links := discover.Sitemaps([]string{a, b, a})
		require.LessOrEqual(t, len(links), 2)
		for _, l := range links {
			require.Regexp(t, `^https?://[^/]`, l.URL)
		}
	})
}
