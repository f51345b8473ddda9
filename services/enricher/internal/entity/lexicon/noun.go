package lexicon

import (
	_ "embed"
	"slices"
	"unicode/utf8"
)

// nouns is a Bloom filter (Communications of the ACM 1970) of the common nouns of
// German in all their forms: German prints every noun as it prints names.
//
//go:embed nouns.bin
var nouns string

// nounProbes is how many bits stand for a noun, nounBits how many the filter has
// for each: one word in a thousand is taken for a noun that is none.
const (
	nounProbes = 7
	nounBits   = 14
)

// Noun tells how a word is one of the language's common nouns that are printed
// like names.
type Noun uint8

// The ways of being a noun.
const (
	// NoNoun is another word, or one of a language that prints nouns in small letters.
	NoNoun Noun = iota
	// WholeNoun is listed as it is.
	WholeNoun
	// CompoundNoun ends in one that is listed.
	CompoundNoun
)

// leastHead is the least letters of the noun that a compound ends in, leastBefore
// of what stands before it.
const leastHead, leastBefore = 4, 3

// longestNoun is the most bytes of a noun, far above the longest word in use: each of a
// compound's possible ends is looked up, which must not take the square of a text that is
// one word.
const longestNoun = 160

// NounOf tells how a word, in lower case, is a common noun.
func NounOf(lang, lower string) Noun {
	if lang != "de" || lower == "" || len(lower) > longestNoun {
		return NoNoun
	}
	if listedNoun(nouns, lower) {
		return WholeNoun
	}
	letters := utf8.RuneCountInString(lower)
	before := 0
	for i := range lower {
		if before >= leastBefore && letters-before >= leastHead && listedNoun(nouns, lower[i:]) {
			return CompoundNoun
		}
		before++
	}
	return NoNoun
}

// nounHashes gives the start and the stride of a noun's bits.
func nounHashes(lower string) (start, stride uint32) {
	return Hash("", lower), Hash("noun", lower) | 1
}

func listedNoun(filter, lower string) bool {
	size := uint32(len(filter) * 8)
	if size == 0 {
		return false
	}
	start, stride := nounHashes(lower)
	for k := range uint32(nounProbes) {
		if bit := (start + k*stride) % size; filter[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
	}
	return true
}

// EncodeNouns compiles a list of nouns, in lower case, for the embedded file.
func EncodeNouns(list []string) []byte {
	slices.Sort(list)
	list = slices.Compact(list)
	filter := make([]byte, (len(list)*nounBits+7)/8)
	size := uint32(len(filter) * 8)
	for _, noun := range list {
		start, stride := nounHashes(noun)
		for k := range uint32(nounProbes) {
			bit := (start + k*stride) % size
			filter[bit/8] |= 1 << (bit % 8)
		}
	}
	return filter
}
