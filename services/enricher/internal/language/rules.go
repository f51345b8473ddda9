package language

import (
	"math/bits"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// scope is what the configured languages leave of the table's rules.
type scope struct {
	enabled ngram.Set
	// byScript are the enabled languages of each script.
	byScript [len(scripts)]ngram.Set
	// all are the languages of each script, enabled or not.
	all [len(scripts)]ngram.Set
	// alike are the languages whose texts are often right in the other too.
	alike [ngram.MaxLanguages]ngram.Set
	// only is the enabled language that alone of all languages is written
	// in a script, or -1.
	only [len(scripts)]int
	// telling are the scripts whose every letter speaks for a language.
	telling [len(scripts)]bool
	// chinese and japanese are indexes of languages.
	chinese, japanese int
}

func newScope(h *ngram.Header, enabled ngram.Set) scope {
	sc := scope{enabled: enabled, chinese: -1, japanese: -1}
	for i, l := range h.Languages {
		for _, name := range l.Alphabets {
			sc.all[scriptNamed(name)].Add(i)
		}
		switch l.Code {
		case "zh":
			sc.chinese = i
		case "ja":
			sc.japanese = i
		}
	}
	for _, pair := range alike {
		a, b := indexOf(h, pair[0]), indexOf(h, pair[1])
		if a >= 0 && b >= 0 {
			sc.alike[a].Add(b)
			sc.alike[b].Add(a)
		}
	}
	for s, languages := range sc.all {
		sc.byScript[s] = languages.And(enabled)
		sc.only[s] = -1
		if languages.Len() == 1 {
			sc.only[s] = sc.byScript[s].First()
		}
		switch script := script(s); script {
		case han:
			sc.telling[s] = sc.chinese >= 0
		case hiragana, katakana:
			sc.telling[s] = sc.japanese >= 0
		}
		sc.telling[s] = sc.telling[s] || sc.only[s] >= 0
	}
	return sc
}

// unknown is the place of "no language" in a tally.
const unknown = ngram.MaxLanguages

// tally counts by language.
type tally struct {
	counts [ngram.MaxLanguages + 1]int32
	some   ngram.Set
}

func (t *tally) add(language int) {
	t.counts[language]++
	if language != unknown {
		t.some.Add(language)
	}
}

// clear forgets the languages, at the cost of those that were counted.
func (t *tally) clear() {
	for s := t.some; !s.Empty(); s = s.Drop() {
		t.counts[s.First()] = 0
	}
	t.some = ngram.Set{}
	t.counts[unknown] = 0
}

// top returns the language with the greatest count and whether it stands
// alone there.
func (t *tally) top() (best int, alone bool) {
	best = -1
	for s := t.some; !s.Empty(); s = s.Drop() {
		switch i := s.First(); {
		case best < 0 || t.counts[i] > t.counts[best]:
			best, alone = i, true
		case t.counts[i] == t.counts[best]:
			alone = false
		}
	}
	return best, alone
}

// byLetters is lingua's first step (detectLanguageWithRules): each word votes
// by the scripts and letters that one language has for itself. It returns -1
// if that does not settle the language.
func (sc *scope) byLetters(lt *letterTable, w *words) int {
	var total, word tally
	start := int32(0)
	for _, end := range w.ends {
		for _, r := range w.letters[start:end] {
			if l := lt.of(r); l.rule != 0 || sc.telling[l.script] {
				sc.voteOfLetter(lt, l, &word)
			}
		}
		total.add(sc.voteOfWord(&word))
		word.clear()
		start = end
	}
	if 2*int(total.counts[unknown]) < len(w.ends) {
		total.counts[unknown] = 0
	}
	n := total.some.Len()
	if n == 2 && total.counts[unknown] == 0 && total.has(sc.chinese) && total.has(sc.japanese) {
		return sc.japanese
	}
	best, alone := total.top()
	if best < 0 || !alone || total.counts[unknown] >= total.counts[best] {
		return -1
	}
	return best
}

func (t *tally) has(language int) bool { return language >= 0 && t.some.Has(language) }

func (sc *scope) voteOfLetter(lt *letterTable, l letter, word *tally) {
	switch s := l.script; {
	case sc.only[s] >= 0:
		word.add(sc.only[s])
	case s == han && sc.chinese >= 0:
		word.add(sc.chinese)
	case (s == hiragana || s == katakana) && sc.japanese >= 0:
		word.add(sc.japanese)
	case l.rule != 0 && (s == latin || s == cyrillic || s == devanagari):
		for u := lt.rules[l.rule-1].unique.And(sc.enabled); !u.Empty(); u = u.Drop() {
			word.add(u.First())
		}
	}
}

func (sc *scope) voteOfWord(word *tally) int {
	if word.some.Len() > 1 && word.has(sc.chinese) && word.has(sc.japanese) {
		return sc.japanese
	}
	best, alone := word.top()
	if best < 0 || !alone || !sc.enabled.Has(best) {
		return unknown
	}
	return best
}

// candidates is lingua's second step (filterLanguagesByRules): the languages
// of the script that most words are written in and, of these, the ones whose
// shared letters are in at least half of the words.
func (sc *scope) candidates(lt *letterTable, w *words) ngram.Set {
	var alphabets [thai + 1]int32
	var shared tally
	start := int32(0)
	for _, end := range w.ends {
		if s := sharedLetters(lt, w.letters[start:end], &shared); s <= thai {
			alphabets[s]++
		}
		start = end
	}
	top := prevailingAlphabet(&alphabets)
	if top == 0 {
		return sc.enabled
	}
	filtered := sc.byScript[top]
	var half ngram.Set
	for s := shared.some.And(filtered); !s.Empty(); s = s.Drop() {
		if i := s.First(); 2*int(shared.counts[i]) >= len(w.ends) {
			half.Add(i)
		}
	}
	if half.Empty() {
		return filtered
	}
	return half
}

// sharedLetters adds the word's shared letters, each once, and returns the one
// script of the word, or 0.
func sharedLetters(lt *letterTable, word []rune, shared *tally) script {
	var seen [(maxRules + 64) / 64]uint64
	s := lt.of(word[0]).script
	for _, r := range word {
		l := lt.of(r)
		if l.script != s {
			s = 0
		}
		if l.rule != 0 {
			seen[l.rule>>6] |= 1 << (l.rule & 63)
		}
	}
	for i, set := range seen {
		for ; set != 0; set &= set - 1 {
			index := i<<6 + bits.TrailingZeros64(set)
			for l := lt.rules[index-1].shared; !l.Empty(); l = l.Drop() {
				shared.add(l.First())
			}
		}
	}
	return s
}

// prevailingAlphabet returns 0 if no word has an alphabet or if several have
// equally many words.
func prevailingAlphabet(counts *[thai + 1]int32) script {
	best, kinds, even := script(0), 0, true
	for s := script(1); s <= thai; s++ {
		if counts[s] == 0 {
			continue
		}
		kinds++
		even = even && (best == 0 || counts[s] == counts[best])
		if best == 0 || counts[s] > counts[best] {
			best = s
		}
	}
	if kinds > 1 && even {
		return 0
	}
	return best
}
