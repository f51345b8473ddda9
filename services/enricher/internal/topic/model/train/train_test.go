package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "sentences.jsonl")
	require.NoError(t, os.WriteFile(data, []byte(
		`{"key":"1","lang":"en","text":"The team won the match.","topic":"sports"}
{"key":"1","lang":"de","text":"Die Mannschaft gewann das Spiel.","topic":"sports"}
{"key":"2","lang":"en","text":"The disease spread in hospitals.","topic":"health"}
{"key":"3","lang":"en","text":"The island lies north of the coast.","topic":"geography"}
`), 0o600))
	rows, err := read(data)
	require.NoError(t, err)
	w := fit(rows, settings{epochs: 20, rate: 1, sharp: 1, seed: 1}).weights()
	for _, r := range rows {
		require.Greater(t, w.Posterior(r.features)[r.class], 0.4, r.key+r.lang)
	}
	require.Equal(t, fold("1", 5), fold("1", 5))

	out := filepath.Join(t.TempDir(), "model.bin")
	require.NoError(t, run(data, out, 2, settings{epochs: 1, rate: 1, sharp: 1, seed: 1}))
	require.FileExists(t, out)
	require.ErrorIs(t, run(out+"x", "", 0, settings{}), os.ErrNotExist)
}

func TestUnknownTopic(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "sentences.jsonl")
	require.NoError(t, os.WriteFile(data, []byte(`{"key":"1","lang":"en","text":"x","topic":"cooking"}`), 0o600))
	_, err := read(data)
	require.ErrorContains(t, err, `unknown topic "cooking"`)
}
