package lexicon

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Encode compiles lists for the embedded file: magic, u32 count, index of the hashes' leading bits,
// hashes in order, classes (the low
// eight bits).
func Encode(words map[uint32]Class) []byte {
	hashes := slices.Sorted(maps.Keys(words))
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(hashes)))
	at := 0
	for slot := range 1<<indexBits + 1 {
		for at < len(hashes) && int(hashes[at]>>(32-indexBits)) < slot {
			at++
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
	}
	for _, h := range hashes {
		out = binary.LittleEndian.AppendUint32(out, h)
	}
	for _, h := range hashes {
		out = append(out, byte(words[h]))
	}
	return out
}
