package meta

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Lengths of texts that can be a date, in bytes, and bounds on reading them.
const (
	maxDated    = 160 // with what else stands in an element named as a date
	maxDateOnly = 60  // of an element that holds the date and little else
	maxDay      = 140 // of a text node
	maxLooked   = 400 // of a text node that is looked at beyond its beginning
	maxOpening  = 32  // what is read of a longer text that opens with a date
	maxInTitle  = 30  // of a text in a heading
	maxLabelled = 40  // of a label before a date
	maxParts    = 100 // elements in an element named as a date
)

// dated keeps the date of an element that is named as one: what it says to
// machines with what it shows, or what it shows.
func (w walker) dated(n *html.Node, class, datetime string, a *around) {
	p := w.p
	if len(p.dates) >= maxDates || (a.date && datetime == "") {
		return
	}
	text := spacedText(n, maxDated+1)
	d := printed{
		text: datetime, order: p.order, marked: true, machine: datetime != "", aside: a.aside, linked: a.linked,
		label: p.label(), group: groupOf(n, class), changed: namesChange(class),
	}
	switch readable := len(text) <= maxDated && hasDigit(text); {
	case datetime != "" && readable:
		d.shown = text
	case datetime == "" && readable:
		d.text = text
	case datetime == "":
		return
	}
	p.groups[d.group]++
	p.dates = append(p.dates, d)
	a.date = len(text) <= maxDateOnly
	a.dated = true
}

// printedDay keeps a text node that may hold a date, or open with one.
func (w walker) printedDay(s string, a around) {
	p := w.p
	if len(s) > maxLooked && !opensWithDigit(s) {
		p.last = ""
		return
	}
	if !hasDigit(s) || a.date || len(p.dates) >= maxDates {
		if len(s) > 1 && !blank(s) {
			p.last = s
		}
		return
	}
	text := plain.Line(s)
	d := printed{text: text, order: p.order, aside: a.aside, linked: a.linked, label: p.label(), marked: a.dated}
	p.last = ""
	switch {
	case len(text) < 6, a.heading && len(text) > maxInTitle:
		return
	case len(text) > maxDay:
		if !opensWithDigit(text) {
			return
		}
		d.text = strings.ToValidUTF8(text[:maxOpening], "")
	}
	p.dates = append(p.dates, d)
}

// label is the last text, if it is short enough to be the label of a date.
func (p *Page) label() string {
	if len(p.last) > 4*maxLabelled {
		return ""
	}
	line := plain.Line(p.last)
	if len(line) > maxLabelled || len(line) < 2 {
		return ""
	}
	return line
}

// blank reports whether a text is white space.
func blank(s string) bool {
	for i := range len(s) {
		if c := s[i]; c > ' ' {
			return false
		}
	}
	return true
}

// opensWithDigit reports whether a text begins with a number, be it in brackets.
func opensWithDigit(s string) bool {
	s = strings.TrimLeft(s[:min(len(s), 40)], " \t\r\n(\u00a0")
	r, _ := utf8.DecodeRuneInString(s)
	return r >= '0' && r <= '9'
}

// namesChange reports whether a class says that a date is of a change.
func namesChange(class string) bool {
	low := strings.ToLower(class)
	return (strings.Contains(low, "updat") || strings.Contains(low, "modif")) && !strings.Contains(low, "publish")
}

// groupOf identifies elements of one name and class, such as the dates of a list
// of teasers.
func groupOf(n *html.Node, class string) uint64 {
	if class == "" {
		return 0
	}
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for _, s := range [...]string{n.Data, class} {
		for i := range min(len(s), maxGroupName) {
			h = (h ^ uint64(s[i])) * prime
		}
	}
	return h
}

// maxGroupName bounds what is read of a class attribute, in bytes.
const maxGroupName = 200

// spacedText is an element's text, its elements parted by spaces; longer texts
// are cut a little above limit.
func spacedText(n *html.Node, limit int) string {
	var b strings.Builder
	left := maxParts
	appendSpaced(&b, n, limit, &left)
	return plain.Line(b.String())
}

func appendSpaced(b *strings.Builder, n *html.Node, limit int, left *int) {
	for c := n.FirstChild; c != nil && b.Len() <= 4*limit && *left > 0; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			b.WriteString(c.Data[:min(len(c.Data), 4*limit)])
		case html.ElementNode:
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Svg, atom.Button, atom.Noscript, atom.Template:
				continue
			}
			*left--
			b.WriteByte(' ')
			appendSpaced(b, c, limit, left)
			b.WriteByte(' ')
		}
	}
}
