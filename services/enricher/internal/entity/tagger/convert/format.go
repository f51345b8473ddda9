package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// sentence is one as its authors annotated it.
type sentence struct {
	id           string
	tokens, tags []string
}

// readers read a file of each format.
var readers = map[string]func(file string) ([]sentence, error){
	"uner": func(file string) ([]sentence, error) {
		return columns(file, 1, func(f []string) string { return f[2] })
	},
	"germeval": func(file string) ([]sentence, error) {
		return columns(file, 1, func(f []string) string { return f[2] })
	},
	"norne":  func(file string) ([]sentence, error) { return columns(file, 1, misc) },
	"nerkor": nerkor,
	"ronec":  ronec,
}

// misc is the name in the last column of CoNLL-U.
func misc(fields []string) string {
	for part := range strings.SplitSeq(fields[len(fields)-1], "|") {
		if name, ok := strings.CutPrefix(part, "name="); ok {
			return name
		}
	}
	return "O"
}

// columns reads one token a line, its columns parted by tabs, and a blank line
// behind each sentence.
func columns(file string, form int, tag func(fields []string) string) ([]sentence, error) {
	var all []sentence
	var s sentence
	flush := func() {
		if len(s.tokens) > 0 {
			all = append(all, s)
		}
		s = sentence{}
	}
	number := 0
	for line := range strings.Lines(file) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			flush()
			continue
		}
		if id, ok := strings.CutPrefix(line, "# sent_id = "); ok {
			s.id = id
		}
		if comment(line, form) {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) < 3 {
			return nil, fmt.Errorf("line %d has %d columns", number, len(fields))
		}
		if strings.ContainsAny(fields[0], "-.") && form > 0 {
			continue // CoNLL-U's words written as one, and empty ones
		}
		s.tokens, s.tags = append(s.tokens, fields[form]), append(s.tags, tag(fields))
	}
	flush()
	return all, nil
}

// comment tells whether a line is no token. GermEval writes a tab behind the sign,
// where NerKor, whose tokens stand in the first column, has the token "#".
func comment(line string, form int) bool {
	return line == "#" || strings.HasPrefix(line, "# ") || form > 0 && strings.HasPrefix(line, "#\t")
}

// nerkor finds the columns by the file's first line.
func nerkor(file string) ([]sentence, error) {
	head, rest, _ := strings.Cut(file, "\n")
	names := strings.Fields(strings.TrimPrefix(head, "# global.columns ="))
	form, name := slices.Index(names, "FORM"), slices.Index(names, "CONLL:NER")
	if form != 0 || name < 0 {
		return nil, fmt.Errorf("no columns FORM and CONLL:NER in %q", head)
	}
	return columns(rest, form, func(f []string) string { return f[min(name, len(f)-1)] })
}

func ronec(file string) ([]sentence, error) {
	var rows []struct {
		Tokens []string
		Tags   []string `json:"ner_tags"`
	}
	if err := json.Unmarshal([]byte(file), &rows); err != nil {
		return nil, fmt.Errorf("as JSON: %w", err)
	}
	all := make([]sentence, 0, len(rows))
	for i, r := range rows {
		if len(r.Tokens) != len(r.Tags) {
			return nil, fmt.Errorf("sentence %d has %d tokens and %d tags", i, len(r.Tokens), len(r.Tags))
		}
		all = append(all, sentence{tokens: r.Tokens, tags: r.Tags})
	}
	return all, nil
}
