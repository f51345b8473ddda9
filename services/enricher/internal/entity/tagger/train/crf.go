package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

const tags = tagger.Tags

// sentence is one in numbers: rows of weights for each token.
type sentence struct {
	features [][]int32
	// lexical is how many of a token's features depend on words.
	lexical []int
	shapes  []int
	gold    []int
	// partial tells that some gold is unknown.
	partial bool
}

// unknown is the gold of a token of which nothing is said.
const unknown = -1

// impossible is the score of a tag that the gold excludes.
const impossible = -60

// learner is the field with the state of AdaGrad (Duchi, Hazan and Singer, JMLR
// 2011).
type learner struct {
	o           options
	keys        []uint64
	sightings   []int32
	rows, moved [][tags]float32
	// sums add up the rows and the steps, snapshots times in each of the last epochs.
	summed     int
	sums       [][tags]float32
	sumSteps   [tagger.Shapes][tags][tags]float32
	steps      [tagger.Shapes][tags][tags]float32
	stepsMoved [tagger.Shapes][tags][tags]float32
	random     *rand.Rand

	// factors are the exponentials of steps.
	factors [tagger.Shapes][tags][tags]float64

	scores, odds, alpha, beta [][tags]float64
	scale                     []float64
	active                    [][]int32
	given                     [][tags]float64
}

// factor brings a shape's factors up to date.
func (l *learner) factor(shape int) {
	for a := range tags {
		for b := range tags {
			l.factors[shape][a][b] = math.Exp(float64(l.steps[shape][a][b]))
		}
	}
}

// countBits are the leading bits of a key by which sightings are counted; few
// features share a counter.
const countBits = 27

// index numbers the features that are seen often enough.
func (l *learner) index(docs []annotated) []sentence {
	counts := make([]uint8, 1<<countBits)
	each(docs, func(_ annotated, _, _ int, keys []uint64, _ int) {
		for _, k := range keys {
			if c := &counts[k>>(64-countBits)]; *c < math.MaxUint8 {
				*c++
			}
		}
	})
	ids := make(map[uint64]int32, 1<<20)
	var all []sentence
	var current *sentence
	var arena []int32
	each(docs, func(a annotated, i, first int, keys []uint64, words int) {
		if i == first {
			all = append(all, sentence{})
			current = &all[len(all)-1]
		}
		if len(arena) < len(keys) {
			arena = make([]int32, 1<<20)
		}
		list := arena[:0:len(keys)]
		arena = arena[len(keys):]
		lexical := 0
		for n, k := range keys {
			if int(counts[k>>(64-countBits)]) < l.o.least {
				continue
			}
			id, ok := ids[k]
			if !ok {
				id = int32(len(l.keys))
				ids[k] = id
				l.keys, l.sightings = append(l.keys, k), append(l.sightings, 0)
			}
			l.sightings[id]++
			list = append(list, id)
			if n < words {
				lexical++
			}
		}
		current.features = append(current.features, list)
		current.lexical = append(current.lexical, lexical)
		current.shapes = append(current.shapes, a.doc.Shape(i))
		current.gold = append(current.gold, a.tags[i])
		current.partial = current.partial || a.tags[i] == unknown
	})
	return all
}

// each visits the tokens that the tagger decodes, with their features; first is
// where the window of each begins.
func each(docs []annotated, visit func(a annotated, i, first int, keys []uint64, lexical int)) {
	var keys []uint64
	for _, a := range docs {
		for s, lo := range a.doc.Starts {
			hi := a.doc.End(s)
			a.doc.Windows(lo, hi, func(first, last int) {
				for i := first; i < last; i++ {
					var lexical int
					keys, lexical = a.doc.Features(i, lo, hi, keys[:0])
					visit(a, i, first, keys, lexical)
				}
			})
		}
	}
}

// learn takes one step on a sentence and gives its loss.
func (l *learner) learn(s *sentence) float64 {
	n := len(s.gold)
	if n == 0 {
		return 0
	}
	for len(l.scores) < n {
		l.scores, l.odds = append(l.scores, [tags]float64{}), append(l.odds, [tags]float64{})
		l.alpha, l.beta = append(l.alpha, [tags]float64{}), append(l.beta, [tags]float64{})
		l.scale = append(l.scale, 0)
		l.active = append(l.active, nil)
	}
	strange := l.random.Float64() < l.o.strange
	for i := range n {
		l.choose(s, i, strange)
		l.scores[i] = [tags]float64{}
		for _, f := range l.active[i] {
			row := &l.rows[f]
			for t := range tags {
				l.scores[i][t] += float64(row[t])
			}
		}
	}
	if s.partial {
		return l.learnPartial(s)
	}
	z := l.forwardBackward(s)
	return z - l.update(s)
}

