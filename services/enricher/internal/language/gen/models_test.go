package main

import (
	"fmt"
	"testing"

	"github.com/pemistahl/lingua-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

func TestChoiceOfLongGrams(t *testing.T) {
	t.Parallel()
	// After "abc", which is half of all text, follow d and, less often, e;
	// "abcd" is always followed by one of two letters.
	probabilities := []map[string]float64{
		{"a": 0.5, "b": 0.1, "c": 0.1, "d": 0.1, "e": 0.1},
		{"ab": 1},
		{"abc": 1},
		{"abcd": 0.5, "abce": 0.1},
		{"abcde": 0.3, "abcda": 0.001},
	}
	for long, want := range [][]string{
		{},
		{"abcd 1"},
		{"abcd 1", "abce 1"},
		{"abcd 1", "abce 1", "abcde 1"},
		{"abcd 1", "abce 1", "abcde 1", "abcda 1"},
	} {
		m := newModels(ngram.Header{Languages: []ngram.Language{{Code: "aa"}}})
		joint := map[key]float64{{}: 1}
		var models []*serialization.SerializableLanguageModel
		for n, grams := range probabilities {
			model := &serialization.SerializableLanguageModel{}
			for gram, p := range grams {
				model.NgramSets = append(model.NgramSets, &serialization.SerializableNgramSet{Probability: p, Ngrams: []string{gram}})
			}
			models = append(models, model)
			var err error
			joint, err = m.add(0, n, model, joint)
			require.NoError(t, err)
		}
		m.choose(long)
		for n := fullOrder; n < ngram.MaxOrder; n++ {
			require.NoError(t, m.gather(0, n, models[n]))
		}
		got := []string{}
		for _, order := range m.builder().Orders[fullOrder:] {
			for _, e := range order {
				got = append(got, fmt.Sprintf("%s %d", string(e.Letters), len(e.Postings)))
			}
		}
		require.ElementsMatch(t, want, got, "%d long n-grams", long)
	}
}

func TestBuilderLinksMissingPrefixes(t *testing.T) {
	t.Parallel()
	m := newModels(ngram.Header{})
	for _, gram := range []string{"a", "ab", "abc", "abcde"} {
		k, n := keyOf(gram)
		m.put(0, n-1, k, 0.5)
	}
	order := m.builder().Orders[fullOrder]
	require.Len(t, order, 1)
	require.Equal(t, "abcd", string(order[0].Letters))
	require.Empty(t, order[0].Postings)
}

func TestDamagedModels(t *testing.T) {
	t.Parallel()
	for _, set := range []*serialization.SerializableNgramSet{
		{Probability: 0, Ngrams: []string{"a"}},
		{Probability: 1.5, Ngrams: []string{"a"}},
		{Probability: 0.5, Ngrams: []string{"ab"}},
	} {
		model := &serialization.SerializableLanguageModel{NgramSets: []*serialization.SerializableNgramSet{set}}
		_, err := newModels(ngram.Header{}).add(0, 0, model, map[key]float64{{}: 1})
		require.Error(t, err)
	}
	_, err := readModel("nowhere.zip")
	require.Error(t, err)
}
