package concept_test

import (
	"bytes"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/concept"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

// Groups of emoji, by their numbers.
const (
	air     = 56
	sport   = 62
	medical = 80
	science = 79
)

func read(t testing.TB, text, lang string) (c concept.Counts) {
	t.Helper()
	r, err := concept.NewReader(lang)
	require.NoError(t, err)
	word.Each(text, func(letters []rune, run bool) { r.Add(&c, letters, run, 1) })
	return c
}

func TestWords(t *testing.T) {
	t.Parallel()
	require.NoError(t, concept.Warm())
	for _, c := range []struct {
		lang, text string
		group      int
	}{
		{"en", "airplanes", air},
		{"de", "Flugzeugen", air},
		{"ja", "新しい飛行機だ", air},
		{"fr", "le football", sport},
		{"nb", "fotball", sport},
		{"ru", "футбольного", sport},
		{"ko", "축구에서", sport},
		{"ar", "وميكروسكوب", science},
		{"pt", "seringas", medical},
	} {
		counts := read(t, c.text, c.lang)
		best := 0
		for i, v := range counts {
			if v > counts[best] {
				best = i
			}
		}
		require.Equal(t, c.group, best, c.text)
	}
	require.Equal(t, 1.0, read(t, "in 1998", "xx")[concept.Year])
	require.Equal(t, 2.0, read(t, "42 of 70000", "en")[concept.Number])
	require.Zero(t, read(t, "airplanes", "xx"))
	require.Zero(t, read(t, "", "en"))
}

func TestEncode(t *testing.T) {
	t.Parallel()
	list := concept.List{}
	for group := range uint8(5) {
		list.Learn("en", []rune("thing"), false, group)
	}
	list.Learn("en", []rune("runner"), false, sport)
	list.Learn("en", []rune("x"), false, sport)
	raw := list.Encode()
	whole, err := os.ReadFile("concept.bin")
	require.NoError(t, err)
	require.Equal(t, whole[:8], raw[:8])
	require.True(t, bytes.HasSuffix(raw, []byte{sport, 0, 15 << 4}), "a word of many groups tells nothing")
	require.Less(t, len(whole), 5<<18)
}

func FuzzAdd(f *testing.F) {
	f.Add("The airport 1998", "en")
	f.Add("والطبيب", "ar")
	f.Add("新しい飛行機 축구", "ja")
	f.Fuzz(func(t *testing.T, text, lang string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		for i, v := range read(t, text, lang) {
			require.GreaterOrEqual(t, v, 0.0, i)
		}
	})
}