// learnPartial steps on a sentence with unknown tags: towards what the field
// believes of them, given the others (Tsuboi and others, Coling 2008).
func (l *learner) learnPartial(s *sentence) float64 {
	n := len(s.gold)
	free := slices.Clone(l.scores[:n])
	for i, gold := range s.gold {
		for t := range tags {
			if gold != unknown && gold != t {
				l.scores[i][t] += impossible
			}
		}
	}
	given := l.forwardBackward(s)
	l.given = l.given[:0]
	for i := range n {
		var p [tags]float64
		for t := range tags {
			p[t] = l.alpha[i][t] * l.beta[i][t]
		}
		l.given = append(l.given, p)
	}
	copy(l.scores, free)
	z := l.forwardBackward(s)
	for i := range n {
		for t := range tags {
			g := float32(l.alpha[i][t]*l.beta[i][t] - l.given[i][t])
			if g > 1e-4 || g < -1e-4 {
				for _, f := range l.active[i] {
					l.move(&l.rows[f][t], &l.moved[f][t], g)
				}
			}
		}
	}
	return z - given
}

// choose drops some of the word features of token i, all of them in a sentence
// that is to be read as one in a strange language. Chinese, whose words are their
// own evidence, keeps most.
func (l *learner) choose(s *sentence, i int, strange bool) {
	drop := l.o.drop
	if s.shapes[i] == tagger.Chinese {
		drop, strange = drop/5, false
	}
	l.active[i] = l.active[i][:0]
	for n, f := range s.features[i] {
		if n < s.lexical[i] && (strange || l.random.Float64() < drop) {
			continue
		}
		l.active[i] = append(l.active[i], f)
	}
}

// forwardBackward fills alpha and beta with probabilities, scaled to a sum of one
// at each token, and gives the logarithm of the sum over all rows of tags.
func (l *learner) forwardBackward(s *sentence) float64 {
	n := len(s.gold)
	z := 0.0
	for i := range n {
		top := l.scores[i][0]
		for _, v := range l.scores[i] {
			top = max(top, v)
		}
		for b := range tags {
			l.odds[i][b] = math.Exp(l.scores[i][b] - top)
		}
		step := &l.factors[s.shapes[i]]
		sum := 0.0
		for b := range tags {
			v := step[0][b]
			if i > 0 {
				v = 0
				for a := range tags {
					v += l.alpha[i-1][a] * step[a][b]
				}
			}
			l.alpha[i][b] = v * l.odds[i][b]
			sum += l.alpha[i][b]
		}
		for b := range tags {
			l.alpha[i][b] /= sum
		}
		l.scale[i] = sum
		z += math.Log(sum) + top
	}
	for b := range tags {
		l.beta[n-1][b] = 1
	}
	for i := n - 2; i >= 0; i-- {
		step := &l.factors[s.shapes[i+1]]
		for a := range tags {
			v := 0.0
			for b := range tags {
				v += step[a][b] * l.odds[i+1][b] * l.beta[i+1][b]
			}
			l.beta[i][a] = v / l.scale[i+1]
		}
	}
	return z
}

// update moves the weights against the gradient and gives the score of the truth.
func (l *learner) update(s *sentence) float64 {
	truth := 0.0
	for i, gold := range s.gold {
		var g [tags]float32
		for t := range tags {
			g[t] = float32(l.alpha[i][t] * l.beta[i][t])
		}
		g[gold]--
		truth += l.scores[i][gold]
		for _, f := range l.active[i] {
			row, moved := &l.rows[f], &l.moved[f]
			for t := range tags {
				if g[t] > 1e-4 || g[t] < -1e-4 {
					l.move(&row[t], &moved[t], g[t])
				}
			}
		}
		truth += l.updateStep(s, i)
	}
	for _, shape := range s.shapes {
		l.factor(shape)
	}
	return truth
}

func (l *learner) updateStep(s *sentence, i int) float64 {
	step, moved, factors := &l.steps[s.shapes[i]], &l.stepsMoved[s.shapes[i]], &l.factors[s.shapes[i]]
	from := 0
	if i > 0 {
		from = s.gold[i-1]
	}
	truth := float64(step[from][s.gold[i]])
	for a := range tags {
		for b := range tags {
			var p float64
			switch {
			case i > 0:
				p = l.alpha[i-1][a] * factors[a][b] * l.odds[i][b] * l.beta[i][b] / l.scale[i]
			case a == 0:
				p = l.alpha[0][b] * l.beta[0][b]
			default:
				continue
			}
			g := float32(p)
			if a == from && b == s.gold[i] {
				g--
			}
			if g > 1e-4 || g < -1e-4 {
				l.move(&step[a][b], &moved[a][b], g)
			}
		}
	}
	return truth
}

func (l *learner) move(w, moved *float32, g float32) {
	g += float32(l.o.shrink) * *w
	*moved += g * g
	*w -= float32(l.o.rate) * g / float32(math.Sqrt(float64(*moved)+1e-6))
}
