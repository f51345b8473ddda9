package entity

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// maxSmall is how many words in small letters may stand in a row within a name
// that only the tagger proposes.
const maxSmall = 3

// maxNameTokens bounds a name.
const maxNameTokens = 24

// trim cuts titles and stray words from the ends of a tagged name; false if
// nothing remains.
func (s *reading) trim(span *tagger.Span) bool {
	span.Last = min(span.Last, span.First+maxNameTokens)
	if s.doc.ByCharacter(span.First) {
		return span.Last-span.First > 1
	}
	small := 0
	for k := span.First; k < span.Last; k++ {
		if s.doc.Capital(k) || s.doc.Placed(k) {
			small = 0
			continue
		}
		if small++; small > maxSmall {
			span.Last = k - small + 1
			break
		}
	}
	for span.First < span.Last && !s.nameable(span.First) && !s.particle(span) && !s.landscape(span) {
		span.First++
	}
	for span.Last > span.First && !s.nameable(span.Last-1) && (span.Kind != tagger.Organisation && !trained[s.Lang] || !s.isWord(span.Last-1)) && !s.abbreviated(span) {
		span.Last--
	}
	if span.Kind == tagger.Person {
		for k := span.Last - 2; k >= span.First; k-- {
			if s.doc.Class(k)&(lexicon.Title|lexicon.Given) == lexicon.Title && s.doc.Capital(k+1) {
				span.First = k + 1
				if s.doc.Class(k+1)&lexicon.Given != 0 {
					span.Confidence = max(span.Confidence, knownSure)
				}
			}
		}
		s.overParticles(span)
		s.overGeneration(span)
	}
	return span.First < span.Last
}

// abbreviated tells whether the full stop that the name ends with is that of a
// legal form: "Example Inc."
func (s *reading) abbreviated(span *tagger.Span) bool {
	k := span.Last - 1
	return k > span.First && s.text(k, k+1) == "." && s.pieces[k-1].End == s.pieces[k].Start && s.doc.Class(k-1)&lexicon.Company != 0
}

// particle tells whether the name begins with a particle in small letters that a
// capital or a hyphen follows: "al-Qaeda", "von der Leyen".
func (s *reading) particle(span *tagger.Span) bool {
	if !trained[s.Lang] || span.Last-span.First < 2 || !nobiliary[s.text(span.First, span.First+1)] {
		return false
	}
	next := span.First + 1
	return s.doc.Capital(next) || s.text(next, next+1) == "-" || nobiliary[s.text(next, next+1)]
}

// landscape tells whether a place's name begins with its noun in small letters,
// where the tagger has learnt that it does: "rio Tejo", "rua Augusta".
func (s *reading) landscape(span *tagger.Span) bool {
	return trained[s.Lang] && span.Kind == tagger.Place && span.Last-span.First > 1 &&
		s.doc.Class(span.First)&lexicon.Feature != 0 && s.doc.Capital(span.First+1)
}

// nobiliary are the particles that a family name may begin with.
var nobiliary = set(`van von de del della den der di da dos das du el al bin ibn le la ten ter zu af`)

// overParticles goes on over the particles behind a lone given name to the family
// name, "Pieter van den Berg", where the tagger stopped.
func (s *reading) overParticles(span *tagger.Span) {
	if span.Last-span.First != 1 || s.doc.Class(span.First)&lexicon.Given == 0 {
		return
	}
	k := span.Last
	for k < len(s.pieces) && k-span.Last < 3 && nobiliary[s.text(k, k+1)] {
		k++
	}
	if k > span.Last && k < len(s.pieces) && s.doc.Capital(k) && !s.doc.Placed(k) {
		span.Last = k + 1
	}
}

// overGeneration takes the full stop behind "Jr" in: it is part of the abbreviation.
func (s *reading) overGeneration(span *tagger.Span) {
	k := span.Last
	if k < len(s.pieces) && k-span.First > 1 && generations[s.doc.Lower(k-1)] && s.text(k, k+1) == "." && s.pieces[k-1].End == s.pieces[k].Start {
		span.Last++
	}
}

// generations tell people of one name in one family apart.
var generations = set(`jr sr jun sen`)

// clearlyNot is the confidence from which the tagger's word goes before the
// gazetteer's.
const clearlyNot = 0.9

// stateForms are what a state may call itself before its name and a preposition,
// "République d'Égypte"; where the whole is the common name, the gazetteer has it.
var stateForms = set(`république royaume état émirat sultanat principauté republic kingdom state sultanate republik königreich
república reino estado repubblica regno stato republiek koninkrijk`)

// geography widens a place to the name in the gazetteer that it is a part of
// ("Afrique du Nord"), and makes places of countries that the tagger is not sure to
// be something else.
func (s *reading) geography(span *tagger.Span) {
	if first, last, ok := s.doc.Country(span.Last - 1); ok && last == span.Last && first > span.First+1 && stateForms[strings.ToLower(s.text(span.First, span.First+1))] {
		span.First, span.Kind = first, tagger.Place
	}
	first, last, ok := s.doc.Country(span.First)
	switch {
	case !ok || last < span.Last:
	case span.Kind == tagger.Place:
		span.First, span.Last = first, last
	case s.doc.Class(first)&lexicon.Given != 0 && span.Confidence > leastSure+0.2:
	case first == span.First && last == span.Last && span.Confidence < clearlyNot && !trained[s.Lang]:
		span.Kind, span.Confidence = tagger.Place, knownSure
	}
	if span.Kind == tagger.Organisation && span.Confidence < surer && !trained[s.Lang] && s.doc.City(span.First, span.Last) {
		span.Kind = tagger.Place
	}
}

// speaker is the token that a person's name begins with behind the body that it
// speaks for, where the tagger is not sure that both are one name; 0 if there is
// none: "Europske komisije Marta Schulz".
func (s *reading) speaker(span *tagger.Span) int {
	k := span.Last - 2
	if span.Kind != tagger.Organisation || span.Confidence > titledSure || k-span.First < 2 || !tagger.Inflects(s.Lang) ||
		!s.bodyNoun(k-1) || s.doc.Class(k)&lexicon.Given == 0 || !s.capitals(k, span.Last) {
		return 0
	}
	return k
}

// genitives write the possessor of a body before it, in the genitive and in one
// name: "Stockholms universitet".
var genitives = set(`sv da nb nn no`)

// ownedBody takes the noun of a body, in small letters, into the name of the place
// that owns it.
func (s *reading) ownedBody(span *tagger.Span) {
	k := span.Last
	if span.Kind != tagger.Place || !genitives[s.Lang] || k == len(s.pieces) || s.doc.Capital(k) || s.doc.Class(k)&lexicon.Body == 0 ||
		!strings.HasSuffix(s.text(k-1, k), "s") {
		return
	}
	span.Last, span.Kind, span.Confidence = k+1, tagger.Organisation, max(span.Confidence, knownSure)
}
