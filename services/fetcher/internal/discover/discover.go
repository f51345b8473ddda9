// Package discover finds what there is to follow of a site: the feeds that its pages
// link to, and its sitemaps.
package discover

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// Link is a feed that a page announces.
type Link struct {
	// URL is absolute.
	URL string
	// Title is what the page calls the feed; it may be empty.
	Title string
	// Type is the media type that the page gives; empty for a plain link.
	Type string
}

const (
	// maxLinks bounds what is given of one page.
	maxLinks = 50
	// maxTitle is the longest title, in bytes, that is kept.
	maxTitle = 200
	// maxTokens bounds how far a page is read.
	maxTokens = 200_000
)

// feedTypes are the media types that announce a feed, the best first.
var feedTypes = []string{
	"application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml", "application/x-rss+xml", "application/x-atom+xml", "text/rss",
}

// found is a link with what ranks it: lower is better.
type found struct {
	Link
	rank int
}

// Feeds gives the feeds that an HTML page announces, each once, the most likely first:
// those of <link rel="alternate"> (HTML Standard, section 4.6.7.1) in the page's order,
// feeds of comments after the others, then plain links that look like feeds.
func Feeds(page []byte, baseURL string) []Link {
	p := parser{base: baseURL, seen: make(map[string]bool)}
	p.read(html.NewTokenizer(bytes.NewReader(page)))
	slices.SortStableFunc(p.found, func(a, b found) int { return a.rank - b.rank })
	out := make([]Link, 0, len(p.found))
	for _, f := range p.found {
		out = append(out, f.Link)
	}
	return out
}

type parser struct {
	base    string
	hasBase bool
	seen    map[string]bool
	found   []found
	// anchor is the index in found of the open <a>, whose text becomes its title; -1
	// outside.
	anchor int
}

func (p *parser) read(z *html.Tokenizer) {
	// One token's buffer is bounded, so that a page that is one tag is no burden.
	z.SetMaxBuf(1 << 20)
	p.anchor = -1
	for range maxTokens {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "base":
				p.setBase(attributes(z, more, "href", "rel", "type", "title"))
			case "link":
				p.link(attributes(z, more, "href", "rel", "type", "title"))
			case "a":
				p.anchorLink(attributes(z, more, "href", "rel", "type", "title"))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				p.anchor = -1
			}
		case html.TextToken:
			if p.anchor >= 0 && len(p.found[p.anchor].Title) < maxTitle {
				f := &p.found[p.anchor]
				f.Title = title(f.Title + " " + string(z.Text()))
			}
		}
		if len(p.found) >= maxLinks {
			return
		}
	}
}

// attributes gives those attributes of the current tag that are wanted, each as it
// stands first.
func attributes(z *html.Tokenizer, more bool, wanted ...string) map[string]string {
	out := make(map[string]string, len(wanted))
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if name := string(key); slices.Contains(wanted, name) {
			if _, again := out[name]; !again {
				out[name] = string(value)
			}
		}
	}
	return out
}

// setBase takes the first <base href>.
func (p *parser) setBase(a map[string]string) {
	if href := a["href"]; href != "" && !p.hasBase {
		if abs, err := urlnorm.Resolve(p.base, href); err == nil {
			p.base, p.hasBase = abs, true
		}
	}
}

func (p *parser) link(a map[string]string) {
	rels := strings.Fields(strings.ToLower(a["rel"]))
	media, _, _ := strings.Cut(strings.ToLower(a["type"]), ";")
	media = title(media)
	isFeedType := slices.Contains(feedTypes, media)
	switch {
	case slices.Contains(rels, "feed"):
	case slices.Contains(rels, "alternate") && isFeedType:
	case slices.Contains(rels, "alternate") && (media == "application/json" || media == "text/xml" || media == "application/xml") && looksLikeFeed(a["href"]):
	default:
		return
	}
	rank := 0
	if isComments(a["href"]) || isComments(a["title"]) {
		rank = 1
	}
	p.add(a["href"], title(a["title"]), media, rank)
}

func (p *parser) anchorLink(a map[string]string) {
	p.anchor = -1
	if !looksLikeFeed(a["href"]) {
		return
	}
	rank := 2
	if isComments(a["href"]) {
		rank = 3
	}
	before := len(p.found)
	p.add(a["href"], title(a["title"]), "", rank)
	if len(p.found) > before && p.found[before].Title == "" {
		p.anchor = before
	}
}

func (p *parser) add(href, name, media string, rank int) {
	if strings.TrimSpace(href) == "" {
		return
	}
	abs, err := urlnorm.Resolve(p.base, href)
	if err != nil {
		return
	}
	abs, _, _ = strings.Cut(abs, "#")
	if p.seen[abs] {
		return
	}
	p.seen[abs] = true
	p.found = append(p.found, found{Link: Link{URL: abs, Title: name, Type: media}, rank: rank})
}

// feedWords are what the last part of a feed's path consists of, on sites that say
// nothing else of it.
var feedWords = map[string]bool{
	"feed": true, "feeds": true, "rss": true, "rss2": true, "atom": true, "rdf": true, "rss.xml": true, "feed.xml": true, "atom.xml": true,
	"index.xml": true, "index.rdf": true, "feed.json": true, "rss.php": true, "feed.php": true, "rss.aspx": true, "feed.atom": true, "feed.rss": true,
}

// looksLikeFeed tells links that are feeds by their address.
func looksLikeFeed(href string) bool {
	href = strings.ToLower(strings.TrimSpace(href))
	href, _, _ = strings.Cut(href, "#")
	path, query, _ := strings.Cut(href, "?")
	path = strings.TrimSuffix(path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case feedWords[last]:
		return strings.Contains(path, "/") || strings.Contains(last, ".")
	case strings.HasSuffix(last, ".rss"), strings.HasSuffix(last, ".atom"), strings.HasSuffix(last, ".rdf"):
		return true
	case strings.HasSuffix(last, ".xml"):
		return strings.Contains(path, "rss") || strings.Contains(path, "feed") || strings.Contains(path, "atom")
	}
	for pair := range strings.SplitSeq(query, "&") {
		switch pair {
		case "feed=rss", "feed=rss2", "feed=atom", "format=rss", "format=atom", "format=feed", "type=rss", "output=rss", "alt=rss", "rss=1":
			return true
		}
	}
	return false
}

func isComments(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "comment") || strings.Contains(s, "kommentar") || strings.Contains(s, "comentario")
}

// title makes one clean line of a title.
func title(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxTitle {
		s = strings.ToValidUTF8(s[:maxTitle], "") + "…"
	}
	return s
}
