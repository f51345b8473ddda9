package mainbody

import (
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Add appends a piece of plain text; white space is folded, and nothing is
// added if there is nothing to read in it.
func (b *Body) Add(kind, text string) {
	text = plain.Line(text)
	if text == "" {
		return
	}
	n := utf8.RuneCountInString(text)
	b.Pieces = append(b.Pieces, Piece{Kind: kind, Text: text})
	b.Chars += n
	b.PageChars += n
	b.Kept++
	b.Blocks++
}

// Fragment reads HTML that holds a story and nothing else, such as the content
// of a feed's entry. Only a tail of links is left out ("Read more", "This post
// appeared first on"). It is small enough that the verdicts are always given.
func Fragment(root *html.Node) *Body {
	w := workspaces.Get().(*workspace)
	defer w.release()
	pg := w.cutter.cut(root, func() bool { return false })
	scores := make([]float32, len(pg.blocks))
	for i := range pg.blocks {
		scores[i] = 1
		if el := pg.blocks[i].el; el >= 0 && pg.elements[el].in&inFigure != 0 {
			scores[i] = 0
		}
	}
	for i := len(pg.blocks) - 1; i > 0; i-- {
		b := &pg.blocks[i]
		if b.chars > 200 || b.linkChars*5 < b.chars*2 {
			break
		}
		scores[i] = 0
	}
	return assemble(pg, scores, Hints{Explain: true}, ByFragment)
}
