package when

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
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
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			spaced = true
			opening = opening || r == '\n'
			i, point = i+size, point+1
			continue
		}
		t := token{start: i, from: point, number: -1, spaced: spaced, opening: opening}
		t.end, t.to = extent(text, i, point, r, size)
		t.read(text[i:t.end], r)
		tokens = append(tokens, t)
		i, point, spaced = t.end, t.to, false
		opening = !unicode.IsLetter(r) && !unicode.IsDigit(r) && strings.ContainsRune(`.!?…:;"“„«»‚‘(—–-[•。！？「『（：، `, r)
	}
	return tokens
}

// extent finds where the token that begins with r ends.
func extent(text string, i, point int, r rune, size int) (end, to int) {
	end, to = i+size, point+1
	var same func(rune) bool
	switch {
	case unicode.IsDigit(r):
		same = unicode.IsDigit
	case wordRune(r) && !lone(r):
		same = func(r rune) bool { return wordRune(r) && !lone(r) }
	default:
		return end, to
	}
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !same(r) {
			break
		}
		end, to = end+size, to+1
	}
	return end, to
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) && r != 'ʼ' || unicode.IsMark(r) || r == '\u200c' || r == '\u200d'
}

// lone tells the letters that are tokens of their own.
func lone(r rune) bool {
	return r > 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) || r == 'ー'
}

func (t *token) read(s string, first rune) {
	switch {
	case unicode.IsDigit(first):
		t.readNumber(s)
	case wordRune(first):
		t.capital = unicode.IsUpper(first)
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

func (t *token) readNumber(s string) {
	n := 0
	for _, r := range s {
		digit := -1
		for _, zero := range zeros {
			if r >= zero && r < zero+10 {
				digit = int(r - zero)
			}
		}
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
	if unicode.Is(unicode.Arabic, r) {
		return arabic.Replace(word)
	}
	return strings.ToLower(word)
}
