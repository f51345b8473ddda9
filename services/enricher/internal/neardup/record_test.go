package neardup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

func roundTrip(t *testing.T, r *neardup.Record) []byte {
	t.Helper()
	data := r.Encode()
	back, err := neardup.Decode(data)
	require.NoError(t, err)
	require.Equal(t, r, back)
	return data
}

func records() map[string]*neardup.Record {
	hint := &neardup.Decision{
		Cluster: "first1", Size: 3, Nearest: "near1",
		Match: neardup.Match{Kind: neardup.Near, Similarity: 0.625, Containment: 0.75},
	}
	return map[string]*neardup.Record{
		"plain":    {Article: "a1", Revision: 1, Signature: *signed(ferry)},
		"lead":     {Article: "a1", Revision: 1, Signature: *signed(paragraphs(ferry)[0])},
		"short":    {Article: "a2", Revision: 7, Signature: *signed("The ferry's crew put the fire out")},
		"hinted":   {Article: "a3", Revision: 1, Signature: *signed(orchard), Hint: hint},
		"revision": {Article: "a3", Revision: 2, Signature: *signed(orchard), Hint: hint, Again: true},
		"first again": {
			Article: "a3", Revision: 2, Signature: *signed(orchard), Again: true,
			Hint: &neardup.Decision{Cluster: "a3", Size: 1, Match: neardup.Match{Kind: neardup.First}},
		},
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	for name, r := range records() {
		data := roundTrip(t, r)
		require.LessOrEqual(t, len(data), 320, name)
		for n := range data {
			_, err := neardup.Decode(data[:n])
			require.ErrorIs(t, err, neardup.ErrRecord, "%s cut to %d bytes", name, n)
		}
		_, err := neardup.Decode(append(data, 0))
		require.ErrorIs(t, err, neardup.ErrRecord, name)
		data[0]++
		_, err = neardup.Decode(data)
		require.ErrorContains(t, err, "version 2, know 1", name)
	}
}

func FuzzDecode(f *testing.F) {
	for _, r := range records() {
		f.Add(r.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := neardup.Decode(data)
		if err != nil {
			require.ErrorIs(t, err, neardup.ErrRecord)
			return
		}
		roundTrip(t, r)
		x := newIndex(t, 4)
		x.Apply(r, noon)
		other := *signed(ferry)
		x.Apply(&neardup.Record{Article: "other", Revision: 1, Signature: other}, noon)
		_, ok := x.Lookup("other")
		require.True(t, ok)
	})
}
