package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// propose collects the mentions, the surest source first: no two overlap.
func (s *reading) propose() {
	s.fromDateline()
	spans := s.tagged()
	s.fromAcronyms(spans)
	if !uncasedLanguages[s.Lang] {
		s.fromGrammar(spans)
	}
	for _, span := range spans {
		s.fromTagger(span)
	}
	if uncasedLanguages[s.Lang] {
		s.fromUncased()
		return
	}
	if trained[s.Lang] {
		return
	}
	for _, span := range s.doc.Notable() {
		if !s.numbered(span.First) {
			s.add(mention{first: span.First, last: span.Last, kind: tagger.Place, confidence: knownSure})
		}
	}
}

// trained are the languages in which the tagger knows its own mind: it was trained
// on annotated text of them, or of their next kin.
var trained = map[string]bool{
	"da": true, "nb": true, "nn": true, "no": true, "sv": true, "hr": true, "bs": true, "sr": true, "hu": true, "pt": true,
	"ro": true, "en": true, "de": true,
}

// numbered tells whether an ordinal stands before token k, as before the names of
// events: "3ème Réunion".
func (s *reading) numbered(k int) bool { return k > 0 && s.doc.Ordinal(k-1) }

// tagged gives the tagger's names, cut to what they can hold.
func (s *reading) tagged() []tagger.Span {
	if uncasedLanguages[s.Lang] && s.Lang != "zh" {
		return nil
	}
	spans := tagger.Tag(s.doc)
	var kept []tagger.Span
	for _, span := range spans {
		s.ownedBody(&span)
		if owner, ok := s.owner(&span); ok && s.trim(&owner) {
			s.geography(&owner)
			kept = append(kept, owner)
		}
		if s.trim(&span) {
			s.geography(&span)
			if len(kept) == 0 || kept[len(kept)-1].Last <= span.First {
				kept = append(kept, span)
			}
		}
	}
	return kept
}

