package mainbody

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// text adds a run of characters to the open block, opening one if needed.
func (c *cutter) text(s string) {
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			i++
			if b == ' ' || (b >= 0x09 && b <= 0x0d) {
				c.space = true
				continue
			}
			if b < 0x20 || b == 0x7f {
				continue
			}
			c.put(rune(b))
			c.ascii(b)
			c.buf = append(c.buf, b)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case plain.Space(r):
			c.space = true
		case plain.Dropped(r):
		default:
			c.put(r)
			c.wide(r)
			c.buf = utf8.AppendRune(c.buf, r)
		}
	}
}

// put does what every printed rune needs before it is added.
func (c *cutter) put(r rune) {
	if c.start < 0 {
		c.open()
	} else if c.space {
		c.buf = append(c.buf, ' ')
		c.cur.chars++
		c.cur.words++
		if sentenceEnd(c.last) {
			c.cur.ends++
		}
		if c.linkOpen >= 0 && c.pg.links[c.linkOpen].block >= 0 {
			c.cur.linkChars++
		}
		if c.inStrong > 0 {
			c.cur.strong++
		}
		if c.inItalic > 0 {
			c.cur.italic++
		}
		if c.inJump > 0 {
			c.cur.jumpChars++
		}
	}
	c.space = false
	c.last = r
	c.cur.chars++
	if c.linkOpen >= 0 {
		c.cur.linkChars++
		if l := &c.pg.links[c.linkOpen]; l.block < 0 {
			l.block = int32(len(c.pg.blocks))
			l.from = int32(len(c.buf))
			c.cur.links++
		}
	}
	if c.inStrong > 0 {
		c.cur.strong++
	}
	if c.inItalic > 0 {
		c.cur.italic++
	}
	if c.inJump > 0 {
		c.cur.jumpChars++
	}
}

func (c *cutter) ascii(b byte) {
	switch {
	case b >= 'a' && b <= 'z':
		c.cur.letters++
	case b >= 'A' && b <= 'Z':
		c.cur.letters++
		c.cur.upper++
	case b >= '0' && b <= '9':
		c.cur.digits++
	case b == ',' || b == ';':
		c.cur.commas++
	case b == '|' || b == '>' || b == '<' || b == '/' || b == '#' || b == '+' || b == '*':
		c.cur.symbols++
	case b == '@':
		c.cur.symbols++
		c.cur.at = true
	default:
		c.cur.punct++
	}
}

func (c *cutter) wide(r rune) {
	switch {
	case unicode.IsLetter(r):
		c.cur.letters++
		if ideograph(r) {
			// Two characters make a word, by and large.
			c.cur.words += int32(c.cur.letters & 1)
		} else if unicode.IsUpper(r) {
			c.cur.upper++
		}
	case r == '，' || r == '、' || r == '،' || r == '；':
		c.cur.commas++
	case r == '。' || r == '！' || r == '？':
		c.cur.ends++
	case unicode.IsDigit(r):
		c.cur.digits++
	case unicode.IsPunct(r) && r != '·' && r != '•' && r != '»' && r != '›':
		c.cur.punct++
	case unicode.IsMark(r):
	default:
		c.cur.symbols++
		c.cur.copyright = c.cur.copyright || r == '©'
	}
}

func (c *cutter) open() {
	c.start = len(c.buf)
	c.cur.el = c.el
	c.cur.startChars = c.pg.chars
	c.cur.soft = c.boundary == 1 && len(c.pg.blocks) > 0 && c.pg.blocks[len(c.pg.blocks)-1].el == c.el
	c.boundary = 0
	c.space = false
	c.cur.words = 1
}

// flush ends the open block, if there is one.
func (c *cutter) flush() {
	c.space = false
	if c.start < 0 {
		return
	}
	b := &c.cur
	for _, m := range c.inner[:c.innerN] {
		if m.chars*5 >= b.chars*3 {
			b.inner |= m.set
		}
	}
	b.endsClosed = sentenceEnd(c.last)
	b.endsColon = c.last == ':' || c.last == '：'
	b.trails = c.last == '…' || c.last == '.' && strings.HasSuffix(string(c.buf[max(c.start, len(c.buf)-3):]), "...")
	b.asks = c.last == '?' || c.last == '？'
	if b.endsClosed && c.last != '。' && c.last != '！' && c.last != '？' {
		b.ends++
	}
	if c.el >= 0 {
		e := &c.pg.elements[c.el]
		e.chars += b.chars
		e.linkChars += b.linkChars
		e.commas += b.commas
		if b.chars >= 60 && b.linkChars*3 < b.chars && (b.ends > 0 || b.commas > 1) {
			e.paraChars += b.chars
		}
	}
	c.pg.chars += b.chars
	c.pg.blocks = append(c.pg.blocks, *b)
	c.bounds = append(c.bounds, c.start)
	c.cur = block{}
	c.start = -1
	c.innerN = 0
	c.last = 0
}

// sentenceEnd reports whether a rune ends a sentence or closes a quotation.
func sentenceEnd(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔', '"', '”', '»', '」', '’', ')':
		return true
	}
	return false
}

// ideograph reports whether a rune is a word, or half of one, by itself.
func ideograph(r rune) bool { return plain.Unspaced(r) || unicode.Is(unicode.Hangul, r) }
