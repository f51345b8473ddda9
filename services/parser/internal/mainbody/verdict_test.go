package mainbody

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVerdicts(t *testing.T) {
	t.Parallel()
	page := `<main class="story"><h1>Bridge closes</h1><p>By Tom Reyes</p><p>` + firstPara + `</p><p>` + lastPara + `</p><p>` + firstPara + " " + lastPara +
		`</p></main><aside class="related"><a href="/x">Ferries</a></aside>`
	root := parsePage(t, page)
	h := Hints{Title: "Bridge closes", Byline: "By Tom Reyes", Review: func(c []Choice) { c[len(c)-1].Leave = true }}
	require.Empty(t, Extractor{}.Extract(root, h, never).Verdicts)
	h.Explain = true
	body := Extractor{}.Extract(root, h, never)
	require.Positive(t, body.Limit)
	reasons := map[string]Verdict{}
	for _, v := range body.Verdicts {
		reasons[v.Text] = v
		require.GreaterOrEqual(t, v.Score, 0.0)
	}
	require.Len(t, body.Verdicts, 6)
	require.True(t, reasons[firstPara].Chosen)
	require.Equal(t, ByModel, reasons[firstPara].Reason)
	require.Equal(t, "main > p", reasons[firstPara].Place)
	require.Equal(t, []string{"main", "content"}, reasons[firstPara].Marks)
	require.Equal(t, Paragraph, reasons[firstPara].Kind)
	ferries := reasons["Ferries"]
	require.False(t, ferries.Chosen)
	require.Equal(t, []string{"aside", "related"}, ferries.Marks)
	require.Equal(t, ByModel, ferries.Reason)
}

func TestVerdictsNameWhatRulesLeaveOut(t *testing.T) {
	t.Parallel()
	pg := cut(parsePage(t, `<h1>Bridge closes</h1><p>***</p><p>By Tom Reyes</p><p>`+firstPara+" Twice."+`</p><div class="newsletter">Get our letter</div><p>`+lastPara+`</p><p>`+
		firstPara+` Twice.</p><p>Ten weeks of ferries.</p><h2>Letters</h2>`), never)
	scores := make([]float32, len(pg.blocks))
	for i := range scores {
		scores[i] = 0.9
	}
	scores[1] = 0.1
	leave := func(c []Choice) { c[2].Leave = true }
	body := assemble(pg, scores, Hints{Title: "Bridge closes", Explain: true, Review: leave}, ByRules)
	var got []string
	for _, v := range body.Verdicts {
		got = append(got, v.Reason)
	}
	require.Equal(t, []string{IsHeadline, ByRules, IsPreamble, ByRules, IsPromo, ByRules, IsRepeat, ByTemplate, LastHead}, got)
	require.Equal(t, []bool{false, false, false, true, false, true, false, false, false}, chosen(body.Verdicts))
	require.Equal(t, ByFragment, Fragment(parsePage(t, "<p>a</p>")).Verdicts[0].Reason)
}

func chosen(verdicts []Verdict) []bool {
	var out []bool
	for _, v := range verdicts {
		out = append(out, v.Chosen)
	}
	return out
}
