package enrich

import (
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/keyphrase"
)

// keyphrasesOf leaves the dateline out: where a story was written is not what it
// is about.
func keyphrasesOf(s *story, out *datelinev1.Enrichment) {
	out.Keyphrases = keyphrase.Find(keyphrase.Article{
		Title: s.doc.GetHeadline(), Text: s.text, Lang: s.language(out), Skip: out.GetDateline().GetSpan(),
	})
}
