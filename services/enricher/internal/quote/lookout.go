package quote

import (
	"strings"
	"sync"

	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// role is a set of the parts that a word may have in reporting speech.
type role uint8

const (
	// speaks may be, or begin, a verb of speech.
	speaks role = 1 << iota
	// leads may begin a source without a verb, or a comparison such as "as … said".
	leads
)

// lookouts give the words of a language that have a role: most words of a text have
// none, and one look tells.
var lookouts = func() map[string]func() map[string]role {
	all := map[string]func() map[string]role{}
	for lang, lex := range lexicons {
		all[lang] = sync.OnceValue(func() map[string]role { return lex.lookout(statingOf(lang), ownSources[lang]) })
	}
	return all
}()

func (l *lexicon) lookout(say *stating, owns []own) map[string]role {
	m := map[string]role{}
	for _, s := range []set{l.participle, l.gerund, l.infinitive, l.finite} {
		for w := range s {
			m[w] |= speaks
		}
	}
	for _, p := range l.phrasal {
		m[p[0]] |= speaks
	}
	for _, p := range l.sources {
		m[p[0]] |= leads
	}
	for _, o := range owns {
		m[o.words[0]] |= leads
	}
	for _, s := range []set{l.views, say.zufolge, say.like} {
		for w := range s {
			m[w] |= leads
		}
	}
	return m
}

// watch gives each type of word its roles. Arabic writes its small words as one
// with the next, so that every word may have any.
func (d *document) watch(s *story.Story) {
	types := s.Types()
	d.types, d.roles = s.TypeOf(), make([]role, len(types))
	find := lookouts[d.lang]
	switch {
	case find == nil:
		return
	case d.lang == "ar":
		for i := range d.roles {
			d.roles[i] = speaks | leads
		}
		return
	}
	known := find()
	for i := range types {
		d.roles[i] = known[types[i].Lower]
		if len(d.lex.clitics) > 0 && strings.IndexByte(types[i].Lower, '-') > 0 {
			d.roles[i] |= speaks
		}
	}
}

// may tells whether the word of item k has one of the roles.
func (d *document) may(k int, roles role) bool {
	if d.items[k].passage >= 0 {
		return false
	}
	t := d.types[d.items[k].word]
	return t >= 0 && d.roles[t]&roles != 0
}
