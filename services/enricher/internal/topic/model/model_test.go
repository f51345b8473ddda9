package model

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	w := &Weights{Scale: 0.5, Hashed: make([]byte, Buckets*Size)}
	w.Bias[2], w.Dense[3][4], w.Hashed[5] = 1, -2, 250
	packed := Encode(w)
	got, err := decode(packed)
	require.NoError(t, err)
	require.Equal(t, w, got)

	for _, damaged := range [][]byte{nil, packed[:len(packed)-1], append(bytes.Clone(packed), 0), flipped(packed)} {
		_, err := decode(damaged)
		require.ErrorIs(t, err, errModel)
	}
}

func flipped(packed []byte) []byte {
	packed = bytes.Clone(packed)
	packed[len(packed)/2] ^= 1
	return packed
}

func TestPosterior(t *testing.T) {
	t.Parallel()
	require.NoError(t, Warm(t.Context()))
	f := &Features{}
	_, ok := Posterior(f)
	require.False(t, ok, "no words")

	require.NoError(t, f.Read("The team won the match by two goals.", "en", 1))
	p, ok := Posterior(f)
	require.True(t, ok)
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	require.InDelta(t, 1, sum, 1e-9)
	require.Greater(t, p[3], 0.5)
}
