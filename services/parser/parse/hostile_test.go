package parse_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

const sentence = "The harbour bridge will close to all traffic from Monday, the city's transport department said on Tuesday. "

func parseHTML(content string) (*datelinev1.Document, error) {
	page := &datelinev1.Page{Content: []byte(content), Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{ContentType: "text/html"}}}
	return parse.New(parse.Config{}).Parse(context.Background(), page)
}

// TestHostilePagesEnd parses pages made to break parsers. Any end is right, as
// long as it comes, and what is returned is sound.
func TestHostilePagesEnd(t *testing.T) {
	t.Parallel()
	story := "<p>" + strings.Repeat(sentence, 3) + "</p>"
	pages := map[string]string{
		"nothing":               "",
		"one byte":              "<",
		"nested deep":           strings.Repeat("<div>", 100_000) + story,
		"formatting":            strings.Repeat("<b><i><p>", 20_000) + story,
		"nested tables":         strings.Repeat("<table>x<tr><td>", 5_000) + story,
		"nested lists":          strings.Repeat("<ul><li>", 5_000) + story,
		"giant attribute":       `<div class="` + strings.Repeat("comment ", 200_000) + `">` + story + story,
		"many attributes":       "<p " + strings.Repeat("a=b c=d ", 50_000) + ">" + strings.Repeat(sentence, 3),
		"many blocks":           strings.Repeat("<p>word", 60_000),
		"many links":            strings.Repeat(`<a href="/x">y</a> `, 50_000),
		"nul and controls":      "<html><body><h1>A\x00b\x07c</h1>" + strings.ReplaceAll(story, "bridge", "bri\x00\x1bdge\u202e") + story,
		"invalid utf-8":         "<html><body>" + strings.ReplaceAll(story, "e", "\xff\xfe") + story,
		"unclosed script":       "<html><body>" + story + "<script>" + strings.Repeat("x", 10_000),
		"unclosed comment":      "<html><body>" + story + "<!--" + strings.Repeat("x", 10_000),
		"select in math":        "<math><template><mo><template>" + story,
		"nested json":           `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 20_000) + `</script>` + story,
		"json of many articles": `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"NewsArticle","headline":"x"},`, 5_000) + `{}]</script>` + story,
		"meta flood":            strings.Repeat(`<meta name="x" content="y"><meta property="og:title" content="z">`, 20_000) + story,
		"plaintext":             "<html><body><plaintext>" + story,
		"frameset":              "<html><frameset><frame src=x></frameset></html>",
	}
	for name, content := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := parseHTML(content)
			requireVerdict(t, doc, err)
		})
	}
}

// requireVerdict checks that a page ended as a sound document or as one of the
// errors that Parse promises.
func requireVerdict(t *testing.T, doc *datelinev1.Document, err error) {
	t.Helper()
	var rejected *parse.Rejected
	var undecodable *parse.Undecodable
	switch {
	case err == nil:
		requireSound(t, doc)
	case errors.As(err, &rejected):
		require.Contains(t, []string{
			parse.ReasonEmpty, parse.ReasonConsent, parse.ReasonPaywall, parse.ReasonLogin, parse.ReasonError,
			parse.ReasonScript, parse.ReasonList, parse.ReasonBinary,
		}, rejected.Reason)
	case errors.As(err, &undecodable):
		require.Contains(t, []string{parse.TooLarge, parse.TooDeep, parse.TooSlow, parse.Malformed, parse.SeveralStories}, undecodable.Reason)
	default:
		require.NoError(t, err)
	}
}

func TestDeepPagesKeepTheirText(t *testing.T) {
	t.Parallel()
	page := "<html><head><title>Bridge closes</title></head><body>" + strings.Repeat("<div>", 700) +
		"<h1>Bridge closes</h1>"
	for _, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"} {
		page += "<p>" + strings.Repeat(strings.ReplaceAll(sentence, "Monday", day)+"So it was on "+day+". ", 3) + "</p>"
	}
	doc, err := parseHTML(page)
	require.NoError(t, err)
	require.Equal(t, "Bridge closes", doc.Headline)
	require.GreaterOrEqual(t, strings.Count(doc.Text, "harbour bridge"), 12)
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	page := &datelinev1.Page{Content: make([]byte, 2000)}
	_, err := parse.New(parse.Config{MaxBytes: 1000}).Parse(context.Background(), page)
	var undecodable *parse.Undecodable
	require.ErrorAs(t, err, &undecodable)
	require.Equal(t, parse.TooLarge, undecodable.Reason)
}

func TestBudget(t *testing.T) {
	t.Parallel()
	page := &datelinev1.Page{Content: []byte("<html><body>" + strings.Repeat("<p>"+sentence, 20_000))}
	_, err := parse.New(parse.Config{Budget: time.Nanosecond}).Parse(context.Background(), page)
	var undecodable *parse.Undecodable
	require.ErrorAs(t, err, &undecodable)
	require.Equal(t, parse.TooSlow, undecodable.Reason)
}

func TestCancelledContextIsNoVerdict(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := parse.New(parse.Config{}).Parse(ctx, &datelinev1.Page{Content: []byte("<html><body><p>" + sentence)})
	require.ErrorIs(t, err, context.Canceled)
}

func TestSniffing(t *testing.T) {
	t.Parallel()
	html := "<!DOCTYPE html><html><body><h1>Bridge closes</h1>" + strings.Repeat("<p>"+strings.Repeat(sentence, 3)+"</p>", 4) + "</body></html>"
	plain := "Northport — " + strings.Repeat(sentence, 3) + "\n\n" + sentence
	tests := []struct{ name, contentType, content, kind, reason string }{
		{"html as html", "text/html", html, "article", ""},
		{"html as plain text", "text/plain", html, "article", ""},
		{"html of unknown type", "", html, "article", ""},
		{"html as octets", "application/octet-stream", html, "article", ""},
		{"plain text", "text/plain", plain, "wire", ""},
		{"plain text of unknown type", "", plain, "wire", ""},
		{"plain text as html", "text/html", plain, "wire", ""},
		{"a less-than sign is no tag", "text/plain", strings.ReplaceAll(plain, "Monday", "a < b"), "wire", ""},
		{"picture", "text/html", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", parse.ReasonBinary},
		{"pdf", "", "%PDF-1.7\n1 0 obj", "", parse.ReasonBinary},
		{"nothing", "text/html", "", "", parse.ReasonEmpty},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			page := &datelinev1.Page{Content: []byte(tt.content), Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{ContentType: tt.contentType}}}
			doc, err := parse.New(parse.Config{}).Parse(context.Background(), page)
			if tt.reason != "" {
				var rejected *parse.Rejected
				require.ErrorAs(t, err, &rejected)
				require.Equal(t, tt.reason, rejected.Reason)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.kind, doc.PageType)
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"<html><body><p>" + sentence + sentence, "date 2023-12 Rabat — " + sentence, "\xff\xfe<\x00p\x00>\x00", "<table><b><p><select><svg><desc>",
		`<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"\ud800"}]}</script><p>` + sentence + sentence,
		"<meta charset=utf-16><h1>\u202ex</h1><p itemprop=articleBody>" + sentence + sentence,
	} {
		f.Add([]byte(s), "text/html", "utf-8", "https://a.example/2023/12/07/x")
	}
	p := parse.New(parse.Config{MaxBytes: 1 << 20})
	f.Fuzz(func(t *testing.T, content []byte, contentType, charset, url string) {
		page := &datelinev1.Page{Content: content, Article: &datelinev1.Article{
			Fetch:  &datelinev1.Fetch{ContentType: contentType, Charset: charset, FinalUrl: url},
			Source: &datelinev1.Source{Entry: &datelinev1.Entry{Title: url, Content: string(content)}},
		}}
		doc, err := p.Parse(context.Background(), page)
		requireVerdict(t, doc, err)
	})
}
