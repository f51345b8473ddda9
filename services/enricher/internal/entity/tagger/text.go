package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// Piece is where a token stands.
type Piece struct {
	// Start and End are bytes of the text, half open.
	Start, End int32
	// Rune and RuneEnd are code points of the text, half open.
	Rune, RuneEnd int32
}

// Read prepares a story for tagging, and tells where its tokens stand. The document
// is good until it is released.
func Read(s *story.Story) (*Document, []Piece) {
	c := cutter{text: s.Text, lang: s.Lang, ws: s.Words()}
	c.cut()
	d := newDocument(s.Lang, c.starts, len(c.pieces), func(i int) string { return s.Text[c.pieces[i].Start:c.pieces[i].End] })
	d.Words = c.ws
	return d, c.pieces
}

type cutter struct {
	text   string
	lang   string
	ws     []words.Word
	pieces []Piece
	starts []int
	ended  bool // the next token begins a sentence
}

func (c *cutter) cut() {
	c.pieces = make([]Piece, 0, len(c.ws))
	c.ended = true
	for i := 0; i < len(c.ws); i++ {
		w := &c.ws[i]
		switch {
		case w.Kind == words.Break:
			c.ended = true
		case c.joined(i):
			i = c.address(i)
		case w.Kind == words.Letters && strings.IndexFunc(w.Text, isHan) >= 0:
			c.characters(w)
		case w.Kind == words.Letters && c.pointed(i):
			i = c.abbreviation(i)
		case w.Kind == words.Letters:
			c.affixed(w)
		default:
			c.add(Piece{w.Start, w.End, w.Rune, w.RuneEnd})
			if w.Kind == words.Mark {
				c.mark(i)
			}
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func (c *cutter) add(p Piece) {
	if c.ended {
		c.starts = append(c.starts, len(c.pieces))
		c.ended = false
	}
	c.pieces = append(c.pieces, p)
}

// characters adds the characters of a word one by one.
func (c *cutter) characters(w *words.Word) {
	at := w.Rune
	for i, r := range w.Text {
		start := w.Start + int32(i)
		c.add(Piece{start, start + int32(utf8.RuneLen(r)), at, at + 1})
		at++
	}
}

// joined tells whether word i begins an address or a handle: "https://…", "www.…",
// "@name".
func (c *cutter) joined(i int) bool {
	if i+1 >= len(c.ws) || c.ws[i+1].Space {
		return false
	}
	switch w := &c.ws[i]; w.Lower {
	case "http", "https":
		return c.ws[i+1].Is(":")
	case "www":
		return c.ws[i+1].Is(".")
	case "@":
		return c.ws[i+1].Kind == words.Letters && (w.Space || i == 0)
	}
	return false
}

// address adds everything up to white space as one token and gives its last word.
func (c *cutter) address(i int) int {
	p := Piece{c.ws[i].Start, c.ws[i].End, c.ws[i].Rune, c.ws[i].RuneEnd}
	last := i
	for last+1 < len(c.ws) && !c.ws[last+1].Space && c.ws[last+1].Kind != words.Break {
		last++
		p.End, p.RuneEnd = c.ws[last].End, c.ws[last].RuneEnd
	}
	c.add(p)
	return last
}

// pointed tells whether the full stop behind word i belongs to it: an initial, an
// abbreviation of letters ("U.S."), or a short title ("Dr.").
func (c *cutter) pointed(i int) bool {
	if i+1 >= len(c.ws) || !c.ws[i+1].Is(".") || c.ws[i+1].Space {
		return false
	}
	w := &c.ws[i]
	n := utf8.RuneCountInString(w.Text)
	if n == 1 {
		return w.Capital()
	}
	return n <= 5 && i+2 < len(c.ws) && lexicon.Of("", w.Lower)&lexicon.Title != 0 && c.ws[i+2].Kind == words.Letters && c.ws[i+2].Capital()
}

// abbreviation adds word i with its full stop, and the letters with full stops
// that follow without a space; it gives the last word added.
func (c *cutter) abbreviation(i int) int {
	p := Piece{c.ws[i].Start, c.ws[i+1].End, c.ws[i].Rune, c.ws[i+1].RuneEnd}
	last := i + 1
	for last+1 < len(c.ws) && !c.ws[last+1].Space && c.ws[last+1].Kind == words.Letters && utf8.RuneCountInString(c.ws[last+1].Text) == 1 && c.pointed(last+1) {
		last += 2
		p.End, p.RuneEnd = c.ws[last].End, c.ws[last].RuneEnd
	}
	c.add(p)
	return last
}

// mark ends a sentence at a stop that white space or the end of the line follows,
// or that needs none.
func (c *cutter) mark(i int) {
	switch c.ws[i].Text {
	case "。", "！", "？", "؟", "।":
		c.ended = true
	case ".", "!", "?", "…":
		if i+1 < len(c.ws) && c.ws[i+1].Space && c.ws[i+1].Kind == words.Letters && !c.ws[i+1].Capital() {
			r, _ := utf8.DecodeRuneInString(c.ws[i+1].Text)
			c.ended = !unicode.IsLower(r)
			return
		}
		c.ended = i+1 >= len(c.ws) || c.ws[i+1].Space
	}
}
