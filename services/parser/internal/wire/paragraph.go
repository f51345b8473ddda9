package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Paragraphs cuts a text that is nothing but a story's into paragraphs, each one
// line.
func Paragraphs(text string) []string { return split(text) }

// split cuts text into paragraphs, each one line.
func split(text string) []string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	how := layoutOf(lines)
	var out []string
	var b strings.Builder
	flush := func() {
		if p := plain.Line(b.String()); p != "" && len(out) < maxParagraphs {
			out = append(out, p)
		}
		b.Reset()
	}
	for i, raw := range lines {
		line := plain.Line(raw)
		if line == "" {
			flush()
			continue
		}
		if how == byLine || (how == byIndent && indented(raw)) || (i < 12 && standsAlone(line)) {
			flush()
		}
		join(&b, line)
		if i < 12 && standsAlone(line) {
			flush()
		}
	}
	flush()
	return out
}

// standsAlone reports whether a line near the top is metadata even with no empty
// line around it.
func standsAlone(line string) bool {
	if isSlugline(line) {
		return true
	}
	i := strings.IndexByte(line, ':')
	return i > 0 && i <= 24 && (&Story{}).field(line)
}

// join adds a wrapped line to a paragraph. Scripts that do not part words, and
// words broken at a hyphen, are joined without a space.
func join(b *strings.Builder, line string) {
	if b.Len() > 0 {
		so := b.String()
		last, _ := utf8.DecodeLastRuneInString(so)
		first, _ := utf8.DecodeRuneInString(line)
		before, _ := utf8.DecodeLastRuneInString(so[:len(so)-utf8.RuneLen(last)])
		hyphen := last == '-' && unicode.IsLetter(before) && unicode.IsLetter(first)
		if !hyphen && !(unspaced(last) && unspaced(first)) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(line)
}

func unspaced(r rune) bool {
	return plain.Unspaced(r) || (r >= 0x3000 && r <= 0x303f) || (r >= 0xff00 && r <= 0xffef)
}

// layout says how a text parts its paragraphs.
type layout uint8

const (
	byEmptyLine layout = iota
	byIndent
	byLine
)

// layoutOf looks at the whole text: with no empty line inside, indents part
// paragraphs, and without those, long lines are paragraphs.
func layoutOf(lines []string) layout {
	var full, empty, indents, runes, ended int
	for _, raw := range lines {
		line := strings.TrimSpace(raw)
		if line == "" {
			if full > 0 {
				empty++
			}
			continue
		}
		full++
		n := utf8.RuneCountInString(line)
		runes += n
		if indented(raw) {
			indents++
		}
		last, _ := utf8.DecodeLastRuneInString(line)
		if strings.ContainsRune(".!?…。\"”»", last) {
			ended++
		}
	}
	switch {
	case full < 3:
		if full == 2 && empty == 0 && runes > 300 {
			return byLine
		}
		return byEmptyLine
	case indents >= 2 && indents < full && empty*4 < full:
		return byIndent
	case empty*8 < full && runes/full > 110 && ended*3 >= full*2:
		return byLine
	}
	return byEmptyLine
}

// indented reports whether a line begins with at least two spaces or a tab.
func indented(line string) bool {
	return strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "\u3000")
}

// tail drops an agency's end marks: initials of the editors, "ENDS", "-30-".
func tail(paragraphs []string) []string {
	for len(paragraphs) > 1 && isEndMark(paragraphs[len(paragraphs)-1]) {
		paragraphs = paragraphs[:len(paragraphs)-1]
	}
	return paragraphs
}

func isEndMark(p string) bool {
	switch strings.Trim(strings.ToUpper(p), "-=*/#(). ") {
	case "", "ENDS", "END", "30", "MORE", "FIN", "SUITE", "ENDE", "FINE":
		return true
	}
	if len(p) > 24 || !strings.ContainsAny(p, "/-") {
		return false
	}
	part := 0
	for _, r := range p {
		switch {
		case r == '/' || r == '-':
			part = 0
		case r >= 'a' && r <= 'z' && part < 4:
			part++
		default:
			return false
		}
	}
	return true
}
