// Package ngram is a compact, read-only table of n-gram log probabilities for
// many languages at once.
//
// The table is a trie in level order: the rows of one order lie side by side,
// sorted by parent and then by symbol, so that the children of a row are one
// run of rows and no pointer or hash is needed. Every row has a posting list
// of (language, cost); a cost is a negative natural logarithm in fixed point.
package ngram

import "math"

const (
	// MaxOrder is the greatest number of letters in an n-gram.
	MaxOrder = 5
	// MaxLanguages bounds the languages of one table: sets of them are two
	// machine words (see Set).
	MaxLanguages = 128
	// Unit is the number of cost steps in one natural logarithm. At 1,024
	// the rounding of 300 n-grams adds up to about 0.005.
	Unit = 1024
	// None is the row that stands for "not in the table".
	None = ^uint32(0)
)

// Language is one language of a table with lingua's letter rules for it.
type Language struct {
	// Code is the ISO 639-1 code, lower case.
	Code string
	// Name is the English name.
	Name string
	// Alphabets are the Unicode script names, such as "Latin".
	Alphabets []string
	// Unique holds the letters that no other language of the script uses.
	Unique string
}

// Shared is a group of letters that only the named languages use.
type Shared struct {
	Letters   string
	Languages []uint8
}

// Header is what can be read of a table without unpacking it.
type Header struct {
	Languages []Language
	Shared    []Shared
}

// Table holds the n-grams. It is immutable and safe for concurrent use.
type Table struct {
	Header
	// symbols are the runes of the first order, sorted; a symbol's index is
	// its row.
	symbols []rune
	// children[r] to children[r+1] are the rows below row r.
	children []uint32
	// last is the last symbol of each row.
	last []uint16
	// postings[r] to postings[r+1] are the postings of row r.
	postings  []uint32
	languages []uint8
	costs     []uint16
}

// Symbols returns the letters that the table knows, sorted. The index of a
// letter is its symbol and also its row of order one. The caller must not
// change the slice.
func (t *Table) Symbols() []rune { return t.symbols }

// Rows returns the number of n-grams of all orders.
func (t *Table) Rows() int { return len(t.last) }

// Entries returns the number of probabilities.
func (t *Table) Entries() int { return len(t.costs) }

// Child returns the row of the n-gram that is row's n-gram followed by
// symbol, or None.
func (t *Table) Child(row uint32, symbol uint16) uint32 {
	lo, hi := t.children[row], t.children[row+1]
	end := hi
	for lo < hi {
		mid := (lo + hi) >> 1
		if t.last[mid] < symbol {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < end && t.last[lo] == symbol {
		return lo
	}
	return None
}

// Postings returns the languages that have the n-gram of row and the cost of
// it in each. The caller must not change the slices.
func (t *Table) Postings(row uint32) ([]uint8, []uint16) {
	lo, hi := t.postings[row], t.postings[row+1]
	return t.languages[lo:hi], t.costs[lo:hi]
}

// Cost turns a probability in (0, 1] into a cost.
func Cost(probability float64) uint16 {
	return uint16(min(math.Round(-math.Log(probability)*Unit), math.MaxUint16))
}
