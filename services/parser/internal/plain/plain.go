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
	if clean(s) {
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

// clean reports whether s is printable ASCII with single spaces inside only,
// the common case in which there is nothing to do.
func clean(s string) bool {
	prev := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f || (c == ' ' && prev == ' ') {
			return false
		}
		prev = c
	}
	return s == "" || prev != ' '
}
