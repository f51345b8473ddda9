package ngram

import "math/bits"

// Set is a set of up to MaxLanguages languages by index.
type Set [2]uint64

// Add puts language i into the set.
func (s *Set) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// Has says whether language i is in the set.
func (s Set) Has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

// And returns what is in both sets.
func (s Set) And(o Set) Set { return Set{s[0] & o[0], s[1] & o[1]} }

// Without returns what is in s but not in o.
func (s Set) Without(o Set) Set { return Set{s[0] &^ o[0], s[1] &^ o[1]} }

// Len returns the number of languages in the set.
func (s Set) Len() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// Empty says whether the set has no language.
func (s Set) Empty() bool { return s[0]|s[1] == 0 }

// First returns the lowest language of the set, or -1 if it is empty.
func (s Set) First() int {
	switch {
	case s[0] != 0:
		return bits.TrailingZeros64(s[0])
	case s[1] != 0:
		return 64 + bits.TrailingZeros64(s[1])
	default:
		return -1
	}
}

// Drop returns the set without its lowest language, for loops with First.
func (s Set) Drop() Set {
	if s[0] != 0 {
		return Set{s[0] & (s[0] - 1), s[1]}
	}
	return Set{0, s[1] & (s[1] - 1)}
}
