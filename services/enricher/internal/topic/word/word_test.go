package word_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

func TestEach(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"L’Été, c'est 2026!": {"l", "été", "c", "est", "2026"},
		"Wort\u00ADteil":     {"wortteil"},
		"NBA決勝で勝利。":          {"nba", "決勝で勝利*"},
		"مُحَمَّد":           {"محمد"},
		"":                   nil,
		"…":                  nil,
	} {
		var got []string
		word.Each(text, func(letters []rune, run bool) {
			s := string(letters)
			if run {
				s += "*"
			}
			got = append(got, s)
		})
		require.Equal(t, want, got, text)
	}
}

func TestEachBounds(t *testing.T) {
	t.Parallel()
	word.Each(strings.Repeat("a", 1000)+strings.Repeat("中", 1000)+"\xff\xfe", func(letters []rune, _ bool) {
		require.LessOrEqual(t, utf8.RuneCountInString(string(letters)), word.MaxLength)
	})
}
