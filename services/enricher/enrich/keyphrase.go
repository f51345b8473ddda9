package enrich

import (
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/keyphrase"
)

// keyphrasesOf leaves the dateline out: where a story was written is not what it
// is about.
func keyphrasesOf(a *article, out *datelinev1.Enrichment) {
	out.Keyphrases = keyphrase.Find(keyphrase.Article{
		Title: a.doc.GetHeadline(), Story: a.read(out), Skip: out.GetDateline().GetSpan(),
	})
}
