// Package entity finds the people, organisations and places that a news text
// names.
//
//  1. The tagger (package tagger) and the grammar of names (package name) propose
//     names; so do the acronyms and the dateline that other annotators found
//     (mention.go, grammar.go), and where a script has no capitals the gazetteer
//     (uncased.go).
//  2. A text speaks of one thing by one name: a name's kinds are put to the vote,
//     and it is found wherever it is printed again (agree.go).
//  3. Short forms, acronyms, cases and spellings are joined to one entity, named
//     by its fullest form (join.go).
//  4. Places are looked up, and where a name is that of several, the article's own
//     countries decide (locate.go).
package entity

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// maxEntities bounds the entities of one text, maxMentions the mentions of one.
const (
	maxEntities = 2000
	maxMentions = 1000
)

// Article is what entities are found in. All but the story may be empty.
type Article struct {
	// Story is what spans count in.
	*story.Story
	// Headline helps to weigh places.
	Headline string
	// Dateline is the place that the text opens with.
	Dateline *datelinev1.Dateline
	// Acronyms are the short forms that the text introduces.
	Acronyms []*datelinev1.Acronym
}

// Found is what an article names.
type Found struct {
	// Entities are in the order in which they are first named; their ids are e1,
	// e2 and so on.
	Entities []*datelinev1.Entity
	// Places are those that the story is about, by weight.
	Places []*datelinev1.Place
}

// Find finds what the article names. It is deterministic, and its time grows with
// the length of the text; the first 2,000 entities are given.
func Find(a Article) Found {
	s := read(a)
	defer s.doc.Release()
	s.propose()
	if len(s.mentions) == 0 {
		return Found{}
	}
	s.agree()
	s.join()
	s.locate()
	return s.found()
}

// reading is the article on its way to Found.
type reading struct {
	Article
	doc    *tagger.Document
	pieces []tagger.Piece
	// taken gives each token the number of the mention that it is in, from 1.
	taken    []int32
	mentions []mention
	entities []entity
	// keys are those of wordKey, as far as they were asked for.
	keys []string
	// countriesOf are the codes of the countries that texts name, empty for none, as
	// far as they were asked for.
	countriesOf map[string]string
	// roles are the people whose office the text gives.
	roles []mention
}

// mention is a naming in tokens [first, last).
type mention struct {
	first, last int
	kind        tagger.Kind
	confidence  float64
	// firm tells that the kind follows from grammar, not from the tagger.
	firm bool
	// title and role stand beside a person's name.
	title, role string
	// entity is the number of the entity it names, -1 for none yet.
	entity int
}

// entity is a thing with its mentions in order.
type entity struct {
	kind       tagger.Kind
	name       string
	aliases    []string
	role       string
	mentions   []int
	confidence float64
	place      location
}

func read(a Article) *reading {
	s := &reading{Article: a, countriesOf: map[string]string{}}
	s.doc, s.pieces = tagger.Read(a.Story)
	s.taken, s.keys = make([]int32, len(s.pieces)), make([]string, len(s.pieces))
	return s
}

// text is what is printed at tokens [first, last).
func (s *reading) text(first, last int) string {
	return s.Text[s.pieces[first].Start:s.pieces[last-1].End]
}

