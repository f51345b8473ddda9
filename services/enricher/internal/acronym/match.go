package acronym

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// letters gives the letters of a short form, folded, without the small s of a
// plural ("ONGs").
func (f *finder) letters(s span) []rune {
	text := f.textOf(s)
	if short, ok := strings.CutSuffix(text, "s"); ok && f.capitals(s) >= 2 {
		text = short
	}
	var out []rune
	for _, r := range text {
		if unicode.IsLetter(r) {
			out = append(out, fold(r))
		}
	}
	return out
}

// fold gives the letter in lower case and without its accent.
func fold(r rune) rune {
	if r >= utf8.RuneSelf {
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	}
	return unicode.ToLower(r)
}

// functionWords are longer than the four letters by which others are known.
var functionWords = map[string]bool{
	"contre": true, "entre": true, "dans": true, "avec": true, "della": true, "delle": true, "dello": true, "degli": true,
	"sobre": true, "contra": true, "between": true, "against": true, "with": true, "from": true, "oder": true, "gegen": true,
	"zwischen": true, "voor": true, "tegen": true,
}

// isFunction tells whether the word may go without a letter in the short form.
func isFunction(w *words.Word) bool {
	if w.Kind != words.Letters {
		return true
	}
	return !w.Capital() && (w.RuneEnd-w.Rune <= 4 || functionWords[w.Lower])
}

// initials matches the letters with the first letters of the content words
// that end before word hi, and gives the long form.
func (f *finder) initials(letters []rune, lo, hi int) (span, bool) {
	var heads []head
	for k := lo; k < hi; k++ {
		heads = append(heads, headsOf(&f.ws[k], k)...)
	}
	if len(letters) < minShort {
		return span{}, false
	}
	m := matcher{letters: letters, heads: heads, dead: make([]bool, (len(letters)+1)*(len(heads)+1))}
	first := m.match(len(letters), len(heads))
	if first < 0 {
		return span{}, false
	}
	return span{first, hi}, true
}

// maxParts bounds the parts of a compound that count.
const maxParts = 5

// head is a letter at which a word, or a part of a compound, begins.
type head struct {
	letter rune
	word   int
	// optional tells that it may go without a letter in the short form.
	optional bool
}

func headsOf(w *words.Word, k int) []head {
	if w.Kind != words.Letters {
		if w.Is(",") || w.Is("-") || w.Is("&") || w.Is("/") || w.Is("'") || w.Is("’") || w.Kind == words.Number {
			return nil
		}
		return []head{{word: k}}
	}
	var out []head
	for i, part := range strings.SplitN(w.Lower, "-", maxParts) {
		r, size := utf8.DecodeRuneInString(part)
		if size == 0 {
			continue
		}
		out = append(out, head{letter: fold(r), word: k, optional: i > 0 || isFunction(w)})
	}
	return out
}

// matcher aligns letters with heads from the right; dead marks the pairs that
// were tried in vain, so that the time is their product.
type matcher struct {
	letters []rune
	heads   []head
	dead    []bool
}

// match gives the word of the head that the first letter falls on, for the
// first l letters and the first h heads, or -1.
func (m *matcher) match(l, h int) int {
	if l == 0 {
		return m.heads[h].word
	}
	if h == 0 || m.dead[l*(len(m.heads)+1)+h] {
		return -1
	}
	top := m.heads[h-1]
	if top.letter == m.letters[l-1] {
		if w := m.match(l-1, h-1); w >= 0 {
			return w
		}
	}
	if top.optional {
		if w := m.match(l, h-1); w >= 0 {
			return w
		}
	}
	m.dead[l*(len(m.heads)+1)+h] = true
	return -1
}

// maxLetters bounds the words that are searched for letters.
const maxLetters = 64

// loose is the match of Schwartz and Hearst: from the right, each letter
// anywhere in the words, the first at the beginning of one.
func (f *finder) loose(letters []rune, lo, hi int) (span, bool) {
	l := len(letters) - 1
	if l < 2 || lo >= hi {
		return span{}, false
	}
	onHead := 0
	for k := hi - 1; k >= lo; k-- {
		w := &f.ws[k]
		if w.Kind != words.Letters || w.RuneEnd-w.Rune > maxLetters {
			continue
		}
		rs := []rune(w.Text)
		for i := len(rs) - 1; i >= 0 && l >= 0; i-- {
			if fold(rs[i]) != letters[l] || l == 0 && i > 0 {
				continue
			}
			if i == 0 {
				onHead++
			}
			if l--; l < 0 {
				// Most letters have to be heads: chance finds the rest in any
				// three words.
				return span{k, hi}, onHead*2 > len(letters) && hi-k >= 2
			}
		}
	}
	return span{}, false
}

