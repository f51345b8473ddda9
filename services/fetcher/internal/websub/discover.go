package websub

import (
	"bytes"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// Document is what was fetched from where a topic is looked for.
type Document struct {
	// URL answered, after redirects.
	URL string
	// Header is of its answer.
	Header http.Header
	// Feed is what was read of it; nil if it is no feed.
	Feed *datelinev1.Feed
	// ContentType and Body are looked at where Feed is nil.
	ContentType string
	Body        []byte
}

// Advert is what a document says of its hub.
type Advert struct {
	// Hub is the hub's address, empty if none is named. Of several, it is the first
	// at https, or else the first.
	Hub string
	// Self is the topic's address at the hub, empty if the document gives none.
	Self string
}

// Discover finds hub and topic (section 4): by the Link headers, and what these do not
// say by the links in the document, which are those of an Atom, RSS or JSON feed or
// those in the head of an HTML page.
func Discover(d Document) Advert {
	found := fromHeader(d.Header, d.URL)
	if found.hub != "" && found.self != "" {
		return found.advert()
	}
	inside := found
	switch {
	case d.Feed != nil:
		inside = links{hub: d.Feed.GetHubUrl(), self: d.Feed.GetSelfUrl()}
	case isHTML(d.ContentType):
		inside = fromHTML(d.Body, d.URL)
	}
	if found.hub == "" {
		found.hub = inside.hub
	}
	if found.self == "" {
		found.self = inside.self
	}
	return found.advert()
}

// links collects those links of a document that matter here.
type links struct{ hub, self string }

func (l links) advert() Advert {
	if l.hub == "" {
		return Advert{}
	}
	return Advert{Hub: l.hub, Self: l.self}
}

// add takes a link with its relations.
func (l *links) add(base, href string, rels []string) {
	hub := slices.ContainsFunc(rels, func(r string) bool { return strings.EqualFold(r, "hub") })
	self := slices.ContainsFunc(rels, func(r string) bool { return strings.EqualFold(r, "self") })
	if !hub && !self {
		return
	}
	abs, err := urlnorm.Resolve(base, href)
	if err != nil {
		return
	}
	if hub && (l.hub == "" || !isHTTPS(l.hub) && isHTTPS(abs)) {
		l.hub = abs
	}
	if self && l.self == "" {
		l.self = abs
	}
}

func isHTTPS(u string) bool { return strings.HasPrefix(u, "https:") }

// fromHeader reads Link headers (RFC 8288, section 3).
func fromHeader(h http.Header, base string) links {
	var found links
	for _, l := range parseLinks(h.Values("Link")) {
		if l.anchored {
			// It is about another document than this one.
			continue
		}
		found.add(base, l.target, strings.Fields(l.rel))
	}
	return found
}

func isHTML(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	return media == "text/html" || media == "application/xhtml+xml"
}

// headTags are the elements that stand in a page's head.
var headTags = map[string]bool{
	"html": true, "head": true, "title": true, "base": true, "link": true, "meta": true, "style": true, "script": true, "noscript": true, "template": true,
}

// maxTokens bounds how far a page is read.
const maxTokens = 20_000

// fromHTML reads <link> elements, in the head only: in the body they may be a
// visitor's (section 8.1).
func fromHTML(page []byte, base string) links {
	var found links
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(1 << 20)
	hasBase := false
	for range maxTokens {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "head" {
				return found
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			if !headTags[tag] {
				return found
			}
			if tag != "link" && (tag != "base" || hasBase) {
				continue
			}
			href, rel := hrefRel(z, more)
			if tag == "link" {
				found.add(base, href, strings.Fields(rel))
			} else if abs, err := urlnorm.Resolve(base, href); err == nil {
				base, hasBase = abs, true
			}
		}
	}
	return found
}

// hrefRel reads two attributes of the current tag.
func hrefRel(z *html.Tokenizer, more bool) (href, rel string) {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "href":
			href = string(value)
		case "rel":
			rel = string(value)
		}
	}
	return href, rel
}

// SameSite says whether two addresses are of one site: hosts under one registrable
// domain (Public Suffix List), or the same host where it has none.
func SameSite(a, b string) bool {
	sa, sb := site(a), site(b)
	return sa != "" && sa == sb
}

func site(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}
