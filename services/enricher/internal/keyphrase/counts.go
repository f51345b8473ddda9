package keyphrase

import "math/bits"

// counts finds candidates by the hash of their words: a hash table with open
// addresses, for which a map of Go does more than is needed.
type counts struct {
	keys []uint64
	// numbers are one more than the candidates' numbers; 0 is free.
	numbers []int32
	used    int
}

// reset empties the table and makes room for n.
func (t *counts) reset(n int) {
	size := 1 << bits.Len(uint(2*n))
	if size > cap(t.keys) {
		t.keys, t.numbers = make([]uint64, size), make([]int32, size)
	}
	t.keys, t.numbers, t.used = t.keys[:size], t.numbers[:size], 0
	clear(t.numbers)
}

// put gives the number under a key, which is set to number if there is none yet.
func (t *counts) put(key uint64, number int32) (at int32, known bool) {
	if 2*t.used >= len(t.keys) {
		t.grow()
	}
	slot := t.slot(key)
	if t.numbers[slot] != 0 {
		return t.numbers[slot] - 1, true
	}
	t.keys[slot], t.numbers[slot] = key, number+1
	t.used++
	return number, false
}

func (t *counts) get(key uint64) (at int32, ok bool) {
	slot := t.slot(key)
	return t.numbers[slot] - 1, t.numbers[slot] != 0
}

// slot gives where a key stands, or its free place.
func (t *counts) slot(key uint64) int {
	mask := len(t.keys) - 1
	at := int(key>>32^key) & mask
	for t.numbers[at] != 0 && t.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}

func (t *counts) grow() {
	old := *t
	*t = counts{}
	t.reset(len(old.keys))
	for i, number := range old.numbers {
		if number != 0 {
			t.put(old.keys[i], number-1)
		}
	}
}
