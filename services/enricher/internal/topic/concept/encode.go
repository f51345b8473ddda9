package concept

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"github.com/dateline-news/dateline/services/enricher/internal/sealed"
)

// leastShare is the share of a word's emoji from which their group is a concept of
// the word.
const leastShare = 0.3

// List gathers words with the groups of the emoji that they describe.
type List map[uint32]map[uint8]int

// Learn notes that a word of a language, or a run of a script that parts no words,
// describes an emoji of the group.
func (l List) Learn(lang string, letters []rune, run bool, group uint8) {
	least, n := leastWord, kept(len(letters))
	if run || lang == "ko" {
		least, n = leastRun, len(letters)
	}
	if len(letters) < least || len(letters) > longestWord || numeric(letters) {
		return
	}
	h := hashLang(lang)
	for _, r := range letters[:n] {
		h = step(h, r)
	}
	h = final(h)
	if l[h] == nil {
		l[h] = map[uint8]int{}
	}
	l[h][group]++
}

// Encode compiles the list: the magic, the CRC-32 of what follows, the number of
// words, the index of the hashes' leading bits, the hashes in order, the entries.
func (l List) Encode() []byte {
	le := binary.LittleEndian
	var hashes []uint32
	var entries []byte
	for _, h := range slices.Sorted(maps.Keys(l)) {
		if e := entry(l[h]); e != nil {
			hashes, entries = append(hashes, h), append(entries, e...)
		}
	}
	body := le.AppendUint32(nil, uint32(len(hashes)))
	at := 0
	for slot := range 1<<indexBits + 1 {
		for at < len(hashes) && int(hashes[at]>>(32-indexBits)) < slot {
			at++
		}
		body = le.AppendUint32(body, uint32(at))
	}
	for _, h := range hashes {
		body = le.AppendUint32(body, h)
	}
	return sealed.Seal(magic, append(body, entries...))
}

// entry gives the two groups with the largest shares; nil if none is large enough.
func entry(groups map[uint8]int) []byte {
	total := 0
	for _, n := range groups {
		total += n
	}
	e := make([]byte, entrySize)
	for rank, shift := range []int{4, 0} {
		best := -1
		for _, g := range slices.Sorted(maps.Keys(groups)) {
			if (rank == 0 || g != e[0]) && (best < 0 || groups[g] > groups[uint8(best)]) {
				best = int(g)
			}
		}
		if best < 0 {
			break
		}
		share := float64(groups[uint8(best)]) / float64(total)
		if share < leastShare {
			break
		}
		e[rank] = uint8(best)
		e[2] |= uint8(math.Round(whole*share)) << shift
	}
	if e[2] == 0 {
		return nil
	}
	return e
}
