package mainbody

// The features that the second stage sees beside those of the first: what the
// first stage made of the blocks around.
const (
	reach         = 4
	secondOwn     = 1 + 2*reach + 4 + 1 + enclosingLevels + 7 + subjectFeatures + sectionFeatures + lexiconFeatures
	secondCount   = featureCount + secondOwn
	positiveScore = 0.5

	sectionFeatures = 6
)

// scoreSums are first-stage scores, weighted by size.
type scoreSums struct {
	scores  []float32
	weights []float32 // prefix sums of sizes
	kept    []float32 // prefix sums of size times score
	paths   [][2]float32
	first   int // first and last block that the first stage would keep
	last    int
	before  []int // nearest block before each that would be kept, or -1
	after   []int
	heads   []int32 // heading above each block, or -1
	ends    []int32 // next heading after each block
}

func sumScores(pg *page, scores []float32) *scoreSums {
	n := len(pg.blocks)
	s := &scoreSums{
		scores: scores, weights: make([]float32, n+1), kept: make([]float32, n+1),
		paths: make([][2]float32, pg.paths), first: -1, last: -1, before: make([]int, n), after: make([]int, n),
	}
	near := -1
	for i := range pg.blocks {
		b := &pg.blocks[i]
		w := float32(b.chars)
		s.weights[i+1] = s.weights[i] + w
		s.kept[i+1] = s.kept[i] + w*scores[i]
		p := &s.paths[pg.pathOf(b)]
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
	s.heads, s.ends = make([]int32, n), make([]int32, n)
	head := int32(-1)
	for i := range pg.blocks {
		if isHead(pg, i) {
			head = int32(i)
		}
		s.heads[i] = head
	}
	head = int32(n)
	for i := n - 1; i >= 0; i-- {
		s.ends[i] = head
		if isHead(pg, i) {
			head = int32(i)
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

// hopeless is the first-stage score below which a block does not come before
// the second: two blocks of three, and of the true text one word in five thousand.
const hopeless = 0.005

// describeSecond adds the features of the second stage to those of the first,
// for the blocks that are not hopeless.
func (w *workspace) describeSecond(pg *page, scores []float32) {
	w.rows = w.rows[:0]
	for i, score := range scores {
		if score >= hopeless {
			w.rows = append(w.rows, int32(i))
		}
	}
	w.second.reset(secondCount, len(w.rows))
	for f := range featureCount {
		from, to := w.first.column(f), w.second.column(f)
		for k, i := range w.rows {
			to[k] = from[i]
		}
	}
	s := sumScores(pg, scores)
	w.subject.read(pg, scores)
	for row, i := range w.rows {
		i := int(i)
		v := append(w.row[:0], scores[i])
		for k := 1; k <= reach; k++ {
			v = append(v, s.at(i-k), s.at(i+k))
		}
		v = append(v, s.mean(i-6, i), s.mean(i+1, i+7), s.mean(i-15, i), s.mean(i+1, i+16))
		b := &pg.blocks[i]
		p := s.paths[pg.pathOf(b)]
		v = append(v, p[1]/max(p[0], 1))
		v = s.enclosing(v, pg, b)
		v = s.place(v, i)
		v = w.subject.add(v, pg, i)
		v = s.section(v, pg, i)
		v = w.lexicon.add(v, pg.wordsOf(i))
		w.second.set(row, featureCount, v)
		w.row = v
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

func isHead(pg *page, i int) bool {
	el := pg.blocks[i].el
	return el >= 0 && isHeading(pg.elements[el].tag)
}

// section adds what the first stage made of the heading above a block, of what
// stands under it, and of blocks of the same path in the run.
func (s *scoreSums) section(v []float32, pg *page, i int) []float32 {
	head, end := s.heads[i], s.ends[i]
	v = append(v, s.at(int(head)), s.mean(int(head)+1, int(end)), s.at(int(end)))
	from, to := i, i+1
	path := pg.pathOf(&pg.blocks[i])
	for from > 0 && i-from < 40 && pg.pathOf(&pg.blocks[from-1]) == path {
		from--
	}
	for to < len(pg.blocks) && to-i < 40 && pg.pathOf(&pg.blocks[to]) == path {
		to++
	}
	return append(v, s.mean(from, to), s.at(from-1), s.at(to))
}
