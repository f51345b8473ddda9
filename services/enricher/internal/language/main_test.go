package language_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/services/enricher/internal/language"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// declaration is the Universal Declaration of Human Rights in one language.
type declaration struct {
	Language   string
	Paragraphs []string
}

func declarations(tb testing.TB) []declaration {
	tb.Helper()
	f, err := os.Open("testdata/udhr.jsonl")
	require.NoError(tb, err)
	defer f.Close()
	var out []declaration
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d declaration
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &d))
		out = append(out, d)
	}
	require.NoError(tb, lines.Err())
	return out
}

// joined returns the first paragraphs that have at least size characters
// together, cut to size, beginning with the given one.
func (d declaration) joined(from, size int) string {
	var out []rune
	for i := from; len(out) < size && i < from+len(d.Paragraphs); i++ {
		out = append(append(out, []rune(d.Paragraphs[i%len(d.Paragraphs)])...), '\n')
	}
	return string(out[:min(size, len(out))])
}

func newDetector(tb testing.TB, languages ...string) *language.Detector {
	tb.Helper()
	d, err := language.New(language.Config{Languages: languages})
	require.NoError(tb, err)
	return d
}
