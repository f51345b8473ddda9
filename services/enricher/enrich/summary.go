package enrich

import (
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/summary"
)

// summaryOf needs the keyphrases; without them place alone counts.
func summaryOf(a *article, out *datelinev1.Enrichment) {
	out.Summary = summary.Find(summary.Article{
		Story: a.read(out), Dateline: out.GetDateline().GetSpan(), Keyphrases: out.GetKeyphrases(),
	})
}
