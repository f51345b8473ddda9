package mainbody

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReview(t *testing.T) {
	t.Parallel()
	page := "<h1>Bridge closes</h1><p>" + firstPara + "</p><p>" + lastPara + "</p><h2>Letters</h2><div><p>Write to the desk.</p></div>"
	var seen []Choice
	got := keptOf(t, page, Hints{Title: "Bridge closes", Review: func(choices []Choice) {
		seen = append(seen, choices...)
		choices[3].Leave = true
	}})
	require.Equal(t, []string{firstPara, lastPara}, got, "a heading that nothing follows goes, too")
	require.Len(t, seen, 4, "the headline was not chosen")
	require.Equal(t, firstPara, seen[0].Text)
	require.Equal(t, seen[0].Path, seen[1].Path)
	require.NotEqual(t, seen[0].Path, seen[3].Path)
	require.True(t, seen[2].Heading)
	require.False(t, seen[3].Heading)
}
