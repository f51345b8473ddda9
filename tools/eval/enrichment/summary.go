package enrichment

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// leastAbstract is the number of words from which a page's description may sum it
// up.
const leastAbstract = 10

// summaries compares the summary of pages' bodies with what their publishers say of
// them, next to as many words of the opening. Descriptions that are the opening
// themselves, whole or cut, would measure nothing and are left out.
func (m *measurement) summaries(ctx context.Context) error {
	if m.pages == "" {
		return nil
	}
	type page struct {
		URL, HTML string
		Body      *string
	}
	pages, err := read[page](m.pages, "truth.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "language", "dateline", "keyphrase", "summary")
	if err != nil {
		return err
	}
	reader := parse.New(parse.Config{})
	var t timer
	var ours, lead [2]float64
	n := 0
	for _, p := range pages {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p.Body == nil {
			continue
		}
		content, err := unzip(filepath.Join(m.pages, p.HTML))
		if err != nil {
			return err
		}
		doc, err := reader.Parse(ctx, &datelinev1.Page{Content: content, Article: &datelinev1.Article{
			Fetch: &datelinev1.Fetch{Url: p.URL, FinalUrl: p.URL, ContentType: "text/html"},
		}})
		if err != nil {
			continue // a page that is not read has no description
		}
		abstract, body := wordsOf(doc.GetAbstract()), wordsOf(*p.Body)
		if len(abstract) < leastAbstract || len(body) < 5*len(abstract) || opens(body, abstract) {
			continue
		}
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: *p.Body, Headline: doc.GetHeadline()})
		if err != nil {
			return err
		}
		var text strings.Builder
		runes := []rune(*p.Body)
		for _, s := range out.GetSummary() {
			text.WriteString(string(runes[s.GetSpan().GetStart():s.GetSpan().GetEnd()]) + "\n")
		}
		summary := wordsOf(text.String())
		for k := range ours {
			ours[k] += rouge(summary, abstract, k+1)
			lead[k] += rouge(body[:min(len(summary), len(body))], abstract, k+1)
		}
		n++
	}
	if n > 0 {
		m.add("summary", "publishers' descriptions that are not the opening", &t, "ROUGE-1 %.3f, ROUGE-2 %.3f; as many words of the opening %.3f, %.3f",
			ours[0]/float64(n), ours[1]/float64(n), lead[0]/float64(n), lead[1]/float64(n))
	}
	return nil
}

func unzip(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("unzip %s: %w", path, err)
	}
	return io.ReadAll(z)
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// opens tells whether an abstract is, but for a word or two at its end, somewhere
// in the first two hundred words of the body.
func opens(body, abstract []string) bool {
	head := " " + strings.Join(body[:min(len(body), 200)], " ") + " "
	return strings.Contains(head, " "+strings.Join(abstract[:len(abstract)*2/3], " ")+" ")
}

// rouge is the F1 of the n-grams of words that two texts share (Lin, "ROUGE: A
// Package for Automatic Evaluation of Summaries", 2004).
func rouge(got, want []string, n int) float64 {
	grams := func(words []string) map[string]int {
		m := map[string]int{}
		for i := 0; i+n <= len(words); i++ {
			m[strings.Join(words[i:i+n], " ")]++
		}
		return m
	}
	a, b := grams(got), grams(want)
	hits := 0
	for g, count := range b {
		hits += min(count, a[g])
	}
	return f1(hits, max(0, len(got)-n+1), max(0, len(want)-n+1))
}
