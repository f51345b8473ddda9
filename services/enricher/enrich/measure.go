package enrich

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Reading speeds a minute: words where scripts part them, else characters. They
// are the round figures that newsrooms count with.
const (
	wordsPerMinute      = 220
	ideographsPerMinute = 400
	thaiPerMinute       = 1000
)

func readingTimeOf(a *article, out *datelinev1.Enrichment) {
	words, ideographs, thai := 0, 0, 0
	inside := false
	for _, r := range a.doc.GetText() {
		switch {
		case r >= 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			ideographs, inside = ideographs+1, false
		case r >= 0xE00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			thai, inside = thai+1, false
		case !wordRune(r):
			inside = inside && (r == '\'' || r == '’')
		case !inside:
			words, inside = words+1, true
		}
	}
	minutes := float64(words)/wordsPerMinute + float64(ideographs)/ideographsPerMinute + float64(thai)/thaiPerMinute
	out.ReadingTimeSeconds = uint32(minutes*60 + 0.5)
}

// fingerprintOf hashes the words of the text in lower case, so that copies with
// other typography, spacing and punctuation have one fingerprint. A text without
// words is hashed as it is.
func fingerprintOf(a *article, out *datelinev1.Enrichment) {
	hash := sha256.New()
	var word []byte
	any := false
	flush := func() {
		if len(word) > 0 {
			hash.Write(append(word, ' '))
			word, any = word[:0], true
		}
	}
	for _, r := range norm.NFKC.String(a.doc.GetText()) {
		switch {
		case wordRune(r):
			word = append(word, string(unicode.ToLower(r))...)
			if len(word) > 1<<12 {
				flush()
			}
		case !unicode.Is(unicode.Cf, r): // a soft hyphen parts no word
			flush()
		}
	}
	flush()
	if !any {
		hash.Write([]byte(strings.TrimSpace(a.doc.GetText())))
	}
	out.Fingerprint = hex.EncodeToString(hash.Sum(nil))
}

// wordRune tells the runes that words are made of.
func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}
