// Package plain makes strings fit for an event: valid UTF-8 in NFC, without
// control characters, bidirectional overrides or runs of white space.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Dropped reports whether a rune never belongs in text: C0 and C1 controls
// other than white space, soft hyphens and zero-width spaces, marks and
// overrides of direction that could make text read otherwise than it is stored
// (Unicode TR 36), noncharacters and the byte order mark. Joiners (U+200C,
// U+200D) stay: Persian, Indic scripts and emoji need them.
func Dropped(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != '\v'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return r != 0x85
	case r == 0xad, r == 0x200b, r == 0x2060, r == 0xfeff:
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	case r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

// Space reports whether a rune parts words without being printed.
func Space(r rune) bool {
	switch {
	case r <= 0x20:
		return r == ' ' || (r >= 0x09 && r <= 0x0d)
	case r < 0x80:
		return false
	}
	switch r {
	case 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

// Line returns s as one line: dropped runes gone, white space folded to single
// spaces and trimmed, NFC.
func Line(s string) string {
	s = trimASCII(s)
	if isLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	pending := false
	for _, r := range s {
		switch {
		case Space(r):
			pending = b.Len() > 0
		case Dropped(r):
		default:
			if pending {
				b.WriteByte(' ')
				pending = false
			}
			b.WriteRune(r)
		}
	}
	return NFC(b.String())
}

func trimASCII(s string) string {
	for s != "" && s[0] <= ' ' && Space(rune(s[0])) {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' && Space(rune(s[len(s)-1])) {
		s = s[:len(s)-1]
	}
	return s
}

// Fold reduces s to its letters, digits and marks in lower case, so that titles
// and names compare whatever their spaces and signs.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Unspaced reports whether a rune is of a script that does not part words by
// spaces: Han, kana, Thai.
func Unspaced(r rune) bool {
	return r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// NFC returns s in normalisation form C (UAX 15); s must be valid UTF-8 or is
// made so.
func NFC(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// Cut shortens s to at most n runes, at a word's end where there is one in the
// last quarter, with an ellipsis.
func Cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	end, count, space := 0, 0, -1
	for i, r := range s {
		if count >= n-1 {
			end = i
			break
		}
		if r == ' ' && count > n*3/4 {
			space = i
		}
		count++
	}
	if space > 0 {
		end = space
	}
	return strings.TrimRight(s[:end], " ,;:-–—") + "…"
}

// isLine reports whether there is nothing to do for Line, the common case: single
// spaces inside only, nothing dropped, and no character that a normalisation could
// join with another.
func isLine(s string) bool {
	space := true
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f || c == ' ' && space {
				return false
			}
			space = c == ' '
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		// All below are normal in form C by themselves (UAX 15, NFC_Quick_Check).
		if r >= 0x300 && !plainLetters(r) || n == 1 || Space(r) || Dropped(r) {
			return false
		}
		space = false
		i += n
	}
	return s == "" || !space
}

// plainLetters reports whether a rune belongs to a block of letters that neither
// combine nor have another form: unified Han, kana without their marks, Hangul
// syllables, Cyrillic without its marks, and the punctuation that goes with them.
func plainLetters(r rune) bool {
	switch {
	case r >= 0x400 && r <= 0x482, r >= 0x48a && r <= 0x4ff, r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3, r >= 0x3041 && r <= 0x3096,
		r >= 0x30a1 && r <= 0x30fa, r >= 0x2010 && r <= 0x2027, r >= 0x3001 && r <= 0x301b, r == 0x20ac:
		return true
	}
	return false
}
