package parse

import (
	"errors"
	"fmt"

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
	text, reading := charset.Decode(content, in.fetch.GetCharset())
	in.reading = reading
	switch stories := newsform.Split(text, "utf-8"); len(stories) {
	case 0:
	case 1:
		text = stories[0].Content
	default:
		// What is pushed was taken apart before.
		return nil, &Undecodable{Reason: SeveralStories, Detail: fmt.Sprintf("the document holds %d stories; submit it to articles.submit, which takes it apart", len(stories))}
	}
	s, err := agency.Parse(form, text, in.now)
	switch {
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
	b.body(body, string(form), string(form)+".text")
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
func (b *builder) agencyFields(s *agency.Story, format string) {
	d := b.doc
	from := func(name string) meta.Origin { return agencyOrigin(format, name) }
	set := func(field string, to *string, text string) {
		b.set(field, to, meta.Value{Text: text, Origin: from(field)})
	}
	switch {
	case !s.Derived:
		set("headline", &d.Headline, s.Headline)
	case b.in.entry.GetTitle() == "":
		b.set("headline", &d.Headline, meta.Value{Text: s.Headline, Origin: meta.Origin{Source: format, Rule: format + ".firstSentence", Confidence: derived}})
	}
	set("abstract", &d.Abstract, plain.Cut(s.Abstract, 1000))
	set("byline", &d.Byline, s.Byline)
	set("slugline", &d.Slugline, s.Slugline)
	set("credit", &d.Credit, s.Credit)
	set("siteName", &d.SiteName, s.Provider)
	set("section", &d.Section, s.Section)
	if len(s.Language) < 36 {
		set("language", &d.Language, s.Language)
	}
	if u := b.absolute(s.URL); u != "" {
		d.CanonicalUrl = u
		b.origin("canonicalUrl", from("canonicalUrl"))
	}
	list := func(field string, to *[]string, values []string) {
		if len(values) > 0 {
			*to = values
			b.origin(field, from(field))
		}
	}
	list("authors", &d.Authors, s.Authors)
	list("tags", &d.Tags, s.Keywords)
	list("subjects", &d.Subjects, s.Subjects)
	if d.Urgency = s.Urgency; d.Urgency > 0 {
		b.origin("urgency", from("urgency"))
	}
	set("publicationStatus", &d.PublicationStatus, b.agencyStatus(s))
	if terms := plain.Cut(plain.Line(s.Terms), maxTerms); terms != "" {
		d.Rights = &datelinev1.Rights{License: terms}
		b.origin("rights.license", from("rights.license"))
	}
	b.agencyTimes(s, format)
}

// agencyOrigin is the origin of what a format states in a field made for it.
func agencyOrigin(format, name string) meta.Origin {
	return meta.Origin{Source: format, Rule: format + "." + name, Confidence: stated}
}

// agencyStatus is the story's status, which an embargo that is not over makes
// "withheld".
func (b *builder) agencyStatus(s *agency.Story) string {
	if s.Status != "canceled" && s.Embargo.Time.After(b.in.now) {
		return "withheld"
	}
	return s.Status
}

func (b *builder) agencyTimes(s *agency.Story, format string) {
	told := func(d date.Date) bool { return !d.Time.IsZero() && d.Plausible(b.in.now) }
	if told(s.Published) {
		b.published(meta.Date{Date: s.Published, Origin: agencyOrigin(format, "publishedAt"), Known: true})
	} else if entry, ok := b.entryDate(); ok {
		b.published(entry)
	}
	if told(s.Modified) && !b.ahead(s.Modified.Time) {
		b.doc.ModifiedAt = timestamppb.New(s.Modified.Time)
		b.origin("modifiedAt", agencyOrigin(format, "modifiedAt"))
	}
}
