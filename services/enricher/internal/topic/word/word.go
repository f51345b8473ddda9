// Package word splits a text into the words that topics are told by.
package word

import "unicode"

// MaxLength bounds a word, in code points; the rest of a longer one is the next
// word. Runs of scripts that part no words are cut at the same length.
const MaxLength = 40

// Each calls use with every word of a text in lower case, in order. A run of Han, Kana, Thai or another script that parts no words
// is one word with run set. The slice is valid during the call only.
func Each(text string, use func(word []rune, run bool)) {
	var buffer [MaxLength]rune
	word, run := buffer[:0], false
	flush := func() {
		if len(word) > 0 {
			use(word, run)
			word = buffer[:0]
		}
	}
	for _, r := range text {
		kind := kindOf(r)
		if kind == silent {
			continue
		}
		if kind == other || (kind == unparted) != run || len(word) == MaxLength {
			flush()
			run = kind == unparted
		}
		if kind != other {
			word = append(word, unicode.ToLower(r))
		}
	}
	flush()
}

type kind uint8

const (
	other kind = iota
	letter
	unparted
	// silent marks are written or left out at will: Arabic vowel signs, the
	// soft hyphen, the zero-width joiners.
	silent
)

func kindOf(r rune) kind {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return other
	case r == 0xAD || r == 0x640 || 0x64B <= r && r <= 0x652 || 0x200C <= r && r <= 0x200D:
		return silent
	case r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー':
		return unparted
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return letter
	}
	return other
}

// Clitic tells whether a letter is one that Arabic and Hebrew write together with
// the word that follows: conjunctions, prepositions, the article.
func Clitic(r rune) bool {
	switch r {
	case 'و', 'ف', 'ب', 'ك', 'ل', 'ا', 'ה', 'ו', 'ב', 'ל', 'מ', 'ש', 'כ':
		return true
	}
	return false
}
