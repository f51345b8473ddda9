package feedread

import (
	"slices"
	"strings"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// The formats of sitemaps (sitemaps.org, protocol 0.9; Google's news extension).
const (
	formatSitemap = "sitemap"
	formatNews    = "news sitemap"
	formatIndex   = "sitemap index"
)

const (
	// maxPages is how many pages a sitemap may list (sitemaps.org, "Sitemap file
	// limits"); it is also the most that an index may.
	maxPages = 50_000
	// maxSitemaps is how many of an index's sitemaps are given.
	maxSitemaps = 1000
)

// listed is a sitemap that an index lists.
type listed struct {
	link    link
	changed time.Time
}

// page takes a <url> of a sitemap. One without an address is nothing.
func (f *rawFeed) page(n *node) {
	if f.pages++; f.pages > maxPages {
		f.dropped++
		return
	}
	e := &rawEntry{base: n.base}
	for _, k := range n.kids {
		switch k.key {
		case "loc":
			e.addLink(link{href: k.plain(), base: k.base})
		case "lastmod":
			e.updated = f.dates.read(k.plain())
		case "image:image":
			for _, i := range k.kids {
				if i.key == "image:loc" {
					e.addImage(strings.TrimSpace(i.plain()))
				}
			}
		case "news:news":
			f.format = formatNews
			f.news(e, k)
		}
	}
	if e.url() != "" {
		f.add(e)
	}
}

// news takes what the news extension says of a page.
func (f *rawFeed) news(e *rawEntry, n *node) {
	for _, k := range n.kids {
		switch k.key {
		case "news:title":
			e.setText(fieldTitle, 9, textOf(k))
		case "news:publication_date":
			e.setPublished(f.dates, 9, k.plain())
		case "news:keywords":
			e.addCategory(strings.Split(k.plain(), ",")...)
		case "news:publication":
			if name := k.find("news:name"); name != nil && f.title.empty() {
				f.title = textOf(name)
			}
			if lang := k.find("news:language"); lang != nil {
				e.setLang(lang.plain(), 3)
				if f.lang == "" {
					f.lang = lang.plain()
				}
			}
		}
	}
}

// sitemap takes a <sitemap> of an index.
func (f *rawFeed) sitemap(n *node) {
	if f.pages++; f.pages > maxPages {
		f.dropped++
		return
	}
	loc := n.find("loc")
	if loc == nil {
		return
	}
	s := listed{link: link{href: loc.plain(), base: loc.base}}
	if k := n.find("lastmod"); k != nil {
		s.changed = f.dates.read(k.plain())
	}
	f.sitemaps = append(f.sitemaps, s)
}

// index gives the sitemaps of an index, each once: of too many those that changed
// last or, where it does not say, those at both ends, where the newest stand.
func (f *rawFeed) index(report *Report) []*datelinev1.Sitemap {
	all := f.sitemaps
	if len(all) > maxSitemaps {
		report.Dropped += len(all) - maxSitemaps
		if slices.ContainsFunc(all, func(s listed) bool { return !s.changed.IsZero() }) {
			slices.SortStableFunc(all, func(a, b listed) int { return b.changed.Compare(a.changed) })
			all = all[:maxSitemaps]
		} else {
			all = slices.Concat(all[:maxSitemaps/2], all[len(all)-maxSitemaps/2:])
		}
	}
	seen := make(map[string]bool, len(all))
	var out []*datelinev1.Sitemap
	for _, s := range all {
		u := s.link.url()
		if u == "" || seen[u] {
			continue
		}
		seen[u] = true
		out = append(out, &datelinev1.Sitemap{Url: u, LastModified: stamp(s.changed)})
	}
	return out
}

// readLines reads a sitemap in plain text: one address a line (sitemaps.org, "Text
// file"). It is one only if each line is an address.
func readLines(doc, base string, feed *rawFeed) error {
	feed.format = formatSitemap
	for line := range strings.Lines(doc) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		l := link{href: line}
		if !strings.HasPrefix(strings.ToLower(line), "http") || l.url() == "" {
			return &NotFeed{Found: "text", Reason: "it has a line that is no address"}
		}
		if feed.pages++; feed.pages > maxPages {
			feed.dropped++
			continue
		}
		e := &rawEntry{base: base}
		e.addLink(l)
		feed.add(e)
	}
	return nil
}
