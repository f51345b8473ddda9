package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/query"
)

func story() *datelinev1.Article {
	return &datelinev1.Article{
		Id: "a1",
		Source: &datelinev1.Source{
			FeedId: "f1", FeedTitle: "Agence Meridia", FeedUrl: "https://feeds.meridia.example/fr", Labels: map[string]string{"desk": "North", "beta": ""},
		},
		Document: &datelinev1.Document{
			Headline: "Nappes côtières : l'eau salée gagne Rabat", SiteName: "Meridia",
			Text: "Le ministère de l’Eau a réuni vingt-deux pays. «Pomper moins ne suffit plus», a dit Driss Ouazzali.\n\nمعرض الكتاب بطنجة. 東京都で地震。 ΑΘΗΝΑ straße İstanbul",
		},
		Enrichment: &datelinev1.Enrichment{
			Language: &datelinev1.Language{Code: "fr"},
			Dateline: &datelinev1.Dateline{CountryCode: "MA"},
			Topics:   []*datelinev1.Topic{{Slug: "environment", Code: "medtop:06000000", Label: "environment"}, {Slug: "science", Label: "science and technology"}},
			Entities: []*datelinev1.Entity{{Id: "e1", Name: "Driss Ouazzali", Kind: "person", Aliases: []string{"M. Ouazzali"}}, {Name: "Tunis", CountryCode: "TN"}},
			Quotes:   []*datelinev1.Quote{{Text: "Pomper moins", Speaker: "Driss Ouazzali"}},
		},
	}
}

func TestMatches(t *testing.T) {
	for q, want := range map[string]bool{
		"rabat":                               true,
		"RABAT":                               true,
		"cotieres":                            true,
		"côtières":                            true,
		"rab":                                 false,
		"rab*":                                true,
		`"pomper moins"`:                      true,
		`"moins pomper"`:                      false,
		`“pomper moins”`:                      true,
		"eau rabat":                           true,
		"eau AND rabat":                       true,
		"eau paris":                           false,
		"paris OR rabat":                      true,
		"paris OR madrid rabat":               false,
		"(paris OR rabat) lang:fr":            true,
		"rabat NOT paris":                     true,
		"rabat NOT eau":                       false,
		"rabat -eau":                          false,
		"NOT NOT rabat":                       true,
		"vingt-deux":                          true,
		"and":                                 false,
		"طنجة":                                false,
		"بطنجة":                               true,
		"地震":                                  true,
		"京都で":                                 true,
		"大阪":                                  false,
		"αθηνα":                               true,
		"istanbul":                            true,
		"lang:fr":                             true,
		"LANG:FR":                             true,
		"lang:de":                             false,
		"topic:environment":                   true,
		"topic:medtop:06000000":               true,
		`topic:"science and technology"`:      true,
		"topic:sport":                         false,
		"entity:ouazzali":                     true,
		`entity:"driss ouazzali"`:             true,
		"entity:e1":                           true,
		"entity:rabat":                        false,
		"speaker:Ouazzali":                    true,
		"speaker:Rabat":                       false,
		"country:ma":                          true,
		"country:TN":                          true,
		"country:FR":                          false,
		"source:meridia":                      true,
		"source:meridia.example":              true,
		"source:feeds.meridia.example":        true,
		"source:eridia.example":               false,
		"source:f1":                           true,
		"label:desk=north":                    true,
		"label:desk":                          true,
		"label:desk=south":                    false,
		"label:beta":                          true,
		"label:gamma":                         false,
		"(lang:fr OR lang:ar) -topic:sport":   true,
		"-(lang:fr topic:environment)":        false,
		`lang:fr "l'eau" speaker:"ouazzali" `: true,
	} {
		parsed, err := query.Parse(q)
		require.NoError(t, err, q)
		require.Equal(t, want, parsed.Matches(query.For(story())), q)
	}
	empty, err := query.Parse("NOT rabat")
	require.NoError(t, err)
	require.True(t, empty.Matches(query.For(&datelinev1.Article{})))
}

func TestErrorsSayWhere(t *testing.T) {
	for q, want := range map[string]struct {
		at  int
		why string
	}{
		"":                            {0, "is missing"},
		"  ":                          {2, "is missing"},
		"rabat AND":                   {9, "is missing"},
		"OR rabat":                    {0, "between two parts"},
		"rabat AND OR eau":            {10, "between two parts"},
		"é NOT":                       {5, "is missing"},
		"(rabat":                      {0, "not closed"},
		"eau (rabat OR (x)":           {4, "not closed"},
		"rabat)":                      {5, "no opening one"},
		"()":                          {1, "before the parenthesis"},
		`eau "rabat`:                  {4, "phrase is not closed"},
		"eau colour:red":              {4, "there are country, entity, label, lang, source, speaker, topic"},
		"lang:":                       {0, "such as lang:fr"},
		"eau speaker:*":               {4, "no letter"},
		"eau !!!":                     {4, "no letter"},
		strings.Repeat("(", 100):      {33, "inside each other"},
		strings.Repeat("x ", 101):     {200, "more than 100"},
		strings.Repeat("x", 3000):     {0, "longer than"},
		"\xff":                        {0, "no UTF-8"},
		"eau\x00":                     {0, "control character"},
		strings.Repeat("-", 80) + "x": {33, "inside each other"},
	} {
		_, err := query.Parse(q)
		var wrong *query.Error
		require.True(t, errors.As(err, &wrong), "%q: %v", q, err)
		require.Contains(t, wrong.Why, want.why, q)
		require.Equal(t, want.at, wrong.At, q)
	}
	_, err := query.Parse("eau colour:red")
	var wrong *query.Error
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "eau colour:red\n    ^", wrong.Pointer())
}

// FuzzParse: whatever is parsed, it is a query or an error with a place within it; and
// a query can be put to any article, and its NOT is its opposite.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "rabat", `"pomper moins" OR (lang:fr -topic:sport)`, "NOT NOT x", "地震 source:a.b", "label:x=y*", "((", `a"b`, "a:b:c", "x*", "-", "- x", "“x", ":", ":x", "AND",
	} {
		f.Add(seed)
	}
	article := query.For(story())
	f.Fuzz(func(t *testing.T, s string) {
		q, err := query.Parse(s)
		if err != nil {
			var wrong *query.Error
			require.ErrorAs(t, err, &wrong)
			require.NotEmpty(t, wrong.Why)
			require.LessOrEqual(t, wrong.At, len([]rune(s)))
			require.NotEmpty(t, wrong.Pointer())
			return
		}
		matches := q.Matches(article)
		opposite, err := query.Parse("NOT (" + s + ")")
		if err == nil {
			require.NotEqual(t, matches, opposite.Matches(article))
		}
	})
}
