package lexicon_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, word string
		want       lexicon.Class
	}{
		{"fr", "sophie", lexicon.Given},
		{"ru", "сергей", lexicon.Given},
		{"zh", "王", lexicon.Surname},
		{"fr", "dans", lexicon.Stop},
		{"hu", "és", lexicon.Stop},
		{"fr", "ministre", lexicon.Title},
		{"de", "bundestag", lexicon.Body},
		{"de", "gmbh", lexicon.Company},
		{"en", "river", lexicon.Feature},
		{"es", "martes", lexicon.Calendar},
		{"en", "said", lexicon.Speech},
		{"de", "eichstätt", lexicon.Town},
		{"ru", "таганрог", lexicon.Town},
		{"en", "norwegian", lexicon.Demonym},
	} {
		require.NotZero(t, lexicon.Of(c.lang, c.word)&c.want, c.word)
	}
	require.Zero(t, lexicon.Of("en", "dans")&lexicon.Stop)
	require.Zero(t, lexicon.Of("", "dans")&lexicon.Stop)
	require.Zero(t, lexicon.Of("fr", "xqzw"))
	require.Zero(t, lexicon.Of("", ""))
}

func TestEncode(t *testing.T) {
	t.Parallel()
	raw := lexicon.Encode(map[uint32]lexicon.Class{lexicon.Hash("", "a"): lexicon.Given, lexicon.Hash("fr", "b"): lexicon.Stop})
	whole, err := os.ReadFile("lexicon.bin")
	require.NoError(t, err)
	require.Equal(t, whole[:8], raw[:8])
	require.Less(t, len(whole), 3<<19)
}
