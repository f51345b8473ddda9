package main

import (
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

type options struct {
	firstTrees, secondTrees int
	firstRate, secondRate   float64
	weak                    float64 // weight of pages with phrases only
	supposed                float64 // weight of labels that the first stage supposes
	contradicted            float64 // weight of labels that the first stage contradicts
	seed                    uint64
	bag                     int // forests of the second stage whose mean is taken
}

// validation trains both stages fold by fold.
type validation struct {
	pages []*page
	folds int
	opts  options
}

// rows are training rows with their labels.
type rows struct {
	features [][]float32
	labels   []label
}

func (r *rows) add(p *page, l label, features []float32) {
	if p.bare {
		mainbody.Hide(features)
	}
	r.features, r.labels = append(r.features, features), append(r.labels, l)
}

// trainers are the training pages outside a fold; -1 leaves none out.
func (v *validation) trainers(fold int) []*page {
	var out []*page
	for _, p := range v.pages {
		if p.trains && p.fold != fold {
			out = append(out, p)
		}
	}
	return out
}

func (v *validation) firstRows(fold int) *rows {
	r := &rows{}
	for _, p := range v.trainers(fold) {
		for i, l := range p.labels {
			if p.Body == nil {
				l.weight *= float32(v.opts.weak)
			}
			if l.weight > 0 {
				r.add(p, l, p.in.First(i))
			}
		}
	}
	return r
}

// contradiction is how far the first stage must be from a label to contradict it.
const contradiction = 0.9

// secondRows are the rows of blocks that the second stage sees. Truths have gaps
// and leftovers: where the first stage, which never saw the site, is sure of the
// contrary, the label counts less. Where only phrases are known, what the first
// stage makes of the other blocks stands in for their labels.
func (v *validation) secondRows(fold int) *rows {
	r := &rows{}
	for _, p := range v.trainers(fold) {
		for k, i := range p.in.Rows() {
			l := p.labels[i]
			switch off := l.target - p.first[i]; {
			case p.Body != nil && (off > contradiction || off < -contradiction):
				l.weight *= float32(v.opts.contradicted)
			case p.Body == nil && l.weight == 0:
				l = label{p.first[i], float32(v.opts.supposed) * weightOf(p.in.Words(int(i)), p.supposedWords())}
			case p.Body == nil:
				l.weight *= float32(v.opts.weak)
			}
			if l.weight > 0 {
				r.add(p, l, p.in.Second(k))
			}
		}
	}
	return r
}

// firstStage gives every page scores of a model that has not seen its site.
func (v *validation) firstStage() {
	for fold := range v.folds {
		f := v.fitFirst(fold)
		for _, p := range v.of(fold) {
			p.first = p.in.ScoreFirst(&f)
		}
	}
	for fold := range v.folds {
		l := v.lexicon(fold)
		for _, p := range v.of(fold) {
			p.in.Describe(p.first, l)
		}
	}
}

// of are the pages of a fold.
func (v *validation) of(fold int) []*page {
	var out []*page
	for _, p := range v.pages {
		if p.fold == fold {
			out = append(out, p)
		}
	}
	return out
}

// secondStage does the same for the second stage.
func (v *validation) secondStage() {
	for fold := range v.folds {
		f := v.fitSecond(fold)
		for _, p := range v.of(fold) {
			p.scores = p.in.ScoreSecond(&f, p.first)
		}
	}
}

func (v *validation) fitFirst(fold int) mainbody.Forest {
	return fit(newTable(v.firstRows(fold)), v.opts.firstTrees, v.opts.firstRate, v.opts.seed)
}

func (v *validation) fitSecond(fold int) mainbody.Forest {
	return v.bag(newTable(v.secondRows(fold)))
}

// final trains the model to ship on all pages. The second stage learns from
// out-of-fold scores and lexicons, which are as uncertain as those it will see.
func (v *validation) final() *mainbody.Model {
	return &mainbody.Model{First: v.fitFirst(-1), Second: v.fitSecond(-1), Lexicon: v.lexicon(-1)}
}

// bag is the mean of forests that differ in their random choices.
func (v *validation) bag(t *table) mainbody.Forest {
	var out mainbody.Forest
	for k := range v.opts.bag {
		f := fit(t, v.opts.secondTrees, v.opts.secondRate, v.opts.seed+uint64(k))
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