// owner cuts the possessor off a name that runs on behind an English 's, as in
// "Germany's Siemens", and gives it as a name of its own.
func (s *reading) owner(span *tagger.Span) (tagger.Span, bool) {
	if _, last, ok := s.doc.Country(span.First); ok && last < span.Last && s.doc.ByCharacter(last) && s.doc.Placed(last) {
		o := *span // a country and its city without a space: "法国巴黎"
		o.Last, span.First = last, last
		return o, true
	}
	if k := s.speaker(span); k > 0 {
		o := *span
		o.Last, span.First, span.Kind, span.Confidence = k, k, tagger.Person, knownSure
		return o, true
	}
	for k := span.Last - 2; k >= span.First; k-- {
		if possessive(s.text(k, k+1), s.Lang) > 0 {
			o := *span
			o.Last, span.First = k+1, k+1
			return o, true
		}
	}
	return tagger.Span{}, false
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

// add keeps the mention if none of its tokens is taken.
func (s *reading) add(m mention) bool {
	if m.first >= m.last || m.last > len(s.taken) || !s.free(m.first, m.last) {
		return false
	}
	m.entity = -1
	s.mentions = append(s.mentions, m)
	for k := m.first; k < m.last; k++ {
		s.taken[k] = int32(len(s.mentions))
	}
	return true
}

func (s *reading) free(first, last int) bool {
	for k := first; k < last; k++ {
		if s.taken[k] != 0 {
			return false
		}
	}
	return true
}

// How sure mentions are that follow from grammar. They are set by hand, in the
// order of the errors met.
const (
	datelineSure = 0.97
	acronymSure  = 0.95
	titledSure   = 0.9
	bodySure     = 0.85
	knownSure    = 0.7
	// loneSure is what a single word needs to be a person that no list of names
	// knows, in a language without annotated text.
	loneSure = 0.75
	// leastSure is what the tagger's names need.
	leastSure = 0.4
)

// fromDateline takes the place that the text opens with, and the agency.
func (s *reading) fromDateline() {
	d := s.Dateline
	if d.GetLocated() == "" {
		return
	}
	first := s.tokenAt(d.GetSpan().GetStart())
	limit := s.tokenAt(d.GetSpan().GetEnd())
	s.find(first, limit, d.GetLocated(), tagger.Place)
	if d.GetSource() != "" {
		s.find(first, limit, d.GetSource(), tagger.Organisation)
	}
}

// find adds the first printing of name in tokens [first, limit).
func (s *reading) find(first, limit int, name string, kind tagger.Kind) {
	for k := first; k < min(limit, len(s.pieces)); k++ {
		start := int(s.pieces[k].Start)
		end := start + len(name)
		if end > len(s.Text) || s.Text[start:end] != name {
			continue
		}
		last := s.token(int32(end-1)) + 1
		if last <= len(s.pieces) && int(s.pieces[last-1].End) == end {
			s.add(mention{first: k, last: last, kind: kind, confidence: datelineSure, firm: true})
			return
		}
	}
}

// fromAcronyms takes the long and short forms of organisations.
func (s *reading) fromAcronyms(spans []tagger.Span) {
	for _, a := range s.Acronyms {
		long, short := a.GetLongSpan(), a.GetSpan()
		if long == nil || short == nil {
			continue
		}
		first, last := s.tokenAt(long.GetStart()), s.tokenAt(long.GetEnd()-1)+1
		if first >= last || last > len(s.pieces) {
			continue
		}
		if !s.isBody(first, last, spans) && !(s.capitals(first, last) && s.isBody(s.tokenAt(short.GetStart()), s.tokenAt(short.GetEnd()-1)+1, spans)) {
			continue
		}
		confidence := max(a.GetConfidence(), bodySure)
		s.add(mention{first: first, last: last, kind: tagger.Organisation, confidence: confidence, firm: true})
		first, last = s.tokenAt(short.GetStart()), s.tokenAt(short.GetEnd()-1)+1
		if first < last && last <= len(s.pieces) {
			s.add(mention{first: first, last: last, kind: tagger.Organisation, confidence: confidence, firm: true})
		}
	}
}

// isBody tells whether the long form of an acronym is the name of an organisation
// and not of a thing: it begins with a capital, and has the noun of a body in it
// or is tagged as one.
func (s *reading) isBody(first, last int, spans []tagger.Span) bool {
	if !s.doc.Capital(first) && !uncasedLanguages[s.Lang] {
		return false
	}
	for k := first; k < last; k++ {
		if s.doc.Class(k)&lexicon.Body != 0 {
			return true
		}
	}
	for _, span := range spans {
		if span.Kind == tagger.Organisation && span.First < last && first < span.Last {
			return true
		}
		if span.First >= last {
			break
		}
	}
	return false
}

// capitals tells whether the name begins and ends with a capital word.
func (s *reading) capitals(first, last int) bool {
	return s.doc.Capital(first) && s.doc.Capital(last-1)
}

// fromTagger takes a name that the tagger is sure enough of.
func (s *reading) fromTagger(span tagger.Span) {
	if span.Confidence < leastSure || !s.mayName(span) {
		return
	}
	span = s.widened(span)
	body := span.Last-span.First > 1 && (s.bodyNoun(span.First) || s.bodyNoun(span.Last-1))
	if _, last, ok := s.doc.Country(span.First); ok && last >= span.Last {
		body = false
	}
	if span.Kind != tagger.Organisation && span.Confidence < 0.98 && (body && span.Kind == tagger.Person || s.headed(span.First)) {
		span.Kind, span.Confidence = tagger.Organisation, knownSure
	}
	s.add(mention{first: span.First, last: span.Last, kind: span.Kind, confidence: span.Confidence})
}

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
	for span.First < span.Last && !s.nameable(span.First) && !s.particle(span) {
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

// clearlyNot is the confidence from which the tagger's word goes before the
// gazetteer's.
const clearlyNot = 0.9

// geography widens a place to the name in the gazetteer that it is a part of
// ("Afrique du Nord"), and makes places of countries that the tagger is not sure to
// be something else.
func (s *reading) geography(span *tagger.Span) {
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

// nameable tells whether a name may begin or end with token k.
func (s *reading) nameable(k int) bool {
	r, _ := utf8.DecodeRuneInString(s.text(k, k+1))
	return unicode.IsUpper(r) || unicode.IsTitle(r) || r == '@' || unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r) ||
		s.isWord(k) && hasUpper(s.text(k, k+1))
}

func hasUpper(text string) bool {
	for _, r := range text {
		if unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

func (s *reading) isWord(k int) bool {
	r, _ := utf8.DecodeRuneInString(s.text(k, k+1))
	return unicode.IsLetter(r)
}

// mayName refuses what is never a name by itself: numbers, single letters, the
// names of days, and function words at the head of a sentence.
func (s *reading) mayName(span tagger.Span) bool {
	letters := 0
	for _, r := range s.text(span.First, span.Last) {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 2 {
		return false
	}
	if span.Last-span.First > 1 {
		return true
	}
	if span.Kind == tagger.Place && s.numbered(span.First) {
		return false
	}
	class := s.doc.Class(span.First)
	if span.Kind == tagger.Person && class&lexicon.People == 0 && !trained[s.Lang] && span.Confidence < loneSure {
		return false
	}
	if class&lexicon.Calendar != 0 && class&lexicon.People == 0 {
		return false
	}
	const common = lexicon.Stop | lexicon.Title | lexicon.Feature
	if trained[s.Lang] && upper(s.text(span.First, span.Last)) {
		return true // "UN", "NZ"
	}
	return class&common == 0 || s.doc.Placed(span.First) && class&lexicon.Feature == 0 || span.Confidence >= clearlyNot
}
