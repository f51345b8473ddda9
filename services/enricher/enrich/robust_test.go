package enrich

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// requireWhole checks of everything that an enrichment says where it found it: the
// place is inside the text, not empty, and holds the words that are given.
func requireWhole(t testing.TB, text string, out *datelinev1.Enrichment) {
	t.Helper()
	runes := []rune(text)
	at := func(what string, span *datelinev1.Span) string {
		if span == nil {
			return ""
		}
		start, end := span.GetStart(), span.GetEnd()
		if start >= end || int(end) > len(runes) {
			t.Fatalf("%s: span %d to %d in a text of %d code points", what, start, end, len(runes))
		}
		return string(runes[start:end])
	}
	same := func(what string, span *datelinev1.Span, want string) {
		if got := at(what, span); span != nil && got != want {
			t.Fatalf("%s: %q stands where it says %q", what, got, want)
		}
	}
	for _, s := range out.GetLanguage().GetSections() {
		at("section", s.GetSpan())
	}
	at("dateline", out.GetDateline().GetSpan())
	for _, d := range out.GetDates() {
		same("date", d.GetSpan(), d.GetText())
	}
	for _, a := range out.GetAcronyms() {
		at("acronym", a.GetSpan())
		at("acronym's long form", a.GetLongSpan())
	}
	for _, q := range out.GetQuotes() {
		same("quote", q.GetSpan(), q.GetText())
		same("verb", q.GetVerbSpan(), q.GetVerb())
		at("speaker", q.GetSpeakerSpan())
	}
	for _, e := range out.GetEntities() {
		for _, m := range e.GetMentions() {
			at("mention", m.GetSpan())
		}
	}
	for _, k := range out.GetKeyphrases() {
		same("keyphrase", k.GetSpan(), k.GetText())
	}
	for _, s := range out.GetSummary() {
		at("summary", s.GetSpan())
	}
	for _, a := range out.GetAnnotators() {
		if strings.Contains(a.GetError(), "panicked") {
			t.Fatalf("%s: %s", a.GetName(), a.GetError())
		}
	}
}

// hostile are pieces that fill whole texts.
var hostile = map[string]string{
	"emoji": "🙂", "emoji with joiners": "👩‍👩‍👧‍👦 ", "one letter": "x", "marks alone": "\u0301", "bidi controls": "\u202ea\u202c ",
	"zero width": "a\u200b\u200d\ufeff", "opening quotes": "«", "spaced opening quotes": "« ", "mixed quotes": `"«“‘„`,
	"straight quotes": `" `, "apostrophes": "’s ‘", "verbs": "said ", "conjunctions": "a dit que ", "names": "Jean Dupont, ",
	"numbers": "7 ", "dates": "7 May 2020 ", "datelines": "Paris - ", "brackets": "(", "acronyms": "ABC (DEF) ", "capitals": "ABC ",
	"mixed scripts": "Привет 世界 سلام שלום नमस्ते สวัสดี ", "characters": "港", "corner quotes": "「港」", "lines": "a\n", "stops": "a.",
	"bad bytes": "\xff\xfe ", "nothing": "\x00", "surrogates": "\xed\xa0\x80", "Arabic": "قال إن ", "colons": "said: ", "dashes": "– a\n",
}

func TestHostileTextsAreEnriched(t *testing.T) {
	t.Parallel()
	e := newEnricher(t, Config{})
	texts := map[string]string{
		"5 MB":             strings.Repeat("Le port de Tanger a rouvert mardi, a annoncé Karim Benali. ", 5<<20/60),
		"a line of 1 MB":   strings.Repeat("x", 1<<20),
		"10,000 names":     tenThousandNames(),
		"an unpaired mark": "Le directeur a dit : « Le port est ouvert. " + strings.Repeat("Les quais sont sûrs. ", 500),
	}
	for name, piece := range hostile {
		texts[name] = strings.Repeat(piece, 4_000/utf8.RuneCountInString(piece))
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			languages := []string{"", "fr", "ar", "zh"}
			if len(text) > 100_000 {
				languages = languages[:1]
			}
			for _, lang := range languages {
				out, err := e.Enrich(t.Context(), &datelinev1.Document{Text: text, Language: lang, Headline: text[:min(len(text), 100)]})
				require.NoError(t, err)
				require.Len(t, out.GetFingerprint(), 64)
				requireWhole(t, text, out)
				requireSigned(t, out)
			}
		})
	}
}

func tenThousandNames() string {
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, "Anna%c%c Petrov%c, ", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
	}
	return b.String()
}

// TestWorkIsBounded says so by the trail that a long text leaves: what lies past
// the bound has no annotation.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("Le port a rouvert mardi. ", story.Max/20)
	out, err := newEnricher(t, Config{}).Enrich(t.Context(), &datelinev1.Document{Text: text})
	require.NoError(t, err)
	require.NotEmpty(t, out.GetDates())
	require.LessOrEqual(t, int(out.GetDates()[len(out.GetDates())-1].GetSpan().GetEnd()), story.Max)
	for _, a := range out.GetAnnotators() {
		switch a.GetName() {
		case "when", "acronym", "quote", "entity", "keyphrase", "summary":
			require.Contains(t, a.GetError(), "incomplete: looked at the first 200000 code points", a.GetName())
		default:
			require.Empty(t, a.GetError(), a.GetName())
		}
	}
}

func FuzzEnrich(f *testing.F) {
	f.Add("Le port de Tanger rouvre", portStory, "fr")
	f.Add("", "“We are open,” said Ann Lee (AL), the port's director, on Tuesday. 'No,’ «she» added.", "en")
	f.Add("港口", "新华社北京12月7日电 港口重新开放。“很好”，他说。", "zh")
	f.Add("", "قال المدير إن الميناء مفتوح. «نعم»\n\n\u202eقال", "ar")
	for _, piece := range hostile {
		f.Add(piece, strings.Repeat(piece+" ", 20), "de")
	}
	e, err := New(Config{})
	require.NoError(f, err)
	require.NoError(f, e.Warm(f.Context()))
	f.Fuzz(func(t *testing.T, headline, text, lang string) {
		doc := &datelinev1.Document{Headline: headline, Text: text, Language: lang}
		before := proto.CloneOf(doc)
		out, err := e.Enrich(t.Context(), doc)
		if strings.TrimSpace(text) == "" {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		requireWhole(t, text, out)
		require.True(t, proto.Equal(before, doc))
	})
}
