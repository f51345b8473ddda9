// Package enrich says what a document means: its language, dateline, expressions
// of time, acronyms and quotations. It is a function of the document alone and
// knows neither broker nor clock.
//
// The work is done by annotators, small and independent: each fills one part of
// the Enrichment, can be switched off by name, is timed, and cannot stop another;
// one that panics is recorded in enrichment.annotators with its error, and the
// next goes on. They run in the order of the table in annotators.go. What one
// needs of another (the language, the dateline's date) it takes from the
// Enrichment so far, and does without where it is missing.
//
// To add an annotator, add a row to the table in annotators.go and the function
// that it names below it; no other file changes. The function gets the story and
// the Enrichment so far, and sets its own field in one assignment at its end, so
// that a failure leaves nothing half done. Raise the version in its row whenever
// its rules change: readers of old events see by it what they hold.
package enrich

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/durationpb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/cluster"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// Config chooses what is done.
type Config struct {
	// Languages are the languages to tell apart, as ISO 639-1 codes; empty means
	// all that are known.
	Languages []string
	// Disable names annotators that do not run; see Names.
	Disable []string
}

// Observer is told of every annotator's run and the time that it took.
type Observer func(annotator string, took time.Duration)

// Enricher enriches documents. It is safe for concurrent use.
type Enricher struct {
	annotators []annotator
	observers  []Observer
}

// Empty is the error for a document without text.
type Empty struct {
	// URL is the document's canonical URL, as far as it has one.
	URL string
}

// Error implements error.
func (e *Empty) Error() string {
	if e.URL == "" {
		return "the document has no text"
	}
	return fmt.Sprintf("the document %s has no text", e.URL)
}

// New makes an enricher. It fails on languages or annotators that do not exist.
// Models load when they are first needed, or by Warm.
func New(cfg Config, observers ...Observer) (*Enricher, error) {
	all, err := table(cfg)
	if err != nil {
		return nil, err
	}
	e := &Enricher{observers: observers}
	var names []string
	for _, a := range all {
		names = append(names, a.name)
		if !slices.Contains(cfg.Disable, a.name) {
			e.annotators = append(e.annotators, a)
		}
	}
	names = append(names, cluster.Annotator) // which is the stage's
	for _, name := range cfg.Disable {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("cannot disable annotator %q: there are %s", name, strings.Join(names, ", "))
		}
	}
	return e, nil
}

// Names lists the annotators that run, in order.
func (e *Enricher) Names() []string {
	names := make([]string, len(e.annotators))
	for i, a := range e.annotators {
		names[i] = a.name
	}
	return names
}

// Warm loads the models of all annotators, so that the first documents do not
// wait for them. Enrich may be called meanwhile.
func (e *Enricher) Warm(ctx context.Context) error {
	for _, a := range e.annotators {
		if a.warm == nil {
			continue
		}
		if err := a.warm(ctx); err != nil {
			return fmt.Errorf("warming annotator %s: %w", a.name, err)
		}
	}
	return nil
}

// Enrich says what doc means. It does not change doc. The error is *Empty for a
// document without text, or that of a context that ended; whatever goes wrong in
// an annotator is no error but recorded in the result.
func (e *Enricher) Enrich(ctx context.Context, doc *datelinev1.Document) (*datelinev1.Enrichment, error) {
	if strings.TrimSpace(doc.GetText()) == "" {
		return nil, &Empty{URL: doc.GetCanonicalUrl()}
	}
	s := newStory(doc)
	out := &datelinev1.Enrichment{}
	for _, a := range e.annotators {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("enriching, before annotator %s: %w", a.name, err)
		}
		started := time.Now()
		problem := a.run(s, out)
		took := time.Since(started)
		out.Annotators = append(out.Annotators, &datelinev1.Annotator{
			Name: a.name, Version: a.version, Took: durationpb.New(took), Error: problem,
		})
		for _, observe := range e.observers {
			observe(a.name, took)
		}
	}
	return out, nil
}

// annotator is a row of the table.
type annotator struct {
	name, version string
	annotate      func(*story, *datelinev1.Enrichment)
	// whole tells that it reads all of a long text.
	whole bool
	// warm loads its model; nil if it has none.
	warm func(context.Context) error
}

// run annotates and tells what went wrong; empty if nothing did.
func (a annotator) run(s *story, out *datelinev1.Enrichment) (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = fmt.Sprintf("panicked: %v", r)
		}
	}()
	// What a failing annotator has set is signed as well.
	defer sign(out, a.name+"/"+a.version)
	a.annotate(s, out)
	if s.cut && !a.whole {
		return fmt.Sprintf("incomplete: looked at the first %d code points", maxText)
	}
	return ""
}

// maxText bounds what annotators look at, in code points: some fifty times a long
// article, so that only what is no article is cut.
const maxText = 200_000

// story is a document as annotators see it.
type story struct {
	doc *datelinev1.Document
	// text is the document's text, cut to maxText.
	text string
	cut  bool
	// published is the date of publication as exact as it is known.
	published when.Date
}

func newStory(doc *datelinev1.Document) *story {
	s := &story{doc: doc, text: doc.GetText(), published: published(doc)}
	if len(s.text) <= maxText {
		return s
	}
	points := 0
	for i := range s.text {
		if points == maxText {
			s.text, s.cut = s.text[:i], true
			break
		}
		points++
	}
	return s
}

// language is the code that was found, else the one that the page declares.
func (s *story) language(out *datelinev1.Enrichment) string {
	if code := out.GetLanguage().GetCode(); code != "" && code != "und" {
		return code
	}
	declared := s.doc.GetLanguage()
	if i := strings.IndexFunc(declared, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		declared = declared[:i]
	}
	return strings.ToLower(declared)
}

// published is the date of publication in the publisher's zone, where that is
// known. A date without a time stands at midnight UTC and is not shifted.
func published(doc *datelinev1.Document) when.Date {
	if doc.GetPublishedAt() == nil {
		return when.Date{}
	}
	at := doc.GetPublishedAt().AsTime()
	precision := doc.GetPublishedPrecision()
	if precision == "" {
		precision = "day"
	}
	timed := precision == "second" || precision == "minute" || !at.Equal(at.Truncate(24*time.Hour))
	if doc.GetPublishedZoneKnown() && timed {
		at = at.In(time.FixedZone("", int(doc.GetPublishedOffsetMinutes())*60))
	}
	return when.DateOf(at, precision)
}

// wordRune tells the runes that words are made of.
func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}
