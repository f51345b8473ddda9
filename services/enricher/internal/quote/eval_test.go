package quote_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// labelled is one article of the quotation set with its marked passages.
type labelled struct {
	ID, Lang, Text string
	Spans          []struct {
		Start, End           uint32
		Text, Label, Speaker string
		Alt                  []string
	}
}

// TestQuotationSet holds the bar on the evaluation set in the folder that
// DATELINE_EVAL names: detection F1 0.95, speaker 0.88.
func TestQuotationSet(t *testing.T) {
	t.Parallel()
	root := os.Getenv("DATELINE_EVAL")
	if root == "" {
		t.Skip("DATELINE_EVAL names no folder of evaluation data")
	}
	f, err := os.Open(filepath.Join(root, "enrichment", "quotes", "wikinews-fr.jsonl"))
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	hit, missed, wrong, right := 0, 0, 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a labelled
		require.NoError(t, json.Unmarshal(lines.Bytes(), &a))
		found := quote.Find(story.Read(a.Text, a.Lang))
		for _, s := range a.Spans {
			q := within(found, s.Start, s.End)
			switch {
			case s.Label == "ignore":
			case s.Label != "quote" && q != nil:
				wrong++
				t.Logf("%s: no quotation: %s", a.ID, s.Text)
			case s.Label == "quote" && q == nil:
				missed++
				t.Logf("%s: missed: %s", a.ID, s.Text)
			case s.Label == "quote":
				hit++
				if speaks(q.GetSpeaker(), append(s.Alt, s.Speaker)) {
					right++
				} else {
					t.Logf("%s: %q instead of %q: %s", a.ID, q.GetSpeaker(), s.Speaker, s.Text)
				}
			}
		}
	}
	require.NoError(t, lines.Err())
	f1 := float64(2*hit) / float64(2*hit+missed+wrong)
	attribution := float64(right) / float64(hit)
	t.Logf("detection F1 %.3f (missed %d, wrong %d), speaker %.3f of %d", f1, missed, wrong, attribution, hit)
	require.GreaterOrEqual(t, f1, 0.95)
	require.GreaterOrEqual(t, attribution, 0.88)
}

func within(found []*datelinev1.Quote, start, end uint32) *datelinev1.Quote {
	for _, q := range found {
		if q.GetKind() == "direct" && q.GetSpan().GetStart() < end && q.GetSpan().GetEnd() > start {
			return q
		}
	}
	return nil
}

func speaks(got string, want []string) bool {
	got = strings.ToLower(strings.ReplaceAll(got, "’", "'"))
	for _, w := range want {
		if w = strings.ToLower(strings.ReplaceAll(w, "’", "'")); w != "" && strings.Contains(got, w) {
			return true
		}
	}
	return false
}
