// Command train makes the topic model from SIB-200 (Adelani et al. 2024, "SIB-200:
// A Simple, Inclusive, and Big Evaluation Dataset for Topic Classification in 200+
// Languages and Dialects"), JSON lines with key, lang, text and topic, and can
// judge it by cross-validation. Translations of one sentence have one key and are
// never parted between training and test.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/model"
)

// row is one sentence.
type row struct {
	key, lang string
	class     int
	features  *model.Features
}

// classes maps the labels of SIB-200 to the model's. Travel becomes lifestyle and
// leisure (medtop:10000000), geography no topic at all; the others are top-level
// Media Topics.
var classes = map[string]string{
	"science/technology": "science", "travel": "travel", "politics": "politics", "sports": "sport",
	"health": "health", "entertainment": "arts", "geography": "geography",
}

func main() {
	data := flag.String("data", "", "the sentences, JSON lines")
	out := flag.String("out", "", "where to write the model")
	folds := flag.Int("folds", 0, "cross-validate in this many parts")
	s := settings{seed: 1}
	flag.IntVar(&s.epochs, "epochs", 30, "passes over the sentences")
	flag.Float64Var(&s.rate, "rate", 0.7, "learning rate")
	flag.Float64Var(&s.decay, "decay", 1e-5, "quadratic penalty")
	flag.Float64Var(&s.sharp, "sharp", 3, "rate of the lexicon's weights, relative")
	flag.Float64Var(&s.drop, "drop", 0.5, "share of hashed features left out of each step")
	flag.Parse()
	if err := run(*data, *out, *folds, s); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out string, folds int, s settings) error {
	rows, err := read(data)
	if err != nil {
		return err
	}
	if folds > 1 {
		validate(rows, folds, s)
	}
	if out == "" {
		return nil
	}
	if err := os.WriteFile(out, model.Encode(fit(rows, s).weights()), 0o600); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	return nil
}

func read(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the sentences: %w", err)
	}
	defer f.Close()
	var rows []row
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var in struct{ Key, Lang, Text, Topic string }
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			return nil, fmt.Errorf("reading sentence %d: %w", len(rows)+1, err)
		}
		class := slices.Index(model.Classes[:], classes[in.Topic])
		if class < 0 {
			return nil, fmt.Errorf("sentence %d has the unknown topic %q", len(rows)+1, in.Topic)
		}
		r := row{key: in.Key, lang: in.Lang, class: class, features: &model.Features{}}
		if err := r.features.Read(in.Text, in.Lang, 1); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}

// fold puts a key into one of n parts.
func fold(key string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32()>>8) % n
}

// tally counts the right answers of a language.
type tally struct {
	n, right, stems int
	// hit, said and is count right answers, answers and truths by class, for F1.
	hit, said, is [model.Size]int
	// reach counts answers of at least one half, surest the right ones of them.
	reach, surest int
}

// validate prints accuracy, macro F1 and the accuracy of sure answers by language.
func validate(rows []row, folds int, s settings) {
	by := map[string]*tally{}
	for k := range folds {
		var train []row
		for _, r := range rows {
			if fold(r.key, folds) != k {
				train = append(train, r)
			}
		}
		w := fit(train, s).weights()
		for _, r := range rows {
			if fold(r.key, folds) != k {
				continue
			}
			for _, name := range []string{r.lang, "~all"} {
				if by[name] == nil {
					by[name] = &tally{}
				}
				by[name].add(r, w.Posterior(r.features))
			}
		}
	}
	var langs []string
	for lang := range by {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	fmt.Println("language  accuracy  macro-F1  stems  sure: share, accuracy")
	for _, lang := range langs {
		t := by[lang]
		fmt.Printf("%-8s  %.3f     %.3f     %.1f    %.2f %.3f\n", lang, float64(t.right)/float64(t.n), t.f1(),
			float64(t.stems)/float64(t.n), float64(t.reach)/float64(t.n), float64(t.surest)/float64(max(1, t.reach)))
	}
	for c, name := range model.Classes {
		t := by["~all"]
		fmt.Printf("%-10s F1 %.3f\n", name, 2*float64(t.hit[c])/float64(max(1, t.said[c]+t.is[c])))
	}
	fmt.Println("languages with stems:", lexicon.Languages())
}

func (t *tally) add(r row, p [model.Size]float64) {
	best := 0
	for c, v := range p {
		if v > p[best] {
			best = c
		}
	}
	t.n++
	t.stems += r.features.Stems
	t.said[best]++
	t.is[r.class]++
	right := 0
	if best == r.class {
		right = 1
		t.hit[best]++
	}
	t.right += right
	if p[best] >= 0.5 {
		t.reach++
		t.surest += right
	}
}

func (t *tally) f1() float64 {
	sum := 0.0
	for c := range t.is {
		sum += 2 * float64(t.hit[c]) / float64(max(1, t.said[c]+t.is[c]))
	}
	return sum / float64(model.Size)
}
