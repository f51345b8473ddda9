package tagger

import (
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"

	"github.com/dateline-news/dateline/services/enricher/internal/sealed"
)

// packed is the model; Encode describes its layout.
//
//go:embed model.bin
var packed []byte

const (
	magic = "DLTAG002"
	// slots is how many features share a bucket: with the 16 bits that tell
	// them apart, one cache line.
	slots      = 7
	weightsAt  = 2 * slots
	bucketSize = 64
	headerSize = 4 + 4 + shapes*Tags*Tags*4
)

// model is the weights. A feature's bucket is found by the lower half of its key,
// its slot by sixteen further bits; weights are quantised to eight bits.
type model struct {
	count   uint64
	scale   float32
	buckets []byte
	// steps are the scores of one tag after another, by the later one's shape,
	// factors their exponentials, 0 where that is illegal.
	steps, factors [shapes][Tags][Tags]float32
}

// errModel tells that the embedded model is not what Encode writes.
var errModel = errors.New("the tagger's model is damaged")

// load decodes the model when it is first used.
var load = sealed.Lazy(packed, decode)

// Warm loads the model, and tells if it is damaged; Tag would find nothing then.
func Warm(context.Context) error {
	_, err := load()
	return err
}

func decode(file []byte) (*model, error) {
	le := binary.LittleEndian
	rest, err := sealed.Open(magic, file)
	if err != nil || len(rest) < headerSize {
		return nil, errModel
	}
	m := &model{count: uint64(le.Uint32(rest)), scale: math.Float32frombits(le.Uint32(rest[4:]))}
	rest = rest[8:]
	for s := range shapes {
		for a := range Tags {
			for b := range Tags {
				v := math.Float32frombits(le.Uint32(rest))
				m.steps[s][a][b] = v
				if legal(a, b) {
					m.factors[s][a][b] = float32(math.Exp(float64(v)))
				}
				rest = rest[4:]
			}
		}
	}
	if m.count == 0 || uint64(len(rest)) != m.count*bucketSize {
		return nil, errModel
	}
	m.buckets = rest
	return m, nil
}

// bucketOf is the bucket of a key, of count buckets (Lemire, ACM Transactions on
// Modeling and Computer Simulation 2019).
func bucketOf(key, count uint64) int { return int(key & math.MaxUint32 * count >> 32) }

// check is what tells a feature from others in its bucket; 0 marks an empty slot.
func check(key uint64) uint16 { return max(uint16(key>>48), 1) }

// slotOf finds the slot of a check in a bucket, or slots if it is not there.
func slotOf(bucket []byte, check uint16) int {
	const low, high = 0x0001000100010001, 0x8000800080008000
	// Of the zero lanes of a word, the trick finds the lowest exactly.
	pattern := uint64(check) * low
	x := binary.LittleEndian.Uint64(bucket) ^ pattern
	if hit := (x - low) &^ x & high; hit != 0 {
		return bits.TrailingZeros64(hit) / 16
	}
	x = binary.LittleEndian.Uint64(bucket[8:]) ^ pattern
	if hit := (x - low) &^ x & high; hit != 0 {
		return 4 + bits.TrailingZeros64(hit)/16
	}
	return slots
}

// score adds up the weights of the features: those of a row at once, in lanes of
// 16 bits, each weight with 128 added so that none is negative.
func (m *model) score(keys []uint64) (scores [Tags]float32) {
	const lanes, bias = 0x00ff00ff00ff00ff, 0x8080808080808080
	var even, odd uint64
	found := int32(0)
	for _, key := range keys {
		at := bucketOf(key, m.count) * bucketSize
		bucket := m.buckets[at : at+bucketSize]
		slot := slotOf(bucket, check(key))
		if slot >= slots { // the eighth lane is the first weights
			continue
		}
		row := binary.LittleEndian.Uint64(bucket[weightsAt+slot*Tags:]) ^ bias
		even += row & lanes
		odd += row >> 8 & lanes
		found++
	}
	for b := range Tags {
		sum := int32(even >> (8 * (b &^ 1)) & 0xffff)
		if b%2 == 1 {
			sum = int32(odd >> (8 * (b &^ 1)) & 0xffff)
		}
		scores[b] = float32(sum-128*found) * m.scale
	}
	return scores
}

