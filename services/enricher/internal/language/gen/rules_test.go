package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// TestTableHasTheRulesOfThisLingua finds a table that was not built anew for
// the required version of lingua.
func TestTableHasTheRulesOfThisLingua(t *testing.T) {
	t.Parallel()
	dir, err := moduleDir()
	require.NoError(t, err)
	want, err := readRules(dir)
	require.NoError(t, err)
	require.Len(t, want.Languages, 75)
	file, err := os.ReadFile("../table.bin")
	require.NoError(t, err)
	got, err := ngram.DecodeHeader(file)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
