package view_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/view"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in    string
		limit int
		want  string
	}{
		"plain":                   {"Storm closes the harbour", 90, "Storm closes the harbour"},
		"as long as the limit":    {"und", 3, "und"},
		"one over the limit":      {"undo", 3, "un…"},
		"cut after a word":        {"one two", 4, "one…"},
		"cut before a space":      {"one two", 5, "one…"},
		"space at the limit":      {"one ", 3, "one"},
		"limit of one":            {"ab", 1, "…"},
		"limit of none":           {"ab", 0, ""},
		"white space":             {" \t a \r\n\u2028 b\u00a0c \v", 20, "a b c"},
		"colours":                 {"\x1b[31mred\x1b[0m", 20, "[31mred[0m"},
		"window title":            {"\x1b]0;owned\x07x\u009b2J", 20, "]0;ownedx2J"},
		"carriage return":         {"good\rbad\bworse", 20, "good badworse"},
		"direction":               {"a\u202egpj.exe\u2066b\u200f\u061c", 20, "agpj.exeb"},
		"invisible":               {"a\u200b\ufeff\U000e0041b", 20, "ab"},
		"broken bytes":            {"a\xff\xc3b", 20, "a��b"},
		"arabic":                  {"معرض الكتاب", 20, "معرض الكتاب"},
		"wide and combining":      {"港町 e\u0301", 20, "港町 e\u0301"},
		"nothing but white space": {"\n\t ", 20, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, view.Clean(test.in, test.limit))
		})
	}
}

// checkLine fails unless s is fit for one line of a terminal.
func checkLine(t *testing.T, s string) {
	t.Helper()
	require.True(t, utf8.ValidString(s))
	for _, r := range s {
		require.True(t, unicode.IsPrint(r), "%U in %q", r, s)
		require.False(t, unicode.Is(unicode.Bidi_Control, r), "%U in %q", r, s)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a b", "\x1b[2J", "\u202e", "\n\n", "\xff", strings.Repeat("é ", 200), "a\u0301"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(0, limit%200)
		got := view.Clean(s, limit)
		checkLine(t, got)
		require.LessOrEqual(t, utf8.RuneCountInString(got), limit)
		require.Equal(t, strings.TrimSpace(got), got)
		require.Equal(t, got, view.Clean(got, limit), "cleaning twice is cleaning once")
	})
}

func article() *datelinev1.Article {
	at := time.Date(2026, 11, 22, 20, 40, 0, 0, time.UTC)
	return &datelinev1.Article{
		Id: "aidtybkpja4okuhb3liozxhxd", Revision: 1,
		Source: &datelinev1.Source{FeedTitle: "Agence Meridia"},
		Document: &datelinev1.Document{
			Headline: "Nappes côtières : mesurer ensemble", WordCount: 387,
			PublishedAt: timestamppb.New(at), PublishedPrecision: "day",
		},
		Enrichment: &datelinev1.Enrichment{
			Language: &datelinev1.Language{Code: "fr"},
			Dateline: &datelinev1.Dateline{Located: "Rabat", CountryCode: "MA"},
			Quotes:   []*datelinev1.Quote{{Text: "Pomper moins ne suffit plus", Speaker: "Driss Ouazzali"}, {Text: "Oui"}},
			Acronyms: []*datelinev1.Acronym{{Short: "OMNC", Long: "Office méditerranéen des nappes côtières"}},
		},
		Trail: []*datelinev1.Stamp{{StartedAt: timestamppb.New(at)}},
	}
}

func printed(t *testing.T, a *datelinev1.Article) []string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, view.NewPrinter(&b).Event(a))
	require.True(t, strings.HasSuffix(b.String(), "\n"))
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestEvent(t *testing.T) {
	t.Parallel()
	at := article().GetTrail()[0].GetStartedAt().AsTime().Local().Format(time.TimeOnly)
	require.Equal(t, []string{
		at + "  fr   Nappes côtières : mesurer ensemble",
		"              Agence Meridia · ⌖ Rabat (MA) · 2026-11-22 · 387 words · aidtybkpja4okuhb3liozxhxd",
		"              “Pomper moins ne suffit plus” — Driss Ouazzali",
		"              “Oui” — ?",
		"              OMNC = Office méditerranéen des nappes côtières",
	}, printed(t, article()))
}

