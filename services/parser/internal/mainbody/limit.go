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

// limits are the scores from which the blocks of a page are chosen.
type limits struct {
	base float32
	end  int // the first block that stands below the story
}

// fixedLimits are those of scores that are verdicts.
func fixedLimits(pg *page) limits { return limits{rulesLimit, len(pg.blocks)} }

// limitsOf returns the limits of the classifier's scores.
func limitsOf(pg *page, scores []float32) limits {
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
	return limits{lowLimit + limitRange*float32(sure)/float32(some+1), storyEnd(pg, scores)}
}

// reached reports whether a block's score is high enough.
func (l limits) reached(pg *page, i int, score float32) bool {
	limit := l.base
	if len(pg.wordsOf(i)) <= shortWords {
		limit -= shortBonus
	}
	if i >= l.end {
		limit += belowStory
	}
	return score >= limit
}
