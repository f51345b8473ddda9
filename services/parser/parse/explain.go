package parse

import (
	"context"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Block is one block of a page's text, and what became of it.
type Block struct {
	// Kept says whether it is part of the story.
	Kept bool `json:"kept"`
	// Kind and Level are as in the document's blocks.
	Kind  string `json:"kind"`
	Level int    `json:"level,omitempty"`
	// Score is 0 to 1.
	Score float64 `json:"score"`
	// Reason says what decided: "model" or "rules", the reason why a block was left out
	// that those had chosen, or the name of the rule that took a text as a whole.
	Reason string `json:"reason"`
	// Place names the elements around it, outermost first; Marks are the roles that they
	// and their classes give it.
	Place string   `json:"place,omitempty"`
	Marks []string `json:"marks,omitempty"`
	Text  string   `json:"text"`
}

// Explanation tells why a document's text is what it is.
type Explanation struct {
	// Limit is the score from which blocks were kept; 0 where none were scored.
	Limit float64 `json:"limit"`
	// Blocks are all of the page, in its order.
	Blocks []Block `json:"blocks"`
}

// Explain is Parse that tells of every block, also of a page that is no story.
func (p *Parser) Explain(ctx context.Context, page *datelinev1.Page) (*datelinev1.Document, *Explanation, error) {
	ex := &Explanation{Blocks: []Block{}}
	doc, err := p.parse(ctx, page, nil, ex)
	return doc, ex, err
}

// judged takes the extractor's verdicts. A nil Explanation takes nothing.
func (ex *Explanation) judged(body *mainbody.Body) {
	if ex == nil {
		return
	}
	ex.Limit = body.Limit
	for _, v := range body.Verdicts {
		ex.Blocks = append(ex.Blocks, Block{
			Kept: v.Chosen, Kind: v.Kind, Level: v.Level, Score: v.Score, Reason: v.Reason, Place: v.Place, Marks: v.Marks, Text: v.Text,
		})
	}
}

// whole says that a text was taken as a whole by a rule, in place of what was judged
// before.
func (ex *Explanation) whole(body *mainbody.Body, rule string) {
	if ex == nil {
		return
	}
	for i := range ex.Blocks {
		ex.Blocks[i].Kept = false
	}
	for _, p := range body.Pieces {
		ex.Blocks = append(ex.Blocks, Block{Kept: true, Kind: p.Kind, Level: p.Level, Score: 1, Reason: rule, Text: p.Text})
	}
}
