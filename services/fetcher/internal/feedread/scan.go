package feedread

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The scanner splits XML, as publishers write it, into tags and text. It never fails:
// what no rule covers is text. It reads each byte a bounded number of times, keeps
// no state that grows, and expands of the entities that a document declares only short
// plain words, up to a total.

type tokenKind uint8

const (
	endOfInput tokenKind = iota
	startTag
	endTag
	text
)

// maxAttrs bounds the attributes that are kept of one element.
const maxAttrs = 64

type attr struct{ name, value string }

type token struct {
	kind  tokenKind
	name  string // of a tag, as written
	attrs []attr // of a start tag, entities decoded; valid until the next token
	empty bool   // of a start tag: it closes itself
	text  string // entities decoded
}

type scanner struct {
	s     string
	pos   int
	attrs []attr
	// cut is set where the input ended inside a construct.
	cut bool
	// html is set where the document type is HTML.
	html bool
	// entities are those that the document declares.
	entities declared
}

// next gives the next token. Comments, processing instructions and the document type
// are skipped.
func (sc *scanner) next() token {
	for sc.pos < len(sc.s) {
		rest := sc.s[sc.pos:]
		if rest[0] != '<' {
			end := strings.IndexByte(rest, '<')
			if end < 0 {
				end = len(rest)
			}
			sc.pos += end
			return token{kind: text, text: decodeEntities(rest[:end], &sc.entities)}
		}
		switch {
		case strings.HasPrefix(rest, "<!--"):
			sc.skipTo(rest, 4, "-->")
		case strings.HasPrefix(rest, "<![CDATA["):
			body := rest[9:]
			end := strings.Index(body, "]]>")
			if end < 0 {
				sc.pos, sc.cut = len(sc.s), true
				return token{kind: endOfInput}
			}
			sc.pos += 9 + end + 3
			return token{kind: text, text: body[:end]}
		case strings.HasPrefix(rest, "<?"):
			sc.skipTo(rest, 2, ">")
		case strings.HasPrefix(rest, "<!"):
			sc.doctype(rest)
		case strings.HasPrefix(rest, "</") && len(rest) > 2 && isNameStart(rest[2]):
			return sc.closing(rest)
		case len(rest) > 1 && isNameStart(rest[1]):
			return sc.opening(rest)
		default:
			sc.pos++
			return token{kind: text, text: "<"}
		}
	}
	return token{kind: endOfInput}
}

func (sc *scanner) skipTo(rest string, from int, mark string) {
	end := strings.Index(rest[from:], mark)
	if end < 0 {
		sc.pos, sc.cut = len(sc.s), true
		return
	}
	sc.pos += from + end + len(mark)
}

// doctype reads a declaration, of whose internal subset it takes the entities.
func (sc *scanner) doctype(rest string) {
	if len(rest) >= 14 && strings.EqualFold(strings.Join(strings.Fields(rest[:14]), " "), "<!doctype html") {
		sc.html = true
	}
	brackets, quote := 0, byte(0)
	for i := 2; i < len(rest); i++ {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			brackets++
		case c == ']':
			brackets--
		case c == '>' && brackets <= 0:
			sc.entities.declare(rest[:i])
			sc.pos += i + 1
			return
		}
	}
	// An unbalanced quote or bracket: take the declaration to end at the first '>'.
	sc.skipTo(rest, 2, ">")
}

func (sc *scanner) closing(rest string) token {
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		// The last byte of a document is often lost.
		end = len(rest)
	}
	sc.pos += min(end+1, len(rest))
	return token{kind: endTag, name: rest[2 : 2+nameLen(rest[2:end])]}
}

