package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/demo"
)

func TestWireStorySaysWhatStandsInTheDispatch(t *testing.T) {
	t.Parallel()
	e := newSite(t, afternoon).WireStory()
	text := e.Article.Text
	require.Equal(t, "fr", e.Article.Language)
	require.True(t, strings.HasPrefix(text, e.Located+" — "))
	require.Equal(t, []demo.ExpectedDay{{Text: "lundi", Value: "2026-11-23"}, {Text: "mardi", Value: "2026-11-24"}}, e.Weekdays)
	require.Contains(t, text, "a affirmé lundi, à Rabat,")
	require.Contains(t, text, "se poursuivront mardi")
	for _, speaker := range e.Speakers {
		require.Contains(t, text, speaker.Name)
		require.Contains(t, text, speaker.Role)
		require.Contains(t, text, speaker.Organisation)
	}
	for _, acronym := range e.Acronyms {
		require.Contains(t, text, acronym.Long+" ("+acronym.Short+")")
	}
	for _, theme := range e.NotQuotes {
		require.Contains(t, text, `"`+theme+`"`)
	}
	parts := len(e.NotQuotes)
	for _, quote := range e.Quotes {
		require.Contains(t, text, `"`+strings.Join(quote.Parts, `", `+quote.Verb+`, "`)+`"`)
		require.Contains(t, text, quote.Verb)
		parts += len(quote.Parts)
	}
	require.Equal(t, 2*parts, strings.Count(text, `"`), "nothing else stands in quotation marks")
}

func TestWireStoryFollowsTheEdition(t *testing.T) {
	t.Parallel()
	french := []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	for n := range 7 {
		day := afternoon.AddDate(0, 0, n)
		e := newSite(t, day).WireStory()
		require.Equal(t, french[day.AddDate(0, 0, -1).Weekday()], e.Weekdays[0].Text)
		require.Equal(t, day.AddDate(0, 0, -1).Format(time.DateOnly), e.Weekdays[0].Value)
		require.Contains(t, e.Article.Text, "a affirmé "+e.Weekdays[0].Text+", à Rabat,")
	}
}

func TestSameStoryIsToldThreeTimes(t *testing.T) {
	t.Parallel()
	site := newSite(t, afternoon)
	e := site.WireStory()
	require.Len(t, e.Copies, 2)
	shingles := shinglesOf(e.Article.Text)
	shared := map[string]float64{}
	for _, a := range site.Articles() {
		if a.Language == "fr" && a.Path != e.Article.Path {
			shared[a.Path] = overlap(shingles, shinglesOf(a.Text))
		}
	}
	require.Greater(t, shared[e.Copies[0]], 0.8, "a near-verbatim copy")
	require.Less(t, shared[e.Copies[1]], 0.1, "a rewrite in other words")
}

// shinglesOf are the runs of four words of a text, whatever its typography.
func shinglesOf(text string) map[string]bool {
	plain := strings.NewReplacer("’", "'", "«", `"`, "»", `"`, "\u00a0", " ", "\u202f", "", "1 400", "1.400", "600 000", "600.000").Replace(text)
	list := strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" \n\",;:—", r) })
	set := map[string]bool{}
	for i := range max(0, len(list)-3) {
		set[strings.Join(list[i:i+4], " ")] = true
	}
	return set
}

// overlap is the Jaccard similarity of two sets.
func overlap(a, b map[string]bool) float64 {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
