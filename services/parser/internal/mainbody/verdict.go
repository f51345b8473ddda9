package mainbody

import (
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// Verdict is what became of a block of the page, and why.
type Verdict struct {
	// Text is the block's text, Kind and Level are as in Piece.
	Text  string
	Kind  string
	Level int
	// Place names the elements around the block, outermost first: "main > div > p".
	Place string
	// Marks are the roles that classes, ids and elements around it give it:
	// "content", "related", "aside".
	Marks []string
	// Score is the classifier's or the rules' score, 0 to 1.
	Score  float64
	Chosen bool
	// Reason is one of the constants below.
	Reason string
}

// Reasons of verdicts. ByModel, ByRules and ByFragment decide both ways, the
// others leave a block out that one of those had chosen.
const (
	ByModel    = "model"    // the score of the trained classifier
	ByRules    = "rules"    // the score of the fixed rules
	ByFragment = "fragment" // the whole of it is the story, but for pictures' captions and a tail of links
	NoWords    = "no words"
	IsTeaser   = "teaser"   // nothing but a link to another story, or to share this one
	IsHeadline = "headline" // says the headline again
	IsByline   = "byline"   // says the byline again
	IsRepeat   = "repeat"   // stands further up already
	IsPromo    = "promo"    // a box that advertises the publication
	IsPreamble = "preamble" // author, date or section above the text
	IsTail     = "tail"     // comments, links or a signature under the text
	ByTemplate = "template" // other pages of the host have it
	LastHead   = "heading"  // a heading that nothing follows
)

// trace notes why blocks were left out; a nil trace notes nothing.
type trace struct {
	by      string
	reasons []string
	before  []bool
}

func newTrace(wanted bool, by string, n int) *trace {
	if !wanted {
		return nil
	}
	return &trace{by: by, reasons: make([]string, n), before: make([]bool, n)}
}

// note notes one reason.
func (t *trace) note(i int, reason string) {
	if t != nil {
		t.reasons[i] = reason
	}
}

// step notes the reason for all blocks that were left out since the last step.
func (t *trace) step(kept []bool, reason string) {
	if t == nil {
		return
	}
	for i, was := range t.before {
		if was && !kept[i] {
			t.reasons[i] = reason
		}
	}
	copy(t.before, kept)
}

// verdicts tells of every block.
func (t *trace) verdicts(pg *page, scores []float32, kept []bool) []Verdict {
	if t == nil {
		return nil
	}
	out := make([]Verdict, len(pg.blocks))
	for i := range pg.blocks {
		b := &pg.blocks[i]
		p, reason := pieceOf(pg, b), t.reasons[i]
		if kept[i] || reason == "" {
			reason = t.by
		}
		out[i] = Verdict{
			Text: p.Text, Kind: p.Kind, Level: p.Level, Place: placeOf(pg, b.el), Marks: marksOf(pg, b),
			Score: float64(scores[i]), Chosen: kept[i], Reason: reason,
		}
	}
	return out
}

// maxPlace is the number of elements that a verdict names.
const maxPlace = 6

func placeOf(pg *page, el int32) string {
	var tags []string
	for ; el >= 0 && len(tags) < maxPlace; el = pg.elements[el].parent {
		if tag := pg.elements[el].tag; tag != 0 && tag != atom.Html && tag != atom.Body {
			tags = append(tags, tag.String())
		}
	}
	slices.Reverse(tags)
	return strings.Join(tags, " > ")
}

// markNames name the roles of classes, in the order of their bits, and
// elementNames those of elements.
var (
	markNames = [classCount]string{
		"comment", "share", "related", "navigation", "footer", "header", "sidebar", "ad", "caption", "author", "date", "tags", "form", "consent",
		"overlay", "content", "title", "lead", "quote", "embed", "box", "list", "live", "paywall",
	}
	elementNames = [ancestryCount]string{
		"article", "main", "aside", "nav", "footer", "header", "figure", "form", "table", "list", "quote", "section", "definition", "details",
		"address", "preformatted", "article body", "hidden", "dialog",
	}
)

// marksOf names the roles of a block, those of elements first.
func marksOf(pg *page, b *block) []string {
	set, in := b.inner, ancestry(0)
	if b.el >= 0 {
		set |= pg.elements[b.el].up
		in = pg.elements[b.el].in
	}
	var marks []string
	for ; in != 0; in &= in - 1 {
		marks = append(marks, elementNames[bits.TrailingZeros32(uint32(in))])
	}
	for set &= 1<<classCount - 1; set != 0; set &= set - 1 {
		if name := markNames[bits.TrailingZeros32(uint32(set))]; !slices.Contains(marks, name) {
			marks = append(marks, name)
		}
	}
	return marks
}
