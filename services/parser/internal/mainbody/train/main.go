// Command train fits the classifier of package mainbody on pages with known
// text, and writes the model file that the package embeds.
//
//	go run ./parser/internal/mainbody/train -data DIR [-out model.bin] [-pred predictions.jsonl]
//
// DIR holds truth.jsonl, one page a line: id, set, site, html (path of the
// gzipped page below DIR), and body (paragraphs parted by empty lines) or with
// and without (phrases that are and are not in the body). Pages are cross-
// validated by site; -pred writes the bodies predicted for each page by models
// that have seen no page of its site. Sets named by -exclude train nothing.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run() error {
	data := flag.String("data", "", "folder of truth.jsonl")
	out := flag.String("out", "", "model file to write")
	pred := flag.String("pred", "", "file for cross-validated predictions, JSON lines")
	exclude := flag.String("exclude", "daniel", "comma-separated sets that are only predicted")
	ceiling := flag.Bool("ceiling", false, "predict from the labels themselves: what a perfect choice of blocks would reach")
	folds := flag.Int("folds", 5, "folds of the cross-validation")
	var opts options
	flag.IntVar(&opts.firstTrees, "first", 160, "trees of the first stage")
	flag.IntVar(&opts.secondTrees, "second", 200, "trees of each forest of the second stage")
	flag.Float64Var(&opts.firstRate, "rate", 0.12, "learning rate of the first stage")
	flag.Float64Var(&opts.secondRate, "rate2", 0.08, "learning rate of the second stage")
	flag.Float64Var(&opts.weak, "weak", 0.7, "weight of phrases where no more is known of a page")
	flag.Float64Var(&opts.supposed, "supposed", 0.2, "weight of the other blocks of such a page, labelled by the first stage")
	flag.Float64Var(&opts.contradicted, "contradicted", 0.3, "weight of labels that the first stage contradicts")
	flag.Uint64Var(&opts.seed, "seed", 1, "seed of the random choices")
	flag.IntVar(&opts.bag, "bag", 4, "forests of the second stage, of which the mean is taken")
	flag.Parse()
	if *data == "" {
		return fmt.Errorf("-data is missing")
	}
	pages, err := load(*data, strings.Split(*exclude, ","), *folds)
	if err != nil {
		return err
	}
	report(pages)
	if *ceiling {
		for _, p := range pages {
			p.scores = make([]float32, len(p.labels))
			for i, l := range p.labels {
				p.scores[i] = l.target
			}
		}
		return writePredictions(*pred, pages)
	}
	start := time.Now()
	v := &validation{pages: pages, folds: *folds, opts: opts}
	v.firstStage()
	fmt.Fprintf(os.Stderr, "first stage %v\n", time.Since(start).Round(time.Second))
	if *pred != "" {
		v.secondStage()
		if err := writePredictions(*pred, pages); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "second stage %v\n", time.Since(start).Round(time.Second))
	}
	if *out == "" {
		return nil
	}
	b, err := v.final().AppendBinary(nil)
	if err != nil {
		return err
	}
	if _, err := mainbody.ReadModel(b); err != nil {
		return fmt.Errorf("check the model: %w", err)
	}
	return os.WriteFile(*out, b, 0o644)
}

func report(pages []*page) {
	blocks, used := 0, 0
	for _, p := range pages {
		blocks += p.in.Blocks()
		if p.trains {
			used++
		}
	}
	fmt.Fprintf(os.Stderr, "%d pages, %d for training, %d blocks\n", len(pages), used, blocks)
}

func writePredictions(path string, pages []*page) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	for _, p := range pages {
		row := struct {
			ID   string `json:"id"`
			Body string `json:"body"`
		}{p.ID, p.in.Body(p.scores).Text()}
		if err := enc.Encode(row); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	return nil
}
