package urlnorm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

func TestNormalizeOfAMPEditions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"cache":                      {"https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/b?id=7", "https://www.example.org/a/b?id=7"},
		"cache, viewer":              {"https://www-example-org.cdn.ampproject.org/v/s/www.example.org/a?amp_js_v=0.1&usqp=x", "https://www.example.org/a"},
		"cache, not secure":          {"https://cdn.ampproject.org/c/example.org:8080/a", "http://example.org:8080/a"},
		"cache of an edition":        {"https://x.cdn.ampproject.org/c/s/example.org/2026/harbour-reopens-today/amp/", "https://example.org/2026/harbour-reopens-today/"},
		"cache of a cache":           {"https://www.google.com/amp/s/x.cdn.ampproject.org/c/s/example.org/a", "https://example.org/a"},
		"cache, a picture":           {"https://x.cdn.ampproject.org/i/s/example.org/a.jpg", "https://x.cdn.ampproject.org/i/s/example.org/a.jpg"},
		"cache, no page named":       {"https://cdn.ampproject.org/c/s/", "https://cdn.ampproject.org/c/s/"},
		"cache, no host named":       {"https://cdn.ampproject.org/c/s/a/b", "https://cdn.ampproject.org/c/s/a/b"},
		"cache, no host possible":    {"https://cdn.ampproject.org/c/s/a..b/c", "https://cdn.ampproject.org/c/s/a..b/c"},
		"cache, with a name in it":   {"https://cdn.ampproject.org/c/s/ann:pw@example.org/c", "https://cdn.ampproject.org/c/s/ann:pw@example.org/c"},
		"viewer":                     {"https://www.google.com/amp/s/www.example.org/a", "https://www.example.org/a"},
		"another page of Google's":   {"https://www.google.com/search?q=amp", "https://www.google.com/search?q=amp"},
		"parameter":                  {"https://example.org/a?amp", "https://example.org/a"},
		"parameter with a value":     {"https://example.org/a?amp=1&id=7", "https://example.org/a?id=7"},
		"parameter of Arc":           {"https://example.org/a/?outputType=amp", "https://example.org/a/"},
		"parameter of another kind":  {"https://example.org/shop?amp=marshall", "https://example.org/shop?amp=marshall"},
		"last segment":               {"https://example.org/2026/harbour-reopens-today/amp", "https://example.org/2026/harbour-reopens-today"},
		"last segment of a number":   {"https://example.org/news/1234567/amp", "https://example.org/news/1234567"},
		"ending":                     {"https://example.org/harbour-reopens-today.amp.html", "https://example.org/harbour-reopens-today.html"},
		"ending without a type":      {"https://example.org/harbour-reopens-today.amp", "https://example.org/harbour-reopens-today"},
		"a word as good as any":      {"https://example.org/guitar/amp", "https://example.org/guitar/amp"},
		"a headline that ends so":    {"https://example.org/we-tested-this-amp", "https://example.org/we-tested-this-amp"},
		"an own host, which is left": {"https://amp.example.org/a", "https://amp.example.org/a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := urlnorm.Normalize(tc.in)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			again, err := urlnorm.Normalize(got)
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}
