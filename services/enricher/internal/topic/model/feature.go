package model

import (
	"fmt"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/concept"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

// Features are what the model reads of a text.
type Features struct {
	// Hashed are the buckets of words, pairs of words and letter sequences, with
	// repetitions.
	Hashed []uint32
	// Counts are the weights of the stems found, by subject, and Stems their number.
	Counts lexicon.Counts
	Stems  int
	// Concepts are those of the words.
	Concepts concept.Counts
}

const (
	bucketBits = 18
	// Buckets is the number of buckets.
	Buckets = 1 << bucketBits
	// The kinds of hashed features, as hash seeds.
	kindWord, kindPair, kindLetters, kindRun = 1, 2, 3, 4
)

// Read adds the features of a text, and weighs the stems found in it by weight.
func (f *Features) Read(text, lang string, weight float64) error {
	stems, err := lexicon.NewReader(lang)
	if err != nil {
		return fmt.Errorf("reading the lexicon: %w", err)
	}
	concepts, err := concept.NewReader(lang)
	if err != nil {
		return fmt.Errorf("reading the concepts: %w", err)
	}
	var before uint64
	word.Each(text, func(letters []rune, run bool) {
		f.Stems += stems.Add(&f.Counts, letters, run, weight)
		concepts.Add(&f.Concepts, letters, run, weight)
		if run {
			f.readRun(letters)
			before = 0
			return
		}
		whole := f.readWord(letters)
		if before != 0 {
			f.add(mix(before^kindPair, whole))
		}
		before = whole
	})
	return nil
}

// readWord adds a word and its sequences of three to five letters, and returns
// the word's hash.
func (f *Features) readWord(letters []rune) uint64 {
	whole := hash(kindWord, letters)
	f.add(whole)
	if len(letters) < 4 {
		return whole
	}
	// One space on either side tells beginnings and ends.
	var padded [word.MaxLength + 2]rune
	padded[0] = ' '
	n := copy(padded[1:], letters) + 2
	padded[n-1] = ' '
	for i := range n - 2 {
		h := uint64(kindLetters)
		for j := i; j < min(n, i+5); j++ {
			h = mix(h, uint64(padded[j]))
			if j >= i+2 {
				f.add(h)
			}
		}
	}
	return whole
}

// readRun adds the sequences of one to three characters.
func (f *Features) readRun(letters []rune) {
	for i := range letters {
		h := uint64(kindRun)
		for j := i; j < min(len(letters), i+3); j++ {
			h = mix(h, uint64(letters[j]))
			f.add(h)
		}
	}
}

func (f *Features) add(h uint64) { f.Hashed = append(f.Hashed, uint32(h>>(64-bucketBits))) }

func hash(kind uint64, letters []rune) uint64 {
	for _, l := range letters {
		kind = mix(kind, uint64(l))
	}
	return kind
}

// mix is one step of a multiplicative hash whose high bits are good.
func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// DenseSize is the number of subjects and concepts.
const DenseSize = lexicon.Size + concept.Size

// conceptPrior is how many words the shares of the concepts are smoothed by.
const conceptPrior = 2

// Dense are the shares of the subjects among the stems found, and of the concepts
// among the words.
func (f *Features) Dense() (dense [DenseSize]float64) {
	total := 1.0
	for _, c := range f.Counts {
		total += c
	}
	for i, c := range f.Counts {
		dense[i] = c / total
	}
	total = conceptPrior
	for _, c := range f.Concepts {
		total += c
	}
	for i, c := range f.Concepts {
		dense[lexicon.Size+i] = c / total
	}
	return dense
}
