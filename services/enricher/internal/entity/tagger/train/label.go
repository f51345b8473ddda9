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

// labelled tags a free text in a language that has annotated text, as further data:
// even where names are missed, it teaches the model more of the language's ordinary
// words. In another language the first model's errors would be learnt for good.
func labelled(t text, tag func(*tagger.Document) []tagger.Span) (a annotated, ok bool) {
	d, _ := tagger.Read(&story.Story{Text: t.Text, Lang: t.Lang})
	if !d.Annotated() {
		return annotated{}, false
	}
	open := func(i int) bool { return hasUpper(d.Tokens[i].Text) || d.ByCharacter(i) }
	tags := make([]int, len(d.Tokens))
	for i := range d.Tokens {
		if open(i) {
			tags[i] = unknown
		}
	}
	for _, first := range d.Starts {
		if d.Class(first)&lexicon.Stop != 0 {
			tags[first] = 0
		}
	}
	for _, s := range tag(d) {
		if s.Confidence < sureEnough || !open(s.First) || !open(s.Last-1) {
			continue
		}
		for i := s.First; i < s.Last; i++ {
			tags[i] = 2 * int(s.Kind)
		}
		tags[s.First]--
	}
	return annotated{source: "texts", doc: d, tags: tags}, true
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }
