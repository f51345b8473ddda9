package plain

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                       "plain",
		"  two\n\t words\u00a0here  ": "two words here",
		"nul\x00 and bell\x07":        "nul and bell",
		"over\u202eride":              "override",
		"soft\u00adhyphen":            "softhyphen",
		"e\u0301te\u0301":             "été",
		"می\u200cشود":                 "می\u200cشود",
		"bad \xff byte":               "bad \uFFFD byte",
		"":                            "",
		" \u3000 ":                    "",
	} {
		require.Equal(t, want, Line(in), "%q", in)
	}
}

func TestLineIsAlwaysFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Line(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text"))
		require.True(t, utf8.ValidString(s))
		require.True(t, norm.NFC.IsNormalString(s))
		require.Equal(t, s, Line(s))
	})
}

func TestCut(t *testing.T) {
	t.Parallel()
	require.Equal(t, "short", Cut("short", 10))
	require.Equal(t, "the quick brown…", Cut("the quick brown fox jumps", 19))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 50).Draw(t, "n")
		require.LessOrEqual(t, utf8.RuneCountInString(Cut(rapid.String().Draw(t, "s"), n)), n)
	})
}

// TestLineIsStable: whatever comes, a line is what Line says it is, and stays so.
func TestLineIsStable(t *testing.T) {
	t.Parallel()
	runes := rapid.OneOf(
		rapid.Rune(), rapid.SampledFrom([]rune("ab  \t\n\u00a0\u0301\u0300é\u00ad\u200b가각\u11a8がか\u3099й\u0306и新中\u3000–“")),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(runes).Draw(t, "s")
		got := Line(s)
		require.Equal(t, got, Line(got))
		require.True(t, norm.NFC.IsNormalString(got), "%q of %q", got, s)
		require.NotContains(t, got, "  ")
		require.Equal(t, strings.TrimSpace(got), got)
		want := norm.NFC.String(strings.Join(strings.FieldsFunc(strings.Map(func(r rune) rune {
			if Dropped(r) {
				return -1
			}
			return r
		}, s), Space), " "))
		require.Equal(t, want, got)
	})
}
