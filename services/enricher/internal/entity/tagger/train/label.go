package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// text is a free text, without annotation.
type text struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// readTexts reads the free texts of a folder, which need not be there.
func readTexts(dir string) ([]text, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("listing the texts: %w", err)
	}
	slices.Sort(paths)
	var texts []text
	for _, path := range paths {
		if texts, err = appendTexts(texts, path); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func appendTexts(texts []text, path string) ([]text, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening texts: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var t text
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		texts = append(texts, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return texts, nil
}

// sureEnough is the confidence from which a name found counts as a name; other
// words with capitals remain open.
const sureEnough = 0.8

// labelled tags a free text as further data: even where names are missed, it
// teaches the model the ordinary words of languages for which there is no annotated
// text.
func labelled(t text, tag func(*tagger.Document) []tagger.Span) annotated {
	d, _ := tagger.Read(&story.Story{Text: t.Text, Lang: t.Lang})
	tags := make([]int, len(d.Tokens))
	for i := range d.Tokens {
		if hasUpper(d.Tokens[i].Text) {
			tags[i] = unknown
		}
	}
	for _, first := range d.Starts {
		if d.Class(first)&lexicon.Stop != 0 {
			tags[first] = 0
		}
	}
	for _, s := range tag(d) {
		if s.Confidence < sureEnough || !hasUpper(d.Tokens[s.First].Text) || !hasUpper(d.Tokens[s.Last-1].Text) {
			continue
		}
		for i := s.First; i < s.Last; i++ {
			tags[i] = 2 * int(s.Kind)
		}
		tags[s.First]--
	}
	return annotated{source: "texts", doc: d, tags: tags}
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }
