package wire

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/parser/internal/date"
)

func TestLeadingDateIsMetadata(t *testing.T) {
	t.Parallel()
	s := Parse(" date 2024-03 Tanger — La ministre a annoncé mercredi un programme de rénovation.\n\nCe programme s'étalera sur trois ans.\n")
	require.Equal(t, []string{"Tanger — La ministre a annoncé mercredi un programme de rénovation.", "Ce programme s'étalera sur trois ans."}, s.Paragraphs)
	require.True(t, s.Dated)
	require.Equal(t, date.Month, s.Published.Precision)
	require.Equal(t, "2024-03-01", s.Published.Time.Format("2006-01-02"))
	require.Equal(t, "La ministre a annoncé mercredi un programme de rénovation", s.Headline)
	require.True(t, s.Derived)
}

func TestHeader(t *testing.T) {
	t.Parallel()
	s := Parse(strings.Join([]string{
		"Slug: EU-FISHERIES", "Date: 12 December 2023 04:41 GMT", "Keywords: fish, quotas", "Language: en", "",
		"Ministers agree smaller cod quota", "", "By Greta Holm and Piotr Wanat", "",
		"BRUSSELS, Dec 12 (Example Agency) - Ministers agreed on Tuesday", "to cut the quota by a fifth.", "", "Nobody was pleased.", "", "gh/pw",
	}, "\r\n"))
	require.Equal(t, "EU-FISHERIES", s.Slugline)
	require.Equal(t, "2023-12-12T04:41:00Z", s.Published.Time.Format("2006-01-02T15:04:05Z"))
	require.Equal(t, []string{"fish", "quotas"}, s.Keywords)
	require.Equal(t, "en", s.Language)
	require.Equal(t, "Ministers agree smaller cod quota", s.Headline)
	require.False(t, s.Derived)
	require.Equal(t, "By Greta Holm and Piotr Wanat", s.Byline)
	require.Equal(t, []string{"Greta Holm", "Piotr Wanat"}, s.Authors)
	require.Equal(t, []string{"BRUSSELS, Dec 12 (Example Agency) - Ministers agreed on Tuesday to cut the quota by a fifth.", "Nobody was pleased."}, s.Paragraphs)
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Der Gemeinderat hat am Montag lange beraten und dann entschieden. ", 3)
	tests := map[string]struct {
		text string
		want int
	}{
		"empty lines":        {"One two three.\nfour five.\n\nSix seven.\n\n\nEight.", 3},
		"indents":            {"  One two three\nfour five.\n  Six seven\neight nine.\n  Ten eleven\ntwelve.", 3},
		"one line each":      {long + "\n" + long + "\n" + long + "\n" + long, 4},
		"nothing to part by": {"One two three\nfour five\nsix seven", 1},
	}
	for name, tt := range tests {
		require.Len(t, Parse(tt.text).Paragraphs, tt.want, name)
	}
}

func TestWrapsAreUndone(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"A co-operative plan."}, Parse("A co-\noperative\nplan.").Paragraphs)
	require.Equal(t, []string{"新しい橋が開通した。"}, Parse("新しい橋が\n開通した。").Paragraphs)
}

func TestFirstSentence(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"GENEVA (Agency) - Talks resumed on Monday. More soon.": "Talks resumed on Monday",
		"Rabat — Le ministre, M. Alami, a parlé. Il est parti.": "Le ministre, M. Alami, a parlé",
		"北京 — 会议星期一开幕。代表们到达。":                                   "会议星期一开幕",
		"Short": "Short",
	} {
		require.Equal(t, want, FirstSentence(in))
	}
	require.LessOrEqual(t, utf8.RuneCountInString(FirstSentence(strings.Repeat("word ", 100))), 120)
}

func FuzzParse(f *testing.F) {
	f.Add(" date 2023-12 Rabat — Texte.\n\nFin.")
	f.Add("EU-X/Y\n\nHead line here\n\nBy A B\n\nPARIS - Text.\n\nab/cd")
	f.Add("date \nDate:\n\x00\r\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		s := Parse(text)
		for _, p := range s.Paragraphs {
			require.NotEmpty(t, p)
			require.NotContains(t, p, "\n")
		}
		require.LessOrEqual(t, utf8.RuneCountInString(FirstSentence(text)), 121)
	})
}
