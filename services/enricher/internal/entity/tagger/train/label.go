package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// sureEnough is the confidence from which a name found counts as a name; other
// words with capitals remain open.
const sureEnough = 0.8

// label tags free texts, lines {"lang", "text"}, with the built-in model and writes
// them as training data: even where names are missed, they teach the model the
// ordinary words of languages for which there is no annotated text.
func label(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return fmt.Errorf("opening texts: %w", err)
	}
	defer f.Close()
	to, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("creating the data: %w", err)
	}
	defer to.Close()
	w := bufio.NewWriter(to)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for n := 0; lines.Scan(); n++ {
		var text struct{ Lang, Text string }
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			return fmt.Errorf("reading %s: %w", in, err)
		}
		for _, r := range labelled(text.Text, text.Lang, fmt.Sprint(n)) {
			line, err := json.Marshal(r)
			if err != nil {
				return fmt.Errorf("encoding a sentence: %w", err)
			}
			w.Write(append(line, '\n'))
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", in, err)
	}
	return w.Flush()
}

// names of the tags, by number.
var names = [...]string{"O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"}

func labelled(text, lang, doc string) []row {
	d, _ := tagger.Read(text, lang)
	tags := make([]string, len(d.Tokens))
	for i, t := range d.Tokens {
		if tags[i] = "O"; hasUpper(t.Text) {
			tags[i] = "?"
		}
	}
	for _, first := range d.Starts {
		if d.Class(first)&lexicon.Stop != 0 {
			tags[first] = "O"
		}
	}
	for _, s := range tagger.Tag(d) {
		if s.Confidence < sureEnough || !hasUpper(d.Tokens[s.First].Text) || !hasUpper(d.Tokens[s.Last-1].Text) {
			continue
		}
		for i := s.First; i < s.Last; i++ {
			tags[i] = names[2*int(s.Kind)]
		}
		tags[s.First] = names[2*int(s.Kind)-1]
	}
	var rows []row
	for s, lo := range d.Starts {
		r := row{Doc: doc, Lang: lang}
		for i := lo; i < d.End(s); i++ {
			r.Tokens, r.Tags = append(r.Tokens, d.Tokens[i].Text), append(r.Tags, tags[i])
		}
		rows = append(rows, r)
	}
	return rows
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }
