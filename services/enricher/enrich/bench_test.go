package enrich

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// sampleBytes is the length to which the demo site's stories are strung together.
const sampleBytes = 3000

// samples are articles of some 3 KB in nine languages, out of the demo site's
// stories, and the wire story of the contract's examples.
func samples(tb testing.TB) []*datelinev1.Document {
	tb.Helper()
	raw, err := os.ReadFile("../../../proto/examples/wire-fr.json")
	require.NoError(tb, err)
	var wire datelinev1.Article
	require.NoError(tb, protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(raw, &wire))
	docs := []*datelinev1.Document{wire.GetDocument()}
	for _, lang := range []string{"en", "fr", "de", "es", "pt", "ar", "ru", "zh", "ja"} {
		paths, err := filepath.Glob("../../dateline/demo/articles/*/*." + lang + ".md")
		require.NoError(tb, err)
		require.NotEmpty(tb, paths)
		slices.Sort(paths)
		doc := &datelinev1.Document{
			Language:    lang,
			PublishedAt: timestamppb.New(time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)),
		}
		for _, path := range paths {
			headline, body := demoStory(tb, path)
			if doc.GetHeadline() == "" {
				doc.Headline = headline
			}
			doc.Text += body + "\n\n"
		}
		doc.Text = paragraphs(doc.GetText(), sampleBytes)
		docs = append(docs, doc)
	}
	return docs
}

// markup is what the demo site's files hold besides text.
var markup = regexp.MustCompile(`\{\{[^}]*\}\}|(?m)^(?:> |## |- )`)

func demoStory(tb testing.TB, path string) (headline, body string) {
	tb.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(tb, err)
	head, body, ok := strings.Cut(string(raw), "\n---\n")
	require.True(tb, ok, path)
	_, head, _ = strings.Cut(head, "title: ")
	headline, _, _ = strings.Cut(head, "\n")
	return headline, strings.TrimSpace(markup.ReplaceAllString(body, ""))
}

// paragraphs gives the paragraphs of a text up to the one that reaches n bytes.
func paragraphs(text string, n int) string {
	if len(text) <= n {
		return strings.TrimSpace(text)
	}
	if i := strings.Index(text[n:], "\n\n"); i >= 0 {
		text = text[:n+i]
	}
	return strings.TrimSpace(text)
}

// BenchmarkEnrich enriches an article after another with all annotators. Besides the
// mean it gives the median of an article, and the median that each annotator took
// of it, in microseconds: means are those of the machine's other work as well.
func BenchmarkEnrich(b *testing.B) {
	parts := map[string][]time.Duration{}
	e, err := New(Config{}, func(annotator string, took time.Duration) { parts[annotator] = append(parts[annotator], took) })
	require.NoError(b, err)
	require.NoError(b, e.Warm(b.Context()))
	docs := samples(b)
	for _, doc := range docs { // lexicons load when a language is first met
		_, err := e.Enrich(b.Context(), doc)
		require.NoError(b, err)
	}
	clear(parts)
	b.ReportAllocs()
	var all []time.Duration
	for b.Loop() {
		started := time.Now()
		if _, err := e.Enrich(b.Context(), docs[len(all)%len(docs)]); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(started))
	}
	b.ReportMetric(median(all), "µs-median")
	for name, took := range parts {
		b.ReportMetric(median(took), "µs-"+name)
	}
}

func median(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)/2].Nanoseconds()) / 1000
}

// BenchmarkEnrichLanguage is BenchmarkEnrich by language.
func BenchmarkEnrichLanguage(b *testing.B) {
	e, err := New(Config{})
	require.NoError(b, err)
	require.NoError(b, e.Warm(b.Context()))
	for i, doc := range samples(b) {
		name := doc.GetLanguage()
		if i == 0 {
			name = "fr-wire"
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc.GetText())))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Enrich(b.Context(), doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAnnotator runs each annotator alone on what those before it found.
func BenchmarkAnnotator(b *testing.B) {
	e, err := New(Config{})
	require.NoError(b, err)
	require.NoError(b, e.Warm(b.Context()))
	docs := samples(b)
	for i := range e.annotators {
		b.Run(e.annotators[i].name, func(b *testing.B) {
			ins, outs := make([]*article, len(docs)), make([]*datelinev1.Enrichment, len(docs))
			for k, doc := range docs {
				ins[k], outs[k] = newArticle(doc), &datelinev1.Enrichment{}
				for before := range i + 1 {
					require.Empty(b, e.annotators[before].run(ins[k], outs[k]))
				}
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				e.annotators[i].run(ins[n%len(docs)], outs[n%len(docs)])
				n++
			}
		})
	}
}
