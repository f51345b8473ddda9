// Package meta reads what a page says about its story outside the story's text:
// headline, abstract, authors, times, site, section, tags, pictures, canonical
// address, language and rights.
//
//  1. Collect: one walk gathers structured data (JSON-LD), meta and link
//     elements, microdata, and what is printed near the headline.
//  2. Resolve: each field is chosen from its candidates, in the order of trust
//     that was measured on real pages, and keeps its origin.
package meta

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds on what one page may make the collector hold.
const (
	maxValues     = 8   // of one meta name
	maxNames      = 400 // meta names
	maxHeadings   = 12  // h1 elements
	maxSubheads   = 40  // h2 to h4 elements
	maxBylines    = 24  // printed author lines
	maxDates      = 300 // printed dates
	maxScripts    = 24  // JSON-LD scripts
	maxData       = 100 // other scripts
	maxScript     = 1 << 20
	maxFieldBytes = 4000 // of any text that is kept
)

// printed is a short text on the page with what stands around it.
type printed struct {
	text    string
	order   int  // of the text nodes of the page
	marked  bool // its class or a microdata name says what it is
	machine bool // text is a machine-readable attribute
	aside   bool // in nav, aside, footer, a list of links or comments
	linked  bool
	shown   string // of a machine-readable date: what the reader sees
	label   string // the short text before it
	group   uint64 // hash of what its element is and is called; 0 if it has no class
	changed bool   // its class names a change
}

// Page is what one walk gathered.
type Page struct {
	title     string
	told      string // the longest part of the title that is printed by itself
	lang      string
	names     map[string][]string // meta elements by lower-case name or property
	links     map[string]string   // link elements by rel
	micro     map[string][]string // microdata by property
	headings  []printed
	subheads  []printed
	bylines   []printed
	dates     []printed
	rssLinks  int
	scripts   []map[string]any // JSON-LD objects, graphs flattened
	articles  int              // JSON-LD articles on the page
	passwords int              // password fields
	inputs    int
	iframes   int
	scriptN   int
	videos    int
	frames    bool
	refresh   bool // the page only sends the reader elsewhere
	order     int
	last      string          // the last text without a date
	hints     map[string]hint // of classes and ids read
	groups    map[uint64]int  // printed dates by group
	data      []string        // scripts that may hold data
	headingAt int             // order of the first h1; -1
	// headingAside says that the headline too stands where related matter stands.
	headingAside bool
	labelAt      int    // order of a byline's label just read; 0
	namedAt      int    // order of a name just read under a label; 0
	joint        string // the word between that name and the next; empty
	paywalled    bool
}

// Collect walks the page once.
func Collect(root *html.Node) *Page {
	p := &Page{
		names: make(map[string][]string, 48), links: make(map[string]string, 8),
		micro: make(map[string][]string, 8), hints: make(map[string]hint, 128), groups: make(map[uint64]int, 8), headingAt: -1,
	}
	w := walker{p: p}
	w.children(root, around{})
	p.promote()
	return p
}

// around is what an element's ancestors say.
type around struct {
	aside, byline, date, linked, heading bool
	dated                                bool // inside an element named as a date, with more in it
	author                               bool // inside microdata author
}

type walker struct{ p *Page }

func (w walker) children(n *html.Node, a around) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.ElementNode:
			w.element(c, a)
		case html.TextNode:
			w.text(c.Data, a)
		}
	}
}

func (w walker) element(n *html.Node, a around) {
	p := w.p
	switch n.DataAtom {
	case atom.Html:
		p.lang = attr(n, "lang")
		if p.lang == "" {
			p.lang = attr(n, "xml:lang")
		}
	case atom.Title:
		if p.title == "" && n.Namespace == "" {
			p.title = textOf(n)
		}
		return
	case atom.Meta:
		w.meta(n, a)
		return
	case atom.Link:
		w.link(n)
		return
	case atom.Script:
		w.script(n)
		return
	case atom.Style, atom.Svg, atom.Noscript, atom.Template, atom.Select, atom.Textarea:
		return
	case atom.Frameset:
		p.frames = true
	case atom.Iframe:
		p.iframes++
		return
	case atom.Video:
		p.videos++
		return
	case atom.Input:
		p.inputs++
		if strings.EqualFold(attr(n, "type"), "password") {
			p.passwords++
		}
		return
	case atom.Nav, atom.Aside, atom.Footer, atom.Figcaption:
		a.aside = true
	case atom.H1:
		w.heading(n, a)
		a.heading = true
	case atom.H2, atom.H3, atom.H4:
		w.subhead(n, a)
	}
	w.hinted(n, &a)
	w.children(n, a)
}

