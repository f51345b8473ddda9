package language_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/language"
)

const (
	frenchParagraph  = "Le conseil municipal se réunira jeudi pour examiner le budget de la ville et la construction de deux écoles."
	englishParagraph = "The city council will meet on Thursday to discuss the budget of the town and the building of two schools."
	frenchStory      = "Les habitants du quartier nord attendent depuis dix ans une école proche de chez eux. Les enfants prennent aujourd'hui deux autobus pour se rendre en classe, et les parents se plaignent des retards, surtout en hiver quand la neige ferme la route du col."
	arabicParagraph  = "يجتمع المجلس البلدي يوم الخميس لمناقشة ميزانية المدينة وبناء مدرستين جديدتين في الأحياء الشمالية."
	chineseOne       = "市议会将于星期四开会讨论城市预算以及在北部地区新建两所学校的计划。"
)

// sectionsOf finds the language of the text and the sections in others, and
// asserts that these are in order, apart and inside the text.
func sectionsOf(t *testing.T, d *language.Detector, text string) []*datelinev1.LanguageSection {
	t.Helper()
	whole := d.Detect("", text)
	sections := d.Sections(text, whole)
	last, n := uint32(0), uint32(utf8.RuneCountInString(text))
	for _, s := range sections {
		require.LessOrEqual(t, last, s.GetSpan().GetStart())
		require.Less(t, s.GetSpan().GetStart(), s.GetSpan().GetEnd())
		require.LessOrEqual(t, s.GetSpan().GetEnd(), n)
		require.NotEqual(t, whole.GetCode(), s.GetCode())
		last = s.GetSpan().GetEnd()
	}
	return sections
}

func TestSections(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	for _, c := range []struct {
		name       string
		paragraphs []string
		want       []string
	}{
		{"one language", []string{frenchParagraph, frenchParagraph}, nil},
		{"two", []string{frenchParagraph, frenchParagraph, englishParagraph}, []string{englishParagraph}},
		{
			"a heading between two paragraphs",
			[]string{frenchParagraph, frenchParagraph, frenchParagraph, englishParagraph, "Budget", englishParagraph},
			[]string{englishParagraph + "\n\nBudget\n\n" + englishParagraph},
		},
		{"a heading alone", []string{frenchParagraph, "The budget of the town", frenchParagraph}, nil},
		{
			"scripts",
			[]string{frenchParagraph, frenchParagraph, arabicParagraph, chineseOne, frenchParagraph, frenchParagraph},
			[]string{arabicParagraph, chineseOne},
		},
		{
			"and back",
			[]string{"  " + englishParagraph + "  ", frenchParagraph, frenchParagraph, englishParagraph, frenchParagraph},
			[]string{englishParagraph, englishParagraph},
		},
		{
			"a quote in another language",
			[]string{
				frenchParagraph, frenchParagraph + " « The council will discuss the budget », a dit le maire devant la presse mercredi soir.",
			},
			nil,
		},
		{"none", []string{" ", "🎉"}, nil},
		{"blank", []string{" ", ""}, nil},
	} {
		text := frenchStory + "\n\n" + strings.Join(c.paragraphs, "\n\n")
		runes := []rune(text)
		var got []string
		for _, s := range sectionsOf(t, d, text) {
			require.GreaterOrEqual(t, s.GetConfidence(), 0.9)
			got = append(got, string(runes[s.GetSpan().GetStart():s.GetSpan().GetEnd()]))
		}
		require.Equal(t, c.want, got, c.name)
	}
}

// TestOneLanguageHasNoSections holds that texts in one language are not torn
// apart, in all 75.
func TestOneLanguageHasNoSections(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	torn := 0
	for _, text := range declarations(t) {
		all := strings.Join(text.Paragraphs, "\n")
		for _, s := range sectionsOf(t, d, all) {
			t.Logf("%s: %s %.3f: %s", text.Language, s.GetCode(), s.GetConfidence(), string([]rune(all)[s.GetSpan().GetStart():s.GetSpan().GetEnd()]))
			torn++
		}
	}
	require.LessOrEqual(t, torn, 5)
}

func TestSectionsPastTheBounds(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	require.Empty(t, sectionsOf(t, d, strings.Repeat(frenchParagraph+"\n", 1200)+englishParagraph))
	require.Empty(t, sectionsOf(t, d, strings.Repeat("\n", 1<<20)+"a"))
}

func BenchmarkSections(b *testing.B) {
	d := newDetector(b)
	text := benchmarkTexts(b)[2].text
	whole := d.Detect("", text)
	for b.Loop() {
		d.Sections(text, whole)
	}
}
