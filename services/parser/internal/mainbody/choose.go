package mainbody

import (
	"unicode"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// choice is what was chosen of a page, and by what.
type choice struct {
	scores []float32
	limits limits
	kept   []bool
	trace  *trace
}

// decide chooses by the scores given or, where the classifier is in doubt and the
// rules are not, by the rules.
func decide(pg *page, scores []float32, h Hints, by string) *choice {
	if by != ByModel {
		return choose(pg, scores, fixedLimits(pg), h, by)
	}
	model := choose(pg, scores, limitsOf(pg, scores), h, by)
	if meanScore(pg, scores, model.kept) >= doubtfulScore {
		return model
	}
	rules := choose(pg, byRules(pg), fixedLimits(pg), h, ByRules)
	if betterProse(pg, rules.kept, model.kept, h.Title) {
		return rules
	}
	return model
}

// choose picks the blocks whose score is high enough, without the headline, what
// stands there twice, boxes that advertise the publication, the lines above the
// text that tell of it, and what stands under it.
func choose(pg *page, scores []float32, l limits, h Hints, by string) *choice {
	kept, t := make([]bool, len(pg.blocks)), newTrace(h.Explain, by, len(pg.blocks))
	says := newSayings(h)
	for i := range pg.blocks {
		if !l.reached(pg, i, scores[i]) {
			continue
		}
		reason := says.again(pg, &pg.blocks[i])
		t.note(i, reason)
		kept[i] = reason == ""
	}
	t.step(kept, "")
	dropRepeats(pg, kept)
	t.step(kept, IsRepeat)
	dropPromos(pg, kept)
	t.step(kept, IsPromo)
	dropPreamble(pg, kept, h)
	t.step(kept, IsPreamble)
	dropTail(pg, kept)
	t.step(kept, IsTail)
	return &choice{scores, l, kept, t}
}

// settle leaves out what the caller knows from other pages, and headings that
// nothing follows.
func (c *choice) settle(pg *page, h Hints) {
	kept, t := c.kept, c.trace
	review(pg, kept, h.Review)
	t.step(kept, ByTemplate)
	last := true // whether nothing was kept below
	for i := len(kept) - 1; i >= 0; i-- {
		if !kept[i] {
			continue
		}
		if el := pg.blocks[i].el; last && el >= 0 && isHeading(pg.elements[el].tag) && pg.blocks[i].chars < maxLastHead {
			kept[i] = false
			continue
		}
		last = false
	}
	t.step(kept, LastHead)
}

// sayings are the headline and the byline, folded, which are no part of the text.
type sayings struct{ title, byline saying }

// saying is a folded line, with its number of letters and digits.
type saying struct {
	text string
	size int32
}

func newSayings(h Hints) sayings { return sayings{newSaying(h.Title), newSaying(h.Byline)} }

func newSaying(line string) saying {
	s := saying{text: plain.Fold(line)}
	for _, r := range s.text {
		if !unicode.IsMark(r) {
			s.size++
		}
	}
	return s
}

// says reports whether a block is the line. Folding is dear, and blocks of other
// sizes need none.
func (s *saying) says(b *block) bool {
	return s.size > 0 && s.size == b.letters+b.digits && plain.Fold(b.text) == s.text
}

// maxSaying is the longest block, in runes, that can be a headline or a byline.
const maxSaying = 400

// again says why a block by itself is no part of the text; "" if it may be.
func (s *sayings) again(pg *page, b *block) string {
	switch {
	case b.letters+b.digits == 0:
		return NoWords
	case teaser(pg, b):
		return IsTeaser
	case b.chars >= maxSaying:
	case s.title.says(b):
		return IsHeadline
	case s.byline.says(b):
		return IsByline
	}
	return ""
}

// maxLastHead is the shortest heading, in runes, that is a sentence of its own.
const maxLastHead = 70
