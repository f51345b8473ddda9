// Package tagger marks the names of people, organisations and places in tokens:
// a linear-chain conditional random field (Lafferty, McCallum and Pereira, ICML
// 2001) over hashed features, one model for all languages.
//
// Many features know no words: shapes, word classes, the gazetteer, how the rest
// of the document prints the word. Training drops word features at random, so
// that the model is of use in languages that it was not trained on.
//
// The model is read where it lies in the program's image; see model.go. It is
// written by the command in train.
package tagger

import (
	"math"
	"sync"
)

// Kind is what a name names.
type Kind uint8

// The kinds.
const (
	Person Kind = 1 + iota
	Organisation
	Place
)

// The tags: outside, and beginning and inside of each kind.
const (
	outside = 0
	// Tags is the number of tags.
	Tags = 7
)

func inside(k Kind) int    { return int(k) * 2 }
func kindOfTag(t int) Kind { return Kind((t + 1) / 2) }
func begins(t int) bool    { return t%2 == 1 }

// Span is a name in tokens [First, Last).
type Span struct {
	First, Last int
	Kind        Kind
	// Confidence is the least probability of one of its tags, 0 to 1.
	Confidence float64
}

// Tag marks the names in d, in order.
func Tag(d *Document) []Span {
	if m, err := load(); err == nil {
		return m.tag(d)
	}
	return nil
}

func (m *model) tag(d *Document) []Span {
	w := workers.Get().(*worker)
	defer workers.Put(w)
	var spans []Span
	for s := range d.Starts {
		lo, hi := d.Starts[s], d.End(s)
		d.Windows(lo, hi, func(first, last int) { spans = w.window(m, d, lo, hi, first, last, spans) })
	}
	return spans
}

// maxWindow bounds the tokens that are decoded at once.
const maxWindow = 400

// Around a token that may be in a name, so many others are read: particles before
// it, the small words of a body's name behind it. What is further off is no name.
const (
	windowBefore = 2
	windowBehind = 3
)

// Windows calls use with the parts of the sentence [lo, hi) that may hold names,
// in order.
func (d *Document) Windows(lo, hi int, use func(first, last int)) {
	first, last := lo, lo
	for i := lo; i < hi; i++ {
		if !d.Tokens[i].shape.mayName() {
			continue
		}
		if i-windowBefore > last || i-first >= maxWindow {
			if last > first {
				use(first, last)
			}
			first = max(i-windowBefore, last)
		}
		last = min(i+1+windowBehind, hi)
	}
	if last > first {
		use(first, last)
	}
}

// mayName tells whether a token of the shape may be in a name by itself.
func (s shape) mayName() bool { return s.big() || s == han || s == uncased || s == alphanumeric }

// worker holds buffers between sentences.
type worker struct {
	keys     []uint64
	scores   [][Tags]float32
	back     [][Tags]uint8
	forward  [][Tags]float32
	backward [][Tags]float32
	tags     []int
}

var workers = sync.Pool{New: func() any { return new(worker) }}

// window decodes the tokens [first, last) of the sentence [lo, hi).
func (w *worker) window(m *model, d *Document, lo, hi, first, last int, spans []Span) []Span {
	n := last - first
	w.reserve(n)
	for i := range n {
		var lexical int
		w.keys, lexical = d.Features(first+i, lo, hi, w.keys[:0])
		if d.own {
			w.scores[i] = m.score(w.keys)
			continue
		}
		w.scores[i] = m.score(w.keys[lexical:])
		for t, v := range m.score(w.keys[:lexical]) {
			w.scores[i][t] += foreign * v
		}
	}
	if !w.viterbi(m, d, first, n) {
		return spans
	}
	w.marginals(m, d, first, n)
	for i := 0; i < n; i++ {
		t := w.tags[i]
		if !begins(t) {
			continue
		}
		span := Span{First: first + i, Kind: kindOfTag(t), Confidence: w.sure(i)}
		for i+1 < n && w.tags[i+1] == inside(span.Kind) {
			i++
			span.Confidence = min(span.Confidence, w.sure(i))
		}
		span.Last = first + i + 1
		spans = append(spans, span)
	}
	return spans
}

