package quote

import (
	"strings"
	"sync"

	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// role is a set of the parts that a word may have in reporting speech.
type role uint32

const (
	// speaks may be, or begin, a verb of speech.
	speaks role = 1 << iota
	// leads may begin a source without a verb, or a comparison such as "as … said".
	leads
	// The others are the sets of the lexicon that are asked for most.
	asDet
	asPrep
	asOf
	asFiller
	asThat
	asRelative
	asAnd
	asAux
	asEnds
	// asTime is a word of time, asTimeLead one that may stand before it.
	asTime
	asTimeLead
	asParticiple
	asGerund
	asInfinitive
	asPronoun
	asContent
	asMarker
	// asParting is a verb that ends a reported clause, asAfterwards what opens one
	// that tells when.
	asParting
	asAfterwards
)

// lookouts give the words of a language that have a role: most words of a text have
// none, and one look tells.
var lookouts = func() map[string]func() map[string]role {
	all := map[string]func() map[string]role{}
	for lang, lex := range lexicons {
		all[lang] = sync.OnceValue(func() map[string]role { return lex.lookout(lang) })
	}
	return all
}()

func (l *lexicon) lookout(lang string) map[string]role {
	say, c := statingOf(lang), calendars[lang]
	m := map[string]role{}
	for _, s := range []set{l.participle, l.gerund, l.infinitive, l.finite} {
		for w := range s {
			m[w] |= speaks
		}
	}
	for r, s := range map[role]set{
		asDet: l.det, asPrep: l.prep, asOf: l.of, asFiller: l.filler, asThat: l.that, asRelative: l.relative, asAnd: l.and, asAux: l.aux,
		asEnds: l.ends, asTime: c.times, asTimeLead: c.leads, asParticiple: l.participle, asGerund: l.gerund, asInfinitive: l.infinitive,
		asContent: say.content, asMarker: say.marker, asParting: partings[lang], asAfterwards: afterwards[lang],
	} {
		for w := range s {
			m[w] |= r
		}
	}
	for w := range l.pronouns {
		m[w] |= asPronoun
	}
	for _, p := range l.phrasal {
		m[p[0]] |= speaks
	}
	for _, p := range l.sources {
		m[p[0]] |= leads
	}
	for _, o := range ownSources[lang] {
		m[o.words[0]] |= leads
	}
	for _, s := range []set{l.views, say.zufolge, say.like} {
		for w := range s {
			m[w] |= leads
		}
	}
	return m
}

// watch gives each type of word its roles. Arabic writes "and" as one with the next
// word.
func (d *document) watch(s *story.Story) {
	types := s.Types()
	d.types, d.roles = s.TypeOf(), make([]role, len(types))
	find := lookouts[d.lang]
	if find == nil {
		return
	}
	known := find()
	for i := range types {
		d.roles[i] = known[types[i].Lower]
		if d.lang == "ar" {
			d.roles[i] |= joined(known, types[i].Lower) & (speaks | leads)
		}
		if len(d.lex.clitics) > 0 && strings.IndexByte(types[i].Lower, '-') > 0 {
			d.roles[i] |= speaks
		}
	}
}

// joined gives the roles of an Arabic word behind the conjunction at its beginning.
func joined(known map[string]role, w string) role {
	for _, c := range []string{"و", "ف"} {
		if rest, ok := strings.CutPrefix(w, c); ok {
			return known[rest]
		}
	}
	return 0
}

// may tells whether the word of item k has one of the roles.
func (d *document) may(k int, roles role) bool {
	if k < 0 || k >= len(d.items) || d.items[k].passage >= 0 {
		return false
	}
	t := d.types[d.items[k].word]
	return t >= 0 && d.roles[t]&roles != 0
}
