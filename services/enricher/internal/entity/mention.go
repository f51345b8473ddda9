package entity

import (
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
			if s.doc.BodyAt(span.First) {
				span.Kind = tagger.Organisation
			}
			return o, true
		}
	}
	return tagger.Span{}, false
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
