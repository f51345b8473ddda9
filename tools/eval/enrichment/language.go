package enrichment

import (
	"context"
	"regexp"
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
	"github.com/pemistahl/lingua-go"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/enrich"
)

// program tells languages.
type program struct {
	name string
	// tell gives the language of a text as an ISO 639-1 code.
	tell     func(text string) string
	kinds    map[string]*share
	agrees   share
	articles timer
}

type labelledLanguage struct {
	Lang, Kind, Text string
	Lingua           string `json:"lingua_high"`
	Parts            []struct {
		Lang       string
		Start, End int
	}
}

// stops end the sentences of articles, so that each becomes a paragraph.
var stops = regexp.MustCompile(`([.!?।。]) ?`)

// languages has every program tell every text, text by text, so that a busy machine
// slows all alike.
func (m *measurement) languages(ctx context.Context) error {
	rows, err := read[labelledLanguage](m.dir, "language", "language.jsonl")
	if err != nil {
		return err
	}
	e, err := only(ctx, "language")
	if err != nil {
		return err
	}
	low := lingua.NewLanguageDetectorBuilder().FromAllLanguages().WithLowAccuracyMode().Build()
	m.programs = []program{
		{name: "**Dateline**", tell: func(text string) string {
			out, err := e.Enrich(ctx, &datelinev1.Document{Text: text})
			if err != nil {
				return ""
			}
			return out.GetLanguage().GetCode()
		}},
		{name: "lingua-go 1.4.0, low accuracy", tell: func(text string) string {
			l, ok := low.DetectLanguageOf(text)
			if !ok {
				return ""
			}
			return strings.ToLower(l.IsoCode639_1().String())
		}},
		{name: "whatlanggo", tell: func(text string) string { return whatlanggo.DetectLang(text).Iso6391() }},
		{name: "lingua-go 1.4.0, high accuracy, as stored"},
	}
	for i := range m.programs {
		m.programs[i].kinds = map[string]*share{}
	}
	var exact, agreed share
	torn := 0
	for _, r := range rows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.Kind == "mixed" {
			ok, err := mixed(ctx, e, &r)
			if err != nil {
				return err
			}
			exact.count(ok)
			continue
		}
		for i := range m.programs {
			m.programs[i].read(&r)
		}
		if r.Kind == "article" {
			out, err := e.Enrich(ctx, &datelinev1.Document{Text: stops.ReplaceAllString(r.Text, "$1\n")})
			if err != nil {
				return err
			}
			torn += len(out.GetLanguage().GetSections())
		}
		if r.Kind == "article" || r.Kind == "lead" {
			agreed.count(m.programs[0].tell(r.Text) == r.Lingua)
		}
	}
	m.add("language", "75 languages: articles and leads", &m.programs[0].articles, "lingua's own answer %d of %d", agreed.hits, agreed.all)
	m.add("language, sections", "texts in two languages, and articles in one with a sentence a line", nil, "%d of %d exact; %d sections in the others", exact.hits, exact.all, torn)
	return nil
}

func (p *program) read(r *labelledLanguage) {
	if p.kinds[r.Kind] == nil {
		p.kinds[r.Kind] = &share{}
	}
	got := r.Lingua
	if p.tell != nil {
		var t timer
		t.time(func() { got = p.tell(r.Text) })
		if r.Kind == "article" {
			p.articles.took = append(p.articles.took, t.took...)
		}
	}
	p.kinds[r.Kind].count(got == r.Lang)
	p.agrees.count(got == r.Lingua)
}

// mixed tells whether every code point of a text in two languages has the right one.
func mixed(ctx context.Context, e *enrich.Enricher, r *labelledLanguage) (bool, error) {
	var t timer
	out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: r.Text})
	if err != nil {
		return false, err
	}
	codes := make([]string, len([]rune(r.Text)))
	for i := range codes {
		codes[i] = out.GetLanguage().GetCode()
	}
	for _, s := range out.GetLanguage().GetSections() {
		for i := s.GetSpan().GetStart(); i < s.GetSpan().GetEnd(); i++ {
			codes[i] = s.GetCode()
		}
	}
	for _, p := range r.Parts {
		for _, code := range codes[p.Start:p.End] {
			if code != p.Lang {
				return false, nil
			}
		}
	}
	return true, nil
}
