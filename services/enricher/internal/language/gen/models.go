package main

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"

	"github.com/pemistahl/lingua-go/serialization"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// fullOrder is the longest n-gram that the table has in full: lingua uses no
// longer ones from 120 letters on.
const fullOrder = 3

// orderNames are the names of lingua's model files by n-gram length.
var orderNames = [ngram.MaxOrder]string{"unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"}

// key is an n-gram, padded with zeros.
type key [ngram.MaxOrder]rune

func keyOf(s string) (k key, n int) {
	for _, r := range s {
		k[n] = r
		n++
	}
	return k, n
}

type models struct {
	header ngram.Header
	// postings are those of the n-grams that the table shall have.
	postings [ngram.MaxOrder]map[key][]ngram.Posting
	// weights tell, for the n-grams longer than fullOrder, the expected size
	// of their contribution to a score, per n-gram of running text, summed
	// over the languages.
	weights [ngram.MaxOrder]map[key]float64
}

func newModels(h ngram.Header) *models {
	m := &models{header: h}
	for n := range ngram.MaxOrder {
		m.postings[n] = make(map[key][]ngram.Posting)
		m.weights[n] = make(map[key]float64)
	}
	return m
}

// read takes in the models of all languages twice: first to weigh the n-grams
// longer than fullOrder, then to gather the given number of them. All of them
// at once would take gigabytes.
func (m *models) read(dir string, long int) error {
	for i, l := range m.header.Languages {
		joint := map[key]float64{{}: 1}
		err := eachModel(dir, l, 0, func(n int, model *serialization.SerializableLanguageModel) (err error) {
			joint, err = m.add(uint8(i), n, model, joint)
			return err
		})
		if err != nil {
			return err
		}
	}
	m.choose(long)
	for i, l := range m.header.Languages {
		err := eachModel(dir, l, fullOrder, func(n int, model *serialization.SerializableLanguageModel) error {
			return m.gather(uint8(i), n, model)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachModel calls use for the models of a language from n-grams of first+1
// letters on. A language alone in its script has single letters only.
func eachModel(dir string, l ngram.Language, first int,
	use func(n int, model *serialization.SerializableLanguageModel) error,
) error {
	for n := first; n < ngram.MaxOrder; n++ {
		model, err := readModel(filepath.Join(dir, "language-models", l.Code, orderNames[n]+".pb.bin.zip"))
		if errors.Is(err, fs.ErrNotExist) && n > 0 {
			continue
		}
		if err == nil {
			err = use(n, model)
		}
		if err != nil {
			return fmt.Errorf("%s, %s: %w", l.Name, orderNames[n], err)
		}
	}
	return nil
}

func readModel(file string) (*serialization.SerializableLanguageModel, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("open the model: %w", err)
	}
	defer z.Close()
	if len(z.File) != 1 {
		return nil, fmt.Errorf("%s holds %d files, want 1", file, len(z.File))
	}
	r, err := z.File[0].Open()
	if err != nil {
		return nil, fmt.Errorf("open the model: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack the model: %w", err)
	}
	var model serialization.SerializableLanguageModel
	if err := proto.Unmarshal(b, &model); err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	return &model, nil
}

// eachGram calls use for the n-grams of a model with the probability of the
// last letter after the others.
func eachGram(n int, model *serialization.SerializableLanguageModel, use func(k key, p float64)) error {
	for _, set := range model.GetNgramSets() {
		p := set.GetProbability()
		if !(p > 0 && p <= 1) {
			return fmt.Errorf("probability %v", p)
		}
		for _, s := range set.GetNgrams() {
			k, length := keyOf(s)
			if length != n+1 {
				return fmt.Errorf("%q has %d letters, want %d", s, length, n+1)
			}
			use(k, p)
		}
	}
	return nil
}

// add takes in one model. joint holds the probabilities of the n-grams that
// are one letter shorter; those of the n-grams of this model are returned.
func (m *models) add(language uint8, n int, model *serialization.SerializableLanguageModel,
	joint map[key]float64,
) (map[key]float64, error) {
	next := make(map[key]float64, model.GetTotalNgrams())
	err := eachGram(n, model, func(k key, p float64) {
		parent := k
		parent[n] = 0
		next[k] = joint[parent] * p
		if n < fullOrder {
			m.put(language, n, k, p)
		} else {
			m.weights[n][k] -= next[k] * math.Log(p)
		}
	})
	return next, err
}

// gather takes in the chosen n-grams of one model.
func (m *models) gather(language uint8, n int, model *serialization.SerializableLanguageModel) error {
	return eachGram(n, model, func(k key, p float64) {
		if _, chosen := m.postings[n][k]; chosen {
			m.put(language, n, k, p)
		}
	})
}

func (m *models) put(language uint8, n int, k key, p float64) {
	m.postings[n][k] = append(m.postings[n][k], ngram.Posting{Language: language, Cost: ngram.Cost(p)})
}

// choose opens the postings of the given number of long n-grams with the
// greatest weight. Each gets all its languages, so that no language gains or
// loses by the cut.
func (m *models) choose(long int) {
	type weighed struct {
		key
		n      int
		weight float64
	}
	var all []weighed
	for n := fullOrder; n < ngram.MaxOrder; n++ {
		for k, w := range m.weights[n] {
			all = append(all, weighed{k, n, w})
		}
		m.weights[n] = nil
	}
	slices.SortFunc(all, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), slices.Compare(a.key[:], b.key[:]))
	})
	for _, w := range all[:min(long, len(all))] {
		m.postings[w.n][w.key] = nil
	}
}

// builder lays the table out. A long n-gram whose prefix was not chosen is
// linked by an entry without languages.
func (m *models) builder() *ngram.Builder {
	b := &ngram.Builder{Header: m.header, Shift: [ngram.MaxOrder]uint8{3: 7, 4: 7}}
	for n := ngram.MaxOrder - 1; n >= 0; n-- {
		for k, postings := range m.postings[n] {
			b.Orders[n] = append(b.Orders[n], ngram.Entry{Letters: slices.Clone(k[:n+1]), Postings: postings})
			if n == 0 {
				continue
			}
			k[n] = 0
			if _, ok := m.postings[n-1][k]; !ok {
				m.postings[n-1][k] = nil
			}
		}
	}
	return b
}
