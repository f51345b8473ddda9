package mainbody

// Words are counted in a table of 1<<subjectBits places; two that share one do
// little harm.
const (
	subjectBits     = 15
	subjectFeatures = 5
)

// subject tells how far the words of a block are those of the text that the
// first stage would keep elsewhere on the page: other stories and most comments
// have words of their own.
type subject struct {
	inKept    []int32 // how many blocks kept have a word
	lastBlock []int32
	shared    []int32 // prefix sums over blocks: of the words counted, those that
	counted   []int32 // blocks kept elsewhere have too, and all
}

func placeOfWord(w uint64) int { return int(w>>20) & (1<<subjectBits - 1) }

// read says, for each block, how many of its words blocks kept elsewhere have
// too. Words that many of those have tell nothing, and are not counted.
func (s *subject) read(pg *page, scores []float32) {
	const size = 1 << subjectBits
	if s.inKept == nil {
		s.inKept, s.lastBlock = make([]int32, size), make([]int32, size)
	}
	clear(s.inKept)
	clear(s.lastBlock)
	inKept, lastBlock := s.inKept, s.lastBlock
	kept := int32(0)
	for i := range scores {
		if scores[i] < positiveScore {
			continue
		}
		kept++
		for _, w := range pg.wordsOf(i) {
			w := placeOfWord(w)
			if lastBlock[w] != int32(i)+1 {
				lastBlock[w] = int32(i) + 1
				inKept[w]++
			}
		}
	}
	common := max(kept/3, 3)
	s.shared, s.counted = append(s.shared[:0], 0), append(s.counted[:0], 0)
	for i := range scores {
		own := int32(0)
		if scores[i] >= positiveScore {
			own = 1
		}
		shared, counted := s.shared[i], s.counted[i]
		for _, w := range pg.wordsOf(i) {
			n := inKept[placeOfWord(w)]
			if n > common {
				continue
			}
			counted++
			if n > own {
				shared++
			}
		}
		s.shared, s.counted = append(s.shared, shared), append(s.counted, counted)
	}
}

// of is the share in the blocks [from, to); -1 where there are none.
func (s *subject) of(from, to int) float32 {
	if from >= to {
		return -1
	}
	return share(s.shared[to]-s.shared[from], s.counted[to]-s.counted[from])
}

// add adds the features of a block: its own share, how many words that is of,
// and the shares of the box around it and of the blocks before it.
func (s *subject) add(v []float32, pg *page, i int) []float32 {
	box := float32(-1)
	if el := pg.blocks[i].el; el >= 0 {
		if up := pg.elements[el].parent; up >= 0 {
			el = up
		}
		box = s.of(int(pg.elements[el].first), int(pg.elements[el].last))
	}
	return append(v, s.of(i, i+1), float32(min(s.counted[i+1]-s.counted[i], 300)), box, s.of(max(i-4, 0), i),
		1-share(s.counted[i+1]-s.counted[i], int32(len(pg.wordsOf(i)))))
}
