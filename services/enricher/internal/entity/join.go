package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// joiner gives the mentions their entities.
type joiner struct {
	*reading
	// groups are the mentions of one full name, by kind and key.
	groups map[groupKey]int
	// people are the mentions of people in two words or more, by each word but the
	// first; bodies the groups of organisations by their first word and by their
	// initials. Both are in the order of the text.
	people map[string][]int
	bodies map[string][]int
	// names are the mentions' groups: members of one are joined by union.
	parents []int
}

type groupKey struct {
	kind tagger.Kind
	key  string
}

// maxCandidates bounds the fuller names that are weighed for one mention.
const maxCandidates = 16

// join makes the entities.
func (s *reading) join() {
	j := &joiner{reading: s, groups: map[groupKey]int{}, people: map[string][]int{}, bodies: map[string][]int{}}
	j.parents = make([]int, len(s.mentions))
	for i := range s.mentions {
		j.parents[i] = i
	}
	j.group()
	j.acronyms()
	j.shortBodies()
	j.shortPeople()
	j.collect()
	for i := range s.entities {
		s.name(&s.entities[i])
	}
}

func (j *joiner) root(i int) int {
	for j.parents[i] != i {
		j.parents[i] = j.parents[j.parents[i]]
		i = j.parents[i]
	}
	return i
}

// unite joins two mentions; the earlier is the root.
func (j *joiner) unite(a, b int) {
	a, b = j.root(a), j.root(b)
	if a > b {
		a, b = b, a
	}
	j.parents[b] = a
}

// group joins the mentions of the same name, and names of one country.
func (j *joiner) group() {
	for i := range j.mentions {
		m := &j.mentions[i]
		key := groupKey{m.kind, j.groupName(m)}
		if first, ok := j.groups[key]; ok {
			if !j.loneName(m) {
				j.unite(first, i)
			}
			continue
		}
		j.groups[key] = i
		switch m.kind {
		case tagger.Person:
			from := m.first + 1
			if familyFirst[j.Lang] {
				from = m.first
			}
			for k := from; k < m.last; k++ {
				if utf8.RuneCountInString(j.text(k, k+1)) > 1 {
					w := j.wordKey(k)
					j.people[w] = append(j.people[w], i)
				}
			}
		case tagger.Organisation:
			if m.last-m.first > 1 {
				head := j.wordKey(m.first)
				j.bodies[head] = append(j.bodies[head], i)
				for _, initials := range j.initials(m) {
					j.bodies["."+initials] = append(j.bodies["."+initials], i)
				}
			}
		}
	}
}

// familyFirst are the languages that put the family name first.
var familyFirst = map[string]bool{"hu": true, "vi": true, "zh": true, "ja": true, "ko": true}

// loneName tells whether m is a person's family name alone, which may be that of
// several.
func (j *joiner) loneName(m *mention) bool { return m.kind == tagger.Person && m.last-m.first == 1 }

// groupName is the key of a name; countries go by their code, so that "USA" and
// "United States" are one.
func (j *joiner) groupName(m *mention) string {
	text := j.text(m.first, m.last)
	if m.kind == tagger.Place {
		if code, ok := j.country(m); ok {
			return "=" + code
		}
		return spelling.Key(j.key(m.first, m.last))
	}
	if m.kind == tagger.Organisation && m.last-m.first == 1 && upper(text) {
		return strings.ToLower(strings.ReplaceAll(text, ".", ""))
	}
	return j.key(m.first, m.last)
}

// country is the country that a mention names, as printed or in the nominative.
func (s *reading) country(m *mention) (string, bool) {
	if m.kind == tagger.Place && s.Dateline.GetLocated() == s.text(m.first, m.last) {
		return "", false // a dateline names a city
	}
	return s.countryOf(s.text(m.first, m.last))
}

// countryOf is the country that a text names; each text is looked up once.
func (s *reading) countryOf(text string) (string, bool) {
	text = text[:len(text)-possessive(text, s.Lang)]
	code, known := s.countriesOf[text]
	if !known {
		code = lookCountryUp(text, s.Lang)
		s.countriesOf[text] = code
	}
	return code, code != ""
}

func lookCountryUp(text, lang string) string {
	if capitalsOnly[spelling.Key(text)] {
		return ""
	}
	if code, ok := place.Country(text); ok {
		return code
	}
	var code string
	tagger.Nominatives(lang, strings.ToLower(text), func(form string) bool {
		var ok bool
		code, ok = place.Country(form)
		return ok
	})
	return code
}

// capitalsOnly are capitals that share their name with the country in a few small
// languages alone.
var capitalsOnly = map[string]bool{"brasilia": true, "bissau": true}

