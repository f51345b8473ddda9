package mainbody

// The score from which a block is chosen depends on the page: where the story
// stands out, it is higher than where all is doubtful, since there the blocks
// left out would be most of the text. Short blocks score too low: the truths that
// the classifier learns from often lack them, or have them twice.
//
// On the cross-validated scores of three models, F1 is .946 with one limit for all
// blocks, .947 with one for each page, .948 with a lower one for short blocks. The
// constants were chosen on these same scores.
const (
	lowLimit   = 0.25 // on a page where nothing is sure
	limitRange = 0.30 // added on a page where all is
	sureScore  = 0.9
	someScore  = 0.2 // blocks below say nothing about how sure the rest is
	shortWords = 6   // words of the longest block that is short
	shortBonus = 0.15
	rulesLimit = 0.5 // of scores that are verdicts
)

// limitOf returns the score from which blocks are chosen.
func limitOf(pg *page, scores []float32) float32 {
	sure, some := 0, 0
	for i, score := range scores {
		if score < someScore {
			continue
		}
		words := len(pg.wordsOf(i))
		some += words
		if score >= sureScore {
			sure += words
		}
	}
	return lowLimit + limitRange*float32(sure)/float32(some+1)
}

// reaches reports whether a block's score is high enough.
func (pg *page) reaches(i int, score, limit float32) bool {
	if len(pg.wordsOf(i)) <= shortWords {
		limit -= shortBonus
	}
	return score >= limit
}
