// Package acronym finds the short forms that a text introduces for its long
// names: "Organisation internationale pour les migrations (OIM)".
//
//  1. The words in brackets after a long form, or before it, are candidates
//     after Schwartz and Hearst, "A simple algorithm for identifying
//     abbreviation definitions in biomedical text" (PSB 2003).
//  2. The strict match takes the initials of all content words.
//  3. The apposition takes the name of a body that ends at the bracket, where
//     the initials are those of another language or there are none.
//  4. The loose match is the published one: the letters in order, the first at
//     the beginning of a word.
package acronym

import (
	"strings"
	"unicode"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// maxFound bounds the short forms of one text.
const maxFound = 1000

const (
	// minShort and maxShort bound the letters of a short form (Schwartz and
	// Hearst, section 2), maxShortWords its words.
	minShort, maxShort = 2, 10
	maxShortWords      = 2
	// maxInside bounds the words in brackets.
	maxInside = 24
)

// How sure a pair is, by the way it was found. They are set by hand, in the
// order of the errors met.
const (
	initialsSure   = 0.98
	appositionSure = 0.75
	looseSure      = 0.7
)

// Find gives the short forms that a story introduces, in order, each once. Spans are
// code points of the text. It is deterministic, and its time grows with the length
// of the text, of which the first 1,000 short forms are given.
func Find(s *story.Story) []*datelinev1.Acronym {
	if !strings.ContainsAny(s.Text, "([（［") {
		return nil
	}
	f := &finder{text: s.Text, lang: s.Lang, ws: s.Words(), seen: map[string]bool{}}
	for i := range f.ws {
		if len(f.out) == maxFound {
			break
		}
		if f.ws[i].Kind == words.Mark && strings.Contains("([（［", f.ws[i].Text) {
			f.bracket(i)
		}
	}
	return f.out
}

type finder struct {
	text string
	lang string
	ws   []words.Word
	// ends is, by word, the index of the name that ends before it.
	ends map[int]*name.Name
	seen map[string]bool
	out  []*datelinev1.Acronym
}

// span is a range of words, half open.
type span struct{ first, last int }

func (f *finder) textOf(s span) string {
	return f.text[f.ws[s.first].Start:f.ws[s.last-1].End]
}

// bracket looks at both orders around the bracket that opens at word i.
func (f *finder) bracket(i int) {
	end := i + 1
	for end < len(f.ws) && end-i <= maxInside && f.ws[end].Kind != words.Break && !closes(&f.ws[end]) {
		end++
	}
	if end >= len(f.ws) || !closes(&f.ws[end]) {
		return
	}
	inside := f.unquoted(span{i + 1, end})
	if inside.first >= inside.last {
		return
	}
	if inside.last-inside.first <= maxShortWords+1 {
		if s, ok := f.shortIn(inside); ok {
			f.longBefore(s, i)
			return
		}
	}
	f.longInside(inside, i)
}

func closes(w *words.Word) bool {
	return w.Kind == words.Mark && strings.Contains(")]）］", w.Text)
}

// unquoted cuts quotation marks around the words in brackets.
func (f *finder) unquoted(s span) span {
	const marks = "\"“”„«»'‘’"
	for s.first < s.last && f.ws[s.first].Kind == words.Mark && strings.Contains(marks, f.ws[s.first].Text) {
		s.first++
	}
	for s.first < s.last && f.ws[s.last-1].Kind == words.Mark && strings.Contains(marks, f.ws[s.last-1].Text) {
		s.last--
	}
	return s
}

// shortIn gives the words before any comma, if they can be a short form.
func (f *finder) shortIn(s span) (span, bool) {
	for k := s.first; k < s.last; k++ {
		if f.ws[k].Is(",") || f.ws[k].Is(";") {
			s.last = k
			break
		}
	}
	if s.first >= s.last || s.last-s.first > maxShortWords {
		return s, false
	}
	return s, f.isShort(s)
}

// credits stand in brackets behind bodies and places but are no short forms of
// theirs: agencies, countries, units.
var credits = map[string]bool{
	"AFP": true, "AP": true, "EFE": true, "ANSA": true, "DPA": true, "MAP": true, "APS": true, "TASS": true, "ANP": true,
	"Reuters": true, "USA": true, "US": true, "UK": true, "UTC": true, "GMT": true, "CET": true, "PDF": true,
}

// isShort tells whether the words can be a short form: two to ten letters, the
// first a letter or digit, with a capital in scripts that have them.
func (f *finder) isShort(s span) bool {
	text := f.textOf(s)
	letters, upper, cased := 0, 0, false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
			cased = cased || unicode.IsUpper(r) || unicode.IsLower(r)
		case !unicode.IsDigit(r) && r != '.' && r != '-' && r != '&' && r != '/' && r != ' ':
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(text)
	if letters < minShort || letters > maxShort || credits[text] || !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		return false
	}
	return !cased || upper > 0
}

