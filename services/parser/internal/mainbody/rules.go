package mainbody

import "golang.org/x/net/html/atom"

// Roles that end a block's hope, as the rules see it.
const (
	rulesOutNear = classComment | classShare | classRelated | classNav | classFooter | classCaption | classAuthor |
		classForm | classConsent | classTags | classSide | classAd
	rulesOutAncestry = inNav | inFooter | inAside | inForm | inFigure | inDialog | inHidden
)

// byRules scores blocks with fixed rules: paragraphs vote for the elements
// around them, and the blocks of the winner stay unless they look like
// furniture. It is the yardstick for the classifier.
func byRules(pg *page) []float32 {
	scores := make([]float32, len(pg.blocks))
	votes := make([]float32, len(pg.elements))
	best := int32(-1)
	for i := range pg.blocks {
		b := &pg.blocks[i]
		if b.el < 0 || !paragraphLike(b) || pg.elements[b.el].in&rulesOutAncestry != 0 {
			continue
		}
		weight := 1 + float32(min(b.commas, 5)) + float32(min(b.chars, 400))/80
		if pg.elements[b.el].up&(classComment|classRelated|classSide|classFooter|classConsent) != 0 {
			weight /= 4
		}
		for el, k := b.el, 0; el >= 0 && k < 6; el, k = pg.elements[el].parent, k+1 {
			votes[el] += weight
			weight *= 0.8
		}
	}
	for i := range votes {
		e := &pg.elements[i]
		votes[i] *= 1 - share(e.linkChars, e.chars)
		if best < 0 || votes[i] > votes[best] {
			best = int32(i)
		}
	}
	if best < 0 || votes[best] == 0 {
		return scores
	}
	for up := pg.elements[best].parent; up >= 0 && votes[up] > 0.75*votes[best] && pg.elements[up].tag != atom.Body; up = pg.elements[up].parent {
		best = up
	}
	e := &pg.elements[best]
	for i := e.first; i < e.last; i++ {
		scores[i] = ruleScore(pg, &pg.blocks[i], best)
	}
	return scores
}

func ruleScore(pg *page, b *block, top int32) float32 {
	near, in := b.inner, pg.elements[b.el].in&^pg.elements[top].in
	for el := b.el; el >= 0 && el != top; el = pg.elements[el].parent {
		near |= pg.elements[el].own
	}
	density := share(b.linkChars, b.chars)
	switch {
	case in&rulesOutAncestry != 0 || near&rulesOutNear != 0 && near&classContent == 0:
		return 0.1
	case density > 0.5 || (density > 0.3 && b.chars < 80):
		return 0.2
	case pg.elements[b.el].tag == atom.P || paragraphLike(b):
		return 0.9
	case isHeading(pg.elements[b.el].tag) || pg.elements[b.el].tag == atom.Li:
		return 0.7
	case b.endsClosed && b.chars > 30:
		return 0.6
	}
	return 0.3
}
