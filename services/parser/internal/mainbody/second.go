package mainbody

// The features that the second stage sees beside those of the first: what the
// first stage made of the blocks around.
const (
	reach         = 4
	secondOwn     = 1 + 2*reach + 4 + 1 + enclosingLevels + 7 + subjectFeatures
	secondCount   = featureCount + secondOwn
	positiveScore = 0.5
)

// scoreSums are first-stage scores, weighted by size.
type scoreSums struct {
	scores  []float32
	weights []float32 // prefix sums of sizes
	kept    []float32 // prefix sums of size times score
	paths   map[uint64]*[2]float32
	first   int // first and last block that the first stage would keep
	last    int
	before  []int // nearest block before each that would be kept, or -1
	after   []int
}

func sumScores(pg *page, scores []float32) *scoreSums {
	n := len(pg.blocks)
	s := &scoreSums{
		scores: scores, weights: make([]float32, n+1), kept: make([]float32, n+1),
		paths: make(map[uint64]*[2]float32, 64), first: -1, last: -1, before: make([]int, n), after: make([]int, n),
	}
	d := describer{pg: pg}
	near := -1
	for i := range pg.blocks {
		b := &pg.blocks[i]
		w := float32(b.chars)
		s.weights[i+1] = s.weights[i] + w
		s.kept[i+1] = s.kept[i] + w*scores[i]
		key := d.pathOf(b)
		p := s.paths[key]
		if p == nil {
			p = &[2]float32{}
			s.paths[key] = p
		}
		p[0] += w
		p[1] += w * scores[i]
		s.before[i] = near
		if scores[i] >= positiveScore {
			if s.first < 0 {
				s.first = i
			}
			s.last, near = i, i
		}
	}
	near = -1
	for i := n - 1; i >= 0; i-- {
		s.after[i] = near
		if scores[i] >= positiveScore {
			near = i
		}
	}
	return s
}

// mean is the mean score of the blocks [from, to).
func (s *scoreSums) mean(from, to int) float32 {
	from, to = max(from, 0), min(to, len(s.scores))
	if from >= to {
		return -1
	}
	w := s.weights[to] - s.weights[from]
	if w <= 0 {
		return -1
	}
	return (s.kept[to] - s.kept[from]) / w
}

// describeSecond adds the features of the second stage to those of the first.
func describeSecond(pg *page, f *features, scores []float32) {
	s := sumScores(pg, scores)
	d := describer{pg: pg}
	words := subjectOf(pg).overlap(scores)
	for i := range pg.blocks {
		v := f.of(i)[:featureCount]
		v = append(v, scores[i])
		for k := 1; k <= reach; k++ {
			v = append(v, s.at(i-k), s.at(i+k))
		}
		v = append(v, s.mean(i-6, i), s.mean(i+1, i+7), s.mean(i-15, i), s.mean(i+1, i+16))
		b := &pg.blocks[i]
		p := s.paths[d.pathOf(b)]
		v = append(v, p[1]/max(p[0], 1))
		v = s.enclosing(v, pg, b)
		v = s.place(v, i)
		words.add(v, pg, i)
	}
}

func (s *scoreSums) at(i int) float32 {
	if i < 0 || i >= len(s.scores) {
		return -1
	}
	return s.scores[i]
}

// enclosing adds the mean scores in the elements around a block.
func (s *scoreSums) enclosing(v []float32, pg *page, b *block) []float32 {
	el := b.el
	for range enclosingLevels {
		if el < 0 {
			v = append(v, -1)
			continue
		}
		e := &pg.elements[el]
		n := e.last - e.first
		v = append(v, s.mean(int(e.first), int(e.last)))
		for e.parent >= 0 && pg.elements[e.parent].last-pg.elements[e.parent].first == n {
			e = &pg.elements[e.parent]
		}
		el = e.parent
	}
	return v
}

// place adds where a block stands among those that the first stage would keep.
func (s *scoreSums) place(v []float32, i int) []float32 {
	n := len(s.scores)
	total := s.kept[n]
	gapBefore, gapAfter := float32(-1), float32(-1)
	if k := s.before[i]; k >= 0 {
		gapBefore = s.weights[i] - s.weights[k+1]
	}
	if k := s.after[i]; k >= 0 {
		gapAfter = s.weights[k] - s.weights[i+1]
	}
	return append(v,
		float32(i-s.first), float32(s.last-i), gapBefore, gapAfter,
		s.kept[i]/max(total, 1), total/max(s.weights[n], 1), total,
	)
}
