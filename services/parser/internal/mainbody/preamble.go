package mainbody

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds of the preamble: the lines between the headline and the text. A
// standfirst may stand among them.
const (
	maxPreamble     = 6   // blocks
	maxPreambleText = 450 // runes of text that stays
	maxTellingLine  = 100 // runes of a line that tells of the story
	maxDateLine     = 60  // runes of a printed date with its place
	maxSectionLine  = 40  // runes of a section's name
)

// dropPreamble leaves out the lines before the text that say who wrote it, when,
// and under which section.
func dropPreamble(pg *page, kept []bool, h Hints) {
	p := newPreamble(pg, h)
	seen, text := 0, int32(0)
	for i := range kept {
		if !kept[i] {
			continue
		}
		b := &pg.blocks[i]
		if continues := b.soft && i > 0 && kept[i-1]; !continues && p.tells(b) {
			kept[i] = false
		} else {
			text += b.chars
		}
		if seen++; seen >= maxPreamble || text > maxPreambleText {
			return
		}
	}
}

// preamble recognises the lines before a text by what is known of the story.
type preamble struct {
	pg      *page
	section string   // folded
	authors []string // folded
	all     string   // the authors in one line, folded
}

func newPreamble(pg *page, h Hints) *preamble {
	p := &preamble{pg: pg, section: plain.Fold(h.Section)}
	for _, a := range h.Authors {
		if f := plain.Fold(a); f != "" {
			p.authors = append(p.authors, f)
			p.all += f
		}
	}
	return p
}

// tells reports whether a block is a byline, a printed date or a section's name
// and no sentence. A dateline, which a dash or a colon ends, is text.
func (p *preamble) tells(b *block) bool {
	if b.chars > maxTellingLine || b.letters+b.digits == 0 || opensText(b.text) {
		return false
	}
	folded := plain.Fold(b.text)
	if folded == p.section || folded == p.all || p.isAuthor(plain.Fold(byline.TrimLead(b.text))) {
		return true
	}
	if b.endsClosed && b.ends > 0 {
		return false
	}
	if b.digits > 0 && b.chars <= maxDateLine {
		if d, ok := date.Parse(b.text, ""); ok && d.Precision != date.Year && d.Precision != date.Month {
			return true
		}
	}
	if b.el >= 0 && isHeading(p.pg.elements[b.el].tag) {
		return false
	}
	return byline.Opens(b.text) || p.signs(b.text) || p.labels(b)
}

func (p *preamble) isAuthor(folded string) bool {
	for _, a := range p.authors {
		if folded == a {
			return true
		}
	}
	return false
}

// signs reports whether a line begins with a known author, or is names and a
// day of the year: "Nadia Perrin, envoyée spéciale", "Hugo Lambert, le 3 mai".
func (p *preamble) signs(line string) bool {
	folded := plain.Fold(byline.TrimLead(line))
	for _, a := range p.authors {
		if utf8.RuneCountInString(a) > 5 && strings.HasPrefix(folded, a) {
			return true
		}
	}
	name, rest, ok := strings.Cut(line, ",")
	return ok && len(byline.Names(name, "")) > 0 && date.NamesDay(rest)
}

// labels reports whether a short line is marked as a label of the story.
func (p *preamble) labels(b *block) bool {
	own := b.inner
	if b.el >= 0 {
		own |= p.pg.elements[b.el].own
	}
	return b.chars <= maxSectionLine && b.ends == 0 && own&classTags != 0 && own&(classTitle|classLead|classQuote) == 0
}

// opensText reports whether a line ends as a dateline does, before the text.
func opensText(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, " "))
	switch r {
	case '-', '–', '—', '―', ':', '：':
		return true
	}
	return false
}
