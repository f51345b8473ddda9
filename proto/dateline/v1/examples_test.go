package datelinev1_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// TestExamples holds the examples that consumers code against to the contract:
// every name in them is known, and every span lies in the text.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := &datelinev1.Article{}
			if err := protojson.Unmarshal(data, a); err != nil {
				t.Fatal(err)
			}
			length := uint32(utf8.RuneCountInString(a.GetDocument().GetText()))
			spans := []*datelinev1.Span{a.GetEnrichment().GetDateline().GetSpan()}
			for _, q := range a.GetEnrichment().GetQuotes() {
				spans = append(spans, q.GetSpan())
			}
			for _, b := range a.GetDocument().GetBlocks() {
				spans = append(spans, b.GetSpan())
			}
			for _, s := range spans {
				if s.GetStart() > s.GetEnd() || s.GetEnd() > length {
					t.Errorf("span %v of a text of %d code points", s, length)
				}
			}
		})
	}
}
