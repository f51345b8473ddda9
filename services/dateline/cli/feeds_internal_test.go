package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestRecordsArePrintedWithoutSecrets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, printJSON(&out, []*datelinev1.FeedRecord{{
		Feed: &datelinev1.Feed{Url: "https://courier.example/feed", Headers: map[string]string{"Authorization": "s3cret"}},
		Poll: &datelinev1.PollState{State: "healthy"},
		Hub:  &datelinev1.HubSubscription{HubUrl: "https://hub.example/", State: "active", Secret: "s3cret"},
	}, {Feed: &datelinev1.Feed{Url: "https://herald.example/feed"}, Poll: &datelinev1.PollState{}}}))
	require.NotContains(t, out.String(), "s3cret")
	require.Contains(t, out.String(), "https://hub.example/")
	require.Contains(t, out.String(), "https://herald.example/feed")
}
