package ngram

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// magic opens a table file; its last byte is the version of the format.
const magic = "dlnt\x01"

// Posting is the probability of an n-gram in one language.
type Posting struct {
	Language uint8
	Cost     uint16
}

// Entry is one n-gram with its postings, sorted by language. An entry without
// postings only links a longer n-gram to the table.
type Entry struct {
	Letters  []rune
	Postings []Posting
}

// Builder collects the n-grams of a table file.
type Builder struct {
	Header Header
	// Orders holds the n-grams by length; index 0 is for single letters.
	// Every prefix of an n-gram must be there too.
	Orders [MaxOrder][]Entry
	// Shift is the number of low bits of a cost that an order does without,
	// for the sake of a smaller file.
	Shift [MaxOrder]uint8
}

// Encode writes the table file: a readable header, then the columns of the
// trie as one zstd frame with a checksum.
func (b *Builder) Encode(w io.Writer) error {
	head := appendHeader([]byte(magic), &b.Header)
	body, err := b.body()
	if err != nil {
		return err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderCRC(true),
		zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return fmt.Errorf("make the compressor: %w", err)
	}
	head = enc.EncodeAll(body, head)
	if _, err := w.Write(head); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func appendHeader(out []byte, h *Header) []byte {
	text := func(s string) {
		out = binary.AppendUvarint(out, uint64(len(s)))
		out = append(out, s...)
	}
	out = binary.AppendUvarint(out, uint64(len(h.Languages)))
	for _, l := range h.Languages {
		text(l.Code)
		text(l.Name)
		text(l.Unique)
		out = binary.AppendUvarint(out, uint64(len(l.Alphabets)))
		for _, a := range l.Alphabets {
			text(a)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(h.Shared)))
	for _, s := range h.Shared {
		text(s.Letters)
		text(string(s.Languages))
	}
	return out
}

// body lays the columns out one after the other: like stands beside like, so
// that they compress well.
func (b *Builder) body() ([]byte, error) {
	symbol := make(map[rune]uint16, len(b.Orders[0]))
	slices.SortFunc(b.Orders[0], func(x, y Entry) int { return cmp.Compare(x.Letters[0], y.Letters[0]) })
	rows := 0
	for _, entries := range b.Orders {
		rows += len(entries)
	}
	out := binary.AppendUvarint(nil, uint64(rows))
	out = binary.AppendUvarint(out, uint64(len(b.Orders[0])))
	previous := rune(0)
	for i, e := range b.Orders[0] {
		symbol[e.Letters[0]] = uint16(i)
		out = binary.AppendUvarint(out, uint64(e.Letters[0]-previous))
		previous = e.Letters[0]
	}
	for n := 1; n < MaxOrder; n++ {
		column, err := childColumn(b.Orders[n-1], b.Orders[n], symbol)
		if err != nil {
			return nil, fmt.Errorf("order %d: %w", n+1, err)
		}
		out = append(out, column...)
	}
	return b.appendPostings(out), nil
}

// childColumn sorts the n-grams and returns, for each parent in turn, the
// number of its children, and then all last symbols as differences.
func childColumn(parents, entries []Entry, symbol map[rune]uint16) ([]byte, error) {
	slices.SortFunc(entries, func(x, y Entry) int { return slices.Compare(x.Letters, y.Letters) })
	var counts, symbols []byte
	i := 0
	for _, p := range parents {
		n, previous := 0, uint16(0)
		for ; i < len(entries) && slices.Equal(entries[i].Letters[:len(p.Letters)], p.Letters); i++ {
			s, ok := symbol[entries[i].Letters[len(p.Letters)]]
			if !ok {
				return nil, fmt.Errorf("%q ends in a letter that is not in the table", string(entries[i].Letters))
			}
			symbols = binary.AppendUvarint(symbols, uint64(s-previous))
			previous = s
			n++
		}
		counts = binary.AppendUvarint(counts, uint64(n))
	}
	if i != len(entries) {
		return nil, errors.New("an n-gram has no parent: " + string(entries[i].Letters))
	}
	return append(counts, symbols...), nil
}

// appendPostings writes the columns of the postings: the number of each row,
// the languages as differences, and the low and high bytes of the costs.
func (b *Builder) appendPostings(out []byte) []byte {
	var languages, low, high []byte
	out = append(out, b.Shift[:]...)
	for n, entries := range b.Orders {
		for _, e := range entries {
			out = append(out, uint8(len(e.Postings)))
			previous := uint8(0)
			for _, p := range e.Postings {
				languages = append(languages, p.Language-previous)
				previous = p.Language
				cost := roundShift(p.Cost, b.Shift[n])
				low, high = append(low, uint8(cost)), append(high, uint8(cost>>8))
			}
		}
	}
	out = append(out, languages...)
	out = append(out, low...)
	return append(out, high...)
}

// roundShift drops the low bits of a cost, to the nearest.
func roundShift(cost uint16, shift uint8) uint16 {
	if shift == 0 {
		return cost
	}
	return uint16(min((uint32(cost)+1<<(shift-1))>>shift, uint32(^uint16(0))>>shift))
}
