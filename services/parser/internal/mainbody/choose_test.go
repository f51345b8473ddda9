package mainbody

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const middlePara = "Ferry crews have been told to expect three times their usual passengers, and two older boats will return to service."

// textsOf are the blocks that stay with these scores.
func textsOf(t *testing.T, page string, h Hints, scores ...float32) []string {
	t.Helper()
	pg := cut(parsePage(t, page), never)
	require.Len(t, scores, len(pg.blocks))
	var out []string
	for _, p := range assemble(pg, scores, h, ByModel).Pieces {
		out = append(out, p.Text)
	}
	return out
}

func TestBelowTheStoryMoreIsAsked(t *testing.T) {
	t.Parallel()
	page := `<header><p>` + lastPara + `</p></header><main><p>` + firstPara + `</p><p>` + middlePara + `</p><p>Ten weeks of ferries will be a long time for many.</p></main>
<div><p>I use this bridge every single day, and so does my whole family.</p></div>`
	got := textsOf(t, page, Hints{}, 0.6, 0.99, 0.99, 0.6, 0.6)
	require.Equal(t, []string{lastPara, firstPara, middlePara, "Ten weeks of ferries will be a long time for many."}, got)
	require.Len(t, textsOf(t, page, Hints{}, 0.6, 0.99, 0.99, 0.6, 0.9), 5)
	require.Len(t, textsOf(t, page, Hints{}, 0.6, 0.6, 0.6, 0.6, 0.6), 5, "nothing shows where the story is")
}

func TestTextThatStandsAgainAsOneBlock(t *testing.T) {
	t.Parallel()
	page := `<p>` + firstPara + `</p><p>` + middlePara + `</p><p>` + lastPara + `</p>`
	again := `<div>` + strings.Join([]string{firstPara, middlePara, lastPara}, " ") + `</div>`
	require.Equal(t, []string{firstPara, middlePara, lastPara}, textsOf(t, page+again, Hints{}, 0.9, 0.9, 0.9, 0.9))
	other := `<div>` + lastPara + " " + strings.Repeat("No word of this was said before. ", 5) + `</div>`
	require.Len(t, textsOf(t, page+other, Hints{}, 0.9, 0.9, 0.9, 0.9), 4)
}

func TestRulesStandInWhereTheClassifierIsInDoubt(t *testing.T) {
	t.Parallel()
	h := Hints{Title: "Harbour bridge closes"}
	page := `<table><tr><td>Ferry 12:30</td><td>Bridge 4:1</td></tr></table><div><p>` + firstPara + `</p><p>` + lastPara + `</p></div>`
	story, table := []string{firstPara, lastPara}, []string{"Ferry 12:30", "Bridge 4:1"}
	tests := map[string]struct {
		title  string
		scores []float32
		want   []string
	}{
		"nothing found":       {h.Title, []float32{0, 0, 0.1, 0.1}, story},
		"a list, in doubt":    {h.Title, []float32{0.4, 0.4, 0.1, 0.1}, story},
		"a list, for sure":    {h.Title, []float32{0.9, 0.9, 0.1, 0.1}, table},
		"a list of the title": {"Bridge 4:1, ferry 12:30", []float32{0.4, 0.4, 0.1, 0.1}, table},
		"prose, in doubt":     {h.Title, []float32{0, 0, 0.4, 0.1}, story[:1]},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, textsOf(t, page, Hints{Title: tt.title}, tt.scores...))
		})
	}
	asked := 0
	h.Explain, h.Review = true, func([]Choice) { asked++ }
	body := assemble(cut(parsePage(t, page), never), []float32{0.4, 0.4, 0.1, 0.1}, h, ByModel)
	require.Equal(t, 1, asked, "only the choice that stands is reviewed")
	require.Equal(t, ByRules, body.Verdicts[2].Reason)
	require.InDelta(t, 0.1, body.Confidence, 1e-6, "the doubt stays")
}
