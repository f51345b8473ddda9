package parse

import (
	"math"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/plain"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Bounds on lists in a document.
const (
	maxLinks  = 500
	maxImages = 50
	maxTags   = 40
)

// builder fills a document; every field gets its origin.
type builder struct {
	doc  *datelinev1.Document
	in   *input
	base *url.URL
}

func newBuilder(in *input, pageType string) *builder {
	b := &builder{in: in, doc: &datelinev1.Document{PageType: pageType, Origins: map[string]*datelinev1.Origin{}}}
	if u, err := url.Parse(in.url); err == nil && u.IsAbs() {
		b.base = u
	}
	return b
}

func (b *builder) origin(field, source string, confidence float64) {
	b.doc.Origins[field] = &datelinev1.Origin{Source: source, Confidence: confidence}
}

// set fills a text field, unless it is filled or there is nothing.
func (b *builder) set(field string, to *string, v meta.Value) {
	if *to != "" {
		return
	}
	text := plain.Line(v.Text)
	if text == "" {
		return
	}
	*to = text
	b.origin(field, v.Source, v.Confidence)
}

// body fills text, blocks, links and the word count.
func (b *builder) body(body *mainbody.Body, source string) {
	d := b.doc
	var sb strings.Builder
	at := uint32(0)
	for i, p := range body.Pieces {
		if i > 0 {
			sb.WriteString("\n\n")
			at += 2
		}
		n := uint32(utf8.RuneCountInString(p.Text))
		d.Blocks = append(d.Blocks, &datelinev1.Block{
			Kind: p.Kind, Level: uint32(p.Level), Span: &datelinev1.Span{Start: at, End: at + n},
		})
		sb.WriteString(p.Text)
		at += n
	}
	d.Text = sb.String()
	d.WordCount = countWords(d.Text)
	b.origin("text", source, math.Round(min(max(body.Confidence, 0.01), 1)*100)/100)
	for _, l := range body.Links {
		if u := b.absolute(l.URL); u != "" && len(d.Links) < maxLinks {
			d.Links = append(d.Links, &datelinev1.Link{Url: u, Text: l.Text, Rel: l.Rel})
		}
	}
	for _, m := range body.Images {
		b.image(m.URL, m.Caption, m.Width, m.Height)
	}
	if len(d.Images) > 0 {
		b.origin("images", source, 0.7)
	}
}

// image adds a picture unless it is there already; a later mention may add what
// the first lacked.
func (b *builder) image(u, caption string, width, height int) {
	u = b.absolute(u)
	if u == "" || len(b.doc.Images) >= maxImages {
		return
	}
	for _, have := range b.doc.Images {
		if have.Url == u {
			if have.Caption == "" {
				have.Caption = plain.Line(caption)
			}
			return
		}
	}
	b.doc.Images = append(b.doc.Images, &datelinev1.Image{
		Url: u, Caption: plain.Line(caption), Width: uint32(max(width, 0)), Height: uint32(max(height, 0)),
	})
}

// story fills what the page's metadata say, then what the feed adds.
func (b *builder) story(s *meta.Story) {
	d := b.doc
	b.set("headline", &d.Headline, s.Headline)
	b.set("abstract", &d.Abstract, s.Abstract)
	b.set("byline", &d.Byline, s.Byline)
	b.set("siteName", &d.SiteName, s.SiteName)
	b.set("section", &d.Section, s.Section)
	b.set("language", &d.Language, s.Language)
	if u := b.absolute(s.Canonical.Text); u != "" {
		d.CanonicalUrl = u
		b.origin("canonicalUrl", s.Canonical.Source, s.Canonical.Confidence)
	}
	if len(s.Authors) > 0 {
		d.Authors = s.Authors
		b.origin("authors", s.AuthorsOrigin.Source, s.AuthorsOrigin.Confidence)
	}
	if len(s.Tags) > 0 {
		d.Tags = s.Tags
		b.origin("tags", s.TagsOrigin.Source, s.TagsOrigin.Confidence)
	}
	if len(s.Images) > 0 {
		inText := d.Images
		d.Images = nil
		for _, m := range s.Images {
			b.image(m.URL, m.Caption, m.Width, m.Height)
		}
		for _, m := range inText {
			b.image(m.Url, m.Caption, int(m.Width), int(m.Height))
		}
		if len(d.Images) > len(inText) {
			b.origin("images", s.ImagesOrigin.Source, s.ImagesOrigin.Confidence)
		}
	}
	b.times(s)
	b.rights(s)
	b.entryLast()
}

func (b *builder) times(s *meta.Story) {
	pub := s.Published
	if entry, ok := b.entryDate(); ok && !(pub.Known && entry.Covers(pub.Date)) &&
		(!pub.Known || pub.Confidence < 0.75 || finer(entry.Date, pub.Date)) {
		pub = entry
	}
	if !pub.Known {
		pub = b.futureEntry()
	}
	if pub.Known {
		b.published(pub)
	}
	if s.Modified.Known {
		b.doc.ModifiedAt = timestamppb.New(s.Modified.Time)
		b.origin("modifiedAt", s.Modified.Source, s.Modified.Confidence)
	}
}

// finer reports whether the entry gives the clock of the same day of which the
// page gives no more than the day.
func finer(entry, page date.Date) bool {
	if page.Precision != date.Day || (entry.Precision != date.Minute && entry.Precision != date.Second) {
		return false
	}
	distance := entry.Time.Sub(page.Time)
	return distance > -14*time.Hour && distance < 38*time.Hour
}

func (b *builder) published(p meta.Date) {
	d := b.doc
	d.PublishedAt = timestamppb.New(p.Time)
	d.PublishedPrecision = string(p.Precision)
	d.PublishedZoneKnown = p.ZoneKnown
	d.PublishedOffsetMinutes = int32(p.Offset)
	d.PublishedDoubt = p.Doubt
	b.origin("publishedAt", p.Source, p.Confidence)
}

// entryDate is the entry's publication time: as a time, or as it was written
// where that is less exact than a time.
func (b *builder) entryDate() (meta.Date, bool) {
	d, ok := b.givenDate()
	if !ok || !d.Plausible(b.in.now) {
		return meta.Date{}, false
	}
	return meta.Date{Date: d, Origin: meta.Origin{Source: b.in.entrySource(), Confidence: 0.85}, Known: true}, true
}

// givenDate is the entry's time as it stands, plausible or not.
func (b *builder) givenDate() (date.Date, bool) {
	if d, ok := entryTime(b.in.entry); ok {
		return d, true
	}
	return date.Parse(b.in.entry.GetPublishedText(), b.in.entry.GetLanguage())
}

// futureEntry keeps a day that the feed or the submitter gives although it lies
// ahead, where nothing else is known, and marks it as doubtful.
func (b *builder) futureEntry() meta.Date {
	d, ok := b.givenDate()
	if !ok || d.Plausible(b.in.now) || !d.Time.After(b.in.now) || d.Precision == date.Month || d.Precision == date.Year {
		return meta.Date{}
	}
	return meta.Date{Date: d, Origin: meta.Origin{Source: b.in.entrySource(), Confidence: 0.2}, Known: true, Doubt: meta.DoubtFuture}
}

// entryTime is the entry's publication time where it has one. Feeds and
// submissions that know only the day give its first moment.
func entryTime(e *datelinev1.Entry) (date.Date, bool) {
	ts := e.GetPublished()
	if !ts.IsValid() || ts.GetSeconds() <= 0 {
		return date.Date{}, false
	}
	d := date.Date{Time: ts.AsTime().Truncate(time.Second), Precision: date.Second, ZoneKnown: true}
	if d.Time.Equal(d.Time.Truncate(24 * time.Hour)) {
		d.Precision, d.ZoneKnown = date.Day, false
	}
	return d, true
}

func (b *builder) rights(s *meta.Story) {
	if s.Free == nil && s.License == "" && s.RobotsMeta == "" && s.TDM == "" {
		return
	}
	b.doc.Rights = &datelinev1.Rights{
		IsAccessibleForFree: s.Free, License: s.License, RobotsMeta: s.RobotsMeta, TdmReservation: s.TDM,
	}
}

// entryFirst fills what the feed or the submitter says, before anything else:
// for texts that say nothing of themselves.
func (b *builder) entryFirst() {
	b.entryLast()
	when, ok := b.entryDate()
	if !ok {
		when = b.futureEntry()
	}
	if when.Known {
		b.published(when)
	}
}

// entryLast fills what is still empty with what the feed or the submitter says.
func (b *builder) entryLast() {
	e, d := b.in.entry, b.doc
	if e == nil {
		return
	}
	of := func(s string, confidence float64) meta.Value {
		return meta.Value{Text: s, Origin: meta.Origin{Source: b.in.entrySource(), Confidence: confidence}}
	}
	b.set("headline", &d.Headline, of(e.GetTitle(), 0.9))
	if d.PageType != "feed" {
		b.set("abstract", &d.Abstract, of(plain.Cut(e.GetSummary(), 1000), 0.7))
	}
	b.set("language", &d.Language, of(e.GetLanguage(), 0.6))
	if d.CanonicalUrl == "" {
		if u := b.absolute(e.GetUrl()); u != "" && d.PageType == "feed" {
			d.CanonicalUrl = u
			b.origin("canonicalUrl", b.in.entrySource(), 0.7)
		}
	}
	if names := byline.FromList(e.GetAuthors(), d.SiteName); len(d.Authors) == 0 && len(names) > 0 {
		d.Authors = names
		b.origin("authors", b.in.entrySource(), 0.8)
	}
	if len(d.Tags) == 0 && len(e.GetCategories()) > 0 {
		for _, c := range e.GetCategories()[:min(len(e.GetCategories()), maxTags)] {
			if c = plain.Line(c); c != "" {
				d.Tags = append(d.Tags, c)
			}
		}
		b.origin("tags", b.in.entrySource(), 0.8)
	}
	if len(d.Images) == 0 {
		for _, u := range e.GetImages() {
			b.image(u, "", 0, 0)
		}
		if len(d.Images) > 0 {
			b.origin("images", b.in.entrySource(), 0.8)
		}
	}
}

// done returns the document.
func (b *builder) done() *datelinev1.Document { return b.doc }

// maxURL is the longest URL that is kept, in bytes.
const maxURL = 2048

// absolute resolves a reference against the page's address; it is empty unless
// the result is an http or https URL with a host.
func (b *builder) absolute(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > maxURL {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if b.base != nil {
		u = b.base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	u.User = nil
	s := u.String()
	if len(s) > maxURL || !utf8.ValidString(s) {
		return ""
	}
	return s
}

// countWords counts words as Unicode text segmentation (UAX 29) finds them; in
// scripts that do not part words, that is characters.
func countWords(text string) uint32 {
	n := uint32(0)
	for it := words.FromString(text); it.Next(); {
		if r, _ := utf8.DecodeRuneInString(it.Value()); unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}
