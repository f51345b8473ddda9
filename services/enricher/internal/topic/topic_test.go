package topic_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/enricher/internal/topic"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// sample is one article of testdata/articles.tsv with its topic.
type sample struct{ slug, lang, headline, text string }

func samples(t testing.TB) []sample {
	t.Helper()
	text, err := os.ReadFile("testdata/articles.tsv")
	require.NoError(t, err)
	var all []sample
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		require.Len(t, f, 4, line)
		all = append(all, sample{f[0], f[1], f[2], f[3]})
	}
	return all
}

func classify(a topic.Article) string {
	var topics []string
	for _, t := range topic.Classify(a) {
		topics = append(topics, fmt.Sprintf("%s %s %s %.2f", t.GetCode(), t.GetSlug(), t.GetSource(), t.GetScore()))
	}
	return strings.Join(topics, "; ")
}

func slugs(a topic.Article) []string {
	slugs := []string{}
	for _, t := range topic.Classify(a) {
		slugs = append(slugs, t.GetSlug())
	}
	return slugs
}

func TestWarm(t *testing.T) {
	t.Parallel()
	require.NoError(t, topic.Warm(t.Context()))
}

func TestArticles(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, s := range samples(t) {
		a := topic.Article{Headline: s.headline, Text: s.text, Lang: s.lang}
		got := slugs(a)
		if len(got) == 0 || got[0] != s.slug {
			t.Errorf("%s: want %s, got %v", s.headline, s.slug, classify(a))
		}
		fmt.Fprintf(&out, "%s\n\t%s\n", s.headline, classify(a))
	}
	if *update {
		require.NoError(t, os.WriteFile("testdata/articles.golden", []byte(out.String()), 0o600))
	}
	want, err := os.ReadFile("testdata/articles.golden")
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

func TestPublisher(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   topic.Article
		want string
	}{
		"media topic":     {topic.Article{Subjects: []string{"medtop:16000000"}}, "conflict"},
		"subject code":    {topic.Article{Subjects: []string{"subj:15054000"}}, "sport"},
		"lower topic":     {topic.Article{Subjects: []string{"medtop:20000002"}}, ""},
		"no number":       {topic.Article{Subjects: []string{"medtop:0100000x", "subj:99000000", "sport", ":", "iptccat:a"}}, ""},
		"English":         {topic.Article{Section: "Sport"}, "sport"},
		"German":          {topic.Article{Section: "Wirtschaft"}, "economy"},
		"French":          {topic.Article{Section: "Économie"}, "economy"},
		"Arabic":          {topic.Article{Section: "المال"}, "economy"},
		"Chinese":         {topic.Article{Section: "经济"}, "economy"},
		"Japanese":        {topic.Article{Section: "スポーツ"}, "sport"},
		"Russian":         {topic.Article{Section: "Политика"}, "politics"},
		"Spanish":         {topic.Article{Section: "Medio ambiente"}, "environment"},
		"Italian":         {topic.Article{Section: "Cronaca nera"}, "crime"},
		"Turkish":         {topic.Article{Section: "Sağlık"}, "health"},
		"Korean":          {topic.Article{Section: "문화"}, "arts"},
		"Hindi":           {topic.Article{Section: "खेल"}, "sport"},
		"path in section": {topic.Article{Section: "News / Science & Technology / Space"}, "science"},
		"folder":          {topic.Article{URL: "https://news.example/de/politik/2026/abc.html"}, "politics"},
		"encoded folder":  {topic.Article{URL: "https://news.example/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/1"}, "sport"},
		"host":            {topic.Article{URL: "https://sport.news.example/abc"}, "sport"},
		"last part":       {topic.Article{URL: "https://news.example/sport"}, ""},
		"tag":             {topic.Article{Tags: []string{"Breaking", "climate change"}}, "environment"},
		"category":        {topic.Article{Categories: []string{"Météo"}}, "weather"},
		"other section":   {topic.Article{Section: "Featured"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, strings.Join(slugs(c.in), " "))
			for _, topic := range topic.Classify(c.in) {
				require.Equal(t, "publisher", topic.GetSource())
			}
		})
	}
}

func TestPublisherAndText(t *testing.T) {
	t.Parallel()
	a := topic.Article{
		Headline: "Police arrest coach after match", Lang: "en", Section: "Sport",
		Text: "Police arrested the coach of the team. A court heard that the suspect was charged with fraud; the judge set a trial.",
	}
	found := topic.Classify(a)
	require.Equal(t, "sport", found[0].GetSlug())
	require.Equal(t, "publisher", found[0].GetSource())
	require.Equal(t, "crime", found[1].GetSlug())
	require.NotEqual(t, "publisher", found[1].GetSource())
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "   ", "…", "Lorem ipsum dolor sit amet.", "12 34 56"} {
		require.Empty(t, topic.Classify(topic.Article{Text: text, Lang: "en"}), text)
	}
}

// check holds for all input: at most three topics of the vocabulary, each once,
// the best first.
func check(t require.TestingT, a topic.Article) {
	found := topic.Classify(a)
	require.LessOrEqual(t, len(found), topic.MaxTopics)
	seen := map[string]bool{}
	last := 1.0
	for _, f := range found {
		require.False(t, seen[f.GetCode()])
		seen[f.GetCode()] = true
		require.Regexp(t, `^medtop:(0[1-9]|1[0-7])000000$`, f.GetCode())
		require.NotEmpty(t, f.GetLabel())
		require.Positive(t, f.GetScore())
		require.LessOrEqual(t, f.GetScore(), last)
		last = f.GetScore()
	}
}

func TestInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.String(), 0, 5)
		check(t, topic.Article{
			Headline: rapid.String().Draw(t, "headline"), Text: rapid.String().Draw(t, "text"),
			Lang:     rapid.SampledFrom([]string{"en", "ar", "zh", "de", "und", ""}).Draw(t, "language"),
			Subjects: list.Draw(t, "subjects"), Section: rapid.String().Draw(t, "section"),
			Tags: list.Draw(t, "tags"), URL: rapid.String().Draw(t, "url"),
		})
	})
}

func FuzzClassify(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.headline, s.text, s.lang, "subj:15000000", "https://news.example/sport/1")
	}
	f.Add("\xff", strings.Repeat("ก", 5000), "th", "medtop:", "%zz")
	f.Fuzz(func(t *testing.T, headline, text, lang, code, url string) {
		check(t, topic.Article{
			Headline: headline, Text: text, Lang: lang, Section: code, URL: url,
			Subjects: []string{code}, Tags: []string{code},
		})
	})
}

func BenchmarkClassify(b *testing.B) {
	var text strings.Builder
	for _, s := range samples(b) {
		if s.lang == "en" {
			text.WriteString(s.text + "\n\n")
		}
	}
	body := strings.Repeat(text.String(), 3)[:3000]
	for b.Loop() {
		topic.Classify(topic.Article{Headline: "Late goal wins the cup final", Text: body, Lang: "en"})
	}
}
