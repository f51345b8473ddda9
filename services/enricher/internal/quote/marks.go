package quote

import (
	"sort"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// passage is a stretch of words in quotation marks.
type passage struct {
	// open is the word of the opening mark; close is that of the closing mark,
	// or of the line break that ends an unclosed paragraph.
	open, close int
	// continued tells that the paragraph ends without a closing mark and the
	// next one opens again: the same speaker goes on.
	continued bool
	// dialogue tells that dashes set it off instead of marks.
	dialogue bool
	// item is the passage's place in the layout.
	item int
}

// family keeps apart the systems of quotation marks.
type family uint8

const (
	guillemet family = iota
	curly
	straight
	single
	corner
	doubleCorner
	singleCurly
	apostrophe
	dash
)

const (
	// maxNesting bounds the marks that may be open at once.
	maxNesting = 8
	// maxAhead bounds the paragraphs, and maxAheadWords the words, in which a
	// closing mark is looked for beyond the paragraph of the opening one.
	maxAhead      = 8
	maxAheadWords = 1200
)

type openMark struct {
	family family
	word   int
}

// pairer pairs the quotation marks of a text.
type pairer struct {
	ws []words.Word
	// reversed tells that the text sets »…« or ›…‹; same that it sets »…».
	reversed, same bool
	// doubled tells that straight marks stand in twos, as tables write those within
	// a cell; single ones then part cells.
	doubled bool
	stack   []openMark
	closed  []passage
	// later are the words up to which closesLater has looked, by its second
	// argument.
	later [2]int
}

// pair gives the outermost passages of the text in order.
func pair(ws []words.Word) []passage {
	p := &pairer{ws: ws}
	p.orient()
	for i := range ws {
		switch ws[i].Kind {
		case words.Break:
			p.paragraphEnd(i)
		case words.Mark:
			p.mark(i)
		}
	}
	p.paragraphEnd(len(ws))
	return outermost(p.closed)
}

// orient finds out which way the guillemets point: »…« is German, Danish and
// others, »…» Swedish and Finnish.
func (p *pairer) orient() {
	left, right, any := 0, 0, false
	for i := range p.ws {
		w := &p.ws[i]
		switch {
		case w.Is("«"):
			any = true
			if p.opening(i) {
				left++
			}
		case w.Is("»") && p.opening(i) && i+1 < len(p.ws) && p.ws[i+1].Kind == words.Letters && !p.ws[i+1].Space:
			right++
		}
	}
	p.doubled = p.isDoubled()
	p.same = !any && right > 0
	p.reversed = any && right > left
}

// opening tells whether what stands before word i lets a quotation begin
// there.
func (p *pairer) opening(i int) bool {
	if i == 0 || p.ws[i].Space {
		return true
	}
	b := &p.ws[i-1]
	switch b.Kind {
	case words.Break:
		return true
	case words.Letters:
		return strings.HasSuffix(b.Lower, "'")
	case words.Mark:
		return strings.Contains("([{—–-/:,;“„«»‹\"'‘、。", b.Text)
	}
	return false
}

// spacedAfter tells whether white space or the end follows word i.
func (p *pairer) spacedAfter(i int) bool {
	return i+1 >= len(p.ws) || p.ws[i+1].Space || p.ws[i+1].Kind == words.Break
}

func (p *pairer) has(f family) bool {
	for _, o := range p.stack {
		if o.family == f {
			return true
		}
	}
	return false
}

func (p *pairer) push(f family, i int) {
	if len(p.stack) < maxNesting {
		p.stack = append(p.stack, openMark{family: f, word: i})
	}
}

// pop closes the innermost open mark of family f and drops what was opened
// within it and never closed.
func (p *pairer) pop(f family, i int) {
	for k := len(p.stack) - 1; k >= 0; k-- {
		if p.stack[k].family == f {
			p.closed = append(p.closed, passage{open: p.stack[k].word, close: i})
			p.stack = p.stack[:k]
			return
		}
	}
}

func (p *pairer) mark(i int) {
	switch p.ws[i].Text {
	case "«", "»":
		p.guillemets(i, guillemet, (p.ws[i].Text == "«") != p.reversed)
	case "‹", "›":
		p.guillemets(i, single, (p.ws[i].Text == "‹") != p.reversed)
	case "„", "‟":
		p.push(curly, i)
	case "“":
		if p.has(curly) && p.ws[p.inner(curly)].Text == "„" {
			p.pop(curly, i)
		} else {
			p.push(curly, i)
		}
	case "”":
		if p.has(curly) {
			p.pop(curly, i)
		} else if p.opening(i) && !p.spacedAfter(i) {
			p.push(curly, i)
		}
	case "\"", "＂", "″":
		if p.doubled {
			p.toggleDoubled(i)
		} else {
			p.toggle(i)
		}
	case "「":
		p.push(corner, i)
	case "」":
		p.pop(corner, i)
	case "『":
		p.push(doubleCorner, i)
	case "』":
		p.pop(doubleCorner, i)
	case "‚", "‘", "’", "'":
		p.singles(i)
	}
}

// inner gives the word of the innermost open mark of family f, which must be
// open.
func (p *pairer) inner(f family) int {
	for k := len(p.stack) - 1; k >= 0; k-- {
		if p.stack[k].family == f {
			return p.stack[k].word
		}
	}
	return 0
}

func (p *pairer) guillemets(i int, f family, opens bool) {
	if p.same && f == guillemet {
		opens = !p.has(f)
	}
	if opens {
		p.push(f, i)
	} else {
		p.pop(f, i)
	}
}

// toggle reads a straight mark, which looks the same on both sides: it closes
// what is open unless the spaces around it say that it opens.
func (p *pairer) toggle(i int) {
	opens := p.opening(i)
	if p.has(straight) && !(opens && p.ws[i].Space && !p.spacedAfter(i)) {
		p.pop(straight, i)
		return
	}
	if opens {
		p.push(straight, i)
	}
}

// paragraphEnd settles the marks that are open at the break i: the next
// paragraph opens again, or closes later, or the mark was stray.
func (p *pairer) paragraphEnd(i int) {
	if len(p.stack) == 0 {
		return
	}
	o := p.stack[0]
	p.stack = p.stack[:0]
	if i+1 >= len(p.ws) {
		return
	}
	first := &p.ws[o.word]
	if next := &p.ws[i+1]; next.Kind == words.Mark && (next.Text == first.Text || (first.Text == "«" && next.Text == "»")) {
		p.closed = append(p.closed, passage{open: o.word, close: i, continued: true})
		return
	}
	if o.family != straight && o.family != singleCurly && o.family != apostrophe && p.closesBeyond(o, i) {
		p.stack = append(p.stack, o)
	}
}

// closesBeyond tells whether the mark o is closed in a later paragraph, before
// another of its kind opens.
func (p *pairer) closesBeyond(o openMark, i int) bool {
	paragraphs := 0
	start := p.ws[o.word].Text
	for k := i; k < len(p.ws) && k-o.word < maxAheadWords; k++ {
		w := &p.ws[k]
		if w.Kind == words.Break {
			if paragraphs++; paragraphs > maxAhead {
				return false
			}
		}
		if w.Kind != words.Mark || w.Text == start {
			if w.Kind == words.Mark && w.Text == start {
				return false
			}
			continue
		}
		if closer(start, w.Text) {
			return true
		}
	}
	return false
}

func closer(open, mark string) bool {
	switch open {
	case "«":
		return mark == "»"
	case "»":
		return mark == "«"
	case "“":
		return mark == "”"
	case "„":
		return mark == "“" || mark == "”"
	case "「":
		return mark == "」"
	case "『":
		return mark == "』"
	}
	return false
}

// outermost sorts passages by place and drops those within others.
func outermost(ps []passage) []passage {
	sort.Slice(ps, func(a, b int) bool { return ps[a].open < ps[b].open })
	out := ps[:0]
	end := -1
	for _, p := range ps {
		if p.open > end {
			out = append(out, p)
			end = p.close
			if p.continued {
				end = p.close - 1
			}
		}
	}
	return out
}