// hinted reads microdata and the words of classes on elements of the body.
func (w walker) hinted(n *html.Node, a *around) {
	var class, id, prop, rel, datetime, property, style string
	for i := range n.Attr {
		at := &n.Attr[i]
		switch at.Key {
		case "class":
			class = at.Val
		case "id":
			id = at.Val
		case "itemprop":
			prop = at.Val
		case "property":
			property = at.Val
		case "rel":
			rel = at.Val
		case "datetime":
			datetime = at.Val
		case "style":
			style = at.Val
		}
	}
	if style != "" && strings.Contains(strings.ReplaceAll(style, " ", ""), "display:none") {
		a.aside = true
	}
	h := w.p.hint(class) | w.p.hint(id)
	if h&hintAside != 0 {
		a.aside = true
	}
	if h&hintPaywall != 0 {
		w.p.paywalled = true
	}
	if n.DataAtom == atom.A {
		a.linked = true
	}
	if prop == "" && strings.HasPrefix(property, "schema:") {
		prop = property[len("schema:"):]
	}
	if prop != "" {
		w.microdata(n, prop, a)
	}
	author := (n.DataAtom == atom.A && hasToken(rel, "author")) || h&hintAuthor != 0
	if author && !a.byline && len(w.p.bylines) < maxBylines {
		if text := textOf(n); text != "" && len(text) <= 300 {
			w.p.bylines = append(w.p.bylines, printed{text: text, order: w.p.order, marked: rel != "" || n.DataAtom == atom.A || len(text) <= 40, aside: a.aside})
		}
		a.byline = n.DataAtom == atom.A
	}
	if n.DataAtom == atom.Time || h&hintDate != 0 {
		w.dated(n, class, datetime, a)
	}
}

// text keeps short texts with digits: they may be printed dates.
func (w walker) text(s string, a around) {
	p := w.p
	p.order++
	if !a.linked {
		p.tell(s)
	}
	w.printedByline(s, a)
	w.printedDay(s, a)
}

// printedByline keeps a text that is a byline by its words, or that follows a
// label such as "Written by" standing alone.
func (w walker) printedByline(s string, a around) {
	p := w.p
	if a.byline || a.heading || len(s) > 160 || len(p.bylines) >= maxBylines {
		return
	}
	s = strings.TrimLeft(s, " \t\r\n\f\v\u00a0")
	if p.labelAt == 0 && p.namedAt == 0 && !byline.MayOpen(s) {
		return
	}
	text := plain.Line(s)
	named := p.namedAt
	p.namedAt = 0
	switch {
	case text == "":
		p.namedAt = named
		return
	case named > 0 && p.labelAt == 0 && byline.Joint(text):
		// "By", "A", "and", "B", each in an element of its own.
		p.labelAt, p.joint = p.order, text
		return
	case p.joint != "" && p.labelAt > 0 && len(text) < 60:
		last := &p.bylines[len(p.bylines)-1]
		last.text += " " + p.joint + " " + text
		p.labelAt, p.joint, p.namedAt = 0, "", p.order
		return
	case byline.Label(text):
		p.labelAt = p.order
		return
	case byline.Opens(text):
		p.bylines = append(p.bylines, printed{text: text, order: p.order, aside: a.aside})
	case p.labelAt > 0 && p.order-p.labelAt < 6 && len(text) < 60:
		p.bylines = append(p.bylines, printed{text: text, order: p.order, marked: true, aside: a.aside})
		p.namedAt = p.order
	}
	p.labelAt, p.joint = 0, ""
}

func (w walker) meta(n *html.Node, a around) {
	p := w.p
	var content string
	var keys [3]string
	refresh := false
	for i := range n.Attr {
		at := &n.Attr[i]
		switch at.Key {
		case "content":
			content = at.Val
		case "name":
			keys[0] = at.Val
		case "property":
			keys[1] = at.Val
		case "itemprop":
			keys[2] = at.Val
		case "http-equiv":
			refresh = strings.EqualFold(at.Val, "refresh")
			if strings.EqualFold(at.Val, "content-language") {
				keys[0] = "content-language"
			}
		}
	}
	p.refresh = p.refresh || (refresh && strings.Contains(strings.ToLower(content), "url="))
	if len(content) > maxFieldBytes {
		content = strings.ToValidUTF8(content[:maxFieldBytes], "")
	}
	content = plain.Line(content)
	if content == "" {
		return
	}
	for _, k := range keys[:2] {
		k = strings.ToLower(strings.TrimSpace(k))
		if k == "" || (len(p.names) >= maxNames && p.names[k] == nil) || len(p.names[k]) >= maxValues*4 {
			continue
		}
		p.names[k] = append(p.names[k], content)
	}
	if keys[2] != "" {
		w.addMicro(keys[2], content, a)
	}
}

func (w walker) link(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" {
		return
	}
	for rel := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
		switch rel {
		case "canonical", "amphtml", "license", "image_src", "author", "shortlink":
			if w.p.links[rel] == "" {
				w.p.links[rel] = href
			}
		case "alternate":
			if strings.Contains(attr(n, "type"), "rss") {
				w.p.rssLinks++
			}
		}
	}
}

func (w walker) script(n *html.Node) {
	w.p.scriptN++
	if n.FirstChild == nil {
		return
	}
	if t := attr(n, "type"); !strings.Contains(strings.ToLower(t), "ld+json") {
		if len(w.p.data) < maxData {
			w.p.data = append(w.p.data, n.FirstChild.Data)
		}
		return
	}
	if len(w.p.scripts) < maxScripts*8 {
		w.p.addScript(n.FirstChild.Data)
	}
}

// microdata keeps the value of an item property as the HTML standard reads it.
func (w walker) microdata(n *html.Node, prop string, a *around) {
	value := attr(n, "content")
	switch {
	case value != "":
	case n.DataAtom == atom.Time:
		value = attr(n, "datetime")
	case n.DataAtom == atom.Img:
		value = attr(n, "src")
	case n.DataAtom == atom.A && prop == "license":
		value = attr(n, "href")
	}
	if hasToken(prop, "author") || hasToken(prop, "creator") {
		a.author = true
		left := maxLookahead
		if value == "" && !hasItemprop(n, "name", &left) {
			value = textOf(n)
		}
	}
	if value == "" {
		switch prop {
		case "headline", "name", "datePublished", "dateModified", "articleSection", "alternativeHeadline", "description":
			value = textOf(n)
		}
	}
	w.addMicro(prop, value, *a)
}

func (w walker) addMicro(props, value string, a around) {
	value = plain.Line(value)
	if value == "" || len(value) > maxFieldBytes {
		return
	}
	for prop := range strings.FieldsSeq(props) {
		if prop == "creator" {
			prop = "author"
		}
		if prop == "name" {
			if !a.author {
				continue
			}
			prop = "author"
		}
		if prop == "author" && a.aside { // of a comment or a teaser
			continue
		}
		if len(w.p.micro[prop]) < maxValues {
			w.p.micro[prop] = append(w.p.micro[prop], value)
		}
	}
}

// maxLookahead bounds how many elements below an author are looked at.
const maxLookahead = 64

// hasItemprop reports whether something below n carries the property. left
// counts down the elements that may still be looked at.
func hasItemprop(n *html.Node, prop string, left *int) bool {
	for c := n.FirstChild; c != nil && *left > 0; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		*left--
		if hasToken(attr(c, "itemprop"), prop) || hasItemprop(c, prop, left) {
			return true
		}
	}
	return false
}
