package enrich

import (
	"context"
	"fmt"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/acronym"
	"github.com/dateline-news/dateline/services/enricher/internal/dateline"
	"github.com/dateline-news/dateline/services/enricher/internal/entity"
	"github.com/dateline-news/dateline/services/enricher/internal/language"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/topic"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// annotator is a row of the table.
type annotator struct {
	name, version string
	// fills are the fields of Enrichment that it sets.
	fills    []string
	annotate func(*article, *datelinev1.Enrichment)
	// whole tells that it reads all of a long text.
	whole bool
	// warm loads its model; nil if it has none.
	warm func(context.Context) error

	signatures []signature
}

// table lists the annotators in the order in which they run.
func table(cfg Config) ([]annotator, error) {
	detector, err := language.New(language.Config{Languages: cfg.Languages})
	if err != nil {
		return nil, fmt.Errorf("choosing the languages: %w", err)
	}
	rows := []annotator{
		{name: "language", version: "3", fills: []string{"language"}, annotate: languageOf(detector), whole: true, warm: detector.Warm},
		{name: "dateline", version: "1", fills: []string{"dateline"}, annotate: datelineOf, whole: true},
		{name: "when", version: "1", fills: []string{"dates"}, annotate: datesOf},
		{name: "acronym", version: "1", fills: []string{"acronyms"}, annotate: acronymsOf},
		{name: "quote", version: "4", fills: []string{"quotes"}, annotate: quotesOf},
		{name: "entity", version: "3", fills: []string{"entities", "places"}, annotate: entitiesOf, warm: entity.Warm},
		{name: "keyphrase", version: "1", fills: []string{"keyphrases"}, annotate: keyphrasesOf},
		{name: "summary", version: "1", fills: []string{"summary"}, annotate: summaryOf},
		{name: "topic", version: "2", fills: []string{"topics"}, annotate: topicsOf, whole: true, warm: topic.Warm},
		{name: "reading-time", version: "1", fills: []string{"reading_time_seconds"}, annotate: readingTimeOf, whole: true},
		{name: "fingerprint", version: "2", fills: []string{"fingerprint"}, annotate: fingerprintOf, whole: true},
	}
	for i := range rows {
		if rows[i].signatures, err = signatures(rows[i].fills); err != nil {
			return nil, fmt.Errorf("annotator %s: %w", rows[i].name, err)
		}
	}
	return rows, nil
}

func languageOf(d *language.Detector) func(*article, *datelinev1.Enrichment) {
	return func(a *article, out *datelinev1.Enrichment) {
		found := d.Detect(a.doc.GetHeadline(), a.text)
		found.Sections = d.Sections(a.text, found)
		out.Language = found
	}
}

func datelineOf(a *article, out *datelinev1.Enrichment) {
	out.Dateline = dateline.Parse(a.text, a.language(out), a.published)
}

func datesOf(a *article, out *datelinev1.Enrichment) {
	printed, _ := when.ParseISO(out.GetDateline().GetDate())
	out.Dates = when.Find(a.text, a.language(out), when.Reference{Dateline: printed, Published: a.published})
}

func acronymsOf(a *article, out *datelinev1.Enrichment) {
	out.Acronyms = acronym.Find(a.read(out))
}

func quotesOf(a *article, out *datelinev1.Enrichment) {
	out.Quotes = quote.Find(a.read(out))
}
