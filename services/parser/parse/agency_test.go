package parse_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/parse"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// pushedDocument is what the fetcher makes of a document that is pushed.
func pushedDocument(content []byte) *datelinev1.Page {
	return &datelinev1.Page{Content: content, Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{
		Via: "push", FetchedAt: timestamppb.New(time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)),
	}}}
}

// TestAgencies parses every document of testdata/agency: NAME gives NAME.golden.
func TestAgencies(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/agency/*")
	require.NoError(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			got := agencyOutcome(t, content)
			if *update {
				require.NoError(t, os.WriteFile(name+".golden", got, 0o644))
			}
			want, err := os.ReadFile(name + ".golden")
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}

func agencyOutcome(t *testing.T, content []byte) []byte {
	t.Helper()
	page := pushedDocument(content)
	doc, err := parse.New(parse.Config{}).Parse(t.Context(), page)
	var bad *parse.Undecodable
	if errors.As(err, &bad) {
		return []byte(err.Error() + "\n")
	}
	if err != nil {
		return outcome(t, page)
	}
	require.Equal(t, "wire", doc.GetPageType())
	requireSound(t, doc)
	raw, err := protojson.Marshal(doc)
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(raw, &v))
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(v))
	return out.Bytes()
}

// FuzzAgencies parses whatever begins like an agency's document.
func FuzzAgencies(f *testing.F) {
	names, err := filepath.Glob("testdata/agency/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	p := parse.New(parse.Config{})
	f.Fuzz(func(t *testing.T, content []byte) {
		if newsform.Of(content) == newsform.None {
			return
		}
		doc, err := p.Parse(t.Context(), pushedDocument(content))
		requireVerdict(t, doc, err)
	})
}
