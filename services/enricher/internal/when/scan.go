package when

import "strings"

// scan reads a text's tokens with one language's lexicon.
type scan struct {
	tokens []token
	lex    *lexicon
}

// outside stands for the tokens before the first and behind the last.
var outside = token{number: -1}

// newScan splits text and looks each of its words up, once.
func newScan(text string, lex *lexicon) *scan {
	s := &scan{tokens: tokenize(text), lex: lex}
	for i := range s.tokens {
		s.tokens[i].entry = lex.entries[s.tokens[i].key]
	}
	return s
}

func (s *scan) at(i int) *token {
	if i < 0 || i >= len(s.tokens) {
		return &outside
	}
	return &s.tokens[i]
}

// amount is the number at i, in digits or as a word.
func (s *scan) amount(i int) (n int, ok bool) {
	t := s.at(i)
	if t.number >= 0 {
		return t.number, true
	}
	if t.entry == nil {
		return 0, false
	}
	return t.entry.number, t.entry.number != 0
}

// promising tells whether an expression can begin at i at all; most words end here.
func (s *scan) promising(i int) bool {
	t := s.at(i)
	return t.number >= 0 || t.entry != nil || s.lex.prefixes != "" && wordy(t)
}

// match is a phrase found in the text.
type match struct {
	*phrase
	// next is the index of the token behind it.
	next int
	// amount is the number in the phrase's slot, worded whether it is a word.
	amount int
	worded bool
	// inset is how many letters of the first token belong to a prefix.
	inset int
}

// phraseAt finds the longest phrase that begins at i and that wanted accepts.
// Beside a number a capital is never wrong, so free lets it pass.
func (s *scan) phraseAt(i int, free bool, wanted func(*phrase) bool) (best match, found bool) {
	try := func(e *entry, inset int) {
		if e == nil {
			return
		}
		for _, p := range e.phrases {
			if found && len(p.keys) <= best.next-i {
				return
			}
			if !wanted(p) {
				continue
			}
			if m, ok := s.matchAt(i, p, inset > 0); ok && s.cased(i, p, free) {
				m.inset = inset
				best, found = m, true
			}
		}
	}
	t := s.at(i)
	try(t.entry, 0)
	if _, ok := s.amount(i); ok {
		try(s.lex.entries[slot], 0)
	}
	if !found && s.lex.prefixes != "" {
		for _, prefix := range s.lex.prefixes {
			if rest, ok := strings.CutPrefix(t.key, string(prefix)); ok && len(rest) > 2 {
				try(s.lex.entries[rest], 1)
				break
			}
		}
	}
	return best, found
}

// matchAt compares the tokens from i on with p. The first may be known to match.
func (s *scan) matchAt(i int, p *phrase, firstKnown bool) (match, bool) {
	m := match{phrase: p, next: i + len(p.keys)}
	if m.next > len(s.tokens) {
		return m, false
	}
	for j, key := range p.keys {
		t := &s.tokens[i+j]
		switch {
		case j == 0 && firstKnown:
		case key == slot:
			n, ok := s.amount(i + j)
			if !ok || n == 0 || s.decimal(i+j) {
				return m, false
			}
			m.amount, m.worded = n, t.number < 0
		case t.key != key:
			return m, false
		}
	}
	return m, s.bounded(i)
}

// decimal tells whether the number at i is only a part of a larger one.
func (s *scan) decimal(i int) bool {
	t, before, after := s.at(i), s.at(i-1), s.at(i+1)
	point := func(key string) bool { return key == "." || key == "," || key == ":" || key == "/" }
	if t.number < 0 {
		return false
	}
	return !t.spaced && (point(before.key) && s.at(i-2).digits > 0 && !before.spaced || before.key == "-" && s.at(i-2).digits > 0) ||
		point(after.key) && !after.spaced && s.at(i+2).digits > 0 && !s.at(i+2).spaced
}

// bounded tells whether a word begins at i, which is a question in Hangul only,
// where a word is several tokens.
func (s *scan) bounded(i int) bool {
	t, before := s.at(i), s.at(i-1)
	return t.spaced || !hangul(t.key) || !hangul(before.key)
}

func hangul(key string) bool { return key >= "가" && key <= "힣" && len(key) == 3 }

// cased tells whether the first letter at i is written as the dictionary has it.
// This parts "Mars" the planet from "mars" the month, and "may" from "May".
func (s *scan) cased(i int, p *phrase, free bool) bool {
	t := s.at(i)
	switch {
	case p.lower && p.upper || t.caps:
		return true
	case t.capital && !p.upper:
		return t.opening || free
	case !t.capital && p.upper:
		return false
	}
	return true
}

// has tells whether a phrase has a sense of that kind.
func (p *phrase) has(k kind) bool {
	for _, s := range p.senses {
		if s.kind == k {
			return true
		}
	}
	return false
}

// number returns the n of the first sense of that kind.
func (p *phrase) number(k kind) int {
	for _, s := range p.senses {
		if s.kind == k {
			return s.n
		}
	}
	return 0
}

// month reads the name of a month at i, in full or, if short, abbreviated with or
// without its full stop.
func (s *scan) month(i int, short bool) (n, next int, ok bool) {
	if e := s.at(i).entry; s.lex.prefixes == "" && (e == nil || !e.months) {
		return 0, i, false
	}
	m, ok := s.phraseAt(i, short, func(p *phrase) bool { return p.has(month) || short && p.has(shortMonth) })
	if !ok {
		return 0, i, false
	}
	next = m.next
	if m.has(month) {
		n = m.number(month)
	} else {
		n = m.number(shortMonth)
	}
	if dot := s.at(next); dot.key == "." && !dot.spaced && m.has(shortMonth) {
		next++
	}
	return n, next, true
}

// weekday reads the name of a weekday at i.
func (s *scan) weekday(i int) (n, next int, ok bool) {
	if e := s.at(i).entry; s.lex.prefixes == "" && (e == nil || !e.weekdays) {
		return 0, i, false
	}
	m, ok := s.phraseAt(i, false, func(p *phrase) bool { return p.has(weekday) })
	if !ok {
		return 0, i, false
	}
	return m.number(weekday), m.next, true
}