func (w *worker) reserve(n int) {
	if cap(w.scores) < n {
		size := max(n, 64)
		w.scores, w.back = make([][Tags]float32, size), make([][Tags]uint8, size)
		w.forward, w.backward = make([][Tags]float32, size), make([][Tags]float32, size)
		w.tags = make([]int, size)
	}
	w.scores, w.back, w.forward, w.backward, w.tags = w.scores[:n], w.back[:n], w.forward[:n], w.backward[:n], w.tags[:n]
}

// foreign is how much the word features count in a language without annotated text:
// they were learnt from other languages' words.
const foreign = 0.6

// never is the score of what cannot be.
const never = -1e6

// legal tells whether tag b may follow tag a.
func legal(a, b int) bool {
	return b == outside || begins(b) || a != outside && kindOfTag(a) == kindOfTag(b)
}

// viterbi finds the best row of tags, and tells whether a name is in it.
func (w *worker) viterbi(m *model, d *Document, lo, n int) (named bool) {
	var best [Tags]float32
	for i := range n {
		var next [Tags]float32
		step := &m.steps[d.Tokens[lo+i].shape]
		for b := range Tags {
			top, from := float32(never), 0
			if i == 0 {
				if legal(outside, b) {
					top = step[outside][b]
				}
			} else {
				for a := range Tags {
					if s := best[a] + step[a][b]; s > top && legal(a, b) {
						top, from = s, a
					}
				}
			}
			next[b], w.back[i][b] = top+w.scores[i][b], uint8(from)
		}
		best = next
	}
	t := 0
	for b := range Tags {
		if best[b] > best[t] {
			t = b
		}
	}
	for i := n - 1; i >= 0; i-- {
		w.tags[i] = t
		named = named || t != outside
		t = int(w.back[i][t])
	}
	return named
}

// marginals fills forward and backward with probabilities scaled at each token.
func (w *worker) marginals(m *model, d *Document, lo, n int) {
	for i := range n {
		w.scores[i] = exp(w.scores[i])
	}
	for i := range n {
		step := &m.factors[d.Tokens[lo+i].shape]
		var row [Tags]float32
		for b := range Tags {
			if i == 0 {
				row[b] = step[outside][b] * w.scores[i][b]
				continue
			}
			sum := float32(0)
			for a := range Tags {
				sum += w.forward[i-1][a] * step[a][b]
			}
			row[b] = sum * w.scores[i][b]
		}
		w.forward[i] = normal(row)
	}
	for b := range Tags {
		w.backward[n-1][b] = 1
	}
	for i := n - 2; i >= 0; i-- {
		step := &m.factors[d.Tokens[lo+i+1].shape]
		var row [Tags]float32
		for a := range Tags {
			for b := range Tags {
				row[a] += step[a][b] * w.scores[i+1][b] * w.backward[i+1][b]
			}
		}
		w.backward[i] = normal(row)
	}
}

// exp is the exponential of the scores, less their maximum.
func exp(s [Tags]float32) [Tags]float32 {
	top := s[0]
	for _, v := range s {
		top = max(top, v)
	}
	for b := range s {
		s[b] = float32(math.Exp(float64(s[b] - top)))
	}
	return s
}

func normal(row [Tags]float32) [Tags]float32 {
	sum := float32(1e-30)
	for _, v := range row {
		sum += v
	}
	for b := range row {
		row[b] /= sum
	}
	return row
}

// sure is the probability of token i's tag.
func (w *worker) sure(i int) float64 {
	sum := float32(1e-30)
	for b := range Tags {
		sum += w.forward[i][b] * w.backward[i][b]
	}
	t := w.tags[i]
	return float64(w.forward[i][t] * w.backward[i][t] / sum)
}
