package story_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

func TestReadBounds(t *testing.T) {
	t.Parallel()
	s := story.Read(strings.Repeat("é", story.Max+5), "FR-ca")
	require.Equal(t, story.Max, utf8.RuneCountInString(s.Text))
	require.Equal(t, "fr", s.Lang)
	text, cut := story.Cut(strings.Repeat("é", story.Max))
	require.False(t, cut)
	require.Len(t, text, 2*story.Max)
}

func TestPlacesAreThoseOfTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		s := story.Read(raw, rapid.SampledFrom([]string{"fr", "en", "zh", "th", ""}).Draw(t, "lang"))
		runes := []rune(raw)
		require.Equal(t, string(runes), s.Text)
		at := int32(0)
		for _, w := range s.Words() {
			require.LessOrEqual(t, at, w.Start)
			require.Less(t, w.Start, w.End)
			require.Equal(t, w.Text, s.Text[w.Start:w.End])
			require.Equal(t, w.Text, string(runes[w.Rune:w.RuneEnd]))
			at = w.End
		}
		require.Equal(t, words.Split(s.Text, s.Lang), s.Words())
		require.Equal(t, sentence.Split(s.Text, s.Lang), s.Sentences())
		types, of := s.Types(), s.TypeOf()
		for i, w := range s.Words() {
			if w.Kind != words.Letters {
				require.EqualValues(t, -1, of[i])
				continue
			}
			require.Equal(t, w.Lower, types[of[i]].Lower)
			require.Equal(t, of[i], s.Find(w.Lower))
			require.Equal(t, lexicon.Of(s.Lang, w.Lower), types[of[i]].Class)
		}
		require.EqualValues(t, -1, s.Find("no word"))
		last := 0
		for _, p := range s.Sentences() {
			require.LessOrEqual(t, last, p.Start)
			require.Less(t, p.Start, p.End)
			require.Equal(t, s.Text[p.Start:p.End], string(runes[p.Rune:p.RuneEnd]))
			last = p.End
		}
	})
}
