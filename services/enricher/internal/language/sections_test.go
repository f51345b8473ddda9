package language_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/language"
)

const (
	frenchParagraph  = "Le conseil municipal se réunira jeudi pour examiner le budget de la ville et la construction de deux écoles."
	englishParagraph = "The city council will meet on Thursday to discuss the budget of the town and the building of two schools."
	arabicParagraph  = "يجتمع المجلس البلدي يوم الخميس لمناقشة ميزانية المدينة وبناء مدرستين جديدتين في الأحياء الشمالية."
	chineseOne       = "市议会将于星期四开会讨论城市预算以及在北部地区新建两所学校的计划。"
)

// checkSections asserts that sections are in order, apart and inside the text.
func checkSections(t *testing.T, text string, sections []language.Section) {
	t.Helper()
	last, n := 0, utf8.RuneCountInString(text)
	for i, s := range sections {
		require.LessOrEqual(t, last, s.Start)
		require.Less(t, s.Start, s.End)
		require.LessOrEqual(t, s.End, n)
		if i > 0 {
			require.NotEqual(t, sections[i-1].Language.GetCode(), s.Language.GetCode())
		}
		last = s.End
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	for _, c := range []struct {
		name       string
		paragraphs []string
		want       []string
	}{
		{"one language", []string{frenchParagraph, frenchParagraph}, []string{"fr"}},
		{"two", []string{frenchParagraph, englishParagraph}, []string{"fr", "en"}},
		{"a heading goes with what stands before", []string{frenchParagraph, "Budget", englishParagraph}, []string{"fr", "en"}},
		{"a first heading goes with the whole", []string{"Budget", frenchParagraph, frenchParagraph, englishParagraph}, []string{"fr", "en"}},
		{"scripts", []string{arabicParagraph, chineseOne, frenchParagraph}, []string{"ar", "zh", "fr"}},
		{"and back", []string{frenchParagraph, englishParagraph, frenchParagraph}, []string{"fr", "en", "fr"}},
		{"none", []string{" ", "🎉"}, []string{language.Undetermined}},
		{"blank", []string{" ", ""}, nil},
	} {
		text := strings.Join(c.paragraphs, "\n\n")
		sections := d.Sections(text)
		checkSections(t, text, sections)
		var got []string
		for _, s := range sections {
			got = append(got, s.Language.GetCode())
		}
		require.Equal(t, c.want, got, c.name)
	}
}

func TestSectionOffsetsAreCodePoints(t *testing.T) {
	t.Parallel()
	text := arabicParagraph + "\n\n" + frenchParagraph + "  \n" + englishParagraph + "\n"
	runes := []rune(text)
	var parts []string
	for _, s := range newDetector(t).Sections(text) {
		parts = append(parts, string(runes[s.Start:s.End]))
	}
	require.Equal(t, []string{arabicParagraph, frenchParagraph, englishParagraph}, parts)
}

func TestSectionsPastTheBounds(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	text := strings.Repeat(frenchParagraph+"\n", 1200) + englishParagraph
	sections := d.Sections(text)
	require.Len(t, sections, 1)
	require.Equal(t, utf8.RuneCountInString(text), sections[0].End, "what is past the bounds belongs to the last section")
	require.Empty(t, d.Sections(strings.Repeat("\n", 5<<20)))
}
