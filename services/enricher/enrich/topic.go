package enrich

import (
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/topic"
)

// topicsOf takes the publisher's own words first; those of the feed's entry come
// with the document's tags.
func topicsOf(s *story, out *datelinev1.Enrichment) {
	out.Topics = topic.Classify(topic.Article{
		Headline: s.doc.GetHeadline(), Abstract: s.doc.GetAbstract(), Text: s.text, Lang: s.language(out),
		Subjects: s.doc.GetSubjects(), Section: s.doc.GetSection(), Tags: s.doc.GetTags(), URL: s.doc.GetCanonicalUrl(),
	})
}
