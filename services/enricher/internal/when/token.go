package when

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

// token is a word, a number or one other sign of a text.
type token struct {
	// key is the form that the lexicon knows: lower case, with plain apostrophes,
	// without Arabic vowel signs; a number without leading zeros.
	key string
	// start and end are byte offsets, from and to offsets in code points.
	start, end, from, to int
	// number is the value of a number of at most four digits, otherwise -1; digits
	// is how many it has.
	number, digits int
	// spaced tells that white space stands before, capital that the first letter
	// is a capital, caps that all are (and there are several).
	spaced, capital, caps bool
	// entry is what the lexicon has for key; nil if nothing.
	entry *entry
	// opening tells that a sentence, a quotation or an aside begins here, where a
	// capital means nothing.
	opening bool
}

// tokenize splits text. In scripts that are written without spaces, and in
// Hangul, where particles join the word, every character is a token.
func tokenize(text string) []token {
	tokens := make([]token, 0, len(text)/5+1)
	spaced, opening, point := true, true, 0
	for i := 0; i < len(text); {
		r, size := decode(text, i)
		class := char.Of(r)
		if class&char.Space != 0 {
			spaced = true
			opening = opening || r == '\n'
			i, point = i+size, point+1
			continue
		}
		t := token{start: i, from: point, number: -1, spaced: spaced, opening: opening}
		t.end, t.to = i+size, point+1
		kind := kindOf(r, class)
		if kind == digits || kind == word {
			t.end, t.to = extent(text, t.end, t.to, kind)
		}
		t.read(text[i:t.end], r, class, kind)
		tokens = append(tokens, t)
		i, point, spaced = t.end, t.to, false
		opening = class&(char.Letter|char.Digit) == 0 && strings.ContainsRune(`.!?…:;"“„«»‚‘(—–-[•。！？「『（：، `, r)
	}
	return tokens
}

// decode gives the rune at byte i.
func decode(text string, i int) (r rune, size int) {
	if text[i] < utf8.RuneSelf {
		return rune(text[i]), 1
	}
	return utf8.DecodeRuneInString(text[i:])
}

// tokenKind is what a token begins with, and goes on with.
type tokenKind uint8

const (
	sign tokenKind = iota
	digits
	word
	// lone letters are tokens of their own.
	lone
)

func kindOf(r rune, class char.Class) tokenKind {
	switch {
	case class&char.Digit != 0:
		return digits
	case class&(char.Letter|char.Mark) != 0 && r != 'ʼ':
		if class&(char.Wide|char.Tall|char.Hangul) != 0 || r == 'ー' || r > 0xE00 && unicode.Is(unicode.Tibetan, r) {
			return lone
		}
		return word
	case r == '\u200c' || r == '\u200d':
		return word
	}
	return sign
}

// extent finds where a token ends of which byte end and code point to are not known
// yet to belong to it.
func extent(text string, end, to int, kind tokenKind) (int, int) {
	for end < len(text) {
		r, size := decode(text, end)
		if kindOf(r, char.Of(r)) != kind {
			break
		}
		end, to = end+size, to+1
	}
	return end, to
}

func (t *token) read(s string, first rune, class char.Class, kind tokenKind) {
	switch kind {
	case digits:
		t.readNumber(s)
	case word, lone:
		t.capital = class&char.Upper != 0
		t.key = fold(s)
		t.caps = t.capital && utf8.RuneCountInString(s) > 1 && strings.ToUpper(s) == s
	default:
		t.key = s
		switch first {
		case '’', 'ʼ', '‘', '＇': // the second is a letter to Unicode
			t.key = "'"
		case '‐', '‑', '–', '−':
			t.key = "-"
		case '，', '、', '،':
			t.key = ","
		}
	}
}

// zeros are the zeros of the digits that dates are printed in.
var zeros = []rune{'0', '٠', '۰', '०', '০', '๐', '０'}

// digitOf gives the value of a digit, -1 for one in which no dates are printed.
func digitOf(r rune) int {
	for _, zero := range zeros {
		if r >= zero && r < zero+10 {
			return int(r - zero)
		}
	}
	return -1
}

func (t *token) readNumber(s string) {
	n := 0
	for _, r := range s {
		digit := digitOf(r)
		t.digits++
		if digit < 0 || t.digits > 4 {
			t.key = s
			return
		}
		n = 10*n + digit
	}
	t.number, t.key = n, strconv.Itoa(n)
}

// arabic puts the forms of a letter that printers exchange into one, and drops
// vowel signs.
var arabic = strings.NewReplacer(
	"أ", "ا", "إ", "ا", "آ", "ا", "ٱ", "ا", "ى", "ي", "ی", "ي", "ک", "ك", "ۀ", "ه", "هٔ", "ه", "ة", "ه",
	"ً", "", "ٌ", "", "ٍ", "", "َ", "", "ُ", "", "ِ", "", "ّ", "", "ْ", "", "ـ", "", "\u200c", "",
)

// fold is the key of a word.
func fold(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	if r >= 0x600 && unicode.Is(unicode.Arabic, r) {
		return arabic.Replace(word)
	}
	return strings.ToLower(word)
}
