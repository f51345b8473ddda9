package entity

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// agree makes one kind of every name and finds its further printings.
func (s *reading) agree() {
	s.dropThemes()
	s.dropOffices()
	s.vote()
	s.surnames()
	s.recover()
	slices.SortFunc(s.mentions, func(a, b mention) int { return a.first - b.first })
}

// key is the form under which the namings of one name are one.
func (s *reading) key(first, last int) string {
	if last-first == 1 {
		return s.wordKey(first)
	}
	var b strings.Builder
	for k := first; k < last; k++ {
		if k > first && !s.doc.ByCharacter(k) {
			b.WriteByte(' ')
		}
		b.WriteString(s.wordKey(k))
	}
	return b.String()
}

// wordKey is the key of one token: in small letters, without possessive and case.
func (s *reading) wordKey(k int) string {
	if s.keys[k] == "" {
		s.keys[k] = tagger.Stem(s.Lang, s.doc.Lower(k))
	}
	return s.keys[k]
}

// quotationMarks open and close a theme.
const quotationMarks = "\"“”„«»"

// dropThemes drops a single word that only the tagger proposes and that follows a
// dash or colon within quotation marks: it is part of a theme, such as the second
// half of "… - Challenges".
func (s *reading) dropThemes() {
	quoted := make([]bool, len(s.pieces))
	inside := false
	for k := range s.pieces {
		if text := s.text(k, k+1); strings.Contains(quotationMarks, text) {
			switch text {
			case "«", "„":
				inside = true
			case "»", "”":
				inside = false
			default:
				inside = !inside
			}
		}
		quoted[k] = inside
	}
	s.filter(func(m *mention) bool {
		if m.firm || m.last-m.first > 1 || m.first == 0 || !quoted[m.first] || s.doc.Placed(m.first) || m.confidence > 0.95 {
			return true
		}
		before := s.text(m.first-1, m.first)
		return !strings.Contains("-–—:", before)
	})
}

// filter keeps the mentions for which keep is true.
func (s *reading) filter(keep func(*mention) bool) {
	kept := s.mentions[:0]
	clear(s.taken)
	for i := range s.mentions {
		m := s.mentions[i]
		if !keep(&m) {
			continue
		}
		kept = append(kept, m)
		for k := m.first; k < m.last; k++ {
			s.taken[k] = int32(len(kept))
		}
	}
	s.mentions = kept
}

// firmVote is the weight of a kind that follows from grammar.
const firmVote = 1.5

// certain is the confidence from which a naming of a place or an organisation keeps
// its kind: countries and unions are both.
const certain = 0.8

// vote gives all namings of one name the kind that most evidence is for.
func (s *reading) vote() {
	votes := map[string]*[4]float64{}
	keys := make([]string, len(s.mentions))
	for i := range s.mentions {
		m := &s.mentions[i]
		keys[i] = s.key(m.first, m.last)
		if votes[keys[i]] == nil {
			votes[keys[i]] = &[4]float64{}
		}
		weight := m.confidence
		if m.firm {
			weight *= firmVote
		}
		votes[keys[i]][m.kind] += weight
	}
	for i := range s.mentions {
		best, m := s.mentions[i].kind, &s.mentions[i]
		v := votes[keys[i]]
		for kind := tagger.Person; kind <= tagger.Place; kind++ {
			if v[kind] > v[best] && (m.confidence < certain || kind == tagger.Person || m.kind == tagger.Person) {
				best = kind
			}
		}
		if best != m.kind {
			m.kind, m.confidence = best, v[best]/(v[1]+v[2]+v[3])
		}
	}
}

// surnames turns single words into persons where a person of that family name is
// named in full, unless the word is a place or the tagger is certain of it.
func (s *reading) surnames() {
	people := map[string]bool{}
	for i := range s.mentions {
		if m := &s.mentions[i]; m.kind == tagger.Person && m.last-m.first > 1 && m.confidence >= knownSure {
			people[s.wordKey(m.last-1)] = true
		}
	}
	for i := range s.mentions {
		m := &s.mentions[i]
		if m.kind != tagger.Person && m.confidence < certain && m.last-m.first == 1 && !m.firm && people[s.wordKey(m.first)] && !s.doc.Placed(m.first) {
			m.kind, m.confidence = tagger.Person, min(m.confidence, knownSure)
		}
	}
}

// form is a name in the keys of its words, to be found again.
type form struct {
	words      []string
	kind       tagger.Kind
	confidence float64
}

// maxFormsAWord bounds the names that are tried at one word.
const maxFormsAWord = 8

// recover finds the further printings of the names that are sure.
func (s *reading) recover() {
	forms := map[string][]form{}
	known := map[string]bool{}
	learn := func(first, last int, kind tagger.Kind, confidence float64) {
		key := s.key(first, last)
		head := s.formKey(first)
		if known[key] || len(forms[head]) == maxFormsAWord {
			return
		}
		known[key] = true
		f := form{kind: kind, confidence: 0.9 * confidence}
		for k := first; k < last; k++ {
			f.words = append(f.words, s.formKey(k))
		}
		forms[head] = append(forms[head], f)
	}
	for i := range s.mentions {
		m := &s.mentions[i]
		if m.confidence < knownSure {
			continue
		}
		if m.last-m.first > 1 || s.recognisable(m.first) {
			learn(m.first, m.last, m.kind, m.confidence)
		}
		if m.kind == tagger.Person && m.last-m.first > 1 && s.recognisable(m.last-1) {
			learn(m.last-1, m.last, m.kind, m.confidence)
		}
	}
	for _, list := range forms {
		slices.SortStableFunc(list, func(a, b form) int { return len(b.words) - len(a.words) })
	}
	for k := 0; k < len(s.pieces); k++ {
		if s.taken[k] != 0 || !s.doc.Capital(k) && !s.doc.ByCharacter(k) && !uncasedLanguages[s.Lang] {
			continue
		}
		for _, f := range forms[s.formKey(k)] {
			if last := k + len(f.words); s.printed(f, k) {
				s.add(mention{first: k, last: last, kind: f.kind, confidence: f.confidence})
				break
			}
		}
	}
}

// formKey is by what a word is found again: as printed, or in another case where
// the language has cases.
func (s *reading) formKey(k int) string {
	if tagger.Inflects(s.Lang) {
		return s.wordKey(k)
	}
	return s.text(k, k+1)
}

func (s *reading) printed(f form, k int) bool {
	if k+len(f.words) > len(s.pieces) {
		return false
	}
	for i, w := range f.words {
		if s.formKey(k+i) != w {
			return false
		}
	}
	return true
}

// recognisable tells whether the single word is a name wherever it is printed.
func (s *reading) recognisable(k int) bool {
	const common = lexicon.Stop | lexicon.Title | lexicon.Body | lexicon.Feature | lexicon.Calendar
	return s.doc.Capital(k) && utf8.RuneCountInString(s.text(k, k+1)) >= 3 && s.doc.Class(k)&common == 0
}
