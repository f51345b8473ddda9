package entity_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// labelled is one sentence with its true names.
type labelled struct {
	Doc, Lang, Source string
	Tokens, Tags      []string
}

// kindTags are the kinds as the labels write them.
var kindTags = map[string]string{"person": "PER", "organisation": "ORG", "place": "LOC"}

// tally is right, found and true names.
type tally struct{ right, found, truth int }

func (c tally) f1() float64 { return 2 * float64(c.right) / float64(max(1, c.found+c.truth)) }

// span is a name in tokens.
type span struct {
	first, last int
	kind        string
}

// TestAgainstAnnotators measures exact match of span and kind with the names that
// annotators marked: lines of JSON with doc, lang, source, tokens and BIO tags. The
// last figure leaves out what they marked in small letters throughout: some count
// common nouns as people, and Dateline gives names alone.
func TestAgainstAnnotators(t *testing.T) {
	dir := os.Getenv("DATELINE_EVAL")
	if dir == "" {
		t.Skip("DATELINE_EVAL names no folder of evaluation data")
	}
	var order []string
	scores := map[string]map[string]*tally{}
	for _, rows := range annotatedDocuments(t, filepath.Join(dir, "enrichment", "ner", "ner.jsonl")) {
		name := rows[0].Source + " " + rows[0].Lang
		if scores[name] == nil {
			scores[name] = map[string]*tally{"": {}, "PER": {}, "ORG": {}, "LOC": {}, "capital": {}}
			order = append(order, name)
		}
		truth, found := names(rows)
		for s, capital := range truth {
			scores[name][""].truth++
			scores[name][s.kind].truth++
			if capital {
				scores[name]["capital"].truth++
			}
		}
		for s := range found {
			capital, right := truth[s]
			for kind, counts := range map[string]bool{"": right, s.kind: right, "capital": capital} {
				scores[name][kind].found++
				if counts {
					scores[name][kind].right++
				}
			}
		}
	}
	for _, name := range order {
		c := scores[name]
		t.Logf("%-26s F1 %.3f  PER %.3f  ORG %.3f  LOC %.3f  with a capital %.3f", name,
			c[""].f1(), c["PER"].f1(), c["ORG"].f1(), c["LOC"].f1(), c["capital"].f1())
	}
}

// annotatedDocuments reads sentences and joins those that follow one another in
// one document.
func annotatedDocuments(t *testing.T, path string) [][]labelled {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var docs [][]labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r labelled
		require.NoError(t, json.Unmarshal(lines.Bytes(), &r))
		if n := len(docs); n > 0 && docs[n-1][0].Doc == r.Doc && docs[n-1][0].Source == r.Source {
			docs[n-1] = append(docs[n-1], r)
			continue
		}
		docs = append(docs, []labelled{r})
	}
	require.NoError(t, lines.Err())
	return docs
}

// names are the true names of a document, each with whether it has a capital, a
// digit or a letter of a script without capitals, and those found.
func names(rows []labelled) (truth, found map[span]bool) {
	glue := " "
	if rows[0].Lang == "zh" {
		glue = ""
	}
	truth, found = map[span]bool{}, map[span]bool{}
	starts, ends := map[int]int{}, map[int]int{} // tokens by code points
	var text strings.Builder
	at, n := 0, 0
	for _, r := range rows {
		for i, token := range r.Tokens {
			if kind, ok := strings.CutPrefix(r.Tags[i], "B-"); ok {
				last := i + 1
				for last < len(r.Tags) && strings.HasPrefix(r.Tags[last], "I-") {
					last++
				}
				truth[span{n, n + last - i, kind}] = strings.IndexFunc(strings.Join(r.Tokens[i:last], ""), func(c rune) bool {
					return unicode.IsUpper(c) || unicode.IsDigit(c) || unicode.IsLetter(c) && !unicode.IsLower(c)
				}) >= 0
			}
			starts[at] = n
			n++
			ends[at+utf8.RuneCountInString(token)] = n
			text.WriteString(token + glue)
			at += utf8.RuneCountInString(token + glue)
		}
		text.WriteString("\n\n")
		at += 2
	}
	for _, e := range find(text.String(), rows[0].Lang).Entities {
		for i, m := range e.GetMentions() {
			first, ok := starts[int(m.GetSpan().GetStart())]
			last, whole := ends[int(m.GetSpan().GetEnd())]
			if !ok || !whole {
				first, last = -1-i, n // across tokens: wrong, and one of its own
			}
			found[span{first, last, kindTags[e.GetKind()]}] = true
		}
	}
	return truth, found
}
