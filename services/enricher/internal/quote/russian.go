package quote

import (
	"strings"
	"unicode/utf8"
)

// caseEnding is how a Russian name ends in the genitive and in the nominative.
type caseEnding struct{ genitive, nominative string }

// Endings of the names of men and of women, the longer ones first.
var (
	menSurnames = []caseEnding{
		{"ского", "ский"}, {"цкого", "цкий"}, {"ова", "ов"}, {"ева", "ев"}, {"ёва", "ёв"}, {"ина", "ин"}, {"ына", "ын"},
	}
	menFirst = []caseEnding{
		{"Павла", "Павел"}, {"Льва", "Лев"}, {"ия", "ий"}, {"ея", "ей"}, {"ря", "рь"}, {"ая", "ай"}, {"а", ""},
	}
	womenSurnames = []caseEnding{
		{"ской", "ская"}, {"цкой", "цкая"}, {"овой", "ова"}, {"евой", "ева"}, {"ёвой", "ёва"}, {"иной", "ина"}, {"ыной", "ына"},
	}
	womenFirst = []caseEnding{
		{"ии", "ия"}, {"ги", "га"}, {"ки", "ка"}, {"ши", "ша"}, {"жи", "жа"}, {"ы", "а"}, {"ьи", "ья"},
	}
)

// minStem is the number of characters that an ending leaves of a name.
const minStem = 2

func (e caseEnding) apply(w string) (string, bool) {
	stem, ok := strings.CutSuffix(w, e.genitive)
	if !ok || utf8.RuneCountInString(stem) < minStem && stem != "" {
		return w, false
	}
	return stem + e.nominative, true
}

func inNominative(w string, endings []caseEnding) (string, bool) {
	for _, e := range endings {
		if n, ok := e.apply(w); ok {
			return n, true
		}
	}
	return w, false
}

// nominativeOf gives a first name and a surname in the genitive, as they stand
// behind "по словам", in the nominative; anything else stays as it is.
func nominativeOf(full string) string {
	first, last, ok := strings.Cut(full, " ")
	if !ok || strings.Contains(last, " ") {
		return full
	}
	for _, forms := range [][2][]caseEnding{{menFirst, menSurnames}, {womenFirst, womenSurnames}} {
		f, okFirst := inNominative(first, forms[0])
		l, okLast := inNominative(last, forms[1])
		if okFirst && okLast {
			return f + " " + l
		}
	}
	return full
}
