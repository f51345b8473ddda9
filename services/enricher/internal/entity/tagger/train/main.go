// Command train makes the tagger's model from annotated sentences, or measures a
// model on them:
//
//	go run ./services/enricher/internal/entity/tagger/train -data DIR -out FILE
//	go run ./services/enricher/internal/entity/tagger/train -eval FILE
//
// DIR holds *.jsonl or *.jsonl.gz, one sentence a line, in the order of the text:
//
//	{"doc": "…", "lang": "hr", "tokens": ["…"], "tags": ["B-PER", "I-PER", "O"]}
//
// The kinds are PER, ORG and LOC; "?" is a tag that is not known. The sentences of
// the folder templates are added. DIR/texts/*.jsonl may hold free texts, {"lang",
// "text"} a line: a first model labels those in languages with annotated text, and
// the model is trained anew on all.
// Only data whose licence lets it shape a model that is passed on may be in DIR;
// NOTICE names what the shipped model was made of. The same data, flags and kind of
// processor give the same model, whose checksum is printed.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

func main() {
	var o options
	data := flag.String("data", "", "folder of annotated sentences to train on")
	out := flag.String("out", "", "write the model to this file")
	evaluate := flag.String("eval", "", "measure the built-in model, or the one trained just now, on this file")
	skip := flag.String("skip", "", "leave out these languages, comma-separated (to see how the model fares in a new one)")
	flag.IntVar(&o.epochs, "epochs", 8, "passes over the data")
	flag.IntVar(&o.runs, "runs", 3, "fits by chance of which the weights are averaged")
	flag.IntVar(&o.averaged, "averaged", 5, "last passes in which the weights are averaged")
	flag.Float64Var(&o.rate, "rate", 0.08, "step size of AdaGrad")
	flag.Float64Var(&o.drop, "drop", 0.4, "share of word features dropped in training")
	flag.Float64Var(&o.strange, "strange", 0.2, "share of sentences that are read as in a strange language")
	flag.Float64Var(&o.shrink, "shrink", 2e-6, "L2 penalty a step")
	flag.IntVar(&o.least, "least", 3, "sightings that a feature needs")
	flag.IntVar(&o.buckets, "buckets", 92_000, "number of buckets of 64 bytes")
	flag.IntVar(&o.mistakes, "mistakes", 0, "with -eval, print the mistakes among about so many names of each source")
	flag.Parse()
	o.skip = strings.Split(*skip, ",")
	if err := run(*data, *out, *evaluate, o); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

type options struct {
	epochs, runs, averaged, least, buckets int
	rate, drop                             float64
	strange, shrink                        float64
	skip                                   []string
	mistakes                               int
}

func run(data, out, evaluate string, o options) error {
	if data == "" && evaluate == "" {
		return fmt.Errorf("nothing to do: give -data or -eval")
	}
	tag := tagger.Tag
	if data != "" {
		model, err := build(data, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "model: %d bytes, SHA-256 %x\n", len(model), sha256.Sum256(model))
		if out != "" {
			if err := os.WriteFile(out, model, 0o644); err != nil {
				return fmt.Errorf("writing the model: %w", err)
			}
		}
		if tag, err = tagger.With(model); err != nil {
			return err
		}
	}
	if evaluate == "" {
		return nil
	}
	docs, err := readFile(evaluate)
	if err != nil {
		return err
	}
	report(docs, tag, o.mistakes)
	return nil
}

// build trains the model, twice where there are free texts: the first one labels
// them for the second.
func build(data string, o options) ([]byte, error) {
	docs, err := readFolder(data, o.skip)
	if err != nil {
		return nil, err
	}
	texts, err := readTexts(filepath.Join(data, "texts"))
	if err != nil {
		return nil, err
	}
	if len(texts) > 0 {
		first := o
		first.epochs, first.runs = min(o.epochs, firstEpochs), 1
		tag, err := tagger.With(tagger.Encode(train(docs, first), o.buckets))
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			if a, ok := labelled(t, tag); ok && !slices.Contains(o.skip, t.Lang) {
				docs = append(docs, a)
			}
		}
	}
	return tagger.Encode(train(docs, o), o.buckets), nil
}

// firstEpochs are enough for the model that labels the free texts.
const firstEpochs = 3
