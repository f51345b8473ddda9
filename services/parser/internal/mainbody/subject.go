package mainbody

// Words are counted in a table of 1<<subjectBits places; two that share one do
// little harm.
const (
	subjectBits     = 15
	subjectFeatures = 4
)

// subject tells how far the words of a block are those of the text that the
// first stage would keep elsewhere on the page: other stories and most comments
// have words of their own.
type subject struct {
	words  []uint16 // of all blocks, one after the other
	bounds []int32
}

func subjectOf(pg *page) *subject {
	s := &subject{words: make([]uint16, 0, pg.chars/6+16), bounds: make([]int32, 1, len(pg.blocks)+1)}
	for i := range pg.blocks {
		eachWord(pg.blocks[i].text, func(w uint64) { s.words = append(s.words, uint16(w>>20)&(1<<subjectBits-1)) })
		s.bounds = append(s.bounds, int32(len(s.words)))
	}
	return s
}

// overlap says, for each block, how many of its words blocks kept elsewhere have
// too. Words that many of those have tell nothing, and are not counted.
func (s *subject) overlap(scores []float32) *overlap {
	const size = 1 << subjectBits
	inKept, lastBlock := make([]int32, size), make([]int32, size)
	kept := int32(0)
	for i := range scores {
		if scores[i] < positiveScore {
			continue
		}
		kept++
		for _, w := range s.words[s.bounds[i]:s.bounds[i+1]] {
			if lastBlock[w] != int32(i)+1 {
				lastBlock[w] = int32(i) + 1
				inKept[w]++
			}
		}
	}
	common := max(kept/3, 3)
	o := &overlap{shared: make([]int32, len(scores)+1), counted: make([]int32, len(scores)+1)}
	for i := range scores {
		own := int32(0)
		if scores[i] >= positiveScore {
			own = 1
		}
		o.shared[i+1], o.counted[i+1] = o.shared[i], o.counted[i]
		for _, w := range s.words[s.bounds[i]:s.bounds[i+1]] {
			if inKept[w] > common {
				continue
			}
			o.counted[i+1]++
			if inKept[w] > own {
				o.shared[i+1]++
			}
		}
	}
	return o
}

// overlap holds prefix sums over blocks: the words counted, and those of them
// that are shared.
type overlap struct{ shared, counted []int32 }

// of is the share in the blocks [from, to); -1 where there are none.
func (o *overlap) of(from, to int) float32 {
	if from >= to {
		return -1
	}
	return share(o.shared[to]-o.shared[from], o.counted[to]-o.counted[from])
}

// add adds the features of a block: its own share, how many words that is of,
// and the shares of the box around it and of the blocks before it.
func (o *overlap) add(v []float32, pg *page, i int) []float32 {
	box := float32(-1)
	if el := pg.blocks[i].el; el >= 0 {
		if up := pg.elements[el].parent; up >= 0 {
			el = up
		}
		box = o.of(int(pg.elements[el].first), int(pg.elements[el].last))
	}
	return append(v, o.of(i, i+1), float32(min(o.counted[i+1]-o.counted[i], 300)), box, o.of(max(i-4, 0), i))
}
