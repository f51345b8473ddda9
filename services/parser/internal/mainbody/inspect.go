package mainbody

import "golang.org/x/net/html"

// Inspection is a page cut into blocks with their features: what the classifier
// sees. It serves training.
type Inspection struct {
	pg    *page
	hints Hints
	w     workspace
}

// Inspect cuts and describes a page.
func Inspect(root *html.Node, h Hints) *Inspection {
	in := &Inspection{hints: h}
	in.pg = in.w.cutter.cut(root, func() bool { return false })
	in.w.describe(in.pg, h)
	return in
}

// Blocks is the number of blocks.
func (in *Inspection) Blocks() int { return len(in.pg.blocks) }

// Text is a block's text.
func (in *Inspection) Text(i int) string { return in.pg.blocks[i].text }

// First returns a block's features for the first stage.
func (in *Inspection) First(i int) []float32 { return in.w.first.row(i) }

// ScoreFirst scores the blocks as a first stage does, and describes them for the
// second.
func (in *Inspection) ScoreFirst(f *Forest) []float32 {
	scores := f.scores(nil, &in.w.first)
	in.w.describeSecond(in.pg, scores)
	return scores
}

// Describe describes the blocks for the second stage again, with a lexicon.
func (in *Inspection) Describe(first []float32, l *Lexicon) {
	in.w.lexicon = l
	in.w.describeSecond(in.pg, first)
}

// EachTerm calls f with the keys under which a lexicon has the terms of a block.
func (in *Inspection) EachTerm(i int, f func(key uint32)) { eachTerm(in.pg.wordsOf(i), f) }

// Words is the number of a block's words.
func (in *Inspection) Words(i int) int { return len(in.pg.wordsOf(i)) }

// Rows are the blocks that the second stage sees.
func (in *Inspection) Rows() []int32 { return in.w.rows }

// Second returns the features of Rows()[k] for the second stage.
func (in *Inspection) Second(k int) []float32 { return in.w.second.row(k) }

// ScoreSecond puts the second stage's scores in the place of the first's.
func (in *Inspection) ScoreSecond(f *Forest, first []float32) []float32 {
	return in.w.merge(append([]float32(nil), first...), f.scores(nil, &in.w.second))
}

// Body assembles the blocks that the scores choose.
func (in *Inspection) Body(scores []float32) *Body { return assemble(in.pg, scores, in.hints, ByModel) }