func (sc *scanner) opening(rest string) token {
	t := token{kind: startTag, name: rest[1 : 1+nameLen(rest[1:])]}
	sc.attrs = sc.attrs[:0]
	i := 1 + len(t.name)
	for i < len(rest) {
		switch c := rest[i]; {
		case c == '>':
			sc.pos += i + 1
			t.attrs = sc.attrs
			return t
		case c == '<':
			// The tag was never closed; the next one begins.
			sc.pos += i
			t.attrs = sc.attrs
			return t
		case c == '/':
			t.empty = i+1 < len(rest) && rest[i+1] == '>'
			i++
		case isSpace(c) || c == '=' || c == '"' || c == '\'':
			i++
		default:
			i = sc.attribute(rest, i)
		}
	}
	sc.pos, sc.cut = len(sc.s), true
	return token{kind: endOfInput}
}

// attribute reads the attribute at i and gives the position after it.
func (sc *scanner) attribute(rest string, i int) int {
	start := i
	for i < len(rest) && !isSpace(rest[i]) && !strings.ContainsRune("=></\"'", rune(rest[i])) {
		i++
	}
	if i == start {
		return i + 1
	}
	name := rest[start:i]
	j := i
	for j < len(rest) && isSpace(rest[j]) {
		j++
	}
	value := ""
	if j < len(rest) && rest[j] == '=' {
		for j++; j < len(rest) && isSpace(rest[j]); j++ {
		}
		i = j
		if j < len(rest) && (rest[j] == '"' || rest[j] == '\'') {
			end := strings.IndexByte(rest[j+1:], rest[j])
			if end < 0 {
				return len(rest)
			}
			value, i = rest[j+1:j+1+end], j+1+end+1
		} else {
			for i < len(rest) && !isSpace(rest[i]) && rest[i] != '>' && rest[i] != '<' {
				i++
			}
			value = rest[j:i]
			if strings.HasSuffix(value, "/") && i < len(rest) && rest[i] == '>' {
				value, i = value[:len(value)-1], i-1
			}
		}
	}
	if len(sc.attrs) < maxAttrs {
		sc.attrs = append(sc.attrs, attr{name, decodeEntities(value, &sc.entities)})
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

// nameLen gives the length of the name at the start of s.
func nameLen(s string) int {
	for i := range len(s) {
		switch c := s[i]; {
		case isNameStart(c), c >= '0' && c <= '9', c == '-', c == '.':
		default:
			return i
		}
	}
	return len(s)
}

// decodeEntities replaces character references and the entities of XML and HTML. What
// else stands behind an ampersand stays, since bare ampersands in links are common, but
// for entities that the document declares.
func decodeEntities(s string, own *declared) string {
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for amp >= 0 {
		b.WriteString(s[:amp])
		s = s[amp:]
		value, n := entity(s)
		if n == 1 {
			value, n = own.expand(s)
		}
		b.WriteString(value)
		s = s[n:]
		amp = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// entity decodes the reference at the start of s and gives its length; the ampersand
// alone if there is none.
func entity(s string) (value string, n int) {
	// The longest name in HTML has 31 letters.
	const longest = 34
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 2 {
		return s[:1], 1
	}
	ref := s[1:end]
	if ref[0] == '#' {
		r, ok := charRef(ref[1:])
		if !ok {
			return s[:1], 1
		}
		return string(r), end + 1
	}
	switch ref {
	case "amp":
		return "&", end + 1
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "quot":
		return `"`, end + 1
	case "apos":
		return "'", end + 1
	}
	// Of names that HTML knows without their semicolon, a part could match: the
	// semicolon must be gone.
	whole := s[:end+1]
	if value = html.UnescapeString(whole); value != whole && !strings.HasSuffix(value, ";") {
		return value, end + 1
	}
	return s[:1], 1
}

func charRef(digits string) (rune, bool) {
	base := 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return 0, false
	}
	if n >= 0x80 && n < 0xa0 {
		return windows1252[n-0x80], true
	}
	if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return utf8.RuneError, true
	}
	return rune(n), true
}

// windows1252 holds what the bytes 0x80 to 0x9F mean to those who write them, also as
// character references (HTML Standard, section 13.2.5.80).
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
