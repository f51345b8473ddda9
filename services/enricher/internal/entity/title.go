package entity

import (
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// maxAliases bounds the other forms of one name.
const maxAliases = 20

// name chooses the fullest form of an entity's name, lists the others, and takes
// over its office.
func (s *reading) name(e *entity) {
	counts := map[string]int{}
	var forms []string
	best, bestWords := "", -1
	for _, i := range e.mentions {
		m := &s.mentions[i]
		e.confidence = max(e.confidence, m.confidence)
		if office := m.office(); len(office) > len(e.role) && e.kind == tagger.Person {
			e.role = office
		}
		text := s.form(m)
		if counts[text]++; counts[text] == 1 && len(forms) <= maxAliases {
			forms = append(forms, text)
		}
		n := s.words(m)
		if n > bestWords || n == bestWords && fuller(text, best, counts) {
			best, bestWords = text, n
		}
		if e.kind == tagger.Person && len(forms) <= maxAliases {
			if whole, _, _ := s.printedAs(m); whole != text && !slices.Contains(forms, whole) {
				forms = append(forms, whole)
			}
		}
	}
	e.name = best
	for _, form := range forms {
		if form != best && len(e.aliases) < maxAliases {
			e.aliases = append(e.aliases, form)
		}
	}
}

// form is a mention's text without a possessive.
func (s *reading) form(m *mention) string {
	text := s.text(m.first, m.last)
	return text[:len(text)-possessive(text, s.Lang)]
}

// fuller tells whether a is the better name than b, which has as many words: one
// in small letters before one in capitals, then the one met more often, then the
// shorter, which is without a case ending.
func fuller(a, b string, counts map[string]int) bool {
	if upper(a) != upper(b) {
		return upper(b) && strings.Contains(b, " ") == strings.Contains(a, " ") && len(a) >= len(b)
	}
	if counts[a] != counts[b] {
		return counts[a] > counts[b]
	}
	return len(a) < len(b)
}
