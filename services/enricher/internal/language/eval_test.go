package language_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMixedTexts measures sections on labelled text: the share of code points
// with the right language in mixed articles, and how many sections articles in
// one language are given, each of their sentences taken for a paragraph.
func TestMixedTexts(t *testing.T) {
	dir := os.Getenv("DATELINE_EVAL")
	if dir == "" {
		t.Skip("DATELINE_EVAL names no folder of evaluation data")
	}
	f, err := os.Open(filepath.Join(dir, "enrichment", "language", "language.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	d := newDetector(t)
	stop := regexp.MustCompile(`([.!?।。]) ?`)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	var right, all, texts, exact, torn, paragraphs, articles int
	for lines.Scan() {
		var row struct {
			ID, Lang, Kind, Text string
			Parts                []struct {
				Lang       string
				Start, End int
			}
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		switch row.Kind {
		case "mixed":
			texts++
			whole := d.Detect("", row.Text)
			codes := make([]string, len([]rune(row.Text)))
			for i := range codes {
				codes[i] = whole.GetCode()
			}
			for _, s := range sectionsOf(t, d, row.Text) {
				for i := s.GetSpan().GetStart(); i < s.GetSpan().GetEnd(); i++ {
					codes[i] = s.GetCode()
				}
			}
			clean := true
			for _, p := range row.Parts {
				for _, code := range codes[p.Start:p.End] {
					all++
					if code == p.Lang {
						right++
					} else {
						clean = false
					}
				}
			}
			if clean {
				exact++
			} else {
				t.Logf("%s: %v", row.ID, sectionsOf(t, d, row.Text))
			}
		case "article":
			articles++
			text := stop.ReplaceAllString(row.Text, "$1\n")
			paragraphs += len(stop.FindAllString(row.Text, -1))
			for _, s := range sectionsOf(t, d, text) {
				torn++
				t.Logf("%s: %s %.3f %s", row.ID, s.GetCode(), s.GetConfidence(), string([]rune(text)[s.GetSpan().GetStart():s.GetSpan().GetEnd()]))
			}
		}
	}
	require.NoError(t, lines.Err())
	t.Logf("mixed: %d of %d texts exact, %.4f of code points; %d sections in %d paragraphs of %d articles in one language",
		exact, texts, float64(right)/float64(all), torn, paragraphs, articles)
}
