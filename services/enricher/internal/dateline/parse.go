// Package dateline reads the place, date and agency that open a news story, as
// the agencies of many languages print them: "MARRAKECH, Morocco (AP) —",
// "PARIS, 7 déc (Reuters) -", "(ANSA) - ROMA, 07 DIC -", "МОСКВА, 7 декабря.
// /ТАСС/.", "新华社北京12月7日电", "【ロンドン共同】".
package dateline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// Bounds in code points: a dateline ends within the first maxDateline of a story's
// first line, of which maxHead are looked at.
const (
	maxHead     = 240
	maxDateline = 110
)

// Parse returns the dateline that text begins with, or nil. lang is an ISO 639-1
// code; published, the date of publication as exact as it is known, fills in the
// year, and stands for the date where the dateline has none. An agency is
// reported only if it is printed.
func Parse(text, lang string, published when.Date) *datelinev1.Dateline {
	h := newHead(text, lang, published)
	if h.text == "" {
		return nil
	}
	d, ok := h.eastAsian()
	if !ok {
		d, ok = h.western()
	}
	if !ok {
		return nil
	}
	return d.message(h)
}

// head is the beginning of a story.
type head struct {
	// text is the first line, cut to maxHead, without what stands before it.
	text string
	// from is how many code points of the story stand before text.
	from int
	// more tells that the story has further lines.
	more      bool
	lang      string
	published when.Date
}

func newHead(text, lang string, published when.Date) head {
	h := head{lang: lang, published: published}
	rest := strings.TrimLeftFunc(text, unicode.IsSpace)
	if stamp, after, ok := cutStamp(rest); ok {
		rest = after
		if published.Year == 0 {
			h.published = stamp
		}
	}
	h.from = utf8.RuneCountInString(text[:len(text)-len(rest)])
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest, h.more = strings.TrimRightFunc(rest[:i], unicode.IsSpace), true
	}
	n := 0
	for i := range rest {
		if n++; n > maxHead {
			rest, h.more = rest[:i], false
			break
		}
	}
	h.text = rest
	return h
}

// cutStamp cuts a line such as "date 2023-12", which archives put before a wire
// story's text.
func cutStamp(text string) (when.Date, string, bool) {
	rest, ok := strings.CutPrefix(text, "date ")
	if !ok {
		return when.Date{}, text, false
	}
	word, after, ok := strings.Cut(rest, " ")
	if !ok {
		return when.Date{}, text, false
	}
	d, ok := when.ParseISO(word)
	return d, strings.TrimLeftFunc(after, unicode.IsSpace), ok
}

// found is a dateline as it is printed.
type found struct {
	// located is the place as printed; empty if only an agency is named.
	located string
	city    place.City
	known   bool // whether city is set
	country string
	date    when.Date
	agency  string
	// end is the length of the dateline with its separator in bytes of head.text.
	end        int
	confidence float64
}

func (f found) message(h head) *datelinev1.Dateline {
	d := &datelinev1.Dateline{
		Located:     f.located,
		CountryCode: f.country,
		Source:      f.agency,
		Date:        f.date.String(),
		Confidence:  f.confidence,
		Span: &datelinev1.Span{
			Start: uint32(h.from),
			End:   uint32(h.from + utf8.RuneCountInString(h.text[:f.end])),
		},
	}
	if d.Date == "" && f.date == (when.Date{}) {
		d.Date = h.published.String()
	}
	if f.known {
		d.CountryCode, d.Lat, d.Lon, d.LocatedKnown = f.city.Country, f.city.Lat, f.city.Lon, true
	}
	return d
}
