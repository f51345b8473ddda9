package lexicon_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

func TestReader(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ lang, subject string }{
		"hospitals":            {"en", "health"},
		"climate change":       {"en", "environment"},
		"Olympiade":            {"sv", "sport"},
		"Jugendmannschaft":     {"de", "sport"},
		"والمستشفى":            {"ar", "health"},
		"中央银行":                 {"zh", "economy"},
		"Университет":          {"bg", "education"},
		"L'hôpital universite": {"fr", "health"},
	} {
		var c lexicon.Counts
		r, err := lexicon.NewReader(want.lang)
		require.NoError(t, err)
		word.Each(text, func(letters []rune, run bool) { r.Add(&c, letters, run, 1) })
		require.Positive(t, c[slices.Index(lexicon.Subjects[:], want.subject)], text)
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	require.NoError(t, lexicon.Warm())
	require.Subset(t, lexicon.Languages(), []string{"ar", "de", "en", "es", "fr", "it", "ja", "pt", "ru", "zh"})
}
