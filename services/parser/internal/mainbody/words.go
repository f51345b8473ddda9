package mainbody

import (
	"unicode"
	"unicode/utf8"
)

// eachWord calls f with a hash of every word of s, case folded; an ideograph is
// a word of its own.
func eachWord(s string, f func(uint64)) {
	const offset, prime = 14695981039346656037, 1099511628211
	h, open := uint64(offset), false
	end := func() {
		if open {
			f(h)
			h, open = offset, false
		}
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
				fallthrough
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				h, open = (h^uint64(c))*prime, true
			default:
				end()
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if ideograph(r) {
				end()
				f((offset ^ uint64(r)) * prime)
				continue
			}
			h, open = (h^uint64(unicode.ToLower(r)))*prime, true
		default:
			end()
		}
	}
	end()
}

// match says how far a block repeats what the hints say, as shares of words:
// how much of the block is in the hint, and how much of the hint in the block.
type match struct {
	inTitle, ofTitle       float32
	inAbstract, ofAbstract float32
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
	for i := range pg.blocks {
		b, m := &pg.blocks[i], &out[i]
		m.inBody = -1
		short := b.chars < maxMatched
		if !short && len(body) == 0 {
			continue
		}
		words, pairs, prev := int32(0), int32(0), uint64(0)
		eachWord(b.text, func(w uint64) {
			if short {
				title.see(w)
				abstract.see(w)
			}
			if len(body) > 0 && words > 0 {
				if _, ok := body[prev*31+w]; ok {
					pairs++
				}
			}
			words++
			prev = w
		})
		if short {
			m.inTitle, m.ofTitle = title.result(words)
			m.inAbstract, m.ofAbstract = abstract.result(words)
		}
		if len(body) > 0 {
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
	v := &vocabulary{index: make(map[uint64]int32, 16), round: 1}
	eachWord(s, func(w uint64) {
		if _, ok := v.index[w]; !ok {
			v.index[w] = int32(len(v.index))
		}
	})
	v.seen = make([]int32, len(v.index))
	return v
}

func (v *vocabulary) see(w uint64) {
	if len(v.index) == 0 {
		return
	}
	k, ok := v.index[w]
	if !ok {
		return
	}
	v.hits++
	if v.seen[k] != v.round {
		v.seen[k] = v.round
		v.distinct++
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
	set := make(map[uint64]struct{}, len(s)/6)
	prev := uint64(0)
	eachWord(s, func(h uint64) {
		set[prev*31+h] = struct{}{}
		prev = h
	})
	return set
}
