package quote

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// singles reads the marks that are apostrophes as well.
func (p *pairer) singles(i int) {
	switch t := p.ws[i].Text; {
	case t == "‚":
		p.push(singleCurly, i)
	case t == "‘" && p.has(singleCurly) && p.ws[p.inner(singleCurly)].Text == "‚":
		p.pop(singleCurly, i)
	case t == "‘":
		if p.opening(i) && !p.spacedAfter(i) {
			p.push(singleCurly, i)
		}
	case t == "’":
		if p.has(singleCurly) && !p.possessive(i) {
			p.pop(singleCurly, i)
		}
	case p.has(apostrophe):
		if !p.possessive(i) && p.spacedOrMark(i+1) {
			p.pop(apostrophe, i)
		}
	case p.opening(i) && (i == 0 || p.ws[i].Space || p.ws[i-1].Kind == words.Break) && !p.spacedAfter(i) && p.closesLater(i, true):
		p.push(apostrophe, i)
	}
}

func (p *pairer) spacedOrMark(i int) bool {
	return i >= len(p.ws) || p.ws[i].Space || p.ws[i].Kind != words.Letters
}

// possessive tells whether the mark after a word in s is the apostrophe of a
// plural ("the workers’ union"): a word follows, and a mark after punctuation
// comes later.
func (p *pairer) possessive(i int) bool {
	if i == 0 || p.ws[i].Space || !strings.HasSuffix(p.ws[i-1].Lower, "s") {
		return false
	}
	return i+1 < len(p.ws) && p.ws[i+1].Kind == words.Letters && !p.ws[i+1].Capital() && p.closesLater(i, false)
}

// maxLater is the number of words in which a single mark is looked for.
const maxLater = 300

// closesLater tells whether a single mark after punctuation stands later in
// the paragraph; before lets it stand before punctuation.
func (p *pairer) closesLater(i int, before bool) bool {
	// Marks are asked about in order, so that what was seen for the one before is
	// not looked at again.
	seen := &p.later[0]
	if before {
		seen = &p.later[1]
	}
	for k := max(i+2, *seen); k < len(p.ws) && k-i < maxLater && p.ws[k].Kind != words.Break; k++ {
		*seen = k
		w := &p.ws[k]
		if !w.Is("'") && !w.Is("’") || w.Space {
			continue
		}
		if pause(&p.ws[k-1]) || before && k+1 < len(p.ws) && pause(&p.ws[k+1]) {
			return true
		}
	}
	return false
}

func pause(w *words.Word) bool { return w.Kind == words.Mark && strings.Contains(".,!?…", w.Text) }
