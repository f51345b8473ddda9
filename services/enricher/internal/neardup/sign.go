package neardup

import (
	"math/bits"
	"slices"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

const (
	// shingleUnits is how many units make a shingle. Three words are the choice of
	// Broder's successors for news: two are shared by chance, five are lost to
	// every edit.
	shingleUnits = 3
	// maxUnits bounds the work on one text: some fifty times a long article.
	maxUnits = 50_000
	// weightWord and weightRune are the units' parts in a text's weight: a
	// character of a script that does not part words is about half a word.
	weightWord, weightRune = 2, 1
	// minWeight is the weight of 20 words. Shorter texts are alike by chance
	// ("Follow our live coverage"), so they are compared by identity alone.
	minWeight = 40
	// wideUnit and tallUnit are how many characters make one unit where a script
	// does not part words: of Chinese and Japanese, and of Thai, Lao, Khmer and
	// Burmese, whose words are some five letters long. Units overlap, so a shingle
	// spans 5 and 10 characters, about three words.
	wideUnit, tallUnit = 3, 8
)

// Signature is what is kept of a text.
type Signature struct {
	// Exact is a hash of all units in order: equal for the same words, whatever
	// the typography.
	Exact uint64
	// Shingles counts the distinct shingles.
	Shingles uint32
	// weight is the text's length in half words, up to minWeight.
	weight uint8
	sketch sketch
	lead   lead
}

// Short says whether the text is too short to be compared but for identity.
func (s *Signature) Short() bool { return s.weight < minWeight || s.Shingles == 0 }

// Sign makes the signature of a text. It is false for a text without words. Case,
// spacing, punctuation and compatibility forms (NFKC) make no difference.
func Sign(text string) (Signature, bool) {
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	sc.read(text)
	if len(sc.units) == 0 {
		return Signature{}, false
	}
	s := Signature{weight: uint8(min(sc.weight, minWeight))}
	for _, u := range sc.units {
		s.Exact = mix(s.Exact ^ u)
	}
	shingles := sc.shingles()
	s.lead.fill(shingles, sc)
	slices.Sort(shingles)
	shingles = slices.Compact(shingles)
	s.Shingles = uint32(len(shingles))
	if s.Short() {
		s.lead = lead{}
		return s, true
	}
	s.sketch.fill(shingles)
	return s, true
}

// scratch is the memory of one signing.
type scratch struct {
	units  []uint64
	opened []uint64
	weight int

	word   uint64
	inWord bool
	// run are the last characters of a script that does not part words, length
	// counts them, and size is how many make a unit.
	run    [tallUnit]rune
	length int
	size   int
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// read splits a text into the hashes of its units.
func (sc *scratch) read(text string) {
	*sc = scratch{units: sc.units[:0], opened: sc.opened[:0]}
	if !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	for _, r := range text {
		switch k := kindOf(r); k {
		case letter:
			sc.endRun()
			sc.word, sc.inWord = hashRune(sc.word, unicode.ToLower(r)), true
		case wide, tall:
			sc.endWord()
			sc.addRune(r, k)
		case nothing: // a soft hyphen parts no word
		case gap:
			sc.endWord()
		}
		if len(sc.units) >= maxUnits {
			return
		}
	}
	sc.endWord()
	sc.endRun()
}

func (sc *scratch) add(unit uint64, weight int) {
	sc.units = append(sc.units, mix(unit))
	sc.weight += weight
}

func (sc *scratch) endWord() {
	if sc.inWord {
		sc.add(sc.word, weightWord)
		sc.word, sc.inWord = 0, false
	}
}

func (sc *scratch) addRune(r rune, k kind) {
	sc.run[sc.length%tallUnit] = r
	sc.length++
	sc.size = wideUnit
	if k == tall {
		sc.size = tallUnit
	}
	if sc.length >= sc.size {
		sc.add(sc.lastRunes(sc.size), weightRune)
	}
}

// endRun makes a unit of a run that is shorter than one.
func (sc *scratch) endRun() {
	if 0 < sc.length && sc.length < sc.size {
		sc.add(sc.lastRunes(sc.length), weightRune*sc.length)
	}
	sc.length = 0
}

func (sc *scratch) lastRunes(n int) (unit uint64) {
	for i := sc.length - n; i < sc.length; i++ {
		unit = hashRune(unit, sc.run[i%tallUnit])
	}
	return unit
}

// shingles are the hashes of each three units that follow each other; of a text
// with fewer, of all of it. They take the place of the units.
func (sc *scratch) shingles() []uint64 {
	units := sc.units
	if len(units) < shingleUnits {
		return units[:0]
	}
	for i := range len(units) - shingleUnits + 1 {
		units[i] = mix(units[i] + bits.RotateLeft64(units[i+1], 21) + bits.RotateLeft64(units[i+2], 42))
	}
	return units[:len(units)-shingleUnits+1]
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014): every bit of the input reaches every
// bit of the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// hashRune adds a character to a hash (FNV-1a, a character at a time); mix
// spreads the result.
func hashRune(h uint64, r rune) uint64 {
	return (h ^ uint64(r) ^ 0xcbf29ce484222325) * 0x100000001b3
}

// kind is what a character is to the splitting.
type kind uint8

const (
	gap kind = iota
	letter
	wide
	tall
	nothing
)

func kindOf(r rune) kind {
	switch class := char.Of(r); {
	case class&char.Wide != 0:
		return wide
	case class&char.Tall != 0:
		return tall
	case class&char.Word != 0:
		return letter
	case class&char.Format != 0:
		return nothing
	}
	return gap
}
