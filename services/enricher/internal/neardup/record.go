package neardup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Decision says to which cluster an article belongs.
type Decision struct {
	// Cluster is the id of the cluster's first article.
	Cluster string
	// Size counts the cluster's articles so far, this one included.
	Size uint32
	// Nearest is the id of the nearest article before; empty in the first.
	Nearest string
	// Match says how near; its kind is First in the first.
	Match
}

// Record is what the stream of signatures holds of an article.
type Record struct {
	// Article is the article's id.
	Article string
	// Revision counts its versions, from 1.
	Revision uint32
	// Signature is of its text.
	Signature Signature
	// Hint is what its writer knew when it wrote; see Index.Propose. Nil if it knew
	// of nothing alike.
	Hint *Decision
	// Again tells that the hint is of an earlier revision of the article itself.
	Again bool
}

// recordVersion is the first byte of a record.
const recordVersion = 1

// Flags of a record.
const (
	flagShort = 1 << iota
	flagWhole
	flagHint
	flagAgain
	flagsKnown = 1<<iota - 1
)

// maxID bounds an id, in bytes.
const maxID = 256

// ErrRecord means that bytes are no record of a known version.
var ErrRecord = errors.New("no signature record")

// Encode writes a record: a version, flags, the article, its signature, and the
// hint. Numbers are little-endian or, where they are mostly small, varints.
func (r *Record) Encode() []byte {
	s := &r.Signature
	flags := byte(0)
	set := func(flag byte, on bool) {
		if on {
			flags |= flag
		}
	}
	set(flagShort, s.Short())
	set(flagWhole, s.lead.whole)
	set(flagHint, r.Hint != nil)
	set(flagAgain, r.Again)

	b := append(make([]byte, 0, 512), recordVersion, flags)
	b = appendString(b, r.Article)
	b = binary.AppendUvarint(b, uint64(r.Revision))
	b = binary.LittleEndian.AppendUint64(b, s.Exact)
	b = binary.AppendUvarint(b, uint64(s.Shingles))
	b = append(b, s.weight)
	if !s.Short() {
		b = append(b, s.sketch[:]...)
		for _, k := range s.lead.keys {
			b = binary.LittleEndian.AppendUint32(b, k)
		}
		b = append(b, s.lead.size)
		for _, x := range s.lead.sample[:s.lead.size] {
			b = binary.LittleEndian.AppendUint16(b, x)
		}
	}
	if h := r.Hint; h != nil {
		b = append(b, byte(h.Kind))
		b = appendString(appendString(b, h.Cluster), h.Nearest)
		b = binary.AppendUvarint(b, uint64(h.Size))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(h.Similarity))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(h.Containment))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// Decode reads a record. The error is ErrRecord.
func Decode(data []byte) (*Record, error) {
	d := decoder{data: data}
	if v := d.byte(); v != recordVersion {
		return nil, fmt.Errorf("%w: version %d, know %d", ErrRecord, v, recordVersion)
	}
	flags := d.byte()
	r := &Record{Article: d.string(), Revision: d.number(), Again: flags&flagAgain != 0}
	s := &r.Signature
	s.Exact, s.Shingles, s.weight = d.uint64(), d.number(), d.byte()
	if flags&flagShort == 0 {
		copy(s.sketch[:], d.take(permutations))
		d.lead(&s.lead)
		s.lead.whole = flags&flagWhole != 0
	}
	if flags&flagHint != 0 {
		r.Hint = d.decision()
	}
	bad := flags&^flagsKnown != 0 || r.Article == "" || s.weight > minWeight || s.Short() != (flags&flagShort != 0) ||
		s.Short() && flags&flagWhole != 0 || r.Again && r.Hint == nil
	if d.failed || len(d.data) > 0 || bad {
		return nil, fmt.Errorf("%w: %d bytes that are not well-formed", ErrRecord, len(data))
	}
	return r, nil
}

// decoder takes values off the front of data; once it failed, all are zero.
type decoder struct {
	data   []byte
	failed bool
}

func (d *decoder) take(n int) []byte {
	if d.failed || n > len(d.data) {
		d.failed = true
		return nil
	}
	out := d.data[:n]
	d.data = d.data[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uint64() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (d *decoder) uint32() uint32 {
	if b := d.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// number reads a varint of up to 32 bits.
func (d *decoder) number() uint32 {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > math.MaxUint32 {
		d.failed = true
		return 0
	}
	d.take(size)
	return uint32(n)
}

func (d *decoder) string() string {
	n := d.number()
	if n > maxID {
		d.failed = true
		return ""
	}
	return string(d.take(int(n)))
}

// share reads a number from 0 to 1.
func (d *decoder) share() float32 {
	x := math.Float32frombits(d.uint32())
	if !(0 <= x && x <= 1) {
		d.failed = true
		return 0
	}
	return x
}

func (d *decoder) lead(l *lead) {
	for i := range l.keys {
		l.keys[i] = d.uint32()
	}
	if l.size = d.byte(); l.size > leadSample {
		d.failed, l.size = true, 0
	}
	sample := d.take(2 * int(l.size))
	for i := range len(sample) / 2 {
		l.sample[i] = binary.LittleEndian.Uint16(sample[2*i:])
	}
	if !slices.IsSorted(l.sample[:l.size]) {
		d.failed = true
	}
}

func (d *decoder) decision() *Decision {
	kind := Kind(d.byte())
	if kind == None || kind > Part {
		d.failed = true
		return nil
	}
	h := &Decision{Cluster: d.string(), Nearest: d.string(), Size: d.number()}
	h.Match = Match{Kind: kind, Similarity: d.share(), Containment: d.share()}
	if h.Cluster == "" || h.Size == 0 || (kind == First) != (h.Nearest == "") {
		d.failed = true
	}
	return h
}
