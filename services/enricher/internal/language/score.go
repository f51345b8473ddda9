package language

import (
	"math/bits"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

const (
	// longText is the number of letters from which on lingua trusts
	// trigrams alone.
	longText = 120
	// trigram is the order of those.
	trigram = 3
)

// ranking is the outcome of the n-grams.
type ranking struct {
	// first and second are the best languages, -1 if there is none.
	first, second int
	// gap is how far second is behind first, in natural logarithms: of the
	// whole text from longText letters on, and per distinct letter below,
	// as lingua counts.
	gap float64
	// outsider is the best language of those that are not to be chosen
	// from, -1 if there is none. It is outsiderGap behind first, which is
	// below zero if it fits better.
	outsider    int
	outsiderGap float64
}

// rank charges every language for the distinct n-grams of the words and ranks
// the candidates; outsiders are languages to compare the winner with, unless
// they are alike. The method is lingua's: an n-gram that a language lacks costs
// what its longest known prefix costs; short texts use all orders and are
// divided by the number of distinct letters known.
func (s *scratch) rank(m *model, sc *scope, candidates, outsiders ngram.Set) ranking {
	lowest, highest := 1, ngram.MaxOrder
	if len(s.letters) >= longText {
		lowest, highest = trigram, trigram
	}
	if lowest == trigram {
		s.chargeTrigrams(m)
	} else {
		s.charge(m, lowest, highest)
	}
	r := ranking{second: -1, outsider: -1}
	var score float64
	r.first, score = s.cheapest(candidates, lowest == 1)
	if r.first < 0 {
		return r
	}
	var winner ngram.Set
	winner.Add(r.first)
	if second, cost := s.cheapest(candidates.Without(winner), lowest == 1); second >= 0 {
		r.second, r.gap = second, cost-score
	}
	outsider, cost := s.cheapest(outsiders.Without(sc.alike[r.first]), lowest == 1)
	r.outsider, r.outsiderGap = outsider, cost-score
	return r
}

// cheapest returns the language of the set with the lowest cost, the first of
// equals, or -1 if no language has any of the n-grams.
func (s *scratch) cheapest(set ngram.Set, perLetter bool) (int, float64) {
	best, lowest := -1, 0.0
	for ; !set.Empty(); set = set.Drop() {
		i := set.First()
		if s.cost[i] == 0 {
			continue
		}
		cost := float64(s.cost[i]) / ngram.Unit
		if perLetter {
			cost /= float64(max(s.singles[i], 1))
		}
		if best < 0 || cost < lowest {
			best, lowest = i, cost
		}
	}
	return best, lowest
}

// charge walks over the n-grams of the words from order lowest to highest.
func (s *scratch) charge(m *model, lowest, highest int) {
	s.cost, s.singles = [ngram.MaxLanguages]int32{}, [ngram.MaxLanguages]int32{}
	s.forget(len(s.letters) * (highest - lowest + 1))
	start := 0
	for _, e := range s.ends {
		end := int(e)
		for i := start; i+lowest <= end; i++ {
			n := min(highest, end-i)
			s.chargeAt(m, s.letters[i:i+n], lowest)
		}
		start = end
	}
}

// chargeAt charges for the n-grams that start where gram starts. Going from the
// shortest to the longest, price holds what each language asks for the n-gram:
// the cost of the longest prefix that it has.
func (s *scratch) chargeAt(m *model, gram []rune, lowest int) {
	fresh := 0
	for n := lowest; n <= len(gram); n++ {
		if s.first(gram[:n]) {
			fresh |= 1 << n
		}
	}
	if fresh == 0 {
		return
	}
	price := s.price[:len(m.table.Languages)]
	clear(price)
	row := ngram.None
	for n := 1; n <= len(gram); n++ {
		row = m.next(row, gram[n-1], n)
		var languages []uint8
		if row != ngram.None {
			var costs []uint16
			languages, costs = m.table.Postings(row)
			for j, l := range languages {
				price[l] = int32(costs[j])
			}
		}
		if fresh&(1<<n) == 0 {
			continue
		}
		cost := s.cost[:len(price)]
		for l, p := range price {
			cost[l] += p
		}
		if n == 1 {
			for _, l := range languages {
				s.singles[l]++
			}
		}
	}
}

// next returns the row of the n-gram whose first n-1 letters are at row and
// whose last is r; the table has every prefix of its n-grams.
func (m *model) next(row uint32, r rune, n int) uint32 {
	symbol := m.letters.of(r).symbol
	switch {
	case symbol == 0 || n > 1 && row == ngram.None:
		return ngram.None
	case n == 1:
		return uint32(symbol - 1)
	default:
		return m.table.Child(row, symbol-1)
	}
}

// forget empties the set of n-grams seen and makes room for n of them.
func (s *scratch) forget(n int) {
	size := 1 << bits.Len(uint(2*n))
	if cap(s.seen) < size {
		s.seen = make([]uint64, size)
	}
	s.seen = s.seen[:size]
	clear(s.seen)
}

// first says whether gram is met for the first time. Up to three letters the
// key is exact; longer n-grams, which only short texts use, are told apart by
// 64 mixed bits.
func (s *scratch) first(gram []rune) bool {
	const runeBits = 21
	key := uint64(0)
	for i, r := range gram {
		if i >= trigram {
			key = mix(key)
		}
		key = key<<runeBits | uint64(r)
	}
	mask := uint64(len(s.seen) - 1)
	for slot := mix(key) & mask; ; slot = (slot + 1) & mask {
		switch s.seen[slot] {
		case 0:
			s.seen[slot] = key
			return true
		case key:
			return false
		}
	}
}

// mix spreads the bits of x (the finaliser of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
