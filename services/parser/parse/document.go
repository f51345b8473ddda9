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

	"github.com/dateline-news/dateline/services/internal/charset"
	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/meta"
	"github.com/dateline-news/dateline/services/parser/internal/pagetype"
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

func (b *builder) origin(field string, o meta.Origin) {
	b.doc.Origins[field] = &datelinev1.Origin{Source: o.Source, Rule: o.Rule, Confidence: o.Confidence}
}

// given is the origin of what the feed or the submitter says under a name.
func (b *builder) given(name string, confidence float64) meta.Origin {
	source := b.in.entrySource()
	return meta.Origin{Source: source, Rule: source + "." + name, Confidence: confidence}
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
	b.origin(field, v.Origin)
}

// body fills text, blocks, links and the word count.
func (b *builder) body(body *mainbody.Body, source, rule string) {
	d := b.doc
	if rule != ruleClassifier && rule != ruleRules {
		b.in.explain.whole(body, rule)
	}
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
	b.origin("text", meta.Origin{Source: source, Rule: rule, Confidence: math.Round(min(max(body.Confidence, 0.01), 1)*100) / 100})
	for _, l := range body.Links {
		if u := b.absolute(l.URL); u != "" && len(d.Links) < maxLinks {
			d.Links = append(d.Links, &datelinev1.Link{Url: u, Text: l.Text, Rel: l.Rel})
		}
	}
	for _, m := range body.Images {
		b.image(m.URL, m.Caption, m.Width, m.Height)
	}
	if len(d.Images) > 0 {
		b.origin("images", meta.Origin{Source: source, Rule: rule, Confidence: 0.7})
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
		b.origin("canonicalUrl", s.Canonical.Origin)
	}
	if u := b.absolute(s.AMP.Text); u != "" {
		d.AmpUrl = u
		b.origin("ampUrl", s.AMP.Origin)
	}
	if len(s.Authors) > 0 {
		d.Authors = s.Authors
		b.origin("authors", s.AuthorsOrigin)
	}
	if len(s.Tags) > 0 {
		d.Tags = s.Tags
		b.origin("tags", s.TagsOrigin)
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
			b.origin("images", s.ImagesOrigin)
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
	if s.Modified.Known && !b.ahead(s.Modified.Time) {
		b.doc.ModifiedAt = timestamppb.New(s.Modified.Time)
		b.origin("modifiedAt", s.Modified.Origin)
	}
}

// clockSkew is how much the clocks of publishers and of Dateline may differ.
const clockSkew = 5 * time.Minute

// ahead reports whether a time lies after the reading. Times without a zone and days
// may do so by some hours and be right all the same: they are kept, and marked.
func (b *builder) ahead(t time.Time) bool { return t.After(b.in.now.Add(clockSkew)) }

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
	if b.ahead(p.Time) {
		d.PublishedDoubt = meta.DoubtFuture
	}
	b.origin("publishedAt", p.Origin)
}

// entryDate is the entry's publication time: as a time, or as it was written
// where that is less exact than a time.
func (b *builder) entryDate() (meta.Date, bool) {
	d, ok := b.givenDate()
	if !ok || !d.Plausible(b.in.now) {
		return meta.Date{}, false
	}
	return meta.Date{Date: d, Origin: b.given("published", 0.85), Known: true}, true
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
	return meta.Date{Date: d, Origin: b.given("published", 0.2), Known: true, Doubt: meta.DoubtFuture}
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
	if s.Free == nil && s.License.Text == "" && s.RobotsMeta.Text == "" && s.TDM.Text == "" {
		return
	}
	r := &datelinev1.Rights{}
	b.doc.Rights = r
	if s.Free != nil {
		r.IsAccessibleForFree = s.Free
		b.origin("rights.isAccessibleForFree", s.FreeOrigin)
	}
	b.set("rights.license", &r.License, s.License)
	b.set("rights.robotsMeta", &r.RobotsMeta, s.RobotsMeta)
	b.set("rights.tdmReservation", &r.TdmReservation, s.TDM)
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
	b.set("headline", &d.Headline, meta.Value{Text: e.GetTitle(), Origin: b.given("title", 0.9)})
	if d.PageType != "feed" {
		b.set("abstract", &d.Abstract, meta.Value{Text: plain.Cut(e.GetSummary(), 1000), Origin: b.given("summary", 0.7)})
	}
	b.set("language", &d.Language, meta.Value{Text: e.GetLanguage(), Origin: b.given("language", 0.6)})
	if d.CanonicalUrl == "" {
		if u := b.absolute(e.GetUrl()); u != "" && d.PageType == "feed" {
			d.CanonicalUrl = u
			b.origin("canonicalUrl", b.given("url", 0.7))
		}
	}
	if names := byline.FromList(e.GetAuthors(), d.SiteName); len(d.Authors) == 0 && len(names) > 0 {
		d.Authors = names
		b.origin("authors", b.given("authors", 0.8))
	}
	if len(d.Tags) == 0 && len(e.GetCategories()) > 0 {
		for _, c := range e.GetCategories()[:min(len(e.GetCategories()), maxTags)] {
			if c = plain.Line(c); c != "" {
				d.Tags = append(d.Tags, c)
			}
		}
		b.origin("tags", b.given("categories", 0.8))
	}
	if len(d.Images) == 0 {
		for _, u := range e.GetImages() {
			b.image(u, "", 0, 0)
		}
		if len(d.Images) > 0 {
			b.origin("images", b.given("images", 0.8))
		}
	}
}

// done returns the document.
func (b *builder) done() *datelinev1.Document {
	b.encoding()
	return b.doc
}

// encoding says how the bytes were decoded. The feed's own text came decoded.
func (b *builder) encoding() {
	read := b.in.reading
	if read.Encoding == "" || b.doc.PageType == pagetype.Feed {
		return
	}
	b.doc.Encoding = read.Encoding
	o := meta.Origin{Source: meta.Bytes, Rule: read.Rule, Confidence: 0.95}
	switch read.Rule {
	case charset.RuleTransport:
		o.Source = meta.Transport
	case charset.RuleDeclared:
		o.Source = meta.HTML
	case charset.RuleNearly, charset.RuleSniffed:
		o.Confidence = 0.8
	case charset.RuleDefault:
		o.Confidence = 0.4
	}
	b.origin("encoding", o)
}

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