// token is the token at byte b, or the first behind it.
func (s *reading) token(b int32) int {
	lo, hi := 0, len(s.pieces)
	for lo < hi {
		if mid := (lo + hi) / 2; s.pieces[mid].End <= b {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// tokenAt is the token at code point r, or the first behind it.
func (s *reading) tokenAt(r uint32) int {
	lo, hi := 0, len(s.pieces)
	for lo < hi {
		if mid := (lo + hi) / 2; uint32(s.pieces[mid].RuneEnd) <= r {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

var kindNames = map[tagger.Kind]string{
	tagger.Person: "person", tagger.Organisation: "organisation", tagger.Place: "place",
}

// found writes the messages.
func (s *reading) found() Found {
	var f Found
	for i := range s.entities {
		if len(f.Entities) == maxEntities {
			break
		}
		e := &s.entities[i]
		m := &datelinev1.Entity{
			Id: fmt.Sprintf("e%d", i+1), Name: e.name, Kind: kindNames[e.kind], Aliases: e.aliases, Role: e.role,
			CountryCode: e.place.country, Confidence: e.confidence,
			Lat: e.place.lat, Lon: e.place.lon, LocatedKnown: e.place.located,
		}
		named := e.mentions[:min(len(e.mentions), maxMentions)]
		m.Mentions = make([]*datelinev1.Mention, len(named))
		for k, n := range named {
			m.Mentions[k] = s.message(&s.mentions[n])
		}
		f.Entities = append(f.Entities, m)
	}
	f.Places = s.places(f.Entities)
	return f
}

// message is the mention as it is published.
func (s *reading) message(m *mention) *datelinev1.Mention {
	text, start, end := s.printedAs(m)
	return &datelinev1.Mention{Span: &datelinev1.Span{Start: start, End: end}, Text: text}
}

// printedAs gives the mention's text and span; in French a lone name takes the
// courtesy before it in, "M. Benali", since it is not named without.
func (s *reading) printedAs(m *mention) (text string, start, end uint32) {
	first := m.first
	if m.kind == tagger.Person && s.Lang == "fr" && courtesies[strings.ToLower(strings.TrimSuffix(m.title, "."))] && s.words(m) == 1 {
		if k := s.titleStart(m); k >= 0 {
			first = k
		}
	}
	a, b := s.pieces[first], s.pieces[m.last-1]
	text, start, end = s.Text[a.Start:b.End], uint32(a.Rune), uint32(b.RuneEnd)
	if cut := possessive(text, s.Lang); cut > 0 {
		text, end = text[:len(text)-cut], end-2
		bare := strings.TrimRight(text, " ")
		text, end = bare, end-uint32(len(text)-len(bare))
	}
	return text, start, end
}

// possessive is the length in bytes of an English 's at the end.
func possessive(text, lang string) int {
	if lang == "en" {
		for _, suffix := range []string{"'s", "’s"} {
			if len(text) > len(suffix) && strings.HasSuffix(text, suffix) {
				return len(suffix)
			}
		}
	}
	return 0
}

// courtesies are titles that say nothing of an office.
var courtesies = map[string]bool{
	"m": true, "mm": true, "mme": true, "mlle": true, "mr": true, "mrs": true, "ms": true, "miss": true, "dr": true,
	"herr": true, "herrn": true, "frau": true, "sr": true, "sra": true, "srta": true, "don": true, "doña": true,
	"sig": true, "signor": true, "signora": true, "dhr": true, "mevrouw": true, "mevr": true, "meneer": true,
	"senhor": true, "senhora": true, "señor": true, "señora": true, "monsieur": true, "madame": true, "dom": true, "dona": true,
	"pan": true, "pani": true, "г-н": true, "г-жа": true, "господин": true, "госпожа": true, "السيد": true, "السيدة": true,
}

// titleStart is the token that the title right before a mention begins with, or -1.
func (s *reading) titleStart(m *mention) int {
	for k := m.first - 1; k >= 0 && m.first-k <= 2; k-- {
		if text := s.text(k, m.first); text == m.title || text == m.title+"." {
			return k
		}
	}
	return -1
}

// words counts the words of a mention that are more than an initial.
func (s *reading) words(m *mention) int {
	n := 0
	for k := m.first; k < m.last; k++ {
		if text := s.text(k, k+1); utf8.RuneCountInString(strings.TrimSuffix(text, ".")) > 1 {
			n++
		}
	}
	return n
}

// Warm loads the tagger's model.
func Warm(ctx context.Context) error { return tagger.Warm(ctx) }
