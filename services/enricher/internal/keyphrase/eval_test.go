package keyphrase_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/keyphrase"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// f1 gives the exact-match F1 of the first n phrases.
func f1(got []string, keys map[string]bool, n int) float64 {
	got = got[:min(n, len(got))]
	hits := 0
	for _, g := range got {
		if keys[g] {
			hits++
		}
	}
	if hits == 0 {
		return 0
	}
	return 2 * float64(hits) / float64(len(got)+len(keys))
}

// TestAgainstReaders measures exact match with the keys that readers chose: lines
// of JSON with lang, text, whose first line is the headline, and keys.
func TestAgainstReaders(t *testing.T) {
	dir := os.Getenv("DATELINE_EVAL")
	if dir == "" {
		t.Skip("DATELINE_EVAL names no folder of evaluation data")
	}
	f, err := os.Open(filepath.Join(dir, "enrichment", "keyphrases", "wikinews-fr.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	var whole5, whole10, apart5, apart10, n float64
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Lang, Text string
			Keys       []string
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		keys := map[string]bool{}
		for _, k := range row.Keys {
			keys[strings.ToLower(k)] = true
		}
		title, _, _ := strings.Cut(strings.TrimSpace(row.Text), "\n")
		found := func(a keyphrase.Article) (got []string) {
			for _, k := range keyphrase.Find(a) {
				got = append(got, strings.ToLower(k.GetText()))
			}
			return got
		}
		whole := found(keyphrase.Article{Story: story.Read(row.Text, row.Lang)})
		apart := found(keyphrase.Article{Title: title, Story: story.Read(strings.ReplaceAll(row.Text, title, ""), row.Lang)})
		whole5, whole10 = whole5+f1(whole, keys, 5), whole10+f1(whole, keys, 10)
		apart5, apart10 = apart5+f1(apart, keys, 5), apart10+f1(apart, keys, 10)
		n++
		t.Log(whole)
	}
	require.NoError(t, lines.Err())
	t.Logf("F1 with the headline in the text: @5 %.3f, @10 %.3f; apart: @5 %.3f, @10 %.3f", whole5/n, whole10/n, apart5/n, apart10/n)
}
