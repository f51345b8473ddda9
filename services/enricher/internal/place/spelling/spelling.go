// Package spelling reduces the written forms of a place name to one key.
package spelling

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters are Latin letters that have no decomposition but are often written
// without their stroke, or as two letters; and the Arabic letters that printers
// exchange for one another.
var letters = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ß': "ss",
	'æ': "ae", 'œ': "oe", 'þ': "th", 'ə': "e",
	'ى': "ي", 'ی': "ي", 'ې': "ي", 'ک': "ك", 'ة': "ه", 'ۀ': "ه", 'ٱ': "ا",
}

// Key returns the form under which name is looked up: lower case, without
// diacritics, with every hyphen, apostrophe and run of spaces as one space and
// without full stops. Names that a reader would take for one another, such as
// "Saint-Étienne" and "SAINT ETIENNE", have one key. The key of a name without
// letters is empty.
func Key(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	gap := false
	for _, r := range norm.NFKD.String(name) {
		r = unicode.ToLower(r)
		switch {
		case dropped(r):
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			if s, ok := letters[r]; ok {
				b.WriteString(s)
			} else {
				b.WriteRune(r)
			}
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// dropped tells the marks and signs that a key does without. The vowel signs of
// the Indic scripts are marks too, but they are kept: there they are the word.
func dropped(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '.'
	case r >= 0x300 && r <= 0x36F: // combining diacritical marks
		return true
	case r >= 0x64B && r <= 0x65F, r == 0x670, r == 0x640: // Arabic vowels, tatweel
		return true
	}
	return r == '\u200c' || r == '\u200d' || r == '\u200e' || r == '\u200f' || r == '\u00ad'
}
