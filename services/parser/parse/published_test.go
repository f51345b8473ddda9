package parse_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

const (
	wireStory = "Tanger — La ministre de l'Équipement a annoncé mercredi, à Tanger, un programme de rénovation de quatorze gares.\n\nCe programme s'étalera sur trois ans.\n"
	datedWire = " date 2023-12-07 " + wireStory
	markup    = `<article><h1>Quatorze gares rénovées</h1>
<p>La ministre de l'Équipement a annoncé mercredi, à Tanger, le lancement d'un programme de rénovation de quatorze gares, doté d'un budget de 210 millions de dirhams.</p>
<p>Ce programme, qui s'étalera sur trois ans, vise à adapter les gares aux voyageurs à mobilité réduite et à réduire leur consommation d'énergie.</p></article></body></html>`
	htmlStory = `<html lang="fr"><head><title>Quatorze gares rénovées | Le Phare</title></head><body>` + markup
	htmlDated = `<html lang="fr"><head><title>Quatorze gares rénovées</title><meta name="date" content="2023-12-07"></head><body>` + markup
)

// TestPublishedText: a submission's time as it was given, where that is no time.
func TestPublishedText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		content, given, language string
		want, precision, source  string // want is empty where nothing is known
	}{
		"a month":                        {wireStory, "2023-12", "", "2023-12-01T00:00:00Z", "month", "submission"},
		"a year":                         {wireStory, "2023", "", "2023-01-01T00:00:00Z", "year", "submission"},
		"a day in words":                 {wireStory, "7 décembre 2023", "fr", "2023-12-07T00:00:00Z", "day", "submission"},
		"a month in words":               {wireStory, "décembre 2023", "fr", "2023-12-01T00:00:00Z", "month", "submission"},
		"a clock without a zone":         {wireStory, "2023-12-07 14:05", "", "2023-12-07T14:05:00Z", "minute", "submission"},
		"day first, by the language":     {wireStory, "07/12/2023", "fr", "2023-12-07T00:00:00Z", "day", "submission"},
		"nonsense":                       {wireStory, "last week or so", "en", "", "", ""},
		"a day that is not":              {wireStory, "2023-02-30", "", "", "", ""},
		"the future":                     {wireStory, "2031-05", "", "", "", ""},
		"nonsense, dated by the story":   {datedWire, "last week or so", "en", "2023-12-07T00:00:00Z", "day", "text"},
		"a month, the story says a day":  {datedWire, "2023-12", "", "2023-12-07T00:00:00Z", "day", "text"},
		"another month than the story's": {datedWire, "2023-11", "", "2023-11-01T00:00:00Z", "month", "submission"},
		"a day in the future":            {wireStory, "2031-05-21", "", "2031-05-21T00:00:00Z", "day", "submission"},
		"a page, a day in the future":    {htmlStory, "2031-05-21", "", "2031-05-21T00:00:00Z", "day", "submission"},
		"some hours ahead":               {htmlStory, "2024-06-01T20:00:00+02:00", "", "2024-06-01T18:00:00Z", "second", "submission"},
		"a minute ahead":                 {htmlStory, "2024-06-01T10:01:00+02:00", "", "2024-06-01T08:01:00Z", "second", "submission"},
		"a page with no time":            {htmlStory, "2023-12", "", "2023-12-01T00:00:00Z", "month", "submission"},
		"a page that says a day of it":   {htmlDated, "2023-12", "", "2023-12-07T00:00:00Z", "day", "meta"},
		"a page, given its clock":        {htmlDated, "2023-12-07 14:05", "", "2023-12-07T14:05:00Z", "minute", "submission"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := parse.New(parse.Config{}).Parse(context.Background(), &datelinev1.Page{
				Content: []byte(tt.content),
				Article: &datelinev1.Article{
					Source: &datelinev1.Source{Entry: &datelinev1.Entry{PublishedText: tt.given, Language: tt.language}},
					Fetch:  &datelinev1.Fetch{Via: "push", FetchedAt: timestamppb.New(time.Date(2024, 6, 1, 8, 0, 0, 0, time.UTC))},
				},
			})
			require.NoError(t, err)
			requireSound(t, doc)
			require.Equal(t, tt.precision, doc.GetPublishedPrecision())
			if tt.want == "" {
				require.Nil(t, doc.GetPublishedAt())
				return
			}
			require.Equal(t, tt.want, doc.GetPublishedAt().AsTime().Format(time.RFC3339))
			require.Equal(t, doc.GetPublishedAt().AsTime().After(time.Date(2024, 6, 1, 8, 5, 0, 0, time.UTC)), doc.GetPublishedDoubt() == "future")
			require.Equal(t, tt.source, doc.GetOrigins()["publishedAt"].GetSource())
		})
	}
}
