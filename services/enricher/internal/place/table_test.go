package place

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheTableIsWhole reads every record and key of the embedded file.
func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	g := load()
	cities := len(g.cities) / cityBytes
	require.Greater(t, cities, 20_000)
	for n := range cities {
		c := g.city(n)
		require.Len(t, c.Country, 2)
		require.NotEmpty(t, c.Name)
	}
	for _, table := range []table{g.byCity, g.byCountry} {
		last := ""
		for i := range len(table.offsets) / 4 {
			key := table.first(i)
			require.Less(t, last, key)
			require.NotEmpty(t, table.find(key, nil), key)
			last = key
		}
		require.Empty(t, table.find("\x00", nil))
		require.Empty(t, table.find("\U0010ffff", nil))
	}
	require.Less(t, len(places), 3<<20)
}
