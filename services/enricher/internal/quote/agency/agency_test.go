package agency_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/quote/agency"
)

func TestScoreOfNothingAndOfAllTheText(t *testing.T) {
	t.Parallel()
	all, err := agency.Stories()
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(all), 24)
	for i := range all {
		s := &all[i]
		require.NotEmpty(t, s.Desk)
		require.NotContains(t, s.Text, "{")
		for _, kind := range []string{agency.Direct, agency.Indirect} {
			none, faults := s.Score(kind, nil)
			require.Zero(t, none.Hits+none.Found)
			require.Len(t, faults, none.Wanted)
			whole, _ := s.Score(kind, []*datelinev1.Quote{{Kind: kind, Span: &datelinev1.Span{End: uint32(len([]rune(s.Text)))}}})
			require.Equal(t, 1, whole.Found, s.Text)
			require.Zero(t, whole.Hits, s.Text)
		}
	}
}
