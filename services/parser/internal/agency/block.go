package agency

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// walker cuts the content of a story into pieces: HTML and NITF alike, whose
// names for blocks are the same or mean the same. Nothing but pictures, scripts
// and notes to editors is left out, since an agency's content is the story.
type walker struct {
	s    *Story
	text strings.Builder
	// linkAt is the start of the open link's words in text; -1 if none is open.
	linkAt int
	breaks int
}

// where says what surrounds a piece of text.
type where struct {
	kind  string
	level int
	lists int
}

// content cuts what is below n into pieces of s.
func (s *Story) content(n *html.Node) {
	w := &walker{s: s, linkAt: -1}
	here := where{kind: mainbody.Paragraph}
	w.below(n, here)
	w.flush(here)
}

// apart reports whether an element stands apart from the text around it.
func apart(name string) bool {
	switch strings.ToLower(name) {
	case "p", "div", "section", "article", "main", "header", "footer", "body", "html", "block", "body.content", "h1", "h2", "h3", "h4", "h5", "h6",
		"hl1", "hl2", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "bq", "pre", "table", "tr", "hr", "br", "datasource", "credit", "address",
		"nitf-table", "caption", "td", "th", "media", "figure", "nitf", "note", "fn":
		return true
	}
	return false
}

// below walks the children of n.
func (w *walker) below(n *html.Node, here where) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if strings.Trim(c.Data, " \t\r\n") != "" {
				w.breaks = 0
			}
			w.text.WriteString(c.Data)
		case html.ElementNode:
			w.element(c, here)
		}
	}
}

func (w *walker) element(n *html.Node, here where) {
	name := strings.ToLower(n.Data)
	inside := here
	switch name {
	case "script", "style", "head", "template", "media-metadata", "object", "iframe":
		return
	case "note":
		if w.s.Note == "" {
			w.s.Note = line(n)
		}
		return
	case "br":
		w.lineBreak(here)
		return
	case "a":
		w.link(n, here)
		return
	case "img":
		w.image(attr(n, "src"), attr(n, "alt"), attr(n, "width"), attr(n, "height"))
		return
	case "media", "figure":
		w.flush(here)
		w.picture(n)
		return
	case "pre":
		w.flush(here)
		w.preformatted(raw(n))
		return
	case "table":
		w.flush(here)
		w.preformatted(rows(n))
		return
	case "h1", "h2", "h3", "h4", "h5", "h6":
		inside.kind, inside.level = mainbody.Heading, int(name[1]-'0')
	case "hl1", "hl2":
		inside.kind, inside.level = mainbody.Heading, int(name[2]-'0')
	case "ul", "ol", "dl":
		inside.lists++
	case "li", "dt", "dd":
		inside.kind, inside.level = mainbody.Item, max(here.lists, 1)
	case "blockquote", "bq":
		inside.kind, inside.level = mainbody.Quotation, 0
	}
	if !apart(name) {
		w.below(n, here)
		return
	}
	w.flush(here)
	w.below(n, inside)
	w.flush(inside)
}

// lineBreak parts words; two in a row part paragraphs.
func (w *walker) lineBreak(here where) {
	w.text.WriteByte(' ')
	if w.breaks++; w.breaks > 1 {
		w.flush(here)
	}
}

func (w *walker) link(n *html.Node, here where) {
	if w.linkAt >= 0 || attr(n, "href") == "" {
		w.below(n, here)
		return
	}
	w.linkAt = w.text.Len()
	before := w.s.pieces()
	w.below(n, here)
	// A link around several paragraphs has no words of its own.
	if w.s.pieces() == before && w.linkAt <= w.text.Len() && len(w.s.Links) < maxLinks {
		words := plain.Line(w.text.String()[w.linkAt:])
		w.s.Links = append(w.s.Links, mainbody.Link{URL: attr(n, "href"), Text: words, Rel: attr(n, "rel")})
	}
	w.linkAt = -1
}

func (s *Story) pieces() int { return len(s.Pieces) }

// flush ends a piece of the given kind.
func (w *walker) flush(here where) {
	text := plain.Line(w.text.String())
	w.text.Reset()
	w.breaks = 0
	if text != "" && len(w.s.Pieces) < maxPieces {
		w.s.Pieces = append(w.s.Pieces, mainbody.Piece{Kind: here.kind, Level: here.level, Text: text})
	}
}

// preformatted adds a piece of several lines.
func (w *walker) preformatted(text string) {
	var lines []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimRight(clean(l), " \t"); strings.TrimSpace(l) != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) > 0 && len(w.s.Pieces) < maxPieces {
		w.s.Pieces = append(w.s.Pieces, mainbody.Piece{Kind: mainbody.Preformatted, Text: strings.Join(lines, "\n")})
	}
}

// clean is a line with its spaces left as they are.
func clean(l string) string {
	return plain.NFC(strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case plain.Dropped(r):
			return -1
		case plain.Space(r):
			return ' '
		}
		return r
	}, l))
}

// raw is the text below n as it stands.
func raw(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
			}
			if strings.EqualFold(c.Data, "br") {
				b.WriteByte('\n')
			}
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// rows are a table's lines, the cells parted by tabs.
func rows(table *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := range elements(n) {
			switch strings.ToLower(c.Data) {
			case "tr":
				var cells []string
				for cell := range elements(c) {
					cells = append(cells, line(cell))
				}
				b.WriteString(strings.Join(cells, "\t") + "\n")
			case "caption":
				b.WriteString(line(c) + "\n")
			default:
				walk(c)
			}
		}
	}
	walk(table)
	return b.String()
}

// picture reads a figure (HTML) or a media element (NITF).
func (w *walker) picture(n *html.Node) {
	var source, caption, width, height string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := range elements(n) {
			switch strings.ToLower(c.Data) {
			case "img", "media-reference":
				if source == "" {
					source, width, height = attr(c, "src")+attr(c, "source"), attr(c, "width"), attr(c, "height")
				}
				if caption == "" {
					caption = attr(c, "alt") + attr(c, "alternate-text")
				}
			case "figcaption", "media-caption":
				caption = line(c)
			default:
				walk(c)
			}
		}
	}
	walk(n)
	w.image(source, caption, width, height)
}

func (w *walker) image(source, caption, width, height string) {
	if source == "" || len(w.s.Images) >= maxImages {
		return
	}
	w.s.Images = append(w.s.Images, mainbody.Image{URL: source, Caption: plain.Line(caption), Width: pixels(width), Height: pixels(height)})
}

func pixels(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<20 {
		return 0
	}
	return n
}
