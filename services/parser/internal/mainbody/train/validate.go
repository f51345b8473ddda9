package main

import (
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

type options struct {
	firstTrees, secondTrees int
	rate, weak              float64
	seed                    uint64
	bag                     int // forests of the second stage whose mean is taken
}

// validation trains both stages fold by fold.
type validation struct {
	pages []*page
	folds int
	opts  options
}

// rowsFor gathers the training rows of pages outside a fold; -1 leaves none out.
func (v *validation) rowsFor(fold int, second bool) ([][]float32, []label) {
	var rows [][]float32
	var labels []label
	for _, p := range v.pages {
		if !p.trains || p.fold == fold {
			continue
		}
		for i, l := range p.labels {
			if l.weight == 0 {
				continue
			}
			if p.Body == nil {
				l.weight *= float32(v.opts.weak)
			}
			row := p.in.First(i)
			if second {
				row = p.in.Second(i)
			}
			if p.bare {
				row = mainbody.WithoutClasses(row)
			}
			rows = append(rows, row)
			labels = append(labels, l)
		}
	}
	return rows, labels
}

// firstStage gives every page scores of a model that has not seen its site.
func (v *validation) firstStage() error {
	for fold := range v.folds {
		rows, labels := v.rowsFor(fold, false)
		f := fit(newTable(rows, labels), v.opts.firstTrees, v.opts.rate, v.opts.seed)
		for _, p := range v.pages {
			if p.fold != fold {
				continue
			}
			p.first = make([]float32, p.in.Blocks())
			for i := range p.first {
				p.first[i] = f.Score(p.in.First(i))
			}
			p.in.SetScores(p.first)
		}
	}
	return nil
}

// secondStage does the same for the second stage.
func (v *validation) secondStage() {
	for fold := range v.folds {
		rows, labels := v.rowsFor(fold, true)
		f := v.bag(newTable(rows, labels))
		for _, p := range v.pages {
			if p.fold == fold {
				p.scores = secondScores(p, &f)
			}
		}
	}
}

func secondScores(p *page, f *mainbody.Forest) []float32 {
	scores := make([]float32, p.in.Blocks())
	for i := range scores {
		scores[i] = f.Score(p.in.Second(i))
	}
	return scores
}

// final trains the model to ship on all pages. The second stage learns from
// out-of-fold scores, which are as uncertain as those it will see.
func (v *validation) final() *mainbody.Model {
	m := &mainbody.Model{}
	rows, labels := v.rowsFor(-1, false)
	m.First = fit(newTable(rows, labels), v.opts.firstTrees, v.opts.rate, v.opts.seed)
	rows, labels = v.rowsFor(-1, true)
	m.Second = v.bag(newTable(rows, labels))
	return m
}

// bag is the mean of forests that differ in their random choices.
func (v *validation) bag(t *table) mainbody.Forest {
	var out mainbody.Forest
	for k := range v.opts.bag {
		f := fit(t, v.opts.secondTrees, v.opts.rate, v.opts.seed+uint64(k))
		out.Bias += f.Bias / float32(v.opts.bag)
		for _, tree := range f.Trees {
			for i := range tree.Leaves {
				tree.Leaves[i] /= float32(v.opts.bag)
			}
			out.Trees = append(out.Trees, tree)
		}
	}
	return out
}
