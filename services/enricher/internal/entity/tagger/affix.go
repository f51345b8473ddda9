package tagger

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// affixed adds a word, parted from what its language writes onto names: Arabic
// conjunctions and prepositions before them, Korean particles and Turkish endings
// behind them.
func (c *cutter) affixed(w *words.Word) {
	before, after := 0, len(w.Text)
	switch c.lang {
	case "ar":
		before = arabicPrefix(w.Text)
	case "ko":
		after = koreanStem(w.Text)
	case "tr", "az":
		if i := strings.IndexAny(w.Text, "'’"); i > 0 {
			after = i
		}
	}
	start, at := w.Start, w.Rune
	for _, end := range [...]int{before, after, len(w.Text)} {
		if stop := w.Start + int32(end); stop > start {
			next := at + int32(utf8.RuneCountInString(c.text[start:stop]))
			c.add(Piece{start, stop, at, next})
			start, at = stop, next
		}
	}
}

// wellKnown is the number of inhabitants from which a city is found behind an
// affix.
const wellKnown = 100_000

// known tells whether the gazetteer has the word for a country or a large city.
func known(word string) bool {
	key := spelling.Key(word)
	s := place.StandingByKey(key)
	return s.Country || s.Population >= wellKnown || regionKeys()[key]
}

// arabicPrefix is the length in bytes of "and", "so", "in", "for" or "as" before a
// place or the noun of a body; 0 if the word is one as it is.
func arabicPrefix(word string) int {
	_, size := utf8.DecodeRuneInString(word)
	if !strings.Contains("وفبلك", word[:size]) || lexicon.Of("", word)&(lexicon.Body|lexicon.People) != 0 || known(word) {
		return 0
	}
	if rest := word[size:]; known(rest) || lexicon.Of("", rest)&lexicon.Body != 0 {
		return size
	}
	return 0
}

// particles are those of Korean, longest first.
var particles = []string{"에서는", "으로", "에서", "에는", "까지", "부터", "에게", "은", "는", "이", "가", "을", "를", "의", "와", "과", "에", "로", "도"}

// koreanStem is the length in bytes of a place without its particle.
func koreanStem(word string) int {
	for _, p := range particles {
		if stem, ok := strings.CutSuffix(word, p); ok && utf8.RuneCountInString(stem) >= 2 && known(stem) && !known(word) {
			return len(stem)
		}
	}
	return len(word)
}