// longBefore looks for the long form of the short one in words s, which stands
// in the bracket at word i.
func (f *finder) longBefore(s span, i int) {
	letters := f.letters(s)
	lo := f.window(i, len(letters))
	if long, ok := f.initials(letters, lo, i); ok {
		f.add(s, long, initialsSure)
		return
	}
	if long, ok := f.apposition(s, i); ok {
		f.add(s, long, appositionSure)
		return
	}
	if f.capitals(s) >= 2 {
		if long, ok := f.loose(letters, lo, i); ok {
			f.add(s, long, looseSure)
		}
	}
}

// window gives the first word that the long form before word i may begin with:
// min(|A|+5, 2|A|) words (Schwartz and Hearst) beside the function words, and
// in the same sentence.
func (f *finder) window(i, letters int) int {
	limit := min(letters+5, letters*2)
	k, content := i, 0
	for k > 0 && content < limit && i-k < 3*maxShort {
		w := &f.ws[k-1]
		if w.Kind == words.Break || w.Kind == words.Mark && !strings.Contains(",-&'’/·", w.Text) {
			break
		}
		if w.Kind == words.Letters && !isFunction(w) {
			content++
		}
		k--
	}
	return k
}

// longInside looks for "SHORT (long)".
func (f *finder) longInside(inside span, i int) {
	if i == 0 || f.ws[i-1].Kind != words.Letters || !f.ws[i-1].AllCaps() {
		return
	}
	s := span{i - 1, i}
	if !f.isShort(s) {
		return
	}
	for inside.first < inside.last && isFunction(&f.ws[inside.first]) {
		inside.first++
	}
	letters := f.letters(s)
	for end := inside.first + 1; end <= inside.last; end++ {
		if end < inside.last && !f.ws[end].Is(",") && !f.ws[end].Is(";") && !f.ws[end].Is(":") {
			continue
		}
		if long, ok := f.initials(letters, inside.first, end); ok && long.first == inside.first {
			f.add(s, long, initialsSure)
			return
		}
		if long, ok := f.loose(letters, inside.first, end); ok && long.first == inside.first && f.ws[long.first].Capital() {
			f.add(s, long, looseSure)
			return
		}
	}
}

func (f *finder) capitals(s span) int {
	n := 0
	for _, r := range f.textOf(s) {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

func (f *finder) add(s, long span, confidence float64) {
	short := f.textOf(s)
	text := f.textOf(long)
	if f.seen[short] || utf8.RuneCountInString(text) <= utf8.RuneCountInString(short) || f.contains(long, short) {
		return
	}
	f.seen[short] = true
	f.out = append(f.out, &datelinev1.Acronym{
		Short: short, Long: text, Confidence: confidence,
		Span:     f.spanOf(s),
		LongSpan: f.spanOf(long),
	})
}

func (f *finder) contains(s span, short string) bool {
	for k := s.first; k < s.last; k++ {
		if f.ws[k].Text == short {
			return true
		}
	}
	return false
}

func (f *finder) spanOf(s span) *datelinev1.Span {
	return &datelinev1.Span{Start: uint32(f.ws[s.first].Rune), End: uint32(f.ws[s.last-1].RuneEnd)}
}