// Weights are what training finds.
type Weights struct {
	Keys []uint64
	Rows [][Tags]float32
	// Sightings are how often training met each key.
	Sightings []int32
	// Steps are the scores of one tag after another, by the later one's shape.
	Steps [shapes][Tags][Tags]float32
}

// Shapes is the number of shapes, Chinese that of Chinese characters.
const (
	Shapes  = shapes
	Chinese = int(han)
)

// Shape is the coarse form of token i, for the choice of steps.
func (d *Document) Shape(i int) int { return int(d.Tokens[i].shape) }

// Encode packs weights into so many buckets, and keeps the rows of each that bring
// most. All numbers are little endian; the layout is:
//
//	magic "DLTAG002"
//	u32 CRC-32 (IEEE) of what follows
//	u32 buckets; f32 scale
//	f32 steps [shapes][tags][tags]
//	buckets × { u16 check [7]; i8 weight [7][tags]; u8 0 }
func Encode(w Weights, buckets int) []byte {
	scale := float32(0)
	for _, row := range w.Rows {
		for _, v := range row {
			scale = max(scale, float32(math.Abs(float64(v))))
		}
	}
	scale = min(scale, maxWeight) / 127
	le := binary.LittleEndian
	var body []byte
	body = le.AppendUint32(body, uint32(buckets))
	body = le.AppendUint32(body, math.Float32bits(scale))
	for s := range shapes {
		for a := range Tags {
			for b := range Tags {
				body = le.AppendUint32(body, math.Float32bits(w.Steps[s][a][b]))
			}
		}
	}
	body = append(body, packBuckets(w, buckets, scale)...)
	return sealed.Seal(magic, body)
}

// maxWeight is where weights are cut off, so that the rest keeps its precision.
const maxWeight = 4

func packBuckets(w Weights, buckets int, scale float32) []byte {
	members := make([][]int, buckets)
	for i, key := range w.Keys {
		if b := bucketOf(key, uint64(buckets)); w.strength(i) > scale/2 {
			members[b] = append(members[b], i)
		}
	}
	le := binary.LittleEndian
	var out []byte
	for _, rows := range members {
		var bucket [bucketSize]byte
		for slot, i := range strongest(&w, rows) {
			le.PutUint16(bucket[2*slot:], check(w.Keys[i]))
			for b, v := range w.Rows[i] {
				q := math.Round(float64(v / scale))
				bucket[weightsAt+slot*Tags+b] = byte(int8(max(-127, min(127, q))))
			}
		}
		out = append(out, bucket[:]...)
	}
	return out
}

// worth is what a row brings: its largest weight, the more the oftener it counts.
func (w *Weights) worth(i int) float64 {
	return float64(w.strength(i)) * math.Sqrt(float64(w.Sightings[i]))
}

// strength is the largest weight of row i, either way.
func (w *Weights) strength(i int) float32 {
	s := float32(0)
	for _, v := range w.Rows[i] {
		s = max(s, float32(math.Abs(float64(v))))
	}
	return s
}

// strongest picks the rows of a bucket, one for each check.
func strongest(w *Weights, rows []int) []int {
	var picked []int
	for len(picked) < slots {
		best := -1
		for _, i := range rows {
			if best >= 0 && w.worth(i) <= w.worth(best) {
				continue
			}
			taken := false
			for _, p := range picked {
				taken = taken || check(w.Keys[p]) == check(w.Keys[i])
			}
			if !taken {
				best = i
			}
		}
		if best < 0 {
			return picked
		}
		picked = append(picked, best)
	}
	return picked
}

// With gives a tagger that uses a packed model in the place of the built-in one.
func With(packed []byte) (func(*Document) []Span, error) {
	m, err := decode(packed)
	if err != nil {
		return nil, err
	}
	return m.tag, nil
}
