package feedread

import (
	"fmt"
	"strings"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// maxDepth bounds how deep elements nest. XHTML content in real feeds stays under 60.
const maxDepth = 256

// roots are the elements that a feed document can have at its top. Only the format is
// left open where attributes decide it.
var roots = map[string]string{
	"rss": "rss", "rdf:rdf": "rss 1.0", "rdf": "rss 1.0", "atom:feed": "atom", "feed": "atom", "channel": "cdf",
	"urlset": formatSitemap, "sitemapindex": formatIndex,
}

// others are the roots of documents that are taken for feeds by mistake.
var others = map[string]NotFeed{
	"html": {"html", "it is a web page, perhaps one that links to a feed"}, "xhtml:html": {"html", "it is a web page, perhaps one that links to a feed"},
	"opml": {"opml", "it is a list of feeds"},
}

// wrappers are the elements, besides roots, whose children are the feed's own fields
// and entries.
var wrappers = map[string]bool{"channel": true, "items": true}

// isEntry tells the elements that are entries.
func (r *reader) isEntry(key string) bool {
	switch r.feed.format {
	case formatSitemap, formatNews:
		return key == "url"
	case formatIndex:
		return key == "sitemap"
	}
	return key == "item" || key == "atom:entry" || key == "entry"
}

// reader builds nodes from tokens and hands every finished field and entry on, so that
// no more than one entry's tree exists at a time.
type reader struct {
	sc    scanner
	names namer
	stack []*node
	// levels counts the elements at the bottom of the stack that hold the feed: its root
	// and wrappers.
	levels int
	feed   *rawFeed
}

// readXML reads a feed in XML. truncated says why it ended early, if it did.
func readXML(doc, base string, feed *rawFeed) (truncated string, err error) {
	r := &reader{sc: scanner{s: doc}, feed: feed}
	root, empty, err := r.root(base)
	if err != nil {
		return "", err
	}
	feed.root(root)
	if empty {
		return "", nil
	}
	r.push(root)
	r.levels = 1
	truncated, midway := r.run()
	if midway && len(feed.entries)+len(feed.sitemaps) == 0 {
		return "", &NotFeed{Found: "xml", Reason: truncated + ", before any entry was complete"}
	}
	return truncated, nil
}

// root finds the feed's root. Text before it, such as the warnings of a script, is
// skipped; markup before it is not, unless it stands in the first bytes. empty says that
// nothing is in it.
func (r *reader) root(base string) (root *node, empty bool, err error) {
	const junk = 64 << 10
	first := ""
	for {
		t := r.sc.next()
		if t.kind == endOfInput || r.sc.pos > junk && first != "" {
			break
		}
		if t.kind != startTag {
			continue
		}
		r.names.declare(t.attrs, 0)
		key := r.names.key(t.name)
		if unknown, ok := strings.CutPrefix(key, foreign+":"); ok && roots[unknown] != "" {
			// A namespace of the publisher's own, or of a draft.
			r.names.adopt(t.name, roots[unknown])
			key = r.names.key(t.name)
		}
		if _, ok := roots[key]; ok {
			return r.element(t, &node{base: base}), t.empty, nil
		}
		if other, ok := others[key]; ok {
			return nil, false, &other
		}
		if r.sc.html {
			return nil, false, &NotFeed{Found: "html", Reason: "it is a web page, perhaps one that links to a feed"}
		}
		if first == "" {
			first = t.name
		}
		r.names.leave(0)
	}
	switch {
	case first == "":
		return nil, false, &NotFeed{Found: "text", Reason: "it has no element of a feed"}
	case htmlElements[strings.ToLower(first)]:
		return nil, false, &NotFeed{Found: "html", Reason: "it is a web page, perhaps one that links to a feed"}
	}
	return nil, false, &NotFeed{Found: "xml", Reason: fmt.Sprintf("its root is <%s>, of no feed format", cut(tidyLine(first), 40))}
}

// run reads to the end of the document and says why it ended early, if it did; midway
// tells that it ended within a field or entry.
func (r *reader) run() (truncated string, midway bool) {
	for {
		switch t := r.sc.next(); t.kind {
		case endOfInput:
			if top := r.top(); top != nil {
				return fmt.Sprintf("the document ends inside <%s>", cut(tidyLine(top.name), 40)), r.sc.cut || len(r.stack) > r.levels
			}
			return "", false
		case text:
			if len(r.stack) > r.levels {
				r.top().kids = append(r.top().kids, &node{text: t.text})
			}
		case startTag:
			if len(r.stack) >= maxDepth {
				return fmt.Sprintf("elements nest deeper than %d", maxDepth), true
			}
			r.open(t)
		case endTag:
			r.close(t.name)
		}
	}
}

func (r *reader) top() *node {
	if len(r.stack) == 0 {
		return nil
	}
	return r.stack[len(r.stack)-1]
}

// element makes the node of a start tag.
func (r *reader) element(t token, parent *node) *node {
	n := &node{key: r.names.key(t.name), name: t.name, base: parent.base, lang: parent.lang}
	if len(t.attrs) > 0 {
		n.attrs = append([]attr(nil), t.attrs...)
	}
	if base, ok := xmlAttr(n.attrs, "base"); ok {
		if abs, err := urlnorm.Resolve(parent.base, base); err == nil {
			n.base = abs
		}
	}
	if lang, ok := xmlAttr(n.attrs, "lang"); ok {
		n.lang = lang
	}
	return n
}

func (r *reader) push(n *node) { r.stack = append(r.stack, n) }

func (r *reader) open(t token) {
	if len(r.stack) == 0 {
		// What follows the root is not part of the feed.
		return
	}
	if r.isEntry(r.names.key(t.name)) {
		// Entries do not nest, so an open one was never closed.
		for i := r.levels; i < len(r.stack); i++ {
			if r.isEntry(r.stack[i].key) {
				r.closeTo(i)
			}
		}
	}
	r.names.declare(t.attrs, len(r.stack))
	n := r.element(t, r.top())
	r.push(n)
	if len(r.stack) == r.levels+1 && wrappers[n.key] {
		r.levels++
		r.feed.root(n)
	}
	// Elements of HTML without an end tag, where somebody did not escape the content.
	inContent := len(r.stack) > r.levels+2
	if t.empty || inContent && n.name != "link" && voids[n.name] {
		r.closeTo(len(r.stack) - 1)
	}
}

// close ends the innermost open element of a name, and those inside of it.
func (r *reader) close(name string) {
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].name == name {
			r.closeTo(i)
			return
		}
	}
}

// closeTo ends the open elements from the innermost down to stack[i].
func (r *reader) closeTo(i int) {
	for len(r.stack) > i {
		n := r.top()
		r.stack = r.stack[:len(r.stack)-1]
		r.names.leave(len(r.stack))
		switch {
		case len(r.stack) < r.levels:
			r.levels = len(r.stack)
		case len(r.stack) > r.levels:
			r.top().kids = append(r.top().kids, n)
		case r.isEntry(n.key):
			r.feed.entry(n)
		default:
			r.feed.field(n)
		}
	}
}
