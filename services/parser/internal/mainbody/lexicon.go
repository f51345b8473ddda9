package mainbody

// Lexicon values words, and pairs of neighbouring words, by how much more often
// they stand beside stories than in them: "sign up", "all rights", "Getty Images".
// It was counted over sites, whatever their languages; a word that it does not
// have says nothing.
type Lexicon struct {
	keys   []uint32 // hashes, open addressing; 0 is free
	values []int8
}

// Term is an entry of a lexicon: the hash of a word or a pair, and its value.
type Term struct {
	Key   uint32
	Value int8
}

// lexiconFeatures is the number of features that a lexicon adds.
const lexiconFeatures = 5

// NewLexicon returns a lexicon of these terms.
func NewLexicon(terms []Term) *Lexicon {
	size := 64
	for size < 3*len(terms) {
		size *= 2
	}
	l := &Lexicon{keys: make([]uint32, size), values: make([]int8, size)}
	for _, t := range terms {
		i := l.find(t.Key)
		l.keys[i], l.values[i] = t.Key, t.Value
	}
	return l
}

// find returns the place of a key, or the free place for it.
func (l *Lexicon) find(key uint32) int {
	mask := len(l.keys) - 1
	i := int(key) & mask
	for l.keys[i] != key && l.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

// terms returns the entries in the order of the table.
func (l *Lexicon) terms() []Term {
	var out []Term
	for i, key := range l.keys {
		if key != 0 {
			out = append(out, Term{key, l.values[i]})
		}
	}
	return out
}

func (l *Lexicon) value(key uint32) int { return int(l.values[l.find(key)]) }

func wordKey(w uint64) uint32 { return uint32(w>>32) | 1 }

func pairKey(a, b uint64) uint32 { return uint32(((a^(b>>7))*hashPrime+b)*hashPrime>>32) | 1 }

// add adds what a block's words are worth: the sum a word, the sums of those
// against the story and for it, and the most and the least.
func (l *Lexicon) add(v []float32, words []uint64) []float32 {
	if l == nil || len(words) == 0 {
		return append(v, 0, 0, 0, 0, 0)
	}
	var in, out, most, least int
	eachTerm(words, func(key uint32) {
		value := l.value(key)
		if value > 0 {
			out += value
		} else {
			in -= value
		}
		most, least = max(most, value), min(least, value)
	})
	n := float32(len(words))
	return append(v, float32(out-in)/n, float32(out)/n, float32(in)/n, float32(most), float32(least))
}

// eachTerm calls f with the keys of a block's words and pairs.
func eachTerm(words []uint64, f func(key uint32)) {
	for i, w := range words {
		f(wordKey(w))
		if i > 0 {
			f(pairKey(words[i-1], w))
		}
	}
}
