// Package parse turns a fetched page into a document: the story's text and what
// is known about it.
//
//  1. The bytes become UTF-8 text, whatever they claim to be.
//  2. What they are is decided: a page of HTML, an agency's plain text, or one of
//     the agencies' exchange formats.
//  3. A page is parsed once; its metadata and its text are read from one tree.
//  4. What is no story is rejected with its kind, unless the feed's own text can
//     stand in for it.
//
// It does no input or output and keeps no state: the same page always gives the
// same document.
package parse

import (
	"context"
	"time"

	"github.com/dateline-news/dateline/services/internal/charset"
	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Config bounds the work on one page. The zero value means the defaults.
type Config struct {
	// MaxBytes is the largest page that is parsed; default 10 MiB.
	MaxBytes int
	// Budget is the longest time that one page may take; default 10 s. Ordinary
	// pages take some milliseconds.
	Budget time.Duration
	// Rules asks for the rule-based extraction instead of the classifier, for
	// comparison.
	Rules bool
	// Now is the clock against which publication times of pages with no time of
	// fetching are checked; default time.Now.
	Now func() time.Time
}

// Defaults of Config.
const (
	DefaultMaxBytes = 10 << 20
	DefaultBudget   = 10 * time.Second
)

// Parser turns pages into documents. It is safe for concurrent use.
type Parser struct {
	maxBytes int
	budget   time.Duration
	now      func() time.Time
	body     mainbody.Extractor
}

// New returns a Parser.
func New(c Config) *Parser {
	p := &Parser{maxBytes: c.MaxBytes, budget: c.Budget, now: c.Now, body: mainbody.Extractor{Rules: c.Rules}}
	if p.maxBytes <= 0 {
		p.maxBytes = DefaultMaxBytes
	}
	if p.budget <= 0 {
		p.budget = DefaultBudget
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p
}

// Parse reads a page. It returns *Rejected for what is no story, *Undecodable
// for what can never be parsed, and the context's error if it ended first. It
// never changes its input.
func (p *Parser) Parse(ctx context.Context, page *datelinev1.Page) (*datelinev1.Document, error) {
	return p.parse(ctx, page, nil, nil)
}

// parse is Parse for a page among others of its host, explained in ex; both may be
// nil.
func (p *Parser) parse(ctx context.Context, page *datelinev1.Page, others *among, ex *Explanation) (*datelinev1.Document, error) {
	content := page.GetContent()
	in := p.input(page)
	in.others, in.explain = others, ex
	if len(content) > p.maxBytes {
		return nil, &Undecodable{Reason: TooLarge, Detail: sizeDetail(len(content), p.maxBytes)}
	}
	bounded, cancel := context.WithTimeout(ctx, p.budget)
	defer cancel()
	doc, err := p.read(bounded, content, in)
	if err == nil {
		return doc, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if bounded.Err() != nil {
		return nil, &Undecodable{Reason: TooSlow, Detail: "budget of " + p.budget.String() + " spent"}
	}
	// The feed's words are as old as the first look: they are no revision of a page
	// that cannot be read this time.
	if in.fetch.GetRefetch() == 0 {
		if stand := p.fromFeed(bounded, in); stand != nil {
			others.forget()
			return stand, nil
		}
	}
	return nil, err
}

// typeJSON is the media type of ninjs, also of one that is broken.
const typeJSON = "application/json"

func (p *Parser) read(ctx context.Context, content []byte, in *input) (*datelinev1.Document, error) {
	if len(content) == 0 {
		return nil, &Rejected{PageType: "", Reason: ReasonEmpty}
	}
	if form := newsform.Of(content); form != newsform.None {
		return p.agency(form, content, in)
	}
	if in.push && in.fetch.GetContentType() == typeJSON {
		return nil, &Undecodable{Reason: Malformed, Detail: "the document is said to be JSON, and is no ninjs"}
	}
	if isBinary(content) {
		return nil, &Rejected{PageType: "", Reason: ReasonBinary}
	}
	text, reading := charset.Decode(content, in.fetch.GetCharset())
	in.reading = reading
	if looksLikeHTML(text, in.fetch.GetContentType()) {
		return p.html(ctx, text, in)
	}
	return p.wire(text, in)
}

// input is the page's surroundings: what the feed and the transport say.
type input struct {
	entry *datelinev1.Entry
	fetch *datelinev1.Fetch
	url   string
	now   time.Time
	push  bool
	// reading says how the bytes were decoded; zero where they were not.
	reading charset.Reading
	// others are the pages of the same host; nil where they are not known.
	others *among
	// explain takes the reasons; nil where nobody asks.
	explain *Explanation
}

func (p *Parser) input(page *datelinev1.Page) *input {
	a := page.GetArticle()
	in := &input{entry: a.GetSource().GetEntry(), fetch: a.GetFetch(), now: p.now()}
	for _, u := range [...]string{in.fetch.GetFinalUrl(), in.fetch.GetUrl(), in.entry.GetUrl()} {
		if u != "" {
			in.url = u
			break
		}
	}
	if t := in.fetch.GetFetchedAt(); t.IsValid() && t.GetSeconds() > 0 {
		in.now = t.AsTime()
	} else if t := a.GetFirstSeenAt(); t.IsValid() && t.GetSeconds() > 0 {
		in.now = t.AsTime()
	}
	in.push = in.fetch.GetVia() == "push"
	return in
}

// entrySource names the origin of what the entry says.
func (in *input) entrySource() string {
	if in.push {
		return "submission"
	}
	return "feed"
}
