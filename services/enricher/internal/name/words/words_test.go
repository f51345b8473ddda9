package words_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, text string
		want       string
	}{
		{"fr", "L'Égypte, a-t-il dit, qu’elle aime.", "L'|Égypte|,|a-t-il|dit|,|qu’|elle|aime|."},
		{"fr", "Jean-Marie aujourd'hui", "Jean-Marie|aujourd'hui"},
		{"en", "O'Brien doesn't say D'Angelo's 1,200.50 or 3rd", "O'Brien|doesn't|say|D'Angelo's|1,200.50|or|3rd"},
		{"it", "dell'Unione l'arte", "dell'|Unione|l'|arte"},
		{"ru", "г-н Иванов", "г-н|Иванов"},
		{"ar", "قال محمد", "قال|محمد"},
		{"en", "1.1.1a", "1.1.1|a"},
		{"", "", ""},
	} {
		var got []string
		for _, w := range words.Split(c.text, c.lang) {
			got = append(got, w.Text)
		}
		require.Equal(t, c.want, strings.Join(got, "|"))
	}
}

func TestSplitKinds(t *testing.T) {
	t.Parallel()
	ws := words.Split("OIM dit\n 3 :", "fr")
	kinds := make([]words.Kind, 0, len(ws))
	for i := range ws {
		kinds = append(kinds, ws[i].Kind)
	}
	require.Equal(t, []words.Kind{words.Letters, words.Letters, words.Break, words.Number, words.Mark}, kinds)
	require.True(t, ws[0].AllCaps())
	require.True(t, ws[0].Capital())
	require.False(t, ws[1].Capital())
	require.True(t, ws[4].Is(":"))
}

func FuzzSplit(f *testing.F) {
	f.Add("L'Égypte 1.2.3a «x» \n 😀", "fr")
	f.Add(strings.Repeat("1.", 500)+"a", "en")
	f.Fuzz(func(t *testing.T, text, lang string) {
		if !utf8.ValidString(text) {
			return
		}
		runes := []rune(text)
		end := int32(0)
		for _, w := range words.Split(text, lang) {
			require.GreaterOrEqual(t, w.Start, end)
			require.Equal(t, text[w.Start:w.End], w.Text)
			require.Equal(t, string(runes[w.Rune:w.RuneEnd]), w.Text)
			end = w.End
		}
	})
}

// TestLowerCaseOfSmallLetters holds what Split relies on: only capitals have
// another form in lower case.
func TestLowerCaseOfSmallLetters(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !unicode.IsUpper(r) && !unicode.IsTitle(r) {
			require.Equal(t, r, unicode.ToLower(r), "%U", r)
		}
	}
}
