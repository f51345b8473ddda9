package mainbody

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	firstPara = "The harbour bridge will close to all traffic from Monday after engineers found cracks, the city said on Tuesday."
	lastPara  = "The closure is expected to last ten weeks, until early August, and ferries will run every eight minutes at peak times."
)

// keptOf runs the rules on a page of which every block scores high, and returns
// the blocks that stay.
func keptOf(t *testing.T, page string, h Hints) []string {
	t.Helper()
	pg := cut(parsePage(t, page), never)
	scores := make([]float32, len(pg.blocks))
	for i := range scores {
		scores[i] = 0.9
	}
	var out []string
	c := choose(pg, scores, fixedLimits(pg), h, ByRules)
	c.settle(pg, h)
	for i, keep := range c.kept {
		if keep {
			out = append(out, pg.blocks[i].text)
		}
	}
	return out
}

func TestPreamble(t *testing.T) {
	t.Parallel()
	h := Hints{Title: "Bridge closes", Section: "Environnement", Authors: []string{"Théo Maurandy", "Nadia Perrin"}}
	tests := map[string]struct {
		line string
		stay bool
	}{
		"section":                {"<p>Environnement</p>", false},
		"section by its class":   {`<p class="Story_section__u1">Transport</p>`, false},
		"author":                 {"<p>Théo Maurandy</p>", false},
		"authors":                {"<p>Théo Maurandy, Nadia Perrin</p>", false},
		"byline":                 {"<p>By MIRIAM OKAFOR</p>", false},
		"byline, German":         {"<p>Von Jutta Sommerfeld</p>", false},
		"author and day":         {"<p>Théo Maurandy, le 3 mai</p>", false},
		"unknown name and day":   {"<p>Hugo Lambert, le 3 mai à 14h</p>", false},
		"author and role":        {"<p>Nadia Perrin, envoyée spéciale à Rabat</p>", false},
		"date":                   {"<p>22 November 2026, 19:30</p>", false},
		"date after its word":    {"<p>Veröffentlicht am 26. Oktober 2023</p>", false},
		"dateline":               {"<p>Rabat —</p>", true},
		"dateline with a date":   {"<p>RABAT, 3 mai 2024 (ALM) –</p>", true},
		"dateline and section":   {"<p>Environnement –</p>", true},
		"dateline in a sentence": {"<p>Rabat — Les vannes sont ouvertes.</p>", true},
		"sentence":               {"<p>By Monday, all was over.</p>", true},
		"sentence of the author": {"<p>Théo Maurandy a vu le pont tomber.</p>", true},
		"heading":                {"<h2>Von Berlin nach Paris</h2>", true},
		"short text":             {"<p>Ten weeks of ferries</p>", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := keptOf(t, "<h1>Bridge closes</h1>"+tt.line+"<p>"+firstPara+"</p><p>"+lastPara+"</p>", h)
			want := 2
			if tt.stay {
				want = 3
			}
			require.Len(t, got, want)
			require.Equal(t, firstPara, got[want-2])
		})
	}
}

func TestPreambleEndsWithTheText(t *testing.T) {
	t.Parallel()
	long := "<p>" + strings.Repeat(firstPara+" ", 5) + "</p>"
	got := keptOf(t, long+"<p>By Tom Reyes</p><p>"+lastPara+"</p>", Hints{})
	require.Contains(t, got, "By Tom Reyes")
}

func TestPromos(t *testing.T) {
	t.Parallel()
	story := strings.Repeat("<p>"+firstPara+"</p>", 3)
	box := "<strong>Get our morning letter.</strong> Six stories, at six."
	tests := map[string]struct {
		page string
		stay bool
	}{
		"newsletter":         {story + `<div class="hc-newsletter">` + box + "</div><p>" + lastPara + "</p>", false},
		"promo":              {story + `<div class="hc-promo">` + box + "</div><p>" + lastPara + "</p>", false},
		"box around":         {story + `<aside id="signup"><div><p>` + box + "</p></div></aside><p>" + lastPara + "</p>", false},
		"above the text":     {`<div class="article-promo"><p>` + box + "</p></div>" + story, true},
		"heading of that id": {story + `<h2 id="newsletter">` + box + "</h2><p>" + lastPara + "</p>", true},
		"the whole story":    {`<div class="newsletter">` + story + "<p>" + box + "</p><p>" + lastPara + "</p></div>", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := keptOf(t, tt.page, Hints{})
			require.Equal(t, tt.stay, strings.Contains(strings.Join(got, "\n"), "morning letter"))
		})
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	story := "<p>" + firstPara + "</p><p>" + lastPara + "</p>"
	tests := map[string]struct {
		under string
		stay  int // blocks under the story that stay
	}{
		"comments":           {"<h4>Комментарии читателей (2)</h4><table><tr><td>Старожил</td><td>Раньше мост был крепче, честное слово.</td></tr></table>", 0},
		"signature":          {"<p><i>Nives Tarabusi</i></p>", 0},
		"links":              {`<p><a href="/m">Send to a friend</a> | <a href="/p">Print</a></p>`, 0},
		"all three":          {`<p>Nives Tarabusi</p><p><a href="/p">Stampa</a></p><h4>Commenti dei lettori</h4><p>Che emozione rivederlo, davvero.</p>`, 0},
		"signature, led":     {"<p>Von Annette van der Berg</p>", 0},
		"share":              {`<div><a class="post__share" href="/s">Share this post</a></div><p>Nobody was hurt, said Ana Brandt.</p>`, 1},
		"title of a work":    {"<p>We rate this Mostly True.</p>", 1},
		"capitals":           {"<p>Das Gespräch führte Peter Hansen</p>", 1},
		"no capitals":        {"<p>西田 澪</p>", 1},
		"sentence with link": {`<p><a href="/m">We rate the claim mostly true.</a></p>`, 1},
		"list of links":      {`<ul><li><a href="/m">The report</a></li></ul>`, 1},
		"verdict":            {"<p>Nobody was hurt.</p>", 1},
		"quotation's source": {"<blockquote>Nives Tarabusi</blockquote>", 1},
		"comments, in bold":  {"<p><b>3 Kommentare</b></p><p>Früher war die Brücke besser, so viel steht fest.</p>", 0},
		"button":             {`<div><a href="#"><span>Comments</span></a></div><p>Nobody was hurt, said Ana Brandt.</p>`, 2},
		"much text below":    {"<h2>Comments</h2>" + story + "<p>" + strings.Repeat("Ferries left late. ", 6) + "</p><p>" + strings.Repeat("Buses came full. ", 6) + "</p>", 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Len(t, keptOf(t, story+tt.under, Hints{}), 2+tt.stay)
		})
	}
}
