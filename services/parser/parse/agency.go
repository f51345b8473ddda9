package parse

import (
	"errors"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/services/internal/charset"
	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/internal/agency"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/pagetype"
	"github.com/dateline-news/dateline/services/parser/internal/plain"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Confidences of what an agency's document gives in a field made for it, and of
// what was read out of its text.
const (
	stated  = 0.95
	derived = 0.5
)

// maxTerms bounds the terms of use that are kept, in runes.
const maxTerms = 500

// agency reads a document in one of the agencies' exchange formats, whose name is
// the origin of all that it gives.
func (p *Parser) agency(form newsform.Form, content []byte, in *input) (*datelinev1.Document, error) {
	text, _ := charset.Decode(content, in.fetch.GetCharset())
	s, err := agency.Parse(form, text, in.now)
	switch {
	case errors.Is(err, agency.ErrSeveral):
		return nil, &Undecodable{Reason: SeveralStories, Detail: err.Error()}
	case errors.Is(err, agency.ErrDeep):
		return nil, &Undecodable{Reason: TooDeep, Detail: err.Error()}
	case err != nil:
		return nil, &Undecodable{Reason: Malformed, Detail: err.Error()}
	}
	body, confidence := agencyBody(s), stated
	if len(s.Pieces) == 0 {
		confidence = derived
	}
	if len(body.Pieces) == 0 {
		return nil, &Rejected{PageType: pagetype.Wire, Reason: ReasonEmpty}
	}
	body.Confidence = confidence
	b := newBuilder(in, pagetype.Wire)
	b.body(body, string(form))
	b.agencyFields(s, string(form))
	b.entryLast()
	return b.done(), nil
}

// agencyBody makes a body of a story. One without text still has to reach those
// who print the story if it is killed or withheld, and a flash is nothing but its
// headline: the note to the editors or the headline is the text then. A picture
// without words is no story.
func agencyBody(s *agency.Story) *mainbody.Body {
	body := &mainbody.Body{Pieces: s.Pieces, Links: s.Links, Images: s.Images}
	notice := s.Status == "canceled" || s.Status == "withheld"
	if len(s.Pieces) == 0 && (!s.Other || notice) {
		texts := []string{s.Headline, s.Abstract, s.Slugline}
		if notice {
			texts = append([]string{s.Note}, texts...)
		}
		for _, text := range texts {
			if text = plain.Line(text); text != "" {
				body.Add(mainbody.Paragraph, text)
				break
			}
		}
	}
	return body
}

// agencyFields fills what the document states.
func (b *builder) agencyFields(s *agency.Story, source string) {
	d := b.doc
	of := func(text string) meta.Value {
		return meta.Value{Text: text, Origin: meta.Origin{Source: source, Confidence: stated}}
	}
	headline := of(s.Headline)
	if s.Derived {
		headline.Confidence = derived
	}
	if s.Derived && b.in.entry.GetTitle() != "" {
		headline.Text = ""
	}
	b.set("headline", &d.Headline, headline)
	b.set("abstract", &d.Abstract, of(plain.Cut(s.Abstract, 1000)))
	b.set("byline", &d.Byline, of(s.Byline))
	b.set("slugline", &d.Slugline, of(s.Slugline))
	b.set("credit", &d.Credit, of(s.Credit))
	b.set("siteName", &d.SiteName, of(s.Provider))
	b.set("section", &d.Section, of(s.Section))
	if len(s.Language) < 36 {
		b.set("language", &d.Language, of(s.Language))
	}
	if u := b.absolute(s.URL); u != "" {
		d.CanonicalUrl = u
		b.origin("canonicalUrl", source, stated)
	}
	list := func(field string, to *[]string, values []string) {
		if len(values) > 0 {
			*to = values
			b.origin(field, source, stated)
		}
	}
	list("authors", &d.Authors, s.Authors)
	list("tags", &d.Tags, s.Keywords)
	list("subjects", &d.Subjects, s.Subjects)
	if d.Urgency = s.Urgency; d.Urgency > 0 {
		b.origin("urgency", source, stated)
	}
	b.set("publicationStatus", &d.PublicationStatus, of(b.agencyStatus(s)))
	if terms := plain.Cut(plain.Line(s.Terms), maxTerms); terms != "" {
		d.Rights = &datelinev1.Rights{License: terms}
		b.origin("rights", source, stated)
	}
	b.agencyTimes(s, source)
}

// agencyStatus is the story's status, which an embargo that is not over makes
// "withheld".
func (b *builder) agencyStatus(s *agency.Story) string {
	if s.Status != "canceled" && s.Embargo.Time.After(b.in.now) {
		return "withheld"
	}
	return s.Status
}

func (b *builder) agencyTimes(s *agency.Story, source string) {
	told := func(d date.Date) bool { return !d.Time.IsZero() && d.Plausible(b.in.now) }
	if told(s.Published) {
		b.published(meta.Date{Date: s.Published, Origin: meta.Origin{Source: source, Confidence: stated}, Known: true})
	} else if entry, ok := b.entryDate(); ok {
		b.published(entry)
	}
	if told(s.Modified) {
		b.doc.ModifiedAt = timestamppb.New(s.Modified.Time)
		b.origin("modifiedAt", source, stated)
	}
}
