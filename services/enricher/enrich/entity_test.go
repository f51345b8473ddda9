package enrich

import (
	"testing"

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
