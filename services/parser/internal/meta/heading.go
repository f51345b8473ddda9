package meta

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// minTold is the least that a lower heading and the title element must have in
// common, in bytes of folded text: a shorter heading may be a section's name.
const minTold = 16

func (w walker) heading(n *html.Node, a around) {
	p := w.p
	if len(p.headings) >= maxHeadings {
		return
	}
	text := textOf(n)
	if text == "" {
		return
	}
	if p.headingAt < 0 {
		p.headingAt, p.headingAside = p.order, a.aside
	}
	p.headings = append(p.headings, printed{text: text, order: p.order, aside: a.aside, marked: attr(n, "itemprop") == "headline"})
}

func (w walker) subhead(n *html.Node, a around) {
	p := w.p
	if len(p.subheads) >= maxSubheads || a.linked {
		return
	}
	if text := textOf(n); text != "" && len(text) <= maxHeadline {
		p.subheads = append(p.subheads, printed{text: text, order: p.order, aside: a.aside})
	}
}

// promote makes a lower heading the page's first heading where the title
// element begins or ends with it and no h1 says as much: old layouts print the
// headline as an h2 under the paper's name.
func (p *Page) promote() {
	title := plain.Fold(p.title)
	told := minTold - 1
	for i := range p.headings {
		if f := plain.Fold(p.headings[i].text); strings.Contains(title, f) || strings.Contains(f, title) {
			told = max(told, len(f))
		}
	}
	p.place(title)
	best := -1
	for i := range p.subheads {
		h := &p.subheads[i]
		if f := plain.Fold(h.text); !h.aside && len(f) > told && (strings.HasPrefix(title, f) || strings.HasSuffix(title, f)) {
			told, best = len(f), i
		}
	}
	if best < 0 {
		return
	}
	p.headings = append([]printed{p.subheads[best]}, p.headings...)
	p.headingAt, p.headingAside = p.subheads[best].order, false
}

// place says where the headline stands: at the first h1 that the title element
// holds, or else at the first h1 of all.
func (p *Page) place(title string) {
	for i := range p.headings {
		h := &p.headings[i]
		if f := plain.Fold(h.text); len(f) >= minTold && strings.Contains(title, f) {
			p.headingAt, p.headingAside = h.order, h.aside
			return
		}
	}
}
