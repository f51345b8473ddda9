package parse

import (
	"strings"

	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/pagetype"
	"github.com/dateline-news/dateline/services/parser/internal/wire"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// wire reads an agency's plain text.
func (p *Parser) wire(text []byte, in *input) (*datelinev1.Document, error) {
	s := wire.Parse(string(text))
	body := &mainbody.Body{Confidence: 0.9}
	for _, paragraph := range s.Paragraphs {
		body.Add(mainbody.Paragraph, paragraph)
	}
	if body.Chars == 0 {
		return nil, &Rejected{PageType: pagetype.Wire, Reason: ReasonEmpty}
	}
	b := newBuilder(in, pagetype.Wire)
	b.body(body, meta.Text, "wire.text")
	d := b.doc
	b.entryFirst()
	if d.Headline == "" {
		headline := textValue(s.Headline, "headline", 0.9)
		if s.Derived {
			headline = textValue(s.Headline, "firstSentence", derived)
		}
		b.set("headline", &d.Headline, headline)
	}
	b.set("slugline", &d.Slugline, textValue(s.Slugline, "slugline", 0.8))
	b.set("byline", &d.Byline, textValue(s.Byline, "byline", 0.9))
	if len(d.Authors) == 0 && len(s.Authors) > 0 {
		d.Authors = s.Authors
		b.origin("authors", wireOrigin("byline", 0.9))
	}
	if len(d.Tags) == 0 && len(s.Keywords) > 0 {
		d.Tags = s.Keywords
		b.origin("tags", wireOrigin("keywords", 0.9))
	}
	if d.Language == "" && len(s.Language) < 36 {
		b.set("language", &d.Language, textValue(s.Language, "language", 0.9))
	}
	b.set("siteName", &d.SiteName, textValue(s.Source, "source", 0.8))
	if s.Dated && s.Published.Plausible(in.now) {
		b.wireDate(s.Published)
	}
	return b.done(), nil
}

// wireOrigin is the origin of what an agency's plain text gives.
func wireOrigin(name string, confidence float64) meta.Origin {
	return meta.Origin{Source: meta.Text, Rule: pagetype.Wire + "." + name, Confidence: confidence}
}

func textValue(s, name string, confidence float64) meta.Value {
	return meta.Value{Text: strings.TrimSpace(s), Origin: wireOrigin(name, confidence)}
}

// wireDate weighs the story's own date against the entry's, which comes first.
//
//   - An entry that gives a month or a year yields to a date within it.
//   - An entry's time cannot say that it means a month: where it is the first
//     moment of the story's month or year, the story's date is the honest one.
func (b *builder) wireDate(own date.Date) {
	if entry, ok := b.entryDate(); ok {
		coarse := own.Precision == date.Month || own.Precision == date.Year
		if !entry.Covers(own) && (!coarse || !entry.Time.Equal(own.Time)) {
			return
		}
		if entry.Precision == own.Precision {
			return
		}
	}
	b.published(meta.Date{Date: own, Origin: wireOrigin("date", 0.9), Known: true})
}
