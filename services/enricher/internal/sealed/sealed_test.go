package sealed_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/sealed"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	file := sealed.Seal("MAGIC001", []byte("body"))
	body, err := sealed.Open("MAGIC001", file)
	require.NoError(t, err)
	require.Equal(t, "body", string(body))

	flipped := bytes.Clone(file)
	flipped[len(flipped)-1] ^= 1
	for name, bad := range map[string][]byte{
		"empty": nil, "cut": file[:len(file)-1], "longer": append(bytes.Clone(file), 0), "flipped": flipped, "other": sealed.Seal("MAGIC002", []byte("body")),
	} {
		_, err := sealed.Open("MAGIC001", bad)
		require.Error(t, err, name)
	}
}

func TestLazy(t *testing.T) {
	t.Parallel()
	times := 0
	load := sealed.Lazy([]byte("x"), func(file []byte) (string, error) {
		times++
		return string(file), nil
	})
	for range 2 {
		got, err := load()
		require.NoError(t, err)
		require.Equal(t, "x", got)
	}
	require.Equal(t, 1, times)
}
