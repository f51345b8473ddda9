package classname

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for attr, want := range map[string][]string{
		"":                              nil,
		"story-body":                    {"story", "body"},
		"js-relatedPosts2 c":            {"js", "related", "posts"},
		"ArticleBody__text":             {"article", "body", "text"},
		"NAV menu":                      {"nav", "menu"},
		"überschrift":                   {"berschrift"},
		strings.Repeat("a", 30) + " ad": {"ad"},
	} {
		var got []string
		for w := Of(attr); ; {
			word := w.Next()
			if word == nil {
				break
			}
			got = append(got, string(word))
		}
		require.Equal(t, want, got, attr)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("post-1234 entryTitle")
	f.Fuzz(func(t *testing.T, attr string) {
		n := 0
		for w := Of(attr); w.Next() != nil; {
			n++
		}
		require.LessOrEqual(t, n, len(attr))
	})
}
