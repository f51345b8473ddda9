package template

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// The encoding is a version, the next slot, the articles learnt from, those of the
// window, and the blocks, sorted; all numbers are little endian:
//
//	version, next: 1 byte each
//	count:         4 bytes
//	pages:         Window times 8 bytes
//	blocks:        print and slots, 8 bytes each; peak, 1 byte; last, 2 bytes
const (
	version   = 1
	headSize  = 6 + Window*8
	blockSize = 19

	// MaxSize is the size of the largest encoding, in bytes.
	MaxSize = headSize + MaxBlocks*blockSize
)

// ErrMalformed says that bytes are no encoding of a host.
var ErrMalformed = errors.New("malformed statistics of a host's pages")

// Encode writes what is known of a host, in at most MaxSize bytes.
func (h *Host) Encode() []byte {
	out := make([]byte, 0, headSize+len(h.blocks)*blockSize)
	out = append(out, version, h.next)
	out = binary.LittleEndian.AppendUint32(out, h.count)
	for _, p := range h.pages {
		out = binary.LittleEndian.AppendUint64(out, uint64(p))
	}
	for _, b := range h.blocks {
		out = binary.LittleEndian.AppendUint64(out, uint64(b.print))
		out = binary.LittleEndian.AppendUint64(out, b.on)
		out = append(out, b.peak)
		out = binary.LittleEndian.AppendUint16(out, b.last)
	}
	return out
}

// Decode reads what Encode wrote; anything else is ErrMalformed.
func Decode(data []byte) (*Host, error) {
	if len(data) < headSize || len(data) > MaxSize || (len(data)-headSize)%blockSize != 0 || data[0] != version || data[1] >= Window {
		return nil, ErrMalformed
	}
	h := &Host{next: data[1], count: binary.LittleEndian.Uint32(data[2:])}
	used := uint64(0)
	for i := range h.pages {
		h.pages[i] = Print(binary.LittleEndian.Uint64(data[6+i*8:]))
		if h.pages[i] != 0 {
			used |= 1 << i
		}
	}
	h.blocks = make([]block, 0, (len(data)-headSize)/blockSize)
	for rest := data[headSize:]; len(rest) > 0; rest = rest[blockSize:] {
		h.blocks = append(h.blocks, block{
			print: Print(binary.LittleEndian.Uint64(rest)), on: binary.LittleEndian.Uint64(rest[8:]),
			peak: rest[16], last: binary.LittleEndian.Uint16(rest[17:]),
		})
	}
	for i, b := range h.blocks {
		n := bits.OnesCount64(b.on)
		if b.print == 0 || b.on&^used != 0 || int(b.peak) < max(n, 1) || b.peak > Window || n == 0 && b.peak < established || i > 0 && h.blocks[i-1].print >= b.print {
			return nil, ErrMalformed
		}
	}
	if !distinct(h.pages) {
		return nil, ErrMalformed
	}
	return h, nil
}

// distinct reports whether no article has two slots.
func distinct(pages [Window]Print) bool {
	slices.SortFunc(pages[:], func(a, b Print) int { return cmp.Compare(b, a) })
	for i := 1; i < len(pages) && pages[i] != 0; i++ {
		if pages[i] == pages[i-1] {
			return false
		}
	}
	return true
}
