package enrich

import (
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestTopics(t *testing.T) {
	t.Parallel()
	doc := &datelinev1.Document{
		Headline: "Parliament rejects government bill",
		Text:     "Parliament rejected a bill of the government. The opposition demanded an election, and the prime minister a new vote.",
		Subjects: []string{"subj:11006000"}, Language: "en",
	}
	out, err := newEnricher(t, Config{}).Enrich(t.Context(), doc)
	require.NoError(t, err)
	require.NotEmpty(t, out.GetTopics())
	first := out.GetTopics()[0]
	require.Equal(t, "medtop:11000000", first.GetCode())
	require.Equal(t, "politics", first.GetSlug())
	require.Equal(t, "publisher", first.GetSource())
	require.Equal(t, "topic/2", first.GetAnnotator())
}
