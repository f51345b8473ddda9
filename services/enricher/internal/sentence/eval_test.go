package sentence_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
)

// inner gives the places of boundaries within a text, counted in characters that
// are no white space.
func inner(parts []string) map[int]bool {
	at, set := 0, map[int]bool{}
	for i, p := range parts {
		if i > 0 {
			set[at] = true
		}
		for _, r := range p {
			if !unicode.IsSpace(r) {
				at++
			}
		}
	}
	return set
}

// TestBoundaries measures F1 by language on labelled text: lines of JSON with
// lang, text and sentences.
func TestBoundaries(t *testing.T) {
	dir := os.Getenv("DATELINE_EVAL")
	if dir == "" {
		t.Skip("DATELINE_EVAL names no folder of evaluation data")
	}
	f, err := os.Open(filepath.Join(dir, "enrichment", "sentences", "sentences.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	type count struct{ hit, found, true int }
	counts := map[string]*count{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Lang, Text string
			Sentences  []string
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		var parts []string
		for _, s := range sentence.Split(row.Text, row.Lang) {
			parts = append(parts, row.Text[s.Start:s.End])
		}
		got, want := inner(parts), inner(row.Sentences)
		c := counts[row.Lang]
		if c == nil {
			c = &count{}
			counts[row.Lang] = c
		}
		c.found, c.true = c.found+len(got), c.true+len(want)
		plain := []rune(strings.Join(strings.Fields(row.Text), ""))
		for at := range got {
			if want[at] {
				c.hit++
			} else {
				t.Logf("%s more: %s | %s", row.Lang, string(plain[max(0, at-25):at]), string(plain[at:min(len(plain), at+20)]))
			}
		}
		for at := range want {
			if !got[at] {
				t.Logf("%s less: %s | %s", row.Lang, string(plain[max(0, at-25):at]), string(plain[at:min(len(plain), at+20)]))
			}
		}
	}
	require.NoError(t, lines.Err())
	for lang, c := range counts {
		t.Logf("F1 %s %.3f (precision %.3f, recall %.3f)", lang, 2*float64(c.hit)/float64(c.found+c.true),
			float64(c.hit)/float64(c.found), float64(c.hit)/float64(c.true))
	}
}
