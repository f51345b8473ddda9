package mainbody

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRepeats(t *testing.T) {
	t.Parallel()
	wide := `<div class="wide"><p>` + firstPara + ` ` + lastPara + `</p><p>` + lastPara + `</p></div>`
	narrow := `<div class="narrow"><p>` + firstPara + ` ` + lastPara + ` Free.</p></div>`
	require.Equal(t, []string{firstPara + " " + lastPara}, keptOf(t, wide+narrow, Hints{}))
	wide = `<div><p>` + firstPara + `</p><p>` + lastPara + `</p></div>`
	require.Len(t, keptOf(t, wide+`<p>The harbour bridge will close again in May, the city said.</p>`, Hints{}), 3)
	require.Len(t, keptOf(t, strings.Repeat("<p>No comment, said the mayor.</p>", 3)+wide, Hints{}), 5, "short lines may stand twice")
}

func TestSceneFindsTheHomeOfTheText(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, `<main><h1>Bridge closes</h1><article><div class="text"><p>`+firstPara+`</p><ul><li>Read more</li></ul><p>`+lastPara+
		`</p></div></article><ul><li class="comment"><p>Nobody asked us about any of this, and nobody will, I fear.</p></li></ul></main>`), never)
	d := newDescriber(pg, Hints{})
	home := pg.elements[d.scene.home]
	require.Equal(t, classOf("text"), home.own)
	require.Equal(t, firstPara, pg.blocks[d.scene.first].text)
	require.Equal(t, lastPara, pg.blocks[d.scene.last].text)
	for i := range pg.blocks {
		require.Len(t, d.sceneOf(nil, i), sceneFeatures)
	}
}

func TestSubjectOverlap(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, `<p>bridge ferries harbour engineers</p><p>harbour bridge cracks</p><p>bridge harbour engineers</p><p>lottery numbers</p>`), never)
	var o subject
	o.read(pg, []float32{0.9, 0.9, 0.1, 0.1})
	require.InDelta(t, 0.5, o.of(0, 1), 1e-6)
	require.InDelta(t, 1, o.of(2, 3), 1e-6)
	require.Zero(t, o.of(3, 4))
	require.InDelta(t, -1, o.of(2, 2), 1e-6)
	require.Len(t, o.add(nil, pg, 0), subjectFeatures)
}

func TestHasClockAndYear(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]bool{
		"": {}, "at 14:05": {true, false}, "6 Января 2012 14:05:28": {true, true}, "in 2024.": {false, true}, "12024": {}, "score 2:1": {},
		"1999": {false, true}, "20245 people": {}, "a:12": {},
	} {
		require.Equal(t, want, [2]bool{hasClock(s), hasYear(s)}, s)
	}
}
