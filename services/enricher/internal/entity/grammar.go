package entity

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/name"
)

// fromGrammar takes bodies whose names go on in small letters, and people with a
// title or an office.
func (s *reading) fromGrammar(spans []tagger.Span) {
	next := 0
	for _, n := range name.In(s.doc.Words, s.Text, s.Lang) {
		first := s.tokenAt(uint32(n.Start))
		last := s.tokenAt(uint32(n.End)-1) + 1
		if first >= last || last > len(s.pieces) {
			continue
		}
		for next < len(spans) && spans[next].Last <= first {
			next++
		}
		over := spans[next:]
		for k, span := range over {
			if span.First >= last {
				over = over[:k]
				break
			}
		}
		switch {
		case s.isNamedBody(first, last) && !n.Person:
			s.body(first, last, over)
		case n.Person && (n.Title != "" || n.Role != ""):
			s.person(n, first, last, over)
		}
	}
}

// isNamedBody tells whether the words are the noun of a body and more.
func (s *reading) isNamedBody(first, last int) bool {
	return last-first > 1 && s.doc.Capital(first) && s.doc.Class(first)&lexicon.Body != 0
}

// body takes the name of a body; the tagger's wider one wins, and where it was
// trained, any that it is sure of: a theatre may be a place.
func (s *reading) body(first, last int, over []tagger.Span) {
	if from, to, ok := s.doc.Country(first); ok && from <= first && last <= to {
		return
	}
	for _, span := range over {
		if trained[s.Lang] && span.Kind != tagger.Person && span.Confidence > surer {
			return
		}
		if span.Kind == tagger.Organisation && span.First <= first && span.Last >= last && s.compact(span) {
			first, last = span.First, span.Last
		}
	}
	s.add(mention{first: first, last: last, kind: tagger.Organisation, confidence: bodySure, firm: true})
}

// surer is the confidence from which the tagger's word on a body goes before the
// grammar's.
const surer = 0.6

// compact tells whether the name has no mark within that parts phrases.
func (s *reading) compact(span tagger.Span) bool {
	return !strings.ContainsAny(s.text(span.First, span.Last), ",;:()«»\"“”")
}

// person takes a person's name with title and office. The tagger's limits win
// where it sees a person too.
func (s *reading) person(n name.Name, first, last int, over []tagger.Span) {
	m := mention{first: first, last: last, kind: tagger.Person, confidence: titledSure, firm: true, title: n.Title, role: n.Role}
	for _, span := range over {
		if span.Kind == tagger.Person && span.Confidence > leastSure {
			m.first, m.last, m.confidence = span.First, span.Last, max(titledSure, span.Confidence)
			break
		}
		if span.Kind != tagger.Person && span.Confidence > titledSure && n.Title == "" {
			return // an office governs it: "président de Air France"
		}
	}
	if m.confidence == titledSure && (s.isPlace(first, last) || n.Role == "" && ordinals[strings.ToLower(n.Title)]) {
		return
	}
	if s.last(&m)&lexicon.Body != 0 || s.doc.Class(m.first)&lexicon.Body != 0 && m.last-m.first > 1 {
		return
	}
	if s.add(m) && m.role != "" {
		s.roles = append(s.roles, m)
	}
}

// isPlace tells whether the gazetteer knows the words as a country or region: an
// office governs it then, "président pour l'Amérique du Nord".
func (s *reading) isPlace(first, last int) bool {
	from, to, ok := s.doc.Country(first)
	return ok && from <= first && last <= to && (last-first > 1 || s.doc.Class(first)&lexicon.Given == 0)
}

// ordinals are titles only before another: "premier ministre", but "premier Forum".
var ordinals = set(`premier première primer primera primo prima primeiro primeira erste erster acting former chief deputy vice
foreign interior general state`)

// dropOffices drops single words within an office that name no place and no
// organisation by themselves: the portfolio in "ministro de Defensa".
func (s *reading) dropOffices() {
	within := make([]bool, len(s.pieces))
	for _, m := range s.roles {
		start := int(s.pieces[m.first].Start)
		at := strings.LastIndex(s.Text[max(0, start-maxRoleBytes):start], m.role)
		if at < 0 {
			continue
		}
		at += max(0, start-maxRoleBytes)
		for k := s.token(int32(at)); k < m.first && int(s.pieces[k].End) <= at+len(m.role); k++ {
			within[k] = true
		}
	}
	s.filter(func(m *mention) bool {
		return m.firm || m.last-m.first > 1 || !within[m.first] || s.doc.Placed(m.first) || upper(s.text(m.first, m.last))
	})
}

// maxRoleBytes bounds the text before a name that is searched for its office.
const maxRoleBytes = 600

func (s *reading) last(m *mention) lexicon.Class { return s.doc.Class(m.last - 1) }

// office is the role that a mention's title or office gives; a courtesy is none.
func (m *mention) office() string {
	if m.role != "" {
		return m.role
	}
	if courtesies[strings.ToLower(strings.TrimSuffix(m.title, "."))] {
		return ""
	}
	return m.title
}
