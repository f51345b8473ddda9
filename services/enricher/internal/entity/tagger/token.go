package tagger

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

// shape is the form of a token, coarse enough to be alike in all languages.
type shape uint8

const (
	edge shape = iota // beyond the sentence
	lowerWord
	capital
	capitals
	letter // one capital letter
	initial
	mixed
	number
	alphanumeric
	punctuation
	uncased
	han
	shapes = iota
)

// Token is a word or mark as the tagger sees it.
type Token struct {
	// Text is the token as printed.
	Text string

	lower string
	class lexicon.Class
	shape shape
	kind  uint8 // the class in one code
	gaz   uint8
	first bool // first of its sentence

	word uint64 // hash of lower
	ends [2 * maxAffix]uint64
	long uint64 // hash of the exact shape
	run  *run
	at   uint8 // place in the run
	seen uint8 // how the document prints the word elsewhere

	listed uint8 // place in the name of a listed organisation
	noun   uint8 // how it is a common noun, where those are printed like names
	// Of Chinese characters: the code of the suffix that ends here, that of the next
	// one and how far off it is, and whether the character parts names.
	ending, ahead, distance uint8
	parts                   bool
}

func (t *Token) prepare(lang string) {
	t.shape, t.long = shapeOf(t.Text)
	t.lower = t.Text
	if t.shape != punctuation && t.shape != number && t.shape != han && t.shape != uncased {
		t.lower = strings.ToLower(t.Text)
	}
	if strings.Contains(t.lower, "’") {
		t.lower = strings.ReplaceAll(t.lower, "’", "'")
	}
	if stem, ok := strings.CutSuffix(t.lower, "'s"); ok && stem != "" {
		t.lower = stem
	}
	t.word = hashString(t.lower)
	t.classify(lang)
	t.hashEnds()
}

// bare is the token as printed, without a possessive.
func (t *Token) bare() string {
	for _, suffix := range [...]string{"'s", "’s"} {
		if stem, ok := strings.CutSuffix(t.Text, suffix); ok && stem != "" {
			return stem
		}
	}
	return t.Text
}

func (t *Token) classify(lang string) {
	if t.shape == punctuation || t.shape == number {
		return
	}
	t.class = lexicon.Of(lang, t.lower)
	if t.class&lexicon.Title == 0 && strings.HasSuffix(t.lower, ".") {
		t.class |= lexicon.Of(lang, t.lower[:len(t.lower)-1]) & lexicon.Title
	}
	if t.shape == lowerWord {
		t.class &^= lexicon.People | lexicon.Town
	} else if t.class&(lexicon.People|lexicon.Town) == 0 && t.shape != han {
		t.class |= inflected(lang, t.lower)
		if t.class&lexicon.People == 0 && lexicon.FamilyEnding(t.lower) {
			t.class |= lexicon.Surname
		}
	}
	t.kind = kindOf(t.class)
	if t.shape.big() && nounCapitals[lang] {
		t.noun = 1 + uint8(lexicon.NounOf(lang, t.lower))
	}
}

// nounCapitals are the languages that print common nouns like names, and of which
// nouns are listed.
var nounCapitals = map[string]bool{"de": true}

// inflected finds a name or a town under its case endings.
func inflected(lang, lower string) lexicon.Class {
	var class lexicon.Class
	Nominatives(lang, lower, func(form string) bool {
		class = lexicon.Of("", form) & (lexicon.People | lexicon.Town)
		return class != 0
	})
	return class
}

// kindOf is the class that says most.
func kindOf(c lexicon.Class) uint8 {
	switch {
	case c&lexicon.Title != 0:
		return 1
	case c&lexicon.Body != 0:
		return 2
	case c&lexicon.Company != 0:
		return 3
	case c&lexicon.Feature != 0:
		return 4
	case c&lexicon.Calendar != 0:
		return 5
	case c&lexicon.Demonym != 0:
		return 11
	case c&lexicon.Speech != 0:
		return 6
	case c&lexicon.Given != 0 && c&lexicon.Stop == 0:
		return 7
	case c&lexicon.Surname != 0 && c&lexicon.Stop == 0:
		return 8
	case c&lexicon.Stop != 0:
		return 9
	case c&lexicon.Part != 0:
		return 10
	}
	return 0
}

// maxAffix is the most letters of a prefix or suffix.
const maxAffix = 5

// hashEnds hashes the first and last one to five letters.
func (t *Token) hashEnds() {
	w := t.lower
	at := 0
	for n := range maxAffix {
		if at >= len(w) {
			break
		}
		_, size := utf8.DecodeRuneInString(w[at:])
		at += size
		t.ends[n] = hashString(w[:at])
	}
	at = len(w)
	for n := range maxAffix {
		if at <= 0 {
			break
		}
		_, size := utf8.DecodeLastRuneInString(w[:at])
		at -= size
		t.ends[maxAffix+n] = hashString(w[at:])
	}
}

func (s shape) big() bool {
	return s == capital || s == capitals || s == letter || s == initial || s == mixed
}
