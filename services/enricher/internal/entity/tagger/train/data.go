package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// row is one line of the data.
type row struct {
	Doc    string   `json:"doc"`
	Lang   string   `json:"lang"`
	Source string   `json:"source"`
	Tokens []string `json:"tokens"`
	Tags   []string `json:"tags"`
}

// annotated is a document with its true tags.
type annotated struct {
	source string
	doc    *tagger.Document
	tags   []int
}

// numbers of the tags, as the tagger counts them; "?" is one that is not known.
var numbers = map[string]int{"?": unknown, "O": 0, "B-PER": 1, "I-PER": 2, "B-ORG": 3, "I-ORG": 4, "B-LOC": 5, "I-LOC": 6}

// readFolder reads the training data and cleans it.
func readFolder(dir string, skip []string) ([]annotated, error) {
	var paths []string
	for _, pattern := range []string{"*.jsonl", "*.jsonl.gz"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, fmt.Errorf("listing the data: %w", err)
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	var docs []annotated
	for _, path := range paths {
		rows, err := readRows(path)
		if err != nil {
			return nil, err
		}
		rows = slices.DeleteFunc(rows, func(r row) bool { return slices.Contains(skip, r.Lang) })
		for i := range rows {
			rows[i].clean()
			if i%2 == 0 {
				rows[i].contract()
			}
		}
		docs = append(docs, documents(rows)...)
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("no sentences in %s", dir)
	}
	filled, err := filledTemplates()
	if err != nil {
		return nil, err
	}
	filled = slices.DeleteFunc(filled, func(r row) bool { return slices.Contains(skip, r.Lang) })
	return append(docs, documents(filled)...), nil
}

// readFile reads data to measure on, as it is.
func readFile(path string) ([]annotated, error) {
	rows, err := readRows(path)
	if err != nil {
		return nil, err
	}
	return documents(rows), nil
}

func readRows(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening data: %w", err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", path, err)
		}
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<22)
	var rows []row
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		if len(r.Tokens) != len(r.Tags) {
			return nil, fmt.Errorf("reading %s: %d tokens and %d tags", path, len(r.Tokens), len(r.Tags))
		}
		if r.Source == "" {
			r.Source = filepath.Base(path)
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return rows, nil
}

// clean takes out what is no matter of names: a URL that some sets put before the
// sentence, and annotated common nouns, which have no capital.
func (r *row) clean() {
	if len(r.Tokens) > 2 && strings.HasPrefix(r.Tokens[0], "http") {
		r.Tokens, r.Tags = r.Tokens[1:], r.Tags[1:]
	}
	for i := 0; i < len(r.Tags); i++ {
		if !strings.HasPrefix(r.Tags[i], "B-") {
			continue
		}
		end := i + 1
		for end < len(r.Tags) && strings.HasPrefix(r.Tags[end], "I-") {
			end++
		}
		if !slices.ContainsFunc(r.Tokens[i:end], named) {
			for k := i; k < end; k++ {
				r.Tags[k] = "O"
			}
		}
		i = end - 1
	}
}

// named tells whether a token can be part of a name by itself.
func named(token string) bool {
	for _, c := range token {
		if unicode.IsUpper(c) || unicode.IsDigit(c) || unicode.IsLetter(c) && !unicode.IsLower(c) {
			return true
		}
	}
	return false
}

// contractions are pairs that Portuguese treebanks part and print writes as one.
var contractions = map[string]string{
	"de o": "do", "de a": "da", "de os": "dos", "de as": "das", "em o": "no", "em a": "na", "em os": "nos", "em as": "nas",
	"a o": "ao", "a os": "aos", "a a": "à", "a as": "às", "por o": "pelo", "por a": "pela", "por os": "pelos", "por as": "pelas",
}

// contract joins such pairs.
func (r *row) contract() {
	if r.Lang != "pt" {
		return
	}
	var tokens, tags []string
	for i := 0; i < len(r.Tokens); i++ {
		if i+1 < len(r.Tokens) && r.Tags[i] == r.Tags[i+1] {
			if joined, ok := contractions[strings.ToLower(r.Tokens[i])+" "+r.Tokens[i+1]]; ok {
				tokens, tags = append(tokens, joined), append(tags, r.Tags[i])
				i++
				continue
			}
		}
		tokens, tags = append(tokens, r.Tokens[i]), append(tags, r.Tags[i])
	}
	r.Tokens, r.Tags = tokens, tags
}

// documents joins the sentences that follow one another in one document.
func documents(rows []row) []annotated {
	var docs []annotated
	for len(rows) > 0 {
		end := 1
		for end < len(rows) && rows[end].Doc == rows[0].Doc && rows[end].Source == rows[0].Source {
			end++
		}
		docs = append(docs, printed(rows[:end]))
		rows = rows[end:]
	}
	return docs
}

// printed prints the sentences of a document and has the tagger read them, so that
// it learns from the tokens that it will meet.
func printed(rows []row) annotated {
	lang := rows[0].Lang
	glue := " "
	if lang == "zh" || lang == "ja" {
		glue = ""
	}
	var text strings.Builder
	var at []int // the bytes that tokens begin at
	var numbered []int
	for _, r := range rows {
		for i, token := range r.Tokens {
			at, numbered = append(at, text.Len()), append(numbered, numbers[r.Tags[i]])
			text.WriteString(token)
			text.WriteString(glue)
		}
		text.WriteString("\n\n")
	}
	doc, pieces := tagger.Read(&story.Story{Text: text.String(), Lang: lang})
	tags := make([]int, len(pieces))
	token, last := 0, -1
	for i, p := range pieces {
		for token+1 < len(at) && at[token+1] <= int(p.Start) {
			token++
		}
		tag := numbered[token]
		// A piece of several tokens is in a name if one of them is.
		for k := token + 1; k < len(at) && at[k] < int(p.End); k++ {
			if tag == 0 {
				tag = numbered[k]
			}
		}
		if tag > 0 && tag%2 == 1 && token == last {
			tag++ // a further piece of one token
		}
		tags[i], last = tag, token
	}
	return annotated{source: rows[0].Source, doc: doc, tags: tags}
}
