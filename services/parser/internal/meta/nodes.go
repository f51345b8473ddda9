package meta

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dateline-news/dateline/services/parser/internal/classname"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

func hasToken(list, word string) bool {
	for f := range strings.FieldsSeq(list) {
		if strings.EqualFold(f, word) {
			return true
		}
	}
	return false
}

// hasDigit reports whether a text can hold a number: a European digit, or an
// Arabic-Indic or Persian one.
func hasDigit(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			return true
		case c == 0xd9 || c == 0xdb: // lead bytes of U+0660 to U+0669 and U+06F0 to U+06F9
			if r, _ := utf8.DecodeRuneInString(s[i:]); (r >= 0x660 && r <= 0x669) || (r >= 0x6f0 && r <= 0x6f9) {
				return true
			}
		}
	}
	return false
}

// maxInText bounds the elements that textOf looks at: a page may nest names around
// ever the same empty elements.
const maxInText = 500

// textOf is an element's text as one line, cut at a length that no headline,
// byline or date has.
func textOf(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && len(c.Data) <= maxFieldBytes {
		return plain.Line(c.Data)
	}
	var b strings.Builder
	left := maxInText
	appendText(&b, n, &left)
	return plain.Line(b.String())
}

func appendText(b *strings.Builder, n *html.Node, left *int) {
	for c := n.FirstChild; c != nil && b.Len() < maxFieldBytes && *left > 0; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			s := c.Data
			if room := maxFieldBytes - b.Len(); len(s) > room {
				s = strings.ToValidUTF8(s[:room], "")
			}
			b.WriteString(s)
		case html.ElementNode:
			*left--
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Svg, atom.Button, atom.Noscript, atom.Template:
				continue
			case atom.Span, atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Sup, atom.Sub, atom.Font, atom.Mark, atom.Abbr, atom.Wbr, atom.Time, atom.U, atom.Small:
				appendText(b, c, left)
			default:
				b.WriteByte(' ')
				appendText(b, c, left)
				b.WriteByte(' ')
			}
		}
	}
}

// hint says what an element's class or id calls it.
type hint uint8

const (
	hintAuthor hint = 1 << iota
	hintDate
	hintAside
	hintPaywall
)

var hintWords = map[string]hint{
	"author": hintAuthor, "authors": hintAuthor, "byline": hintAuthor, "bylines": hintAuthor, "autor": hintAuthor,
	"autoren": hintAuthor, "auteur": hintAuthor, "auteurs": hintAuthor, "autore": hintAuthor, "contributor": hintAuthor,
	"writer": hintAuthor, "reporter": hintAuthor, "vcard": hintAuthor, "authorname": hintAuthor, "creator": hintAuthor,
	"redakteur": hintAuthor, "forfatter": hintAuthor, "firma": hintAuthor, "signature": hintAuthor,
	"date": hintDate, "time": hintDate, "datetime": hintDate, "timestamp": hintDate, "published": hintDate, "pubdate": hintDate,
	"dateline": hintDate, "datum": hintDate, "fecha": hintDate, "data": hintDate, "posted": hintDate, "publish": hintDate,
	"publishdate": hintDate, "postdate": hintDate, "entrydate": hintDate, "updated": hintDate, "erschienen": hintDate,
	"comment": hintAside, "comments": hintAside, "related": hintAside, "sidebar": hintAside, "widget": hintAside,
	"recommended": hintAside, "popular": hintAside, "footer": hintAside, "trending": hintAside, "teaser": hintAside,
	"teasers": hintAside, "latest": hintAside, "commentlist": hintAside, "kommentare": hintAside, "cookie": hintAside,
	"carousel": hintAside, "promo": hintAside, "newsletter": hintAside, "mostread": hintAside, "ticker": hintAside,
	"paywall": hintPaywall, "regwall": hintPaywall, "metered": hintPaywall,
}

// maxHints bounds the classes whose hints are remembered.
const maxHints = 2000

// hint is hintOf, remembered: most elements of a page share their classes.
func (p *Page) hint(attr string) hint {
	if attr == "" {
		return 0
	}
	h, known := p.hints[attr]
	if !known {
		h = hintOf(attr)
		if len(p.hints) < maxHints && len(attr) <= maxGroupName {
			p.hints[attr] = h
		}
	}
	return h
}

// hintOf reads the words of a class or id.
func hintOf(attr string) hint {
	var h hint
	for words := classname.Of(attr); ; {
		word := words.Next()
		if word == nil {
			return h
		}
		h |= hintWords[string(word)]
	}
}