// apposition takes the name of a body that ends at the bracket at word i, or
// the Arabic phrase that begins with the noun of one.
func (f *finder) apposition(s span, i int) (span, bool) {
	if f.lang == "ar" {
		return f.arabicBody(s, i)
	}
	if long, ok := f.hanBody(s, i); ok {
		return long, true
	}
	n := f.nameEnding(i)
	if n == nil || n.Person || n.Last-n.First < 2 || n.Title != "" {
		return span{}, false
	}
	long := span{n.First, n.Last}
	if f.capitals(s) >= 2 {
		return long, n.Last-n.First >= 3 || f.ws[n.First].Lower != f.ws[n.First].Text
	}
	return long, f.blend(s, long)
}

// blend tells whether the short form begins as a word of the long one does, as
// "Frontex" does for an agency of frontiers, or ends in one of its words, as
// "Aquaveille" does for one that keeps a "veille" on water.
func (f *finder) blend(s, long span) bool {
	const shared = 3
	head := f.letters(s)
	if len(head) < shared+1 {
		return false
	}
	for k := long.first; k < long.last; k++ {
		for _, part := range strings.SplitN(f.ws[k].Lower, "-", maxParts) {
			if beginsWith(part, head[:shared]) || endsIn(head, part) {
				return true
			}
		}
	}
	return false
}

// beginsWith tells whether the word has these folded letters at its head, and
// more.
func beginsWith(word string, head []rune) bool {
	i := 0
	for _, r := range word {
		if i == len(head) {
			return true
		}
		if fold(r) != head[i] {
			return false
		}
		i++
	}
	return false
}

// endsIn tells whether the folded letters end in the word, which is long enough
// not to be there by chance.
func endsIn(letters []rune, word string) bool {
	const long = 4
	tail := []rune(word)
	if len(tail) < long || len(tail) >= len(letters) {
		return false
	}
	for i, r := range letters[len(letters)-len(tail):] {
		if fold(tail[i]) != r {
			return false
		}
	}
	return true
}

// nameEnding gives the name that ends before word i. The names are only sought
// when the first bracket needs them.
func (f *finder) nameEnding(i int) *name.Name {
	if f.ends == nil {
		f.ends = map[int]*name.Name{}
		names := name.In(f.ws, f.text, f.lang)
		for k := range names {
			f.ends[names[k].Last] = &names[k]
		}
	}
	return f.ends[i]
}

// arabicBodies are the nouns with which the names of bodies begin.
var arabicBodies = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`منظمة جمعية اتحاد الاتحاد لجنة هيئة حركة حزب جامعة وكالة مكتب مركز مجلس برنامج صندوق حلف
مؤسسة شركة بنك رابطة معهد مفوضية قوات جبهة تنظيم محكمة`) {
		m[w] = true
	}
	return m
}()

// maxArabicBody bounds the words of the name of a body.
const maxArabicBody = 8

func (f *finder) arabicBody(s span, i int) (span, bool) {
	if s.last-s.first > 1 || strings.HasPrefix(f.ws[s.first].Text, "ال") {
		return span{}, false
	}
	for k := i - 1; k >= 0 && i-k <= maxArabicBody && f.ws[k].Kind == words.Letters; k-- {
		if arabicBodies[f.ws[k].Text] && i-k >= 2 {
			return span{k, i}, true
		}
	}
	return span{}, false
}

// maxHan bounds the characters of a body's name in Chinese or Japanese, which
// write no spaces: more are a clause.
const maxHan = 12

func (f *finder) hanBody(s span, i int) (span, bool) {
	if i == 0 || f.capitals(s) < 2 {
		return span{}, false
	}
	w := &f.ws[i-1]
	n := int(w.RuneEnd - w.Rune)
	if w.Kind != words.Letters || n < 3 || n > maxHan {
		return span{}, false
	}
	for _, r := range w.Text {
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			return span{}, false
		}
	}
	return span{i - 1, i}, true
}
