package mainbody

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendWords appends a hash of every word of s, case folded; an ideograph is a
// word of its own.
func appendWords(words []uint64, s string) []uint64 {
	h, open := uint64(hashOffset), false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				h, open = (h^uint64(c))*hashPrime, true
			case c >= 'A' && c <= 'Z':
				h, open = (h^uint64(c+'a'-'A'))*hashPrime, true
			case open:
				words = append(words, h)
				h, open = hashOffset, false
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		half := word && ideograph(r)
		if open && (!word || half) {
			words = append(words, h)
			h, open = hashOffset, false
		}
		switch {
		case half:
			words = append(words, (hashOffset^uint64(r))*hashPrime)
		case word:
			h, open = (h^uint64(unicode.ToLower(r)))*hashPrime, true
		}
	}
	if open {
		words = append(words, h)
	}
	return words
}

// match says how far a block repeats what the hints say, as shares of words:
// how much of the block is in the hint, and how much of the hint in the block.
type match struct {
	inTitle, ofTitle       float32
	inAbstract, ofAbstract float32
	inAuthors, ofAuthors   float32
	// inBody is the share of the block's pairs of neighbouring words that the
	// hinted body has; -1 where there is none.
	inBody float32
}

// maxMatched is the longest block, in runes, that can be a title or an abstract.
const maxMatched = 600

// matchHints compares every block with the hints in one pass over its words.
func matchHints(pg *page, h Hints) []match {
	out := make([]match, len(pg.blocks))
	title, abstract, body := newVocabulary(h.Title), newVocabulary(h.Abstract), pairsOf(h.Body)
	authors := newVocabulary(strings.Join(h.Authors, " "))
	for i := range pg.blocks {
		b, m := &pg.blocks[i], &out[i]
		m.inBody = -1
		short := b.chars < maxMatched
		if !short && len(body) == 0 {
			continue
		}
		all := pg.wordsOf(i)
		words := int32(len(all))
		if short {
			title.see(all)
			abstract.see(all)
			authors.see(all)
			m.inTitle, m.ofTitle = title.result(words)
			m.inAbstract, m.ofAbstract = abstract.result(words)
			m.inAuthors, m.ofAuthors = authors.result(words)
		}
		if len(body) > 0 {
			pairs := int32(0)
			for k := 1; k < len(all); k++ {
				if _, ok := body[all[k-1]*31+all[k]]; ok {
					pairs++
				}
			}
			m.inBody = share(pairs, words-1)
		}
	}
	return out
}

// vocabulary counts the words of one block that a hint has too.
type vocabulary struct {
	index    map[uint64]int32
	seen     []int32 // the round in which each word was seen last
	round    int32
	hits     int32
	distinct int32
}

func newVocabulary(s string) *vocabulary {
	words := appendWords(nil, s)
	v := &vocabulary{index: make(map[uint64]int32, len(words)), round: 1}
	for _, w := range words {
		if _, ok := v.index[w]; !ok {
			v.index[w] = int32(len(v.index))
		}
	}
	v.seen = make([]int32, len(v.index))
	return v
}

func (v *vocabulary) see(words []uint64) {
	if len(v.index) == 0 {
		return
	}
	for _, w := range words {
		k, ok := v.index[w]
		if !ok {
			continue
		}
		v.hits++
		if v.seen[k] != v.round {
			v.seen[k] = v.round
			v.distinct++
		}
	}
}

// result returns the shares for a block of so many words, and starts the next.
func (v *vocabulary) result(words int32) (in, of float32) {
	in, of = share(v.hits, words), share(v.distinct, int32(len(v.index)))
	v.hits, v.distinct = 0, 0
	v.round++
	return in, of
}

// pairsOf is the set of pairs of neighbouring words of s.
func pairsOf(s string) map[uint64]struct{} {
	if s == "" {
		return nil
	}
	words := appendWords(nil, s)
	set := make(map[uint64]struct{}, len(words))
	prev := uint64(0)
	for _, w := range words {
		set[prev*31+w] = struct{}{}
		prev = w
	}
	return set
}
