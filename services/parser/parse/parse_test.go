package parse_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

var update = flag.Bool("update", false, "write the documents expected by the golden tests")

// TestPages parses every page of testdata/pages: NAME.html or NAME.txt with
// NAME.article.json beside it gives NAME.document.json.
func TestPages(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/pages/*.article.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 8)
	for _, name := range names {
		name = strings.TrimSuffix(name, ".article.json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			got := outcome(t, loadPage(t, name))
			golden := name + ".document.json"
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}

func loadPage(t *testing.T, name string) *datelinev1.Page {
	t.Helper()
	raw, err := os.ReadFile(name + ".article.json")
	require.NoError(t, err)
	page := &datelinev1.Page{Article: &datelinev1.Article{}}
	require.NoError(t, protojson.Unmarshal(raw, page.Article))
	page.Content, err = os.ReadFile(name + ".html")
	if errors.Is(err, os.ErrNotExist) {
		page.Content, err = os.ReadFile(name + ".txt")
	}
	require.NoError(t, err)
	return page
}

// outcome renders what becomes of a page, and checks on the way what must hold
// for every page.
func outcome(t *testing.T, page *datelinev1.Page) []byte {
	t.Helper()
	before := proto.Clone(page)
	doc, err := parse.New(parse.Config{}).Parse(context.Background(), page)
	require.True(t, proto.Equal(before, page), "the input was changed")
	var raw []byte
	if rejected := (*parse.Rejected)(nil); errors.As(err, &rejected) {
		raw, err = json.Marshal(map[string]any{"rejected": rejected})
	} else {
		require.NoError(t, err)
		requireSound(t, doc)
		raw, err = protojson.Marshal(doc)
	}
	require.NoError(t, err)
	// The order and the spaces of protojson are not stable, those of json are.
	var v any
	require.NoError(t, json.Unmarshal(raw, &v))
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(v))
	return out.Bytes()
}

func BenchmarkParse(b *testing.B) {
	content, err := os.ReadFile("testdata/pages/en-jsonld.html")
	require.NoError(b, err)
	page := &datelinev1.Page{Content: content, Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{ContentType: "text/html"}}}
	p := parse.New(parse.Config{})
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Parse(context.Background(), page); err != nil {
			b.Fatal(err)
		}
	}
}
