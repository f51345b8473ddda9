package place_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/place"
)

func TestStandingOf(t *testing.T) {
	t.Parallel()
	require.True(t, place.StandingOf("Maroc").Country)
	require.True(t, place.StandingOf("UK").Country)
	rabat := place.StandingOf("Rabat")
	require.True(t, rabat.City)
	require.Greater(t, rabat.Population, 500_000)
	require.Equal(t, place.Standing{}, place.StandingOf("Naif"))
	require.Equal(t, place.Standing{}, place.StandingOf(" -"))
}
