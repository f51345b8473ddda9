// Command convert turns annotated texts as their authors publish them into the
// lines that the tagger's training reads:
//
//	go run ./services/enricher/internal/entity/tagger/convert -format uner -lang pt -batch 30 pt_bosque-ud-train.iob2 > pt.jsonl
//
// Formats: uner (Universal NER's .iob2), norne (.conllu with the name in the last
// column), nerkor (.conllup), germeval (.tsv), ronec (.json). Documents are the
// files (-batch 0), runs of so many sentences (-batch 20), or what the sentences'
// ids say (-batch -1). docs/training.md lists what the shipped model was made of.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// row is one sentence, as the command train describes it.
type row struct {
	Doc    string   `json:"doc"`
	Lang   string   `json:"lang"`
	Tokens []string `json:"tokens"`
	Tags   []string `json:"tags"`
}

// kinds maps the annotators' kinds to those of the tagger; others are no names.
var kinds = map[string]string{
	"PER": "PER", "PERSON": "PER", "ORG": "ORG", "GPE_ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "GPE_LOC": "LOC", "FACILITY": "LOC",
}

type options struct {
	format, lang string
	batch, limit int
}

func main() {
	var o options
	flag.StringVar(&o.format, "format", "uner", "uner, norne, nerkor, germeval or ronec")
	flag.StringVar(&o.lang, "lang", "", "ISO 639-1 code of the texts' language")
	flag.IntVar(&o.batch, "batch", 0, "sentences a document; 0: a file is one, -1: by the sentences' ids")
	flag.IntVar(&o.limit, "limit", 0, "at most so many sentences; 0: all")
	flag.Parse()
	if err := run(os.Stdout, flag.Args(), o); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, paths []string, o options) error {
	read, ok := readers[o.format]
	if !ok || o.lang == "" || len(paths) == 0 {
		return fmt.Errorf("give a known -format, the -lang and the files; format %q, language %q, %d files", o.format, o.lang, len(paths))
	}
	written := json.NewEncoder(out)
	written.SetEscapeHTML(false)
	n := 0
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading annotations: %w", err)
		}
		sentences, err := read(string(raw))
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		for i, s := range sentences {
			if n == o.limit && o.limit > 0 {
				return nil
			}
			n++
			r := row{Doc: name, Lang: o.lang, Tokens: s.tokens, Tags: consistent(s.tags)}
			switch {
			case o.batch > 0:
				r.Doc = fmt.Sprintf("%s-%04d", name, i/o.batch)
			case o.batch < 0:
				r.Doc = document(s.id)
			}
			if err := written.Encode(r); err != nil {
				return fmt.Errorf("writing: %w", err)
			}
		}
	}
	return nil
}

// document is what a sentence's id says before the sentence's number.
func document(id string) string {
	id = strings.TrimRight(id, "0123456789")
	id = strings.TrimSuffix(id, "s")
	return strings.TrimRight(id, "-.")
}

// consistent maps the kinds and has every name begin with B.
func consistent(tags []string) []string {
	out := make([]string, len(tags))
	last := ""
	for i, tag := range tags {
		where, kind, _ := strings.Cut(tag, "-")
		kind = kinds[kind]
		switch {
		case kind == "":
			out[i] = "O"
		case where == "I" && last == kind:
			out[i] = "I-" + kind
		default:
			out[i] = "B-" + kind
		}
		last = kind
	}
	return out
}
