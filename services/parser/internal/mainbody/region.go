package mainbody

// Bounds of the element that holds the story.
const (
	storyScore = 0.8 // of blocks that show where the story is
	storyShare = 0.9 // of their text, that the element holds
	belowStory = 0.4 // added to the limit of what stands below it
)

// storyEnd returns the first block below the smallest element that holds nearly
// all of what is surely the story. Comments, teasers and imprints read like a
// story, too, and stand below its element; what stands above is often its lead.
func storyEnd(pg *page, scores []float32) int {
	sums := make([]float32, len(scores)+1)
	for i, score := range scores {
		sums[i+1] = sums[i]
		if score >= storyScore {
			sums[i+1] += score * float32(pg.blocks[i].chars)
		}
	}
	all := sums[len(scores)]
	if all == 0 {
		return len(scores)
	}
	end, size := len(scores), len(scores)
	for k := range pg.elements {
		e := &pg.elements[k]
		if n := int(e.last - e.first); n < size && sums[e.last]-sums[e.first] >= storyShare*all {
			end, size = int(e.last), n
		}
	}
	return end
}
