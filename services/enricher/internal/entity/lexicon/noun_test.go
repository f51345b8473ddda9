package lexicon_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

func TestNounOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, word string
		want       lexicon.Noun
	}{
		{"de", "regierung", lexicon.WholeNoun},
		{"de", "büchern", lexicon.WholeNoun},
		{"de", "hafenregierung", lexicon.CompoundNoun},
		{"de", "empfangsdame", lexicon.CompoundNoun},
		{"de", "berlin", lexicon.NoNoun},
		{"de", "xqzwv", lexicon.NoNoun},
		{"de", "", lexicon.NoNoun},
		{"de", strings.Repeat("hafen", 40) + "regierung", lexicon.NoNoun},
		{"en", "regierung", lexicon.NoNoun},
	} {
		require.Equal(t, c.want, lexicon.NounOf(c.lang, c.word), c.word)
	}
}

func TestEncodeNouns(t *testing.T) {
	t.Parallel()
	list := []string{"haus", "baum", "haus"}
	filter := lexicon.EncodeNouns(list)
	require.Len(t, filter, 4)
	require.Equal(t, filter, lexicon.EncodeNouns([]string{"baum", "haus"}))
	require.Empty(t, lexicon.EncodeNouns(nil))
}
