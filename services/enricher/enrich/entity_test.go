package enrich

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestEntities(t *testing.T) {
	t.Parallel()
	out, err := newEnricher(t, Config{}).Enrich(t.Context(), document())
	require.NoError(t, err)
	kinds := map[string]string{}
	ids := map[string]string{}
	for _, e := range out.GetEntities() {
		kinds[e.GetName()], ids[e.GetName()] = e.GetKind(), e.GetId()
	}
	require.Equal(t, map[string]string{
		"Tanger": "place", "Office des ports du détroit": "organisation", "Karim Benali": "person",
	}, kinds)

	require.Len(t, out.GetPlaces(), 1)
	require.Equal(t, "MA", out.GetPlaces()[0].GetCountryCode())
	require.Equal(t, ids["Tanger"], out.GetPlaces()[0].GetEntityId())
	require.NotEmpty(t, out.GetQuotes())
	require.Equal(t, ids["Karim Benali"], out.GetQuotes()[0].GetSpeakerEntityId())
}

func TestSpeakers(t *testing.T) {
	t.Parallel()
	span := func(start, end uint32) *datelinev1.Span { return &datelinev1.Span{Start: start, End: end} }
	entities := []*datelinev1.Entity{
		{Id: "e1", Name: "Ana Souza", Kind: "person", Aliases: []string{"Souza"}, Mentions: []*datelinev1.Mention{{Span: span(40, 49)}}},
		{Id: "e2", Name: "Lisboa", Kind: "place"},
	}
	require.Equal(t, map[int]string{0: "e1", 1: "e1", 3: "e1"}, speakers([]*datelinev1.Quote{
		{Speaker: "Ana Souza"}, {Speaker: "SOUZA"}, {Speaker: "Lisboa"}, {Speaker: "a ministra", SpeakerSpan: span(29, 49)}, {},
	}, entities))
}

// FuzzEntities has the annotator read hostile texts, with datelines and acronyms
// that lie anywhere in them or beyond: no span leaves the text, and no quote names
// an entity that is not there.
func FuzzEntities(f *testing.F) {
	f.Add("Tanger — M. Benali (OPD) a vu Karim Benali à Rabat.", "Tanger", "fr", uint32(0), uint32(6), "Karim Benali")
	f.Add("Dr. A. B. of the U.S.'s Bank", "Bank of", "en", uint32(9), uint32(4), "")
	f.Add("王建国说北京", "北京", "zh", uint32(3), uint32(900), "王建国")
	f.Add("وزارة الخارجية في القاهرة", "", "ar", uint32(0), uint32(5), "وزارة")
	f.Add("Встреча с Ивановым в Москве", "Москве", "ru", uint32(21), uint32(27), "Иванов")
	f.Add("Paris\xff\xfe", "Paris", "", uint32(0), uint32(5), "")
	f.Fuzz(func(t *testing.T, text, located, lang string, start, end uint32, speaker string) {
		span := &datelinev1.Span{Start: start, End: end}
		out := &datelinev1.Enrichment{
			Language: &datelinev1.Language{Code: lang},
			Dateline: &datelinev1.Dateline{Located: located, Source: speaker, Span: span},
			Acronyms: []*datelinev1.Acronym{{Span: span, LongSpan: &datelinev1.Span{Start: end, End: start}}, {Span: span, LongSpan: span}},
			Quotes:   []*datelinev1.Quote{{Speaker: speaker, SpeakerSpan: span}},
		}
		s := newArticle(&datelinev1.Document{Headline: located, Text: text})
		entitiesOf(s, out)
		ids := map[string]bool{"": true}
		points := uint32(utf8.RuneCountInString(s.text))
		for _, e := range out.GetEntities() {
			ids[e.GetId()] = true
			require.NotEmpty(t, e.GetMentions())
			for _, m := range e.GetMentions() {
				require.Less(t, m.GetSpan().GetStart(), m.GetSpan().GetEnd())
				require.LessOrEqual(t, m.GetSpan().GetEnd(), points)
			}
		}
		for _, p := range out.GetPlaces() {
			require.True(t, ids[p.GetEntityId()])
		}
		require.True(t, ids[out.GetQuotes()[0].GetSpeakerEntityId()])
	})
}
