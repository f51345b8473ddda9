package mainbody

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLexicon(t *testing.T) {
	t.Parallel()
	words := appendWords(nil, "Sign up today")
	l := NewLexicon([]Term{{wordKey(words[1]), 10}, {pairKey(words[0], words[1]), 50}, {wordKey(words[2]), -30}})
	require.Equal(t, []float32{10, 20, 10, 50, -30}, l.add(nil, words))
	require.Equal(t, []float32{0, 0, 0, 0, 0}, l.add(nil, appendWords(nil, "le pont ferme")))
	require.Equal(t, make([]float32, lexiconFeatures), l.add(nil, nil))
	require.Equal(t, make([]float32, lexiconFeatures), (*Lexicon)(nil).add(nil, words))
	require.ElementsMatch(t, NewLexicon(l.terms()).terms(), l.terms())
}

func TestLimitFollowsThePage(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, "<p>"+firstPara+"</p><p>"+lastPara+"</p><p>Ten weeks</p>"), never)
	sure, doubtful := limitsOf(pg, []float32{0.97, 0.95, 0.3}), limitsOf(pg, []float32{0.4, 0.4, 0.3})
	require.InDelta(t, lowLimit+limitRange, sure.base, 0.05)
	require.InDelta(t, lowLimit, doubtful.base, 1e-6)
	require.False(t, sure.reached(pg, 1, 0.4))
	require.True(t, sure.reached(pg, 2, 0.4), "two words need less")
}

func TestRuns(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, `<a href="/x">Ferries</a><p>`+firstPara+`</p><p>`+lastPara+`</p><h2><a href="/y">Other news</a></h2><p>Short.</p>`), never)
	d := newDescriber(pg, Hints{})
	require.Equal(t, []int32{0, 1, 1, 3, 4}, d.runs)
	require.Equal(t, []int32{1, 3, 3, 4, 5}, d.runEnds)
	require.InDelta(t, 1, d.run(nil, 4)[0], 1e-6, "the heading above is a link")
	require.Len(t, d.run(nil, 0), runFeatures)
}
