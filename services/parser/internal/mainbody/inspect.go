package mainbody

import "golang.org/x/net/html"

// Inspection is a page cut into blocks with their features: what the classifier
// sees. It serves training and explanation.
type Inspection struct {
	pg       *page
	hints    Hints
	features *features
}

// Inspect cuts and describes a page.
func Inspect(root *html.Node, h Hints) *Inspection {
	pg := cut(root, func() bool { return false })
	return &Inspection{pg: pg, hints: h, features: describe(pg, h)}
}

// Blocks is the number of blocks.
func (in *Inspection) Blocks() int { return len(in.pg.blocks) }

// Text is a block's text.
func (in *Inspection) Text(i int) string { return in.pg.blocks[i].text }

// First returns a block's features for the first stage.
func (in *Inspection) First(i int) []float32 { return in.features.of(i)[:featureCount] }

// Second returns a block's features for the second stage; SetScores comes first.
func (in *Inspection) Second(i int) []float32 { return in.features.of(i) }

// SetScores gives the inspection the first stage's scores.
func (in *Inspection) SetScores(scores []float32) { describeSecond(in.pg, in.features, scores) }

// Body assembles the blocks that the scores choose.
func (in *Inspection) Body(scores []float32) *Body { return assemble(in.pg, scores, in.hints, ByModel) }
