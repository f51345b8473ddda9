package main

import (
	"math"
	"math/rand/v2"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/model"
)

// learner is the model while it learns, in floating point.
type learner struct {
	bias   [model.Size]float64
	dense  [model.DenseSize][model.Size]float64
	hashed [][model.Size]float32
	idf    []float32
	active []uint32
}

// settings of the training, chosen by cross-validation.
type settings struct {
	epochs             int
	rate, decay, sharp float64
	// drop is the share of hashed features left out of a step.
	drop float64
	seed uint64
}

// fit learns by stochastic gradient descent on the cross-entropy of a softmax
// with quadratic penalty, rates falling linearly to nothing. Hashed features count
// by their inverse document frequency over the square root of their number.
func fit(rows []row, s settings) *learner {
	l := &learner{hashed: make([][model.Size]float32, model.Buckets), idf: frequencies(rows)}
	random := rand.New(rand.NewPCG(s.seed, 1))
	order := random.Perm(len(rows))
	steps := float64(s.epochs * len(rows))
	done := 0
	for range s.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			l.step(&rows[i], l.choose(rows[i].features.Hashed, s, random), s.rate*(1-float64(done)/steps), s)
			done++
		}
	}
	return l
}

// frequencies are the logarithms of the inverse share of texts with a bucket.
func frequencies(rows []row) []float32 {
	n := make([]int, model.Buckets)
	last := make([]int, model.Buckets)
	for i := range rows {
		for _, b := range rows[i].features.Hashed {
			if last[b] != i+1 {
				last[b] = i + 1
				n[b]++
			}
		}
	}
	idf := make([]float32, model.Buckets)
	for b, count := range n {
		if count > 1 {
			idf[b] = float32(math.Log(float64(len(rows))/float64(count)) / 5)
		}
	}
	return idf
}

// choose leaves hashed features out at random, so that the lexicon and the concepts,
// which say the same of unseen sentences, are learnt too.
func (l *learner) choose(hashed []uint32, s settings, random *rand.Rand) []uint32 {
	l.active = l.active[:0]
	for _, b := range hashed {
		if random.Float64() >= s.drop {
			l.active = append(l.active, b)
		}
	}
	return l.active
}

// scores are those of the classes by the active features, times norm.
func (l *learner) scores(f *model.Features, active []uint32, norm float64) [model.Size]float64 {
	var sums [model.Size]float32
	for _, b := range active {
		w, idf := &l.hashed[b], l.idf[b]
		for c := range sums {
			sums[c] += w[c] * idf
		}
	}
	dense := f.Dense()
	var z [model.Size]float64
	for c := range z {
		z[c] = l.bias[c] + float64(sums[c])*norm
		for s, v := range dense {
			z[c] += v * l.dense[s][c]
		}
	}
	return z
}

func (l *learner) step(r *row, active []uint32, rate float64, s settings) {
	norm := 1 / math.Sqrt(float64(max(1, len(r.features.Hashed)))) / (1 - s.drop)
	p := model.Softmax(l.scores(r.features, active, norm))
	p[r.class]--
	dense := r.features.Dense()
	for c, g := range p {
		l.bias[c] -= 0.1 * rate * g
		for i, v := range dense {
			l.dense[i][c] -= rate * (s.sharp*g*v + 1e-4*l.dense[i][c])
		}
	}
	var pull [model.Size]float32
	for c, g := range p {
		pull[c] = float32(rate * g * norm)
	}
	keep := float32(1 - rate*s.decay)
	for _, b := range active {
		w, idf := &l.hashed[b], l.idf[b]
		for c := range w {
			w[c] = w[c]*keep - pull[c]*idf
		}
	}
}

// weights quantises the model to eight bits.
func (l *learner) weights() *model.Weights {
	w := &model.Weights{Hashed: make([]byte, model.Buckets*model.Size)}
	highest := float32(1e-9)
	for b, row := range l.hashed {
		for _, v := range row {
			highest = max(highest, float32(math.Abs(float64(v*l.idf[b]))))
		}
	}
	w.Scale = highest / 127
	for b, row := range l.hashed {
		for c, v := range row {
			w.Hashed[b*model.Size+c] = byte(int8(math.Round(float64(v * l.idf[b] / w.Scale))))
		}
	}
	for c, v := range l.bias {
		w.Bias[c] = float32(v)
	}
	for i, row := range l.dense {
		for c, v := range row {
			w.Dense[i][c] = float32(v)
		}
	}
	return w
}
