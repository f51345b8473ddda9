package name

import (
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// maxArabic bounds the words of an Arabic name, without its particles.
const maxArabic = 4

// findArabic finds the names that a title or an office announces, and their
// later short forms by the last word.
func (f *finder) findArabic() {
	last := map[string]bool{}
	for i := 0; i < len(f.ws); i++ {
		if f.ws[i].Kind != words.Letters {
			continue
		}
		if f.lex.titles.has(bare(f.ws[i].Lower)) || f.lex.roles.has(bare(f.ws[i].Lower)) {
			if first, end := f.arabicPerson(i); first >= 0 {
				f.add(i, first, end, true)
				last[f.ws[end-1].Text] = true
				i = end - 1
			}
			continue
		}
		if last[f.ws[i].Text] && strings.HasPrefix(f.ws[i].Text, "ال") {
			f.add(i, i, i+1, true)
		}
	}
}

// After reads the person's name of an Arabic phrase that begins at word i, be
// it with titles ("الرئيس المصري …") or at once, and tells the words of the
// name, or -1. It serves callers who know that a person is named there, such
// as the subject of a verb of speech.
func After(ws []words.Word, i int) (first, last int) {
	f := &finder{ws: ws, lang: "ar", lex: arabic}
	return f.arabicPerson(i)
}

// bare cuts the conjunctions "and" and "so" that are written as part of the
// next word.
func bare(w string) string {
	for _, c := range []string{"و", "ف"} {
		if rest, ok := strings.CutPrefix(w, c); ok && (arabic.titles.has(rest) || arabic.roles.has(rest)) {
			return rest
		}
	}
	return w
}

func (f *finder) arabicPerson(i int) (first, last int) {
	k := i
	for k < len(f.ws) && k-i < maxRole && f.ws[k].Kind == words.Letters && f.announces(f.ws[k].Lower) {
		k++
	}
	if k >= len(f.ws) || k-i >= maxRole {
		return -1, -1
	}
	end, n := k, 0
	for end < len(f.ws) && n < maxArabic && f.inArabicName(end) {
		if !f.lex.particles.has(f.ws[end].Lower) {
			n++
		}
		end++
	}
	if n == 0 || (k == i && n < 2) {
		return -1, -1
	}
	return k, end
}

// announces tells whether the word belongs to the title rather than the name:
// a title, an office, a body, or an adjective with the article.
func (f *finder) announces(w string) bool {
	b := bare(w)
	return f.lex.titles.has(b) || f.lex.roles.has(b) || f.lex.bodies.has(w) || strings.HasPrefix(w, "ال") || strings.HasPrefix(w, "لل")
}

func (f *finder) inArabicName(i int) bool {
	w := &f.ws[i]
	if w.Kind != words.Letters || f.lex.plain.has(w.Lower) || f.lex.titles.has(w.Lower) || f.lex.roles.has(w.Lower) {
		return false
	}
	for _, r := range w.Text {
		if !unicode.Is(unicode.Arabic, r) {
			return false
		}
	}
	return true
}
