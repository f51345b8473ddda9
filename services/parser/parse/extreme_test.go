package parse_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// TestExtremePages: whatever a page has too much of, the story beside it is found, or
// the page ends with its reason. Nothing is measured here: the sizes are those from which
// work that grows with the square would be noticed by whoever waits for the tests.
func TestExtremePages(t *testing.T) {
	t.Parallel()
	story := ""
	for _, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"} {
		story += "<p>" + strings.ReplaceAll(sentence, "Monday", day) + "The council had voted on " + day + ". Ferries will run every ten minutes instead.</p>"
	}
	article := "<article><h1>Bridge closes for ten weeks</h1>" + story + "</article>"
	page := func(head, body string) string {
		return "<!doctype html><html><head><title>Bridge closes for ten weeks</title>" + head + "</head><body>" + body + "</body></html>"
	}
	objects := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Other story %d"}</script>`, i)
		}
		return b.String()
	}
	tests := map[string]struct {
		content string
		found   bool // the story is found
		reason  string
	}{
		"20 MB of text":            {page("", article+strings.Repeat("<p>"+sentence+"</p>", 20<<20/len(sentence))), false, parse.TooLarge},
		"9 MB of comment":          {page("<!--"+strings.Repeat("x ", 4<<20)+"-->", article), true, ""},
		"9 MB of script":           {page("<script>"+strings.Repeat("var x=1;", 1<<20)+"</script>", article), true, ""},
		"100,000 deep":             {page("", strings.Repeat("<div>", 100_000)+article), true, ""},
		"100,000 deep, inline":     {page("", strings.Repeat("<span>", 100_000)+article), true, ""},
		"5 MB attribute":           {page("", `<div data-x="`+strings.Repeat("x", 5<<20)+`">`+article+`</div>`), true, ""},
		"5 MB class":               {page("", `<div class="`+strings.Repeat("comment author date ", 1<<18)+`">`+article+`</div>`), true, ""},
		"250,000 line breaks":      {page("", article+strings.Repeat("<br>", 250_000)), true, ""},
		"50,000 links":             {page("", article+strings.Repeat(`<a href="/x">more</a> `, 50_000)), true, ""},
		"1 MB title":               {"<!doctype html><title>" + strings.Repeat("Bridge closes ", 1<<16) + "</title><body>" + article, true, ""},
		"1 MB headline":            {page("", "<h1>"+strings.Repeat("Bridge closes ", 1<<16)+"</h1>"+article), true, ""},
		"20,000 JSON-LD objects":   {page(objects(20_000), article), true, ""},
		"JSON-LD of 2 MB":          {page(`<script type="application/ld+json">[`+strings.Repeat(`{"@type":"NewsArticle","headline":"x"},`, 50_000)+`{}]</script>`, article), true, ""},
		"deep JSON-LD":             {page(`<script type="application/ld+json">`+strings.Repeat(`{"@graph":[`, 100_000)+strings.Repeat(`]}`, 100_000)+`</script>`, article), true, ""},
		"deep lists in JSON-LD":    {page(`<script type="application/ld+json">{"@type":"NewsArticle","author":`+strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)+`}</script>`, article), true, ""},
		"JSON-LD in a circle":      {page(`<script type="application/ld+json">{"@graph":[{"@id":"#a","author":{"@id":"#a"},"@type":"NewsArticle"},{"@id":"#a","name":{"@id":"#a"}}]}</script>`, article), true, ""},
		"100,000 meta elements":    {page(strings.Repeat(`<meta property="article:tag" content="bridge">`, 100_000), article), true, ""},
		"20,000 bylines":           {page("", article+strings.Repeat(`<p class="byline">By Miriam Okafor</p>`, 20_000)), true, ""},
		"20,000 times":             {page("", article+strings.Repeat(`<time datetime="2026-11-03">3 November 2026</time>`, 20_000)), true, ""},
		"a line of 2 MB of digits": {page("", article+"<p>"+strings.Repeat("2026-11-03 ", 1<<16)+"</p>"), true, ""},
		"nested names of nobody":   {page("", article+strings.Repeat(`<div class="author" itemprop="author"><h1>`, 240)+strings.Repeat("<i></i>", 50_000)), true, ""},
		"20,000 formatting tags":   {page("", article+strings.Repeat("<b><i><a><font>", 5_000)), true, ""},
		"only NULs":                {strings.Repeat("\x00", 1<<20), false, parse.ReasonBinary},
		"bidi controls":            {page("", strings.ReplaceAll(article, "harbour", "har\u202e\u2066bour")), true, ""},
		"a plain text of one line": {strings.Repeat("word ", 1<<18), true, ""},
		"a plain text of breaks":   {"Title\n" + strings.Repeat("\n", 1<<20) + sentence, true, ""},
	}
	parser := parse.New(parse.Config{Budget: time.Hour})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			doc, err := parser.Parse(context.Background(), &datelinev1.Page{
				Content: []byte(tt.content), Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{FinalUrl: "https://pier.example/local/bridge"}},
			})
			requireVerdict(t, doc, err)
			if tt.reason != "" {
				require.ErrorContains(t, err, tt.reason)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.found, doc.GetText() != "")
			if strings.Contains(tt.content, "<article>") {
				require.Contains(t, doc.GetText(), "The council had voted on Saturday")
			}
		})
	}
}
