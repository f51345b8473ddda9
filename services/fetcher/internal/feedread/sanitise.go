package feedread

import (
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// linkAttrs are the attributes of HTML that hold one URL.
var linkAttrs = map[string]bool{
	"href": true, "src": true, "poster": true, "cite": true, "longdesc": true, "action": true, "background": true, "data": true, "usemap": true,
}

// policy is what content may hold: text with its structure, links and media by http(s).
// Nothing in it runs, loads a document, or takes a reader's input.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
		"code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2",
		"h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s",
		"samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
		"time", "tr", "tt", "u", "ul", "var", "wbr", "img", "audio", "video", "source",
	)
	p.AllowNoAttrs().OnElements("a", "span", "font", "img", "audio", "video", "source", "q", "bdo", "col", "colgroup", "td", "th", "time")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	number := regexp.MustCompile(`^[0-9]{1,5}%?$`)
	word := regexp.MustCompile(`^[\p{L}\p{N}_ .,:;/+-]{1,100}$`)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img", "audio", "video", "source")
	p.AllowAttrs("poster").OnElements("video")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("alt", "title").OnElements("img", "a", "abbr", "acronym", "dfn", "audio", "video")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "video", "td", "th", "table")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("datetime").Matching(word).OnElements("time", "del", "ins")
	p.AllowAttrs("type").Matching(word).OnElements("source", "audio", "video")
	p.AllowAttrs("lang", "dir").Matching(word).Globally()
	p.AllowAttrs("controls").Matching(regexp.MustCompile(`^(controls)?$`)).OnElements("audio", "video")
	return p
}

// maxOpen bounds how deep elements nest in sanitised content. Deeper ones lose their
// tags and keep their text.
const maxOpen = 64

// html gives a value as sanitised HTML of n bytes at most, escapes and end tags apart, with absolute links
// and all elements closed; images are the URLs of its images.
func (v value) html(n int) (content string, images []string) {
	if v.kind == plainText {
		return html.EscapeString(tidyLines(v.s, n)), nil
	}
	s := endComments(cleanChars(v.s))
	if !strings.ContainsAny(s, "<&") {
		return html.EscapeString(cut(strings.TrimSpace(s), n)), nil
	}
	w := balancer{base: v.base, limit: n}
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for w.b.Len() < n {
		if z.Next() == xhtml.ErrorToken {
			break
		}
		t := z.Token()
		if t.Data == "iframe" || t.Data == "noembed" || t.Data == "noframes" {
			// What stands in these is markup for readers that do not know them.
			z.NextIsNotRawText()
		}
		w.token(t)
	}
	w.closeTo(0)
	return strings.TrimSpace(policy.Sanitize(w.b.String())), w.images
}

// frames are the elements that load other documents. Their tags go, what stands in them
// stays: it is for readers that cannot load them.
var frames = map[string]bool{
	"iframe": true, "frame": true, "frameset": true, "noframes": true, "object": true, "applet": true, "embed": true, "noembed": true,
}

// balancer writes HTML tokens with absolute links and every element closed, so that
// content cannot spill into the page around it.
type balancer struct {
	b      strings.Builder
	base   string
	limit  int
	open   []string
	images []string
}

func (w *balancer) token(t xhtml.Token) {
	switch t.Type {
	case xhtml.TextToken:
		w.b.WriteString(html.EscapeString(cut(t.Data, max(w.limit-w.b.Len(), len("…")))))
	case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
		if len(w.open) >= maxOpen || frames[t.Data] {
			return
		}
		w.start(t)
		switch {
		case voids[t.Data]:
		case t.Type == xhtml.SelfClosingTagToken:
			w.b.WriteString("</" + t.Data + ">")
		default:
			w.open = append(w.open, t.Data)
		}
	case xhtml.EndTagToken:
		for i := len(w.open) - 1; i >= 0; i-- {
			if w.open[i] == t.Data {
				w.closeTo(i)
				break
			}
		}
	}
}

func (w *balancer) closeTo(n int) {
	for len(w.open) > n {
		w.b.WriteString("</" + w.open[len(w.open)-1] + ">")
		w.open = w.open[:len(w.open)-1]
	}
}

func (w *balancer) start(t xhtml.Token) {
	w.b.WriteString("<" + t.Data)
	for i, a := range t.Attr {
		if i >= maxAttrs {
			break
		}
		if len(a.Val) > urlnorm.MaxLength {
			continue
		}
		if linkAttrs[a.Key] {
			abs, ok := w.link(t.Data, a)
			if !ok {
				continue
			}
			a.Val = abs
		}
		w.b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
	w.b.WriteByte('>')
}

// link gives the absolute form of a link attribute; false if it is to be dropped.
func (w *balancer) link(element string, a xhtml.Attribute) (string, bool) {
	ref := strings.TrimSpace(a.Val)
	if lower := strings.ToLower(ref); element == "a" && (strings.HasPrefix(lower, "mailto:") || strings.HasPrefix(lower, "tel:")) {
		return ref, true
	}
	abs, err := urlnorm.Resolve(w.base, ref)
	if err != nil {
		return "", false
	}
	if element == "img" && a.Key == "src" && len(w.images) < maxImages {
		w.images = append(w.images, abs)
	}
	return abs, true
}
