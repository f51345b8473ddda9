// Package agency reads the exchange formats of the International Press
// Telecommunications Council: NITF, NewsML-G2, ninjs and IPTC 7901.
//
// What a format states is taken as it stands; nothing is guessed from the words
// of a story where the format has a place for it.
package agency

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
	"github.com/dateline-news/dateline/services/parser/internal/wire"
)

// Story is an agency's story taken apart. Fields that the document does not give
// are empty. Strings are as given, but for Byline and Authors.
type Story struct {
	Headline, Abstract string
	Byline             string
	Authors            []string
	// Dateline is the place, and perhaps date and agency, that the format keeps
	// apart from the text it opens.
	Dateline string
	Slugline string
	Language string
	// Credit is the line that a publisher is to print, Provider the agency.
	Credit, Provider string
	Section          string
	Keywords         []string
	// Subjects are codes such as "medtop:16000000".
	Subjects []string
	// Urgency is 1 to 8; 0 if none.
	Urgency uint32
	// Status is "usable", "withheld" or "canceled"; empty if nothing is said.
	Status string
	// Embargo is the time before which the story must not be published.
	Embargo date.Date
	// Published and Modified have no Time where they are not given.
	Published, Modified date.Date
	// Terms say how the story may be used.
	Terms string
	// URL is the story's own address, if it has one.
	URL string
	// Note is addressed to editors and not to readers.
	Note string
	// Derived says that Headline is the text's first sentence.
	Derived bool
	// Other says that the item is a picture, a video or another thing that is no
	// text.
	Other  bool
	Pieces []mainbody.Piece
	Links  []mainbody.Link
	Images []mainbody.Image
}

// Errors of Parse, which say why a document cannot be read.
var (
	// ErrMalformed: the document is not of the form that it begins with.
	ErrMalformed = errors.New("malformed document")
	// ErrDeep: elements are nested deeper than any story's, or there are too many.
	ErrDeep = errors.New("too many or too deep elements")
)

// Bounds of lists.
const (
	maxKeywords = 40
	maxSubjects = 100
	maxPieces   = 20_000
	maxImages   = 50
	maxLinks    = 500
)

// Parse takes a document apart. text is valid UTF-8; at is the time of reading,
// which dates without a month are counted from. A story without a headline gets its
// first sentence.
func Parse(form newsform.Form, text []byte, at time.Time) (*Story, error) {
	s, err := parse(form, text, at)
	if err != nil {
		return nil, err
	}
	if s.Headline == "" && len(s.Pieces) > 0 {
		s.Headline, s.Derived = wire.FirstSentence(s.Pieces[0].Text), true
	}
	return s, nil
}

func parse(form newsform.Form, text []byte, at time.Time) (*Story, error) {
	switch form {
	case newsform.NITF, newsform.NewsML:
		root, err := readXML(text)
		if err != nil {
			return nil, err
		}
		if form == newsform.NITF {
			return nitf(root), nil
		}
		return newsML(root)
	case newsform.NinJS:
		return ninjs(text)
	case newsform.IPTC7901:
		return iptc7901(string(text), at), nil
	}
	return nil, fmt.Errorf("%w: unknown form %q", ErrMalformed, form)
}

// by sets the byline, and the authors from it unless they are known.
func (s *Story) by(line string) {
	line = plain.Line(line)
	if line == "" || s.Byline != "" {
		return
	}
	s.Byline = line
	if len(s.Authors) > 0 {
		return
	}
	if s.Authors = byline.Names(line, ""); len(s.Authors) == 0 {
		s.Authors = byline.FromList([]string{line}, "")
	}
}

// keyword adds a keyword that is not there yet.
func (s *Story) keyword(k string) {
	if k = plain.Line(k); k == "" || len(k) > 200 || len(s.Keywords) >= maxKeywords {
		return
	}
	for _, have := range s.Keywords {
		if strings.EqualFold(have, k) {
			return
		}
	}
	s.Keywords = append(s.Keywords, k)
}

// open puts the dateline before the text that it opens, unless the text says it
// already.
func (s *Story) open() {
	line := strings.TrimRight(plain.Line(s.Dateline), " -–—_:")
	if line == "" || len(line) > 200 {
		return
	}
	for i := range s.Pieces {
		p := &s.Pieces[i]
		if p.Kind == mainbody.Heading {
			continue
		}
		place, _, _ := strings.Cut(line, ",")
		if !strings.HasPrefix(plain.Fold(p.Text), plain.Fold(place)) {
			p.Text = line + " — " + p.Text
		}
		return
	}
}

// when reads a time.
func when(s string) date.Date {
	d, ok := date.Parse(strings.TrimSpace(s), "")
	if !ok {
		return date.Date{}
	}
	return d
}

// given reports whether a time is known.
func given(d date.Date) bool { return !d.Time.IsZero() }

// first returns the first of the dates that is given.
func first(dates ...date.Date) date.Date {
	for _, d := range dates {
		if given(d) {
			return d
		}
	}
	return date.Date{}
}

// dated sets the times of a version: the story was published when it was first
// made, and modified when this version was, if that is later.
func (s *Story) dated(created, version date.Date) {
	s.Published = first(created, version)
	if given(version) && version.Time.After(s.Published.Time) {
		s.Modified = version
	}
}
