package quote

import "strings"

type set map[string]struct{}

func (s set) has(w string) bool { _, ok := s[w]; return ok }

// lexicon holds the words of one language by which speech is reported. All are
// in lower case with straight apostrophes.
type lexicon struct {
	// finite are verbs of speech that have a subject of their own.
	finite set
	// participle are past participles, which need an auxiliary before them.
	participle set
	// phrasal are verbs of several words that are none of speech by
	// themselves; what stands first is in any of the moods.
	phrasal [][]string
	// gerund and infinitive borrow the subject of their sentence.
	gerund, infinitive set
	// aux are auxiliaries of the past; been makes a passive of them.
	aux, been set
	// having are those among them that borrow their subject.
	having set
	// selfAux are auxiliaries only behind one of the reflexive pronouns in
	// self ("s'est félicité").
	selfAux, self set
	// clitics are the subjects tied to an inverted verb by a hyphen
	// ("dit-il"), with the gender that they tell.
	clitics map[string]gender
	// pronouns are subjects that stand for a name.
	pronouns map[string]gender
	// tonic are the forms of pronouns behind a preposition.
	tonic map[string]gender
	// prefixes are the parts of verbs that stand behind them: "fügte hinzu".
	prefixes set
	// relative are pronouns whose name stands before them.
	relative set
	// that are words that lead from the verb to what is said.
	that set
	// filler may stand between subject, verb and quotation: object pronouns,
	// adverbs, negation.
	filler set
	// sources introduce a speaker without a verb: "according to".
	sources [][]string
	// views do so only before people and bodies: French "pour".
	views set
	// speakers are nouns of people and bodies that hold views.
	speakers set
	// of ties a complement to a noun; prep are the other prepositions.
	of, prep set
	// det are articles, possessives and the like, which open a noun phrase.
	det set
	// and are words that join verbs of one subject.
	and set
	// ends are other words at which a noun phrase ends.
	ends set
	// works are words that introduce titles, themes and names.
	works set
	// verbFirst tells that the subject often stands behind the verb.
	verbFirst bool
	// bareNouns tells that a noun phrase needs no article.
	bareNouns bool
	// nouns tells that common nouns have capitals.
	nouns bool
}

type gender uint8

const (
	unknown gender = iota
	masculine
	feminine
)

func fields(lists ...string) set {
	s := set{}
	for _, l := range lists {
		for _, w := range strings.Fields(l) {
			s[w] = struct{}{}
		}
	}
	return s
}

// forms joins each stem with each ending; "-" is the empty ending.
func forms(stems, endings string) string {
	var b strings.Builder
	for _, s := range strings.Fields(stems) {
		for _, e := range strings.Fields(endings) {
			b.WriteString(s)
			b.WriteString(strings.TrimSuffix(e, "-"))
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func genders(m, f, both string) map[string]gender {
	g := map[string]gender{}
	for _, w := range strings.Fields(m) {
		g[w] = masculine
	}
	for _, w := range strings.Fields(f) {
		g[w] = feminine
	}
	for _, w := range strings.Fields(both) {
		g[w] = unknown
	}
	return g
}

// phrases cuts a list that is parted by "|" into phrases of words.
func phrases(list string) [][]string {
	var out [][]string
	for _, p := range strings.Split(list, "|") {
		out = append(out, strings.Fields(p))
	}
	return out
}

var lexicons = map[string]*lexicon{
	"en": english, "fr": french, "de": german, "es": spanish, "it": italian, "pt": portuguese,
	"nl": dutch, "pl": polish, "ru": russian, "ar": arabic,
}

// plain serves languages without a table: only whole sentences in quotation
// marks and colons speak there.
var plain = &lexicon{}

func lexiconOf(lang string) *lexicon {
	if l := lexicons[lang]; l != nil {
		return l
	}
	return plain
}
