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
// To add an annotator, write its function in a file of its own and add a row to the
// table in annotators.go; no other file changes. The function gets the article and
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

	"google.golang.org/protobuf/types/known/durationpb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/cluster"
	"github.com/dateline-news/dateline/services/enricher/internal/language"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
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
	in := newArticle(doc)
	out := &datelinev1.Enrichment{}
	for i := range e.annotators {
		a := &e.annotators[i]
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("enriching, before annotator %s: %w", a.name, err)
		}
		started := time.Now()
		problem := a.run(in, out)
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

// run annotates and tells what went wrong; empty if nothing did.
func (n *annotator) run(a *article, out *datelinev1.Enrichment) (problem string) {
	defer func() {
		if r := recover(); r != nil {
			problem = fmt.Sprintf("panicked: %v", r)
		}
	}()
	// What a failing annotator has set is signed as well.
	defer n.sign(out)
	n.annotate(a, out)
	if a.cut && !n.whole {
		return fmt.Sprintf("incomplete: looked at the first %d code points", story.Max)
	}
	return ""
}

// article is a document as annotators see it.
type article struct {
	doc *datelinev1.Document
	// text is the document's text, cut to story.Max code points.
	text string
	cut  bool
	// published is the date of publication as exact as it is known.
	published when.Date
	story     *story.Story
}

func newArticle(doc *datelinev1.Document) *article {
	a := &article{doc: doc, published: published(doc)}
	a.text, a.cut = story.Cut(doc.GetText())
	return a
}

// read gives the text with its words and sentences, which all annotators share.
// They depend on the language, so that the annotator that finds it goes first.
func (a *article) read(out *datelinev1.Enrichment) *story.Story {
	if a.story == nil {
		a.story = story.Read(a.text, a.language(out))
	}
	return a.story
}

// language is the code that was found, else the one that the page declares.
func (a *article) language(out *datelinev1.Enrichment) string {
	if code := out.GetLanguage().GetCode(); code != "" && code != language.Undetermined {
		return code
	}
	declared := a.doc.GetLanguage()
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