func TestEventOfLittle(t *testing.T) {
	t.Parallel()
	for precision, want := range map[string]string{"year": "2026 ·", "month": "2026-11 ·", "day": "2026-11-22 ·"} {
		a := article()
		a.Document.PublishedPrecision = precision
		require.Contains(t, printed(t, a)[1], want)
	}
	lines := printed(t, &datelinev1.Article{Id: "a1", Document: &datelinev1.Document{WordCount: 1}})
	require.Len(t, lines, 2)
	require.Contains(t, lines[1], "pushed · 1 word · a1")

	many := article()
	for range 3 {
		many.Enrichment.Quotes = append(many.Enrichment.Quotes, &datelinev1.Quote{Text: "Oui"})
	}
	require.Contains(t, printed(t, many), "              … and 2 quotes more")
}

// FuzzEvent fills every text of an event with a stranger's.
func FuzzEvent(f *testing.F) {
	f.Add("\x1b[2J\x1b]0;x\x07\u202e\n\r\n" + strings.Repeat("long ", 500))
	f.Add("\u2066\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		a := article()
		a.Id, a.Source.FeedTitle, a.Document.Headline, a.Document.SiteName = s, s, s, s
		a.Enrichment.Language.Code, a.Enrichment.Dateline.Located, a.Enrichment.Dateline.CountryCode = s, s, s
		a.Enrichment.Quotes[0] = &datelinev1.Quote{Text: s, Speaker: s}
		a.Enrichment.Acronyms[0] = &datelinev1.Acronym{Short: s, Long: s}
		a.Enrichment.Topics = []*datelinev1.Topic{{Label: s}}
		lines := printed(t, a)
		require.LessOrEqual(t, len(lines), 5)
		for _, line := range lines {
			checkLine(t, line)
			require.LessOrEqual(t, utf8.RuneCountInString(line), 300)
		}
	})
}

func TestJSON(t *testing.T) {
	t.Parallel()
	line, err := view.JSON(article())
	require.NoError(t, err)
	require.NotContains(t, string(line), "\n")
	require.Contains(t, string(line), `"revision":1`)
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, line))
	require.Equal(t, compact.String(), string(line))
	back := &datelinev1.Article{}
	require.NoError(t, protojson.Unmarshal(line, back))
	require.True(t, proto.Equal(article(), back))
}

// A line says what is different from the revision before.
func TestRevisionLine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		edit func(*datelinev1.Article)
		want string
	}{
		"corrected": {func(a *datelinev1.Article) {
			a.Revision, a.Change = 2, &datelinev1.Change{Since: 1, Fields: []string{"headline", "text"}, WordsAdded: 12, WordsRemoved: 3}
		}, "rev 2: headline, text (+12 −3 words)"},
		"vanished": {func(a *datelinev1.Article) {
			a.Revision, a.Change = 3, &datelinev1.Change{Since: 2, Fields: []string{"vanished"}}
		}, "rev 3: vanished"},
		"pushed the same":  {func(a *datelinev1.Article) { a.Revision, a.Change = 2, &datelinev1.Change{Since: 1} }, "rev 2: unchanged"},
		"nothing compared": {func(a *datelinev1.Article) { a.Revision = 4 }, "rev 4: changes not known"},
		"killed":           {func(a *datelinev1.Article) { a.Document.PublicationStatus = "canceled" }, "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := article()
			test.edit(a)
			var out bytes.Buffer
			require.NoError(t, view.NewPrinter(&out).Event(a))
			lines := strings.Split(out.String(), "\n")
			require.Equal(t, test.want, strings.TrimSpace(lines[2]))
		})
	}
}
