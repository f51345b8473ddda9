package language

import (
	"math/bits"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// group is what a text's distinct trigrams with the same first two letters have in
// common.
type group struct {
	// pair are the two letters, one more than each; 0 is a free place.
	pair uint64
	// rows are the n-gram table's rows of the first letter and of both.
	rows [2]uint32
	// count is the number of its trigrams, head the last of those in the table, one
	// more than its number.
	count, head int32
}

// rest is a trigram that the table has, in the list of its group.
type rest struct {
	row  uint32
	next int32
}

// chargeTrigrams is charge for trigrams alone. Where a language lacks a trigram it
// asks for the cost of the first two letters or of the first; so much is charged
// for all trigrams of a group at once, and corrected for the languages that have
// the trigram.
func (s *scratch) chargeTrigrams(m *model) {
	s.cost, s.singles = [ngram.MaxLanguages]int32{}, [ngram.MaxLanguages]int32{}
	s.gather(m)
	price := s.price[:len(m.table.Languages)]
	cost := s.cost[:len(price)]
	for i := range s.groups {
		g := &s.groups[i]
		if g.count == 0 {
			continue
		}
		clear(price)
		for _, row := range g.rows {
			if row == ngram.None {
				break
			}
			languages, costs := m.table.Postings(row)
			for j, l := range languages {
				price[l] = int32(costs[j])
			}
		}
		for l, p := range price {
			cost[l] += g.count * p
		}
		for at := g.head; at != 0; {
			r := s.rests[at-1]
			languages, costs := m.table.Postings(r.row)
			for j, l := range languages {
				cost[l] += int32(costs[j]) - price[l]
			}
			at = r.next
		}
	}
}

// gather sorts the distinct trigrams of the words into groups.
func (s *scratch) gather(m *model) {
	s.forget(len(s.letters))
	size := 1 << bits.Len(uint(2*len(s.letters)))
	if cap(s.groups) < size {
		s.groups = make([]group, size)
	}
	s.groups, s.rests = s.groups[:size], s.rests[:0]
	clear(s.groups)
	start := 0
	for _, e := range s.ends {
		end := int(e)
		for i := start; i+trigram <= end; i++ {
			gram := s.letters[i : i+trigram]
			if !s.first(gram) {
				continue
			}
			g := s.group(m, gram[0], gram[1])
			g.count++
			if row := m.next(g.rows[1], gram[2], trigram); row != ngram.None {
				s.rests = append(s.rests, rest{row: row, next: g.head})
				g.head = int32(len(s.rests))
			}
		}
		start = end
	}
}

// group gives the group of trigrams that begin with two letters.
func (s *scratch) group(m *model, a, b rune) *group {
	pair := uint64(a+1)<<32 | uint64(b+1)
	mask := uint64(len(s.groups) - 1)
	at := mix(pair) & mask
	for s.groups[at].pair != 0 && s.groups[at].pair != pair {
		at = (at + 1) & mask
	}
	g := &s.groups[at]
	if g.pair == 0 {
		g.pair = pair
		g.rows[0] = m.next(ngram.None, a, 1)
		g.rows[1] = m.next(g.rows[0], b, 2)
	}
	return g
}
