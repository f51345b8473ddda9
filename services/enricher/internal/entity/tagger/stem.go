package tagger

import (
	"strings"
	"unicode/utf8"
)

// ending is a case ending and what may stand for it in the nominative.
type ending struct {
	cut     string
	instead []string
}

// endings are the case endings of names by language family, longest first.
var endings = map[string][]ending{
	"east": {
		{"ского", []string{"ский"}},
		{"скому", []string{"ский"}},
		{"ским", []string{"ский"}},
		{"ском", []string{"ский"}},
		{"ской", []string{"ская"}},
		{"ую", []string{"ая"}},
		{"ией", []string{"ия"}},
		{"ию", []string{"ия"}},
		{"ии", []string{"ия"}},
		{"ой", []string{"а", "ая"}},
		{"ого", []string{"ый", "ий", "ой"}},
		{"ом", []string{""}},
		{"ем", []string{"", "й", "ь"}},
		{"ым", []string{""}},
		{"ей", []string{"я", "ь"}},
		{"ью", []string{"ь"}},
		{"а", []string{""}},
		{"я", []string{"ь", "й"}},
		{"у", []string{"", "а"}},
		{"ю", []string{"ь", "й", "я"}},
		{"е", []string{"", "а", "я", "ь", "й"}},
		{"ы", []string{"а", ""}},
		{"и", []string{"ь", "я", "а", "й"}},
		{"і", []string{"а", "я", ""}},
	},
	"south": {
		{"skog", []string{"ska", "ski"}},
		{"skoj", []string{"ska"}},
		{"ske", []string{"ska"}},
		{"sku", []string{"ska"}},
		{"czech", []string{"cy"}},
		{"szech", []string{"chy"}},
		{"sce", []string{"ska"}},
		{"owem", []string{"ów"}},
		{"owa", []string{"ów"}},
		{"owie", []string{"ów"}},
		{"ji", []string{"ja"}},
		{"ją", []string{"ja"}},
		{"om", []string{"", "a"}},
		{"em", []string{""}},
		{"ega", []string{""}},
		{"ie", []string{"a", ""}},
		{"ii", []string{"ia"}},
		{"ię", []string{"ia"}},
		{"ę", []string{"a"}},
		{"ą", []string{"a"}},
		{"a", []string{"", "o"}},
		{"u", []string{"", "a", "o"}},
		{"e", []string{"a", ""}},
		{"i", []string{"a", ""}},
		{"y", []string{"a"}},
		{"ě", []string{"a"}},
	},
	"hungarian": {
		{"ből", []string{""}},
		{"ból", []string{""}},
		{"ban", []string{""}},
		{"ben", []string{""}},
		{"nak", []string{""}},
		{"nek", []string{""}},
		{"ról", []string{""}},
		{"ről", []string{""}},
		{"tól", []string{""}},
		{"től", []string{""}},
		{"val", []string{""}},
		{"vel", []string{""}},
		{"hoz", []string{""}},
		{"hez", []string{""}},
		{"ba", []string{""}},
		{"be", []string{""}},
		{"ra", []string{""}},
		{"re", []string{""}},
		{"on", []string{""}},
		{"en", []string{""}},
		{"ön", []string{""}},
		{"n", []string{""}},
		{"t", []string{""}},
		{"i", []string{""}},
	},
	"genitive": {{"s", []string{""}}},
}

var families = map[string]string{
	"ru": "east", "uk": "east", "be": "east", "bg": "east", "mk": "east",
	"hr": "south", "bs": "south", "sr": "south", "sl": "south", "cs": "south", "sk": "south", "pl": "south",
	"hu": "hungarian", "de": "genitive", "nl": "genitive", "sv": "genitive", "da": "genitive", "nb": "genitive",
	"nn": "genitive", "no": "genitive",
}

// minStem is the least that must remain of a name, in bytes.
const minStem = 3

// Nominatives calls try with the forms that the word of a name, in lower case, may
// have without its case ending, until it gives true.
func Nominatives(lang, lower string, try func(form string) bool) bool {
	for _, e := range endings[families[lang]] {
		stem, ok := strings.CutSuffix(lower, e.cut)
		if !ok || len(stem) < minStem {
			continue
		}
		for _, i := range e.instead {
			if try(stem + i) {
				return true
			}
		}
	}
	return false
}

// Inflects tells whether names have case endings in the language that Stem cuts.
func Inflects(lang string) bool {
	family := families[lang]
	return family != "" && family != "genitive"
}

// minKeyStem is the least that Stem leaves of a word, in code points.
const minKeyStem = 4

// Stem gives the word of a name, in lower case, the form under which its cases are
// one in the language. It is a key, not a word.
func Stem(lang, lower string) string {
	if !Inflects(lang) {
		return lower
	}
	family, rounds := families[lang], 1
	if family == "hungarian" {
		rounds = 2
	}
	for range rounds {
		for _, e := range endings[family] {
			if stem, ok := strings.CutSuffix(lower, e.cut); ok && utf8.RuneCountInString(stem) >= minKeyStem {
				lower = stem
				break
			}
		}
	}
	return lower
}
