package ngram

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxBody bounds the unpacked size of a table in bytes.
	maxBody = 64 << 20
	// maxSymbols bounds the letters of a table: a symbol has 16 bits.
	maxSymbols = 1<<16 - 1
)

// ErrFormat says that a table file is damaged or of another version.
var ErrFormat = errors.New("not a language table")

// DecodeHeader reads the languages and letter rules of a table file. It costs
// microseconds: the n-grams stay packed.
func DecodeHeader(file []byte) (Header, error) {
	h, _, err := decodeHeader(file)
	return h, err
}

// Decode unpacks a table file. The error is ErrFormat, wrapped, if the file is
// not one.
func Decode(file []byte) (*Table, error) {
	h, packed, err := decodeHeader(file)
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBody))
	if err != nil {
		return nil, fmt.Errorf("make the unpacker: %w", err)
	}
	defer dec.Close()
	body, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w: %w", ErrFormat, err)
	}
	t := &Table{Header: h}
	r := &reader{buf: body}
	orders := t.readTrie(r)
	t.readPostings(r, orders)
	if r.bad || len(r.buf) != 0 {
		return nil, fmt.Errorf("read the columns: %w", ErrFormat)
	}
	return t, nil
}

func decodeHeader(file []byte) (Header, []byte, error) {
	var h Header
	if len(file) < len(magic) || string(file[:len(magic)]) != magic {
		return h, nil, fmt.Errorf("read the header: %w", ErrFormat)
	}
	r := &reader{buf: file[len(magic):]}
	for range r.count(MaxLanguages) {
		l := Language{Code: r.text(), Name: r.text(), Unique: r.text()}
		for range r.count(8) {
			l.Alphabets = append(l.Alphabets, r.text())
		}
		h.Languages = append(h.Languages, l)
	}
	for range r.count(1 << 10) {
		s := Shared{Letters: r.text(), Languages: []uint8(r.text())}
		for _, l := range s.Languages {
			r.bad = r.bad || int(l) >= len(h.Languages)
		}
		h.Shared = append(h.Shared, s)
	}
	if r.bad {
		return Header{}, nil, fmt.Errorf("read the header: %w", ErrFormat)
	}
	return h, r.buf, nil
}

// readTrie fills the rows and returns the number of rows of each order.
func (t *Table) readTrie(r *reader) (orders [MaxOrder]int) {
	rows := r.count(len(r.buf))
	orders[0] = r.count(min(rows, maxSymbols))
	t.last = make([]uint16, 0, rows)
	t.children = make([]uint32, 0, rows+1)
	t.symbols = make([]rune, 0, orders[0])
	letter := rune(0)
	for range orders[0] {
		letter += rune(r.count(unicode.MaxRune))
		t.last = append(t.last, uint16(len(t.symbols)))
		t.symbols = append(t.symbols, letter)
	}
	for n := 1; n < MaxOrder; n++ {
		orders[n] = t.readOrder(r, orders[n-1], rows)
	}
	for len(t.children) <= rows {
		t.children = append(t.children, uint32(rows))
	}
	r.bad = r.bad || len(t.last) != rows
	return orders
}

// readOrder reads the children of the last order read and returns their
// number; no more than rows are taken in all.
func (t *Table) readOrder(r *reader, parents, rows int) int {
	counts := make([]uint16, parents)
	total := 0
	for i := range counts {
		counts[i] = uint16(r.count(maxSymbols))
		t.children = append(t.children, uint32(len(t.last)+total))
		total += int(counts[i])
	}
	if len(t.last)+total > rows {
		r.bad = true
		return 0
	}
	for _, c := range counts {
		symbol := 0
		for range c {
			symbol += r.count(maxSymbols)
			r.bad = r.bad || symbol >= len(t.symbols)
			t.last = append(t.last, uint16(symbol))
		}
	}
	return total
}

func (t *Table) readPostings(r *reader, orders [MaxOrder]int) {
	shifts := r.take(MaxOrder)
	t.postings = make([]uint32, 0, len(t.last)+1)
	total := 0
	for _, c := range r.take(len(t.last)) {
		t.postings = append(t.postings, uint32(total))
		total += int(c)
	}
	t.postings = append(t.postings, uint32(total))
	languages, low, high := r.take(total), r.take(total), r.take(total)
	if r.bad {
		return
	}
	t.languages, t.costs = make([]uint8, total), make([]uint16, total)
	row := 0
	for n, rows := range orders {
		for range rows {
			language := uint8(0)
			for i := t.postings[row]; i < t.postings[row+1]; i++ {
				language += languages[i]
				r.bad = r.bad || int(language) >= len(t.Languages)
				t.languages[i] = language
				t.costs[i] = (uint16(high[i])<<8 | uint16(low[i])) << (shifts[n] & 15)
			}
			row++
		}
	}
}

// reader walks over a buffer; after the first fault bad stays set and every
// read gives zero.
type reader struct {
	buf []byte
	bad bool
}

// count reads an unsigned number below limit or equal to it.
func (r *reader) count(limit int) int {
	v, n := binary.Uvarint(r.buf)
	if r.bad || n <= 0 || v > uint64(limit) {
		r.bad = true
		return 0
	}
	r.buf = r.buf[n:]
	return int(v)
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.buf) {
		r.bad = true
		return nil
	}
	out := r.buf[:n:n]
	r.buf = r.buf[n:]
	return out
}

func (r *reader) text() string { return string(r.take(r.count(1 << 12))) }
