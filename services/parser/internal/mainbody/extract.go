package mainbody

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Kinds of pieces, as the event names them.
const (
	Paragraph    = "paragraph"
	Heading      = "heading"
	Item         = "item"
	Quotation    = "quotation"
	Preformatted = "preformatted"
)

// Piece is one paragraph, heading, list item or quotation of the story.
type Piece struct {
	Kind string
	// Level is the depth of a heading (1 to 6) or of a list; 0 otherwise.
	Level int
	// Text is one or more lines, NFC.
	Text string
}

// Link is a hyperlink in the story's text.
type Link struct{ URL, Text, Rel string }

// Image is a picture that stands within the story.
type Image struct {
	URL, Caption  string
	Width, Height int
}

// Body is what was found on a page.
type Body struct {
	Pieces []Piece
	Links  []Link
	Images []Image
	// Chars is the size of the story's text, PageChars that of all text on the
	// page, LinkChars the part of it inside links; all in runes.
	Chars, PageChars, LinkChars int
	// Blocks counts the blocks of the page, Kept those of the story.
	Blocks, Kept int
	// Confidence is the mean score of the blocks kept, weighted by size: the
	// classifier's, also where it was in doubt and the rules chose.
	Confidence float64
	// Truncated says that the page was too large to be read to its end.
	Truncated bool
	// Limit is the score from which blocks of more than a few words were chosen, and
	// Verdicts tells of every block of the page, where Hints.Explain asks for it.
	Limit    float64
	Verdicts []Verdict
}

// Extractor finds the story on a page. The zero value uses the classifier.
type Extractor struct {
	// Rules asks for the fixed rules instead of the classifier.
	Rules bool
}

// minKept is the least text, in runes, that makes a story.
const minKept = 120

// Extract finds the story in a parsed page. stop is asked now and then whether
// to give up early; it must be cheap.
func (x Extractor) Extract(root *html.Node, h Hints, stop func() bool) *Body {
	w := workspaces.Get().(*workspace)
	defer w.release()
	pg := w.cutter.cut(root, stop)
	if x.Rules {
		return assemble(pg, byRules(pg), h, ByRules)
	}
	return assemble(pg, w.score(pg, h), h, ByModel)
}

// score runs both stages of the classifier.
func (w *workspace) score(pg *page, h Hints) []float32 {
	if len(pg.blocks) == 0 {
		return nil
	}
	model := trained()
	w.describe(pg, h)
	scores := model.First.scores(make([]float32, 0, len(pg.blocks)), &w.first)
	w.lexicon = model.Lexicon
	w.describeSecond(pg, scores)
	return w.merge(scores, model.Second.scores(nil, &w.second))
}

// merge puts the second stage's scores in the place of the first's.
func (w *workspace) merge(scores, second []float32) []float32 {
	for k, i := range w.rows {
		scores[i] = second[k]
	}
	return scores
}

// Text joins the pieces as the event's text: parted by one empty line.
func (b *Body) Text() string {
	var sb strings.Builder
	for i := range b.Pieces {
		if i > 0 {
			sb.WriteString("\n\n")
		}
		sb.WriteString(b.Pieces[i].Text)
	}
	return sb.String()
}

// assemble makes a body of the blocks that the scores choose; by says whose
// scores they are.
func assemble(pg *page, scores []float32, h Hints, by string) *Body {
	body := &Body{PageChars: int(pg.chars), Blocks: len(pg.blocks), Truncated: pg.truncated}
	if len(pg.elements) > 0 {
		for i := range pg.blocks {
			body.LinkChars += int(pg.blocks[i].linkChars)
		}
	}
	c := decide(pg, scores, h, by)
	c.settle(pg, h)
	kept := c.kept
	body.Limit = float64(c.limits.base)
	body.Verdicts = c.trace.verdicts(pg, c.scores, kept)
	first, last := -1, -1
	for i, keep := range kept {
		if !keep {
			continue
		}
		if first < 0 {
			first = i
		}
		b := &pg.blocks[i]
		if b.soft && last == i-1 && len(body.Pieces) > 0 {
			p := &body.Pieces[len(body.Pieces)-1]
			p.Text += "\n" + plain.NFC(b.text)
		} else {
			body.Pieces = append(body.Pieces, pieceOf(pg, b))
		}
		last = i
		body.Chars += int(b.chars)
		body.Kept++
	}
	if body.Chars > 0 {
		body.Confidence = meanScore(pg, scores, kept)
		body.Links = linksOf(pg, kept)
		body.Images = imagesOf(pg, first, last)
	}
	return body
}