// upper tells whether text has two capitals or more and no small letters.
func upper(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 2
}

// initials are those of the words with capitals, and of all content words.
func (j *joiner) initials(m *mention) []string {
	var capitals, content strings.Builder
	for k := m.first; k < m.last; k++ {
		w := j.text(k, k+1)
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(r):
			capitals.WriteRune(unicode.ToLower(r))
			content.WriteRune(unicode.ToLower(r))
		case unicode.IsLetter(r) && utf8.RuneCountInString(w) > 4 && j.doc.Class(k)&lexicon.Stop == 0:
			content.WriteRune(r)
		}
	}
	var list []string
	for _, s := range []string{capitals.String(), content.String()} {
		if utf8.RuneCountInString(s) >= 2 && (len(list) == 0 || list[0] != s) {
			list = append(list, s)
		}
	}
	return list
}

// acronyms joins the forms that the text itself puts side by side.
func (j *joiner) acronyms() {
	at := map[int]int{}
	for i := range j.mentions {
		at[j.mentions[i].first] = i
	}
	for _, a := range j.Acronyms {
		if a.GetSpan() == nil || a.GetLongSpan() == nil {
			continue
		}
		long, ok := at[j.tokenAt(a.GetLongSpan().GetStart())]
		short, found := at[j.tokenAt(a.GetSpan().GetStart())]
		if ok && found && j.mentions[long].kind == j.mentions[short].kind {
			j.unite(long, short)
		}
	}
}

// shortBodies joins organisations to those that they are the beginning or the
// initials of, if there is but one such.
func (j *joiner) shortBodies() {
	for i := range j.mentions {
		m := &j.mentions[i]
		if m.kind != tagger.Organisation || j.root(i) != i && j.root(i) != j.groups[groupKey{m.kind, j.groupName(m)}] {
			continue
		}
		if m.last-m.first == 1 && upper(j.text(m.first, m.last)) {
			if list := j.bodies["."+j.groupName(m)]; len(list) == 1 {
				j.unite(list[0], i)
				continue
			}
		}
		if list := j.bodies[j.wordKey(m.first)]; len(list) == 1 && list[0] != i && j.leads(m, &j.mentions[list[0]]) {
			j.unite(list[0], i)
		}
	}
}

// leads tells whether the words of short are the first of long's.
func (j *joiner) leads(short, long *mention) bool {
	if short.last-short.first >= long.last-long.first {
		return false
	}
	for k := range short.last - short.first {
		if j.wordKey(short.first+k) != j.wordKey(long.first+k) {
			return false
		}
	}
	return true
}

// shortPeople joins each short form of a person's name to the full one that was
// printed last before it, or else first after it.
func (j *joiner) shortPeople() {
	lone := map[string]int{}
	for i := range j.mentions {
		m := &j.mentions[i]
		if m.kind != tagger.Person {
			continue
		}
		best := -1
		list := j.people[j.wordKey(m.last-1)]
		for _, c := range name.Near(list, i, maxCandidates) {
			if c != i && j.root(c) != j.root(i) && j.words(&j.mentions[c]) > j.words(m) && j.covers(&j.mentions[c], m) && (best < 0 || c < i) {
				best = c
			}
		}
		switch {
		case best >= 0:
			j.unite(best, i)
		case m.last-m.first == 1:
			if first, ok := lone[j.wordKey(m.first)]; ok {
				j.unite(first, i)
			} else {
				lone[j.wordKey(m.first)] = i
			}
		}
	}
}

// covers tells whether long has all words of short, words for their initials.
func (j *joiner) covers(long, short *mention) bool {
	for k := short.first; k < short.last; k++ {
		w := j.wordKey(k)
		initial, _ := utf8.DecodeRuneInString(w)
		isInitial := utf8.RuneCountInString(strings.TrimSuffix(w, ".")) == 1
		found := false
		for m := long.first; m < long.last && !found; m++ {
			v := j.wordKey(m)
			r, _ := utf8.DecodeRuneInString(v)
			found = v == w || isInitial && r == initial
		}
		if !found {
			return false
		}
	}
	return true
}

// collect makes the entities of the joined mentions, in the order of the text.
func (j *joiner) collect() {
	numbers := map[int]int{}
	for i := range j.mentions {
		root := j.root(i)
		n, ok := numbers[root]
		if !ok {
			n = len(j.entities)
			numbers[root] = n
			j.entities = append(j.entities, entity{kind: j.mentions[root].kind})
		}
		j.mentions[i].entity = n
		j.entities[n].mentions = append(j.entities[n].mentions, i)
	}
}
