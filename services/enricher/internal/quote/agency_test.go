package quote_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/quote/agency"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// floors are what no language may fall below.
var floors = map[string]struct{ precision, recall, f1, speaker, verb float64 }{
	agency.Direct:   {precision: 0.95, recall: 0.94, f1: 0.95, speaker: 0.9, verb: 0.9},
	agency.Indirect: {precision: 0.94, recall: 0.94, f1: 0.94, speaker: 0.93, verb: 0.93},
}

func TestFindInAgencyStories(t *testing.T) {
	t.Parallel()
	all, err := agency.Stories()
	require.NoError(t, err)
	scores := map[string]map[string]*agency.Score{}
	for i := range all {
		s := &all[i]
		if scores[s.Lang] == nil {
			scores[s.Lang] = map[string]*agency.Score{agency.Direct: {}, agency.Indirect: {}}
		}
		got := quote.Find(story.Read(s.Text, s.Lang))
		requireSpans(t, s.Text, got)
		for kind, sum := range scores[s.Lang] {
			score, faults := s.Score(kind, got)
			sum.Add(score)
			for _, f := range faults {
				t.Log(s.Lang, s.Desk, s.Sight, kind, f)
			}
		}
	}
	require.Len(t, scores, 8)
	for lang, kinds := range scores {
		for kind, s := range kinds {
			floor := floors[kind]
			require.GreaterOrEqual(t, s.Wanted, 10, "%s %s", lang, kind)
			require.GreaterOrEqual(t, s.Precision(), floor.precision, "precision, %s %s", lang, kind)
			require.GreaterOrEqual(t, s.Recall(), floor.recall, "recall, %s %s", lang, kind)
			require.GreaterOrEqual(t, s.F1(), floor.f1, "F1, %s %s", lang, kind)
			require.GreaterOrEqual(t, s.Speaker(), floor.speaker, "speaker, %s %s", lang, kind)
			require.GreaterOrEqual(t, s.Verb(), floor.verb, "verb, %s %s", lang, kind)
		}
	}
}
