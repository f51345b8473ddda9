package name

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// dropDoubtful drops single words that only begin a sentence, or are German
// nouns, unless the text has them as a name elsewhere.
func (f *finder) dropDoubtful() {
	sure := map[string]bool{}
	for i, n := range f.names {
		if !f.doubtful[i] && (n.Person || !f.lex.nouns) {
			for k := n.First; k < n.Last; k++ {
				sure[key(f.ws[k].Lower)] = true
			}
		}
	}
	kept := f.names[:0]
	for i, n := range f.names {
		if !f.doubtful[i] || sure[key(f.ws[n.First].Lower)] {
			kept = append(kept, n)
		}
	}
	f.names = kept
}

// cases are the endings of Russian surnames and given names in the oblique
// cases, longest first.
var cases = []string{"ого", "ому", "ыми", "ым", "ом", "ем", "ой", "ей", "ою", "а", "у", "е", "ы", "я", "ю", "и"}

// key gives a word the form under which its mentions are one: without the
// possessive, and in Cyrillic without the case ending.
func key(lower string) string {
	lower = strings.TrimSuffix(lower, "'s")
	if r, _ := utf8.DecodeRuneInString(lower); !unicode.Is(unicode.Cyrillic, r) {
		return lower
	}
	for _, c := range cases {
		if stem, ok := strings.CutSuffix(lower, c); ok && utf8.RuneCountInString(stem) >= 4 {
			return stem
		}
	}
	return lower
}

// resolve joins short forms with the fullest form of the same name: the last
// one before them, otherwise the first one after them.
func (f *finder) resolve() {
	byKey := map[string][]int{}
	for i := range f.names {
		n := &f.names[i]
		f.role(n)
		if f.weight(n) < 2 || !n.Person {
			continue
		}
		for k := n.First + 1; k < n.Last; k++ {
			if w := &f.ws[k]; w.Kind == words.Letters && w.Capital() || f.lex == arabic {
				byKey[key(w.Lower)] = append(byKey[key(w.Lower)], i)
			}
		}
	}
	for i := range f.names {
		n := &f.names[i]
		if full := f.fuller(byKey[key(f.ws[n.Last-1].Lower)], i); full >= 0 {
			n.Full = f.names[full].Text
			n.Person = n.Person || f.names[full].Person
		}
	}
}

// maxForms bounds the fuller forms that are weighed for one mention.
const maxForms = 16

// fuller picks among the names in forms, which are in order, the one that name
// i is short for, or -1.
func (f *finder) fuller(forms []int, i int) int {
	best := -1
	for _, c := range Near(forms, i, maxForms) {
		if c == i || !f.covers(c, i) || f.weight(&f.names[c]) <= f.weight(&f.names[i]) {
			continue
		}
		if best < 0 || c < i || (best > i && f.weight(&f.names[c]) > f.weight(&f.names[best])) {
			best = c
		}
	}
	return best
}

// Near cuts an ascending list to at most the given number of entries, those closest
// to i on both sides: so that looking through them stays bounded.
func Near(list []int, i, most int) []int {
	if len(list) <= most {
		return list
	}
	at, _ := slices.BinarySearch(list, i)
	return list[max(0, at-most/2):min(len(list), at+most/2)]
}

// weight counts the words of a name that are more than an initial.
func (f *finder) weight(n *Name) int {
	count := 0
	for k := n.First; k < n.Last; k++ {
		if w := &f.ws[k]; w.Kind == words.Letters && utf8.RuneCountInString(w.Text) > 1 {
			count++
		}
	}
	return count
}

// covers tells whether name c has all words of name i, initials for words that
// begin with them.
func (f *finder) covers(c, i int) bool {
	long, short := &f.names[c], &f.names[i]
	for k := short.First; k < short.Last; k++ {
		w := &f.ws[k]
		if w.Kind != words.Letters {
			continue
		}
		initial := utf8.RuneCountInString(w.Text) == 1
		found := false
		for m := long.First; m < long.Last && !found; m++ {
			found = key(f.ws[m].Lower) == key(w.Lower) || (initial && strings.HasPrefix(f.ws[m].Text, w.Text))
		}
		if !found {
			return false
		}
	}
	return true
}