func keptChars(pg *page, kept []bool) int32 {
	sum := int32(0)
	for i, keep := range kept {
		if keep {
			sum += pg.blocks[i].chars
		}
	}
	return sum
}

// teaser reports whether a block inside the text is nothing but a link to
// another story or to share this one, and named as such.
func teaser(pg *page, b *block) bool {
	own := b.inner
	if b.el >= 0 {
		own |= pg.elements[b.el].own
	}
	return own&(classRelated|classShare) != 0 && b.linkChars*10 >= b.chars*9
}

func pieceOf(pg *page, b *block) Piece {
	p := Piece{Kind: Paragraph, Text: plain.NFC(b.text)}
	if b.el < 0 {
		return p
	}
	e := &pg.elements[b.el]
	switch t := e.tag; {
	case isHeading(t):
		p.Kind, p.Level = Heading, headingLevel(t)
	case e.in&inPre != 0:
		p.Kind = Preformatted
	case e.in&inList != 0 && inItem(pg, b.el):
		p.Kind, p.Level = Item, int(e.level)
	case e.in&inQuote != 0:
		p.Kind = Quotation
	}
	return p
}

// inItem reports whether an element is a list item or stands directly in one.
func inItem(pg *page, el int32) bool {
	for range 3 {
		if el < 0 {
			return false
		}
		switch pg.elements[el].tag {
		case atom.Li:
			return true
		case atom.Ul, atom.Ol:
			return false
		}
		el = pg.elements[el].parent
	}
	return false
}

func headingLevel(t atom.Atom) int {
	switch t {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	}
	return 6
}

func linksOf(pg *page, kept []bool) []Link {
	var out []Link
	for i := range pg.links {
		l := &pg.links[i]
		if l.block >= 0 && int(l.block) < len(kept) && kept[l.block] && l.text != "" {
			out = append(out, Link{URL: l.href, Text: plain.Line(l.text), Rel: plain.Line(l.rel)})
		}
	}
	return out
}

// Smallest sides of a picture that is more than an icon, in pixels.
const minImageSide = 120

// imagesOf returns the pictures between the story's first and last block.
func imagesOf(pg *page, first, last int) []Image {
	var out []Image
	for i := range pg.images {
		m := &pg.images[i]
		near := int(m.block) >= first-3 && int(m.block) <= last+1
		tiny := (m.width > 0 && m.width < minImageSide) || (m.height > 0 && m.height < minImageSide)
		furniture := m.class&(classAuthor|classShare|classRelated|classAd|classNav|classSide|classComment) != 0 ||
			m.in&(inNav|inAside|inFooter) != 0
		if near && !tiny && !furniture && m.src != "" {
			out = append(out, Image{URL: m.src, Caption: captionOf(pg, m), Width: m.width, Height: m.height})
		}
	}
	return out
}

// captionOf returns the text of the picture's figure, or its alternative text.
func captionOf(pg *page, m *image) string {
	if m.figure >= 0 {
		e := &pg.elements[m.figure]
		for i := e.first; i < e.last; i++ {
			if b := &pg.blocks[i]; b.chars > 3 && b.chars < 1000 {
				return plain.Line(b.text)
			}
		}
	}
	return plain.Line(m.alt)
}
