package language

import (
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

const (
	// maxLetters is the number of letters that are looked at. An article of
	// 3,500 characters fits whole, so that the answer is lingua's for all
	// of it; more text does not change answers but costs time.
	maxLetters = 4096
	// maxBytes is the number of bytes of title and text, each, that are
	// searched for letters.
	maxBytes = 64 << 10
	// maxRules bounds the telling letters, so that a set of those seen in a
	// word is four machine words.
	maxRules = 255
)

// words is a text cut into words as lingua does it: runs of letters in lower
// case, and each character of the Chinese, Japanese and Korean scripts alone.
type words struct {
	letters []rune
	// ends are the ends of the words in letters.
	ends []int32
	// scripts counts the letters by script.
	scripts [len(scripts)]int32
	// open says that the last word may still grow.
	open bool
}

func (w *words) reset() {
	w.letters, w.ends = w.letters[:0], w.ends[:0]
	w.scripts = [len(scripts)]int32{}
	w.open = false
}

// scan adds the words of s, without markup, addresses and handles, until the
// bounds are reached.
func (w *words) scan(lt *letterTable, s string) {
	s = s[:min(len(s), maxBytes)]
	w.close()
	for i := 0; i < len(s) && len(w.letters) < maxLetters; {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		} else if end := noise(s, i, w.open); end > i {
			if s[i] == '@' && w.open {
				w.drop(lt)
			}
			w.close()
			i = end
			continue
		}
		i += size
		w.add(lt, lt.lower(r))
	}
	w.close()
}

const (
	// sampledFrom is the number of bytes from which on a text is sampled, by
	// windows of sampleWindow bytes.
	sampledFrom   = 2000
	sampleWindows = 8
	sampleWindow  = 180
)

// sample adds the words of pieces of s, evenly spread, so that each language of a
// text in several has its share.
func (w *words) sample(lt *letterTable, s string) {
	s = s[:min(len(s), maxBytes)]
	for k := range sampleWindows {
		from := k * (len(s) - sampleWindow) / (sampleWindows - 1)
		w.scan(lt, s[wordStart(s, from):wordStart(s, from+sampleWindow)])
	}
}

// wordStart gives the byte behind the first space from byte i on, or where it is
// far, as in scripts without spaces, the start of a character.
func wordStart(s string, i int) int {
	const far = 40
	for j := i; j > 0 && j < min(i+far, len(s)); j++ {
		if s[j-1] <= ' ' {
			return j
		}
	}
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

func (w *words) add(lt *letterTable, r rune) {
	l := lt.of(r)
	switch {
	case l.isLetter && (w.open || !l.single):
		w.open = true
		w.letters = append(w.letters, r)
	case l.single:
		w.close()
		w.letters = append(w.letters, r)
		w.ends = append(w.ends, int32(len(w.letters)))
	default:
		w.close()
		return
	}
	w.scripts[l.script]++
}

// close ends the word that is being read, if any.
func (w *words) close() {
	if w.open {
		w.ends = append(w.ends, int32(len(w.letters)))
		w.open = false
	}
}

// drop takes the word that is being read back: it was the name in a mail
// address.
func (w *words) drop(lt *letterTable) {
	start := int32(0)
	if len(w.ends) > 0 {
		start = w.ends[len(w.ends)-1]
	}
	for _, r := range w.letters[start:] {
		w.scripts[lt.of(r).script]--
	}
	w.letters = w.letters[:start]
	w.open = false
}

// prevailing returns the script of most letters and its number of letters.
// The scripts of Japanese count as one.
func (w *words) prevailing() (script, int32) {
	best, most := script(0), int32(0)
	for s := script(1); int(s) < len(scripts); s++ {
		if n := w.scripts[s]; n > most {
			best, most = s, n
		}
	}
	if best == hiragana || best == katakana || best == han {
		most = w.scripts[hiragana] + w.scripts[katakana] + w.scripts[han]
	}
	return best, most
}

// uniform tells whether hardly a letter is of another script than the most.
func (w *words) uniform() bool {
	_, n := w.prevailing()
	return 20*int(n) >= 19*len(w.letters)
}

// scratch is the working memory of one detection.
type scratch struct {
	words
	// cost is the sum of the costs of the n-grams seen, by language.
	cost [ngram.MaxLanguages]int32
	// singles counts the distinct letters that a language has.
	singles [ngram.MaxLanguages]int32
	// price is what each language asks for the present n-gram.
	price [ngram.MaxLanguages]int32
	// seen is an open-addressed set of the n-grams of this text.
	seen []uint64
	// groups is a hash table with open addresses of the trigrams of a long text.
	groups []group
	rests  []rest
	// functions are the hashes of words that were looked up; the lowest bit tells
	// whether one is a function word.
	functions [1 << functionBits]uint64
}

// functionBits is the logarithm of the number of words that are kept.
const functionBits = 11

// newScratch makes working memory for the longest text that is looked at.
func newScratch() *scratch {
	return &scratch{
		words: words{letters: make([]rune, 0, maxLetters), ends: make([]int32, 0, maxLetters)},
		seen:  make([]uint64, 0, 2*maxLetters),
	}
}
