package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

// Parameters of gradient boosting (Friedman 2001, with Newton steps as in
// XGBoost) that were not worth tuning.
const (
	depth       = 6
	leaves      = 1 << depth
	bins        = 64
	l2          = 3.0  // penalty of a leaf's value
	columnShare = 0.3  // of the features looked at by each tree
	rowShare    = 0.25 // of the rows that each tree is fitted on
)

// table is a training set: one column a feature, binned.
type table struct {
	columns [][]uint8
	edges   [][]float32 // upper bounds of a feature's bins
	target  []float32
	weight  []float32
}

// newTable bins rows of features by their quantiles.
func newTable(r *rows) *table {
	rows, width := r.features, len(r.features[0])
	t := &table{columns: make([][]uint8, width), edges: make([][]float32, width)}
	for _, l := range r.labels {
		t.target = append(t.target, l.target)
		t.weight = append(t.weight, l.weight)
	}
	parallel(width, func(f int) {
		t.edges[f] = edgesOf(rows, f)
		column := make([]uint8, len(rows))
		for i, r := range rows {
			k, _ := slices.BinarySearch(t.edges[f], r[f])
			column[i] = uint8(k)
		}
		t.columns[f] = column
	})
	return t
}

// edgesOf returns at most bins-1 thresholds at quantiles of a sample.
func edgesOf(rows [][]float32, f int) []float32 {
	step := max(len(rows)/20_000, 1)
	var sample []float32
	for i := 0; i < len(rows); i += step {
		sample = append(sample, rows[i][f])
	}
	slices.Sort(sample)
	distinct := slices.Compact(slices.Clone(sample))
	var edges []float32
	if len(distinct) <= bins {
		for i := 0; i+1 < len(distinct); i++ {
			edges = append(edges, (distinct[i]+distinct[i+1])/2)
		}
		return edges
	}
	for k := 1; k < bins; k++ {
		e := sample[k*len(sample)/bins]
		if len(edges) == 0 || e > edges[len(edges)-1] {
			edges = append(edges, e)
		}
	}
	return edges
}

func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := w; i < n; i += 2 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// step is the gradient and the curvature of the loss.
type step struct{ g, h float32 }

// histogram sums the steps of rows by leaf and bin of one feature.
type histogram [leaves * bins]step

// booster fits one forest.
type booster struct {
	t     *table
	rate  float64
	rng   *rand.Rand
	raw   []float32 // log-odds so far
	steps []step
	sizes []float32 // how much each row's step matters
	leaf  []uint8
	hists []*histogram // one for each feature looked at
}

func fit(t *table, trees int, rate float64, seed uint64) mainbody.Forest {
	n := len(t.target)
	b := &booster{
		t: t, rate: rate, rng: rand.New(rand.NewPCG(seed, 1)), raw: make([]float32, n),
		steps: make([]step, n), sizes: make([]float32, n), leaf: make([]uint8, n),
	}
	var positive, all float64
	for i, w := range t.weight {
		positive += float64(w * t.target[i])
		all += float64(w)
	}
	bias := float32(math.Log((positive + 1) / (all - positive + 1)))
	for i := range b.raw {
		b.raw[i] = bias
	}
	f := mainbody.Forest{Bias: bias}
	for range trees {
		f.Trees = append(f.Trees, b.tree())
	}
	return f
}

// sample is the part of the rows that a tree is fitted on.
type sample struct {
	rows  []int32
	steps []step
	leaf  []uint8
}

// draw computes every row's step and draws rows by the size of it; those drawn
// weigh the more, the less likely they were (minimal variance sampling, Ibragimov
// and Gusev 2019).
func (b *booster) draw() *sample {
	t, n := b.t, len(b.raw)
	half := (n + 1) / 2
	parallel(2, func(k int) {
		for i := k * half; i < min(n, (k+1)*half); i++ {
			p := float32(1 / (1 + math.Exp(-float64(b.raw[i]))))
			g := (p - t.target[i]) * t.weight[i]
			h := max(p*(1-p), 1e-3) * t.weight[i]
			b.steps[i] = step{g, h}
			b.sizes[i] = float32(math.Sqrt(float64(g*g + 0.1*h*h)))
		}
	})
	limit := limitFor(b.sizes, rowShare)
	s := &sample{}
	for i, size := range b.sizes {
		if size == 0 {
			continue
		}
		share := size / limit
		if share < 1 {
			if b.rng.Float32() >= share {
				continue
			}
		} else {
			share = 1
		}
		s.rows = append(s.rows, int32(i))
		s.steps = append(s.steps, step{b.steps[i].g / share, b.steps[i].h / share})
	}
	s.leaf = make([]uint8, len(s.rows))
	return s
}

