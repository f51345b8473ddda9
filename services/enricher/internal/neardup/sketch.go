package neardup

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// permutations is the number of MinHash values.
const permutations = 128

// sketch holds one byte of each MinHash value.
type sketch [permutations]byte

// multipliers and addends make permutations of one good hash: odd multipliers are
// bijections of the 64-bit numbers.
var multipliers, addends = func() (a, b [permutations]uint64) {
	for i := range permutations {
		a[i], b[i] = mix(uint64(2*i))|1, mix(uint64(2*i+1))
	}
	return a, b
}()

// fill makes the sketch of distinct shingles, of which there must be one.
func (s *sketch) fill(shingles []uint64) {
	// Four at a time keep their lowest values in registers.
	for i := 0; i < permutations; i += 4 {
		a, b := (*[4]uint64)(multipliers[i:]), (*[4]uint64)(addends[i:])
		a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		var m0, m1, m2, m3 uint64 = math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64
		for _, x := range shingles {
			m0 = min(m0, x*a0+b0)
			m1 = min(m1, x*a1+b1)
			m2 = min(m2, x*a2+b2)
			m3 = min(m3, x*a3+b3)
		}
		// The lowest hashes have their high bits in common: mix spreads them.
		s[i], s[i+1], s[i+2], s[i+3] = byte(mix(m0)), byte(mix(m1)), byte(mix(m2)), byte(mix(m3))
	}
}

// similarity estimates the Jaccard similarity of two sets. Bytes of values that
// differ are equal once in 256: that share is taken off (Li and König, equation
// 4, with sets that are small against the hash's range).
func (s *sketch) similarity(o *sketch) float32 {
	const low = 0x7f7f7f7f7f7f7f7f
	equal := 0
	for i := 0; i < permutations; i += 8 {
		x := binary.LittleEndian.Uint64(s[i:]) ^ binary.LittleEndian.Uint64(o[i:])
		// The high bit of each byte that is zero, and no other bit.
		equal += bits.OnesCount64(^(x&low + low | x | low))
	}
	const chance = 1.0 / 256
	return max(0, (float32(equal)/permutations-chance)/(1-chance))
}

// leadUnits is how much of a text's opening the lead covers, in units: the part
// that front pages and feeds give as an excerpt.
const leadUnits = 80

// leadSample is how many hashes of the lead are kept.
const leadSample = 48

// leadLevels are the lengths of openings that have keys. A text that opens a
// longer one has, for each of these lengths up to its own, the same keys.
var leadLevels = [...]int{20, 40, leadUnits}

// leadDraws is the number of keys for each length, so that a line put before the
// text does not hide it.
const leadDraws = 2

const leadKeys = len(leadLevels) * leadDraws

// lead is a sketch of a text's opening.
type lead struct {
	// keys are MinHash values of the first shingles, by level.
	keys [leadKeys]uint32
	// sample are the high bits of the lowest hashes, in order.
	sample [leadSample]uint16
	size   uint8
	// whole tells that sample holds all of the lead.
	whole bool
}

// fill makes the lead of the text's shingles, in their order.
func (l *lead) fill(shingles []uint64, sc *scratch) {
	var lowest [leadDraws]uint64
	for d := range lowest {
		lowest[d] = math.MaxUint64
	}
	done := 0
	for level, units := range leadLevels {
		for ; done < min(units-shingleUnits+1, len(shingles)); done++ {
			for d := range lowest {
				lowest[d] = min(lowest[d], shingles[done]*multipliers[d]+addends[d])
			}
		}
		for d := range lowest {
			l.keys[level*leadDraws+d] = uint32(mix(lowest[d]))
		}
	}
	sc.opened = append(sc.opened[:0], shingles[:done]...)
	slices.Sort(sc.opened)
	opened := slices.Compact(sc.opened)
	l.whole = len(opened) <= leadSample
	l.size = uint8(min(len(opened), leadSample))
	for i := range int(l.size) {
		l.sample[i] = uint16(opened[i] >> 48)
	}
}

// limit is the highest hash that would be in the sample.
func (l *lead) limit() uint16 {
	if l.whole || l.size == 0 {
		return math.MaxUint16
	}
	return l.sample[l.size-1]
}

// minDrawn is the fewest shingles by which one opening is said to be in another.
const minDrawn = 6

// containment estimates the share of l's shingles that are in o: of those that
// both would have drawn (Broder, 1997: coordinated samples), the ones that o has.
func (l *lead) containment(o *lead) float32 {
	limit := min(l.limit(), o.limit())
	drawn, shared, j := 0, 0, 0
	for _, x := range l.sample[:l.size] {
		if x > limit {
			break
		}
		drawn++
		for j < int(o.size) && o.sample[j] < x {
			j++
		}
		if j < int(o.size) && o.sample[j] == x {
			shared++
			j++
		}
	}
	if drawn < minDrawn {
		return 0
	}
	return float32(shared) / float32(drawn)
}
