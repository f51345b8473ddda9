package discover

import (
	"bytes"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// maxHead bounds how much of a page is read for its canonical address, in bytes.
const maxHead = 256 << 10

// Canonical gives the address that a page calls its own, normalised: that of <link
// rel="canonical"> (RFC 6596) in its head, else its og:url (The Open Graph protocol).
// It is empty where the page names none, where it names several, since then all are
// doubtful, and where SamePage says that the address cannot be this page's.
func Canonical(page []byte, finalURL string) string {
	h := head{base: finalURL}
	h.read(html.NewTokenizer(bytes.NewReader(page[:min(len(page), maxHead)])))
	address := h.canonical
	if address == "" && !h.several {
		address = h.ogURL
	}
	if address == "" || !SamePage(finalURL, address) {
		return ""
	}
	return address
}

// head is what the head of a page says of its address.
type head struct {
	base      string
	hasBase   bool
	canonical string
	several   bool
	ogURL     string
}

// read reads tags up to the end of the head: what stands in the body may be a
// reader's comment.
func (h *head) read(z *html.Tokenizer) {
	z.SetMaxBuf(maxHead)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "body":
				return
			case "base", "link", "meta":
				h.tag(string(name), attributes(z, more, "href", "rel", "property", "name", "content"))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "head" {
				return
			}
		}
	}
}

func (h *head) tag(name string, a map[string]string) {
	switch {
	case name == "base":
		if abs, err := urlnorm.Resolve(h.base, a["href"]); err == nil && a["href"] != "" && !h.hasBase {
			h.base, h.hasBase = abs, true
		}
	case name == "link":
		if address := h.address(a["href"]); address != "" && slices.Contains(strings.Fields(strings.ToLower(a["rel"])), "canonical") {
			h.several = h.several || h.canonical != "" && h.canonical != address
			h.canonical = address
			if h.several {
				h.canonical = ""
			}
		}
	case strings.EqualFold(a["property"], "og:url"), strings.EqualFold(a["name"], "og:url"):
		if h.ogURL == "" {
			h.ogURL = h.address(a["content"])
		}
	}
}

// address normalises what a page names; empty if it is no address.
func (h *head) address(ref string) string {
	if strings.TrimSpace(ref) == "" {
		return ""
	}
	abs, err := urlnorm.Resolve(h.base, ref)
	if err != nil {
		return ""
	}
	normalized, err := urlnorm.Normalize(abs)
	if err != nil {
		return ""
	}
	return normalized
}

// SamePage says whether another address can be one of the page at the given one, so
// that a page that names it, or leads there, is believed. It cannot be the front page
// of the site, a section that the page is in, the first of several pages, or a page
// of another site, that is of another registrable domain (Public Suffix List): these
// are the usual mistakes of publishers. Both addresses are absolute.
func SamePage(page, other string) bool {
	p, err1 := url.Parse(page)
	o, err2 := url.Parse(other)
	if err1 != nil || err2 != nil || !sameSite(p, o) {
		return false
	}
	path, otherPath := strings.TrimSuffix(p.Path, "/"), strings.TrimSuffix(o.Path, "/")
	switch {
	case isFront(otherPath) && o.RawQuery == "":
		return false
	case path == otherPath:
		return pageNumber(p) == pageNumber(o)
	case otherPath == "":
		// A short link, such as "/?p=123".
		return true
	}
	below, isBelow := strings.CutPrefix(path, otherPath+"/")
	return !isBelow || strings.HasPrefix(below, "index.") && !strings.Contains(below, "/")
}

// isFront tells the paths of a site's front page.
func isFront(path string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), ".")
	switch strings.ToLower(name) {
	case "", "index", "home", "default":
		return true
	}
	return false
}

// pageParameters are what the pages of a long article are numbered by.
var pageParameters = []string{"page", "paged", "p", "pg", "seite", "pagina"}

// pageNumber gives the parameter that numbers a page; empty if there is none.
func pageNumber(u *url.URL) string {
	query := u.Query()
	for _, name := range pageParameters {
		if n := query.Get(name); n != "" {
			return name + "=" + n
		}
	}
	return ""
}

// sameSite says whether two addresses are of one registrable domain. Those with a
// port or without a name have to be the same.
func sameSite(a, b *url.URL) bool {
	if a.Host == b.Host {
		return true
	}
	if a.Port() != "" || b.Port() != "" || isIP(a) || isIP(b) {
		return false
	}
	x, err1 := publicsuffix.EffectiveTLDPlusOne(a.Hostname())
	y, err2 := publicsuffix.EffectiveTLDPlusOne(b.Hostname())
	return err1 == nil && err2 == nil && x == y
}

func isIP(u *url.URL) bool {
	_, err := netip.ParseAddr(u.Hostname())
	return err == nil
}