// limitFor finds the size from which on rows are drawn for sure, so that a share
// of all is drawn.
func limitFor(sizes []float32, share float64) float32 {
	var part []float32
	for i := 0; i < len(sizes); i += 16 {
		part = append(part, sizes[i])
	}
	low, high := float32(1e-9), float32(1e6)
	for range 40 {
		middle := float32(math.Sqrt(float64(low) * float64(high)))
		var drawn float64
		for _, s := range part {
			drawn += float64(min(s/middle, 1))
		}
		if drawn > share*float64(len(part)) {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// tree fits one more tree to what is still wrong.
func (b *booster) tree() mainbody.Tree {
	t := b.t
	s := b.draw()
	var features []int
	for f := range t.columns {
		if len(t.edges[f]) > 0 && b.rng.Float32() < columnShare {
			features = append(features, f)
		}
	}
	for len(b.hists) < len(features) {
		b.hists = append(b.hists, new(histogram))
	}
	var out mainbody.Tree
	count := newRows(s)
	for d := range depth {
		f, bin := b.split(s, features, d, count)
		out.Features[d] = uint16(f)
		out.Thresholds[d] = t.edges[f][bin]
		column := t.columns[f]
		for i, r := range s.rows {
			if int(column[r]) > bin {
				s.leaf[i] |= 1 << d
			}
		}
		count.part(s, d)
	}
	var g, h [leaves]float64
	for i, l := range s.leaf {
		g[l] += float64(s.steps[i].g)
		h[l] += float64(s.steps[i].h)
	}
	for k := range g {
		out.Leaves[k] = float32(-b.rate * g[k] / (h[k] + l2))
	}
	b.add(&out)
	return out
}

// add adds a tree to what the forest says of every row.
func (b *booster) add(tree *mainbody.Tree) {
	t, n := b.t, len(b.raw)
	var columns [depth][]uint8
	var at [depth]uint8
	for d := range depth {
		columns[d] = t.columns[tree.Features[d]]
		k, _ := slices.BinarySearch(t.edges[tree.Features[d]], tree.Thresholds[d])
		at[d] = uint8(k)
	}
	half := (n + 1) / 2
	parallel(2, func(k int) {
		for i := k * half; i < min(n, (k+1)*half); i++ {
			leaf := 0
			for d := range depth {
				if columns[d][i] > at[d] {
					leaf |= 1 << d
				}
			}
			b.raw[i] += tree.Leaves[leaf]
		}
	})
}

// parting says which rows are in the smaller of the two leaves that each leaf
// of the level above was parted into: only they are counted anew.
type parting struct {
	fresh []int32 // positions in the sample
	small [leaves]bool
}

func newRows(s *sample) *parting {
	p := &parting{fresh: make([]int32, len(s.rows))}
	for i := range p.fresh {
		p.fresh[i] = int32(i)
	}
	return p
}

// part finds the smaller leaves after level d.
func (p *parting) part(s *sample, d int) {
	var size [leaves]int
	for _, l := range s.leaf {
		size[l]++
	}
	for l := range 1 << d {
		r := l | 1<<d
		p.small[l], p.small[r] = size[l] < size[r], size[l] >= size[r]
	}
	p.fresh = p.fresh[:0]
	for i, l := range s.leaf {
		if p.small[l] {
			p.fresh = append(p.fresh, int32(i))
		}
	}
}

// split finds the question that helps most over all leaves at once.
func (b *booster) split(s *sample, features []int, d int, p *parting) (feature, bin int) {
	gains := make([]float64, len(features))
	at := make([]int, len(features))
	parallel(len(features), func(k int) { gains[k], at[k] = b.best(s, features[k], d, b.hists[k], p) })
	best := 0
	for k := range gains {
		if gains[k] > gains[best] {
			best = k
		}
	}
	return features[best], at[best]
}

// count brings a feature's histogram to level d.
func (b *booster) count(s *sample, column []uint8, d int, h *histogram, p *parting) {
	if d == 0 {
		clear(h[:])
		for i, r := range s.rows {
			c := &h[column[r]]
			c.g += s.steps[i].g
			c.h += s.steps[i].h
		}
		return
	}
	up := 1 << (d - 1)
	var parents [leaves / 2 * bins]step
	copy(parents[:], h[:up*bins])
	clear(h[:2*up*bins])
	for _, i := range p.fresh {
		c := &h[int(s.leaf[i])*bins+int(column[s.rows[i]])]
		c.g += s.steps[i].g
		c.h += s.steps[i].h
	}
	for l := range up {
		small, large := l, l|up
		if !p.small[l] {
			small, large = large, small
		}
		from, to, all := h[small*bins:(small+1)*bins], h[large*bins:(large+1)*bins], parents[l*bins:(l+1)*bins]
		for k := range to {
			to[k] = step{all[k].g - from[k].g, max(all[k].h-from[k].h, 0)}
		}
	}
}

func (b *booster) best(s *sample, f, d int, h *histogram, p *parting) (gain float64, bin int) {
	b.count(s, b.t.columns[f], d, h, p)
	gains := [bins]float64{}
	count := len(b.t.edges[f])
	for leaf := range 1 << d {
		var g, w float64
		row := h[leaf*bins : (leaf+1)*bins]
		for _, s := range row {
			g += float64(s.g)
			w += float64(s.h)
		}
		var gl, hl float64
		for k := range count {
			gl += float64(row[k].g)
			hl += float64(row[k].h)
			gr, hr := g-gl, w-hl
			gains[k] += gl*gl/(hl+l2) + gr*gr/(hr+l2) - g*g/(w+l2)
		}
	}
	gain = -1
	for k := range count {
		if gains[k] > gain {
			gain, bin = gains[k], k
		}
	}
	return gain, bin
}
