package mainbody

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Depth of the trees, and the bounds of a model file.
const (
	treeDepth  = 6
	treeLeaves = 1 << treeDepth
	maxTrees   = 4096
)

// Tree is an oblivious decision tree: one question a level, whatever the
// answers before (Kohavi 1994; the form that CatBoost made common). Its leaf is
// the answers read as a number.
type Tree struct {
	Features   [treeDepth]uint16
	Thresholds [treeDepth]float32
	Leaves     [treeLeaves]float32
}

// Forest is a sum of trees: the log-odds that a block belongs to the story.
type Forest struct {
	Bias  float32
	Trees []Tree
}

// scores appends, for each row, the probability that a block with these features
// is of the story.
func (f *Forest) scores(out []float32, m *matrix) []float32 {
	from := len(out)
	for range m.rows {
		out = append(out, f.Bias)
	}
	sums := out[from:]
	for i := range f.Trees {
		f.Trees[i].add(sums, m)
	}
	for i, sum := range sums {
		sums[i] = float32(1 / (1 + math.Exp(-float64(sum))))
	}
	return out
}

// add adds what the tree says of each row.
func (t *Tree) add(sums []float32, m *matrix) {
	n := len(sums)
	var c [treeDepth][]float32
	for d := range c {
		c[d] = m.column(int(t.Features[d]))[:n]
	}
	c0, c1, c2, c3, c4, c5 := c[0][:n], c[1][:n], c[2][:n], c[3][:n], c[4][:n], c[5][:n]
	x := &t.Thresholds
	for i := range sums {
		leaf := above(c0[i], x[0]) | above(c1[i], x[1])<<1 | above(c2[i], x[2])<<2 |
			above(c3[i], x[3])<<3 | above(c4[i], x[4])<<4 | above(c5[i], x[5])<<5
		sums[i] += t.Leaves[leaf&(treeLeaves-1)]
	}
}

// above answers a question without a branch, which would be guessed wrong often.
func above(v, threshold float32) uint8 {
	if v > threshold {
		return 1
	}
	return 0
}

// Model holds the two stages of the classifier. The second sees what the first
// made of a block's neighbours.
type Model struct {
	First, Second Forest
	Lexicon       *Lexicon
}

// modelFile was written by the command in the folder train.
//
//go:embed model.bin
var modelFile []byte

// trained is the model that is shipped, read when it is first asked for: the
// command that trains it must run before the file fits the code. A file that does
// not is a mistake of the build, which every test of extraction would meet.
var trained = sync.OnceValue(func() *Model {
	m, err := ReadModel(modelFile)
	if err != nil {
		panic(fmt.Sprintf("mainbody: embedded model: %v", err))
	}
	return m
})

// The model file: a mark, the numbers of features that the model was trained
// with, then both forests; leaves are 16-bit fractions of a scale. The lexicon
// ends it.
const modelMark = "DLMB2\n"

var errModel = errors.New("malformed model")

// AppendBinary appends the model in the form that ReadModel reads.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, modelMark...)
	b = binary.LittleEndian.AppendUint16(b, featureCount)
	b = binary.LittleEndian.AppendUint16(b, secondCount)
	for _, f := range [...]*Forest{&m.First, &m.Second} {
		if len(f.Trees) > maxTrees {
			return nil, fmt.Errorf("model has %d trees, at most %d fit", len(f.Trees), maxTrees)
		}
		scale := float32(0)
		for i := range f.Trees {
			for _, v := range f.Trees[i].Leaves {
				scale = max(scale, float32(math.Abs(float64(v))))
			}
		}
		scale /= math.MaxInt16
		b = binary.LittleEndian.AppendUint16(b, uint16(len(f.Trees)))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f.Bias))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
		for i := range f.Trees {
			t := &f.Trees[i]
			for d := range treeDepth {
				b = binary.LittleEndian.AppendUint16(b, t.Features[d])
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(t.Thresholds[d]))
			}
			for _, v := range t.Leaves {
				q := int16(0)
				if scale > 0 {
					q = int16(math.Round(float64(v / scale)))
				}
				b = binary.LittleEndian.AppendUint16(b, uint16(q))
			}
		}
	}
	terms := m.Lexicon.terms()
	if len(terms) > math.MaxUint16 {
		return nil, fmt.Errorf("model has %d terms, at most %d fit", len(terms), math.MaxUint16)
	}
	slices.SortFunc(terms, func(a, b Term) int { return cmp.Compare(a.Key, b.Key) })
	b = binary.LittleEndian.AppendUint16(b, uint16(len(terms)))
	for _, t := range terms {
		b = append(binary.LittleEndian.AppendUint32(b, t.Key), byte(t.Value))
	}
	return b, nil
}

// ReadModel reads a model file. It fails where the file is malformed or was
// trained with other features than this version computes.
func ReadModel(b []byte) (*Model, error) {
	r := modelReader{b: b}
	if string(r.take(len(modelMark))) != modelMark {
		return nil, errModel
	}
	if first, second := r.u16(), r.u16(); first != featureCount || second != secondCount {
		return nil, fmt.Errorf("model for %d and %d features, this version computes %d and %d", first, second, featureCount, secondCount)
	}
	m := &Model{}
	r.forest(&m.First, featureCount)
	r.forest(&m.Second, secondCount)
	terms := make([]Term, 0, len(r.b)/5)
	for range r.u16() {
		terms = append(terms, Term{r.u32(), int8(r.take(1)[0])})
	}
	m.Lexicon = NewLexicon(terms)
	if r.failed || len(r.b) != 0 {
		return nil, errModel
	}
	return m, nil
}

type modelReader struct {
	b      []byte
	failed bool
}

func (r *modelReader) take(n int) []byte {
	if r.failed || len(r.b) < n {
		r.failed = true
		return make([]byte, n)
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *modelReader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }

func (r *modelReader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

func (r *modelReader) f32() float32 { return math.Float32frombits(r.u32()) }

func (r *modelReader) forest(f *Forest, features uint16) {
	n := int(r.u16())
	f.Bias = r.f32()
	scale := r.f32()
	if n > maxTrees {
		r.failed = true
	}
	if r.failed {
		return
	}
	f.Trees = make([]Tree, n)
	for i := range f.Trees {
		t := &f.Trees[i]
		for d := range treeDepth {
			t.Features[d] = r.u16()
			t.Thresholds[d] = r.f32()
			if t.Features[d] >= features {
				r.failed = true
				return
			}
		}
		for k := range t.Leaves {
			t.Leaves[k] = float32(int16(r.u16())) * scale
		}
	}
}
