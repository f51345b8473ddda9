package discover

import (
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// Likelihood says how likely a sitemap lists articles, by its address: the lower the
// likelier.
type Likelihood int

// What a sitemap's address says of it.
const (
	// NewsSitemap has "news" in its path or query.
	NewsSitemap Likelihood = iota
	// PlainSitemap says nothing.
	PlainSitemap
	// OtherSitemap lists images, videos, authors, categories and the like.
	OtherSitemap
)

// otherPages are in the addresses of sitemaps that list no articles.
var otherPages = []string{
	"image", "video", "categor", "taxonom", "author", "product", "static", "profile", "page-sitemap", "post_tag", "tag-sitemap", "sitemap-tag", "sitemap_tag", "tags",
}

// Sitemaps orders the sitemaps that a site names in its robots.txt, each once, by how
// likely they list its articles: those with "news" in their address first, those of
// images, videos, authors and the like last, and otherwise in the order given. Those in
// plain text are left out, since nothing but the robots.txt tells them from any text.
func Sitemaps(urls []string) []Link {
	seen := make(map[string]bool, len(urls))
	var all []found
	for _, raw := range urls {
		u, err := urlnorm.Resolve("", raw)
		if err != nil || seen[u] || strings.HasSuffix(strings.ToLower(u), ".txt") {
			continue
		}
		seen[u] = true
		all = append(all, found{Link: Link{URL: u}, rank: int(LikelihoodOf(u))})
		if len(all) >= maxLinks {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.rank - b.rank })
	out := make([]Link, 0, len(all))
	for _, f := range all {
		out = append(out, f.Link)
	}
	return out
}

// LikelihoodOf judges a sitemap by the path and query of its address, since "news" in the
// name of a host says nothing of it.
func LikelihoodOf(u string) Likelihood {
	_, path, _ := strings.Cut(u, "://")
	_, path, _ = strings.Cut(path, "/")
	path = strings.ToLower(path)
	switch {
	case strings.Contains(path, "news"):
		return NewsSitemap
	case slices.ContainsFunc(otherPages, func(w string) bool { return strings.Contains(path, w) }):
		return OtherSitemap
	}
	return PlainSitemap
}
