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
	rowShare    = 0.55 // of the rows that each tree is fitted on
)

// table is a training set: one column a feature, binned.
type table struct {
	columns [][]uint8
	edges   [][]float32 // upper bounds of a feature's bins
	target  []float32
	weight  []float32
}

// newTable bins rows of features by their quantiles.
func newTable(rows [][]float32, labels []label) *table {
	width := len(rows[0])
	t := &table{columns: make([][]uint8, width), edges: make([][]float32, width)}
	for _, l := range labels {
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

// booster fits one forest.
type booster struct {
	t        *table
	rate     float64
	rng      *rand.Rand
	raw      []float32 // log-odds so far
	gradient []float32
	hessian  []float32
	leaf     []uint8
}

func fit(t *table, trees int, rate float64, seed uint64) mainbody.Forest {
	n := len(t.target)
	b := &booster{
		t: t, rate: rate, rng: rand.New(rand.NewPCG(seed, 1)), raw: make([]float32, n),
		gradient: make([]float32, n), hessian: make([]float32, n), leaf: make([]uint8, n),
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

// tree fits one more tree to what is still wrong.
func (b *booster) tree() mainbody.Tree {
	t := b.t
	var rows []int32
	for i := range t.target {
		p := float32(1 / (1 + math.Exp(-float64(b.raw[i]))))
		b.gradient[i] = (p - t.target[i]) * t.weight[i]
		b.hessian[i] = max(p*(1-p), 1e-3) * t.weight[i]
		b.leaf[i] = 0
		if t.weight[i] > 0 && b.rng.Float32() < rowShare {
			rows = append(rows, int32(i))
		}
	}
	var features []int
	for f := range t.columns {
		if len(t.edges[f]) > 0 && b.rng.Float32() < columnShare {
			features = append(features, f)
		}
	}
	var out mainbody.Tree
	for d := range depth {
		f, bin := b.split(rows, features, 1<<d)
		out.Features[d] = uint16(f)
		out.Thresholds[d] = t.edges[f][bin]
		column := t.columns[f]
		for i := range b.leaf {
			if int(column[i]) > bin {
				b.leaf[i] |= 1 << d
			}
		}
	}
	var g, h [leaves]float64
	for _, i := range rows {
		g[b.leaf[i]] += float64(b.gradient[i])
		h[b.leaf[i]] += float64(b.hessian[i])
	}
	for k := range g {
		out.Leaves[k] = float32(-b.rate * g[k] / (h[k] + l2))
	}
	for i := range b.raw {
		b.raw[i] += out.Leaves[b.leaf[i]]
	}
	return out
}

// split finds the question that helps most over all leaves at once.
func (b *booster) split(rows []int32, features []int, n int) (feature, bin int) {
	gains := make([]float64, len(features))
	at := make([]int, len(features))
	parallel(len(features), func(k int) { gains[k], at[k] = b.best(rows, features[k], n) })
	best := 0
	for k := range gains {
		if gains[k] > gains[best] {
			best = k
		}
	}
	return features[best], at[best]
}

func (b *booster) best(rows []int32, f, n int) (gain float64, bin int) {
	var sums [leaves * bins][2]float32
	column := b.t.columns[f]
	for _, i := range rows {
		s := &sums[int(b.leaf[i])*bins+int(column[i])]
		s[0] += b.gradient[i]
		s[1] += b.hessian[i]
	}
	gains := [bins]float64{}
	count := len(b.t.edges[f])
	for leaf := range n {
		var g, h float64
		row := sums[leaf*bins : (leaf+1)*bins]
		for _, s := range row {
			g += float64(s[0])
			h += float64(s[1])
		}
		var gl, hl float64
		for k := range count {
			gl += float64(row[k][0])
			hl += float64(row[k][1])
			gr, hr := g-gl, h-hl
			gains[k] += gl*gl/(hl+l2) + gr*gr/(hr+l2) - g*g/(h+l2)
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
