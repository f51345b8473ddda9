package enrich

import (
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/topic"
)

// topicsOf takes the publisher's own words first; those of the feed's entry come
// with the document's tags.
func topicsOf(a *article, out *datelinev1.Enrichment) {
	out.Topics = topic.Classify(topic.Article{
		Headline: a.doc.GetHeadline(), Abstract: a.doc.GetAbstract(), Text: a.text, Lang: a.language(out),
		Subjects: a.doc.GetSubjects(), Section: a.doc.GetSection(), Tags: a.doc.GetTags(), URL: a.doc.GetCanonicalUrl(),
	})
}
