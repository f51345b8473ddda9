// Package model judges the topic of a text by a linear model over hashed words,
// pairs of words and letter sequences, and over the stems of the lexicon. It is
// one model for all languages: languages of one script share the letters of
// international words, and all share the lexicon.
package model

import (
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"math"

	"github.com/dateline-news/dateline/services/enricher/internal/sealed"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/concept"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/lexicon"
)

// Classes are what the model tells apart, as subjects of the lexicon: those of
// SIB-200 (Adelani et al. 2024), on which it is trained.
var Classes = [...]string{"science", "travel", "politics", "sport", "health", "arts", "geography"}

// Size is the number of classes.
const Size = len(Classes)

// packed is the model; Encode describes its layout.
//
//go:embed model.bin
var packed []byte

const magic = "DLTOP002"

// Weights are the model: a bias, the weights of the subjects' shares, and those
// of the hashed features, quantised in steps of Scale.
type Weights struct {
	Bias   [Size]float32
	Dense  [DenseSize][Size]float32
	Scale  float32
	Hashed []byte
}

// errModel tells that the embedded model is not what Encode writes.
var errModel = errors.New("the topic model is damaged")

var load = sealed.Lazy(packed, decode)

// Warm loads the model and tells if it is damaged; Posterior tells nothing then.
func Warm(context.Context) error {
	if _, err := load(); err != nil {
		return err
	}
	if err := concept.Warm(); err != nil {
		return err
	}
	return lexicon.Warm()
}

// Encode writes the magic, the CRC-32 of what follows, the scale, the bias, the
// dense weights, and one signed byte a bucket and class.
func Encode(w *Weights) []byte {
	le := binary.LittleEndian
	body := le.AppendUint32(nil, math.Float32bits(w.Scale))
	for _, b := range w.Bias {
		body = le.AppendUint32(body, math.Float32bits(b))
	}
	for _, row := range w.Dense {
		for _, v := range row {
			body = le.AppendUint32(body, math.Float32bits(v))
		}
	}
	return sealed.Seal(magic, append(body, w.Hashed...))
}

func decode(file []byte) (*Weights, error) {
	le := binary.LittleEndian
	const size = 4*(1+Size+DenseSize*Size) + Buckets*Size
	s, err := sealed.Open(magic, file)
	if err != nil || len(s) != size {
		return nil, errModel
	}
	next := func() float32 {
		v := math.Float32frombits(le.Uint32(s))
		s = s[4:]
		return v
	}
	w := &Weights{Scale: next()}
	for i := range w.Bias {
		w.Bias[i] = next()
	}
	for i := range w.Dense {
		for j := range w.Dense[i] {
			w.Dense[i][j] = next()
		}
	}
	w.Hashed = s
	return w, nil
}

// Posterior is the probability of each class; false if the model is damaged or
// the text has no words.
func Posterior(f *Features) (p [Size]float64, ok bool) {
	w, err := load()
	if err != nil || len(f.Hashed) == 0 {
		return p, false
	}
	return w.Posterior(f), true
}

// Posterior is the probability of each class under the weights.
func (w *Weights) Posterior(f *Features) [Size]float64 {
	var sums [Size]int32
	for _, b := range f.Hashed {
		row := w.Hashed[int(b)*Size : int(b)*Size+Size]
		for c, v := range row {
			sums[c] += int32(int8(v))
		}
	}
	dense := f.Dense()
	scale := float64(w.Scale) / math.Sqrt(float64(len(f.Hashed)))
	var z [Size]float64
	for c := range z {
		z[c] = float64(w.Bias[c]) + float64(sums[c])*scale
		for s, v := range dense {
			z[c] += v * float64(w.Dense[s][c])
		}
	}
	return Softmax(z)
}

// Softmax turns scores into probabilities.
func Softmax(z [Size]float64) [Size]float64 {
	highest := z[0]
	for _, v := range z {
		highest = max(highest, v)
	}
	sum := 0.0
	for c, v := range z {
		z[c] = math.Exp(v - highest)
		sum += z[c]
	}
	for c := range z {
		z[c] /= sum
	}
	return z
}
