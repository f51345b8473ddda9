package mainbody

// Bounds of a page on which the fixed rules may know better.
const (
	doubtfulScore = 0.75 // mean of the blocks chosen, below which the classifier is in doubt
	proseShare    = 0.8  // of a text, in runes, that stands in paragraphs
	lessProse     = 0.8  // of that share, at most, on the other side
)

// betterProse reports whether what the rules chose is a likely story, and what the
// classifier chose is not: prose against lists or nothing, which says no less of the
// headline.
func betterProse(pg *page, rules, model []bool, title string) bool {
	prose := proseOf(pg, rules)
	return prose >= proseShare && proseOf(pg, model) <= lessProse*prose && keptChars(pg, rules) >= minKept &&
		wordsSaid(pg, rules, title) >= wordsSaid(pg, model, title)
}

// meanScore is the mean score of the blocks kept, weighted by size; 0 of none.
func meanScore(pg *page, scores []float32, kept []bool) float64 {
	sum, chars := 0.0, 0.0
	for i, keep := range kept {
		if keep {
			n := float64(pg.blocks[i].chars)
			sum += float64(scores[i]) * n
			chars += n
		}
	}
	return sum / max(chars, 1)
}

// proseOf is the share of the text kept that stands in blocks like paragraphs.
func proseOf(pg *page, kept []bool) float32 {
	sum := int32(0)
	for i, keep := range kept {
		if keep && paragraphLike(&pg.blocks[i]) {
			sum += pg.blocks[i].chars
		}
	}
	return share(sum, keptChars(pg, kept))
}

// wordsSaid counts the words of a line that stand in the text kept.
func wordsSaid(pg *page, kept []bool, line string) int {
	said := map[uint64]bool{}
	for _, w := range appendWords(nil, line) {
		said[w] = false
	}
	n := 0
	for i, keep := range kept {
		if !keep {
			continue
		}
		for _, w := range pg.wordsOf(i) {
			if before, ok := said[w]; ok && !before {
				said[w] = true
				n++
			}
		}
	}
	return n
}
