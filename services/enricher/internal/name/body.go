package name

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// tail says how the name of a body goes on in small letters in the Romance
// languages: "Organisation mondiale de la santé".
type tail struct {
	// adjectives are whole adjectives, endings their typical ends.
	adjectives set
	endings    []string
	// ties lead to a further noun, beside the complement's "of".
	ties set
	// articles may stand between a tie and its noun.
	articles set
	// and joins a second noun to a tie's first.
	and string
}

var tails = map[string]*tail{
	"fr": {
		adjectives: fields(`unies unis arabe arabes public publics suprême libre russe turc turque belge grec grecque vert verts`),
		endings:    strings.Fields(`al ale aux ales ime imes ien ienne iens iennes éen éenne ique iques aire aires ais aise aises ain aine ains aines ois oise if ive ifs ives iste istes el elle els elles`),
		ties:       fields(`pour contre en sur`), articles: fields(`la le les l' lutte`), and: "et",
	},
	"es": {
		adjectives: fields(`unidas unidos árabe árabes público pública públicos suprema supremo popular libre rusa ruso turca`),
		endings:    strings.Fields(`al ales ano ana anos anas ico ica icos icas ario aria arios arias és esa ista istas ivo iva eo ea eos eas`),
		ties:       fields(`para contra por`), articles: fields(`la el los las`), and: "y",
	},
	"it": {
		adjectives: fields(`unite uniti araba arabo pubblico pubblica suprema popolare russa turca`),
		endings:    strings.Fields(`ale ali ano ana ani ane ico ica ici iche ario aria ese esi ista iste ivo iva eo ea ei ee`),
		ties:       fields(`per contro`), articles: fields(`la il i le gli l' lo`), and: "e",
	},
	"pt": {
		adjectives: fields(`unidas unidos árabe árabes público pública suprema supremo popular russa russo turca`),
		endings:    strings.Fields(`al ais ano ana ico ica icos icas ário ária ês esa ista istas ivo iva eia eu`),
		ties:       fields(`para contra`), articles: fields(`a o os as`), and: "e",
	},
}

// maxTail bounds the words of a body's name in small letters.
const maxTail = 16

// extendBody adds to the last name, if it begins with the noun of a body, the
// words in small letters that belong to it, and gives the word behind it.
func (f *finder) extendBody(next int) int {
	t := tails[f.lang]
	if t == nil || len(f.names) == 0 {
		return next
	}
	n := &f.names[len(f.names)-1]
	if n.Last != next || !f.lex.bodies.has(f.ws[n.First].Lower) {
		return next
	}
	end := f.tailEnd(t, next)
	if end == next {
		return next
	}
	n.Last = end
	n.End = int(f.ws[end-1].RuneEnd)
	n.Text = f.text[f.ws[n.First].Start:f.ws[end-1].End]
	n.Full, n.Person = n.Text, false
	f.doubtful[len(f.doubtful)-1] = false
	return end
}

func (f *finder) tailEnd(t *tail, i int) int {
	end, tied := i, false
	for end < len(f.ws) && end-i < maxTail {
		w := &f.ws[end]
		if w.Kind != words.Letters {
			break
		}
		if f.capitalAt(end) {
			if end == i || f.isTitle(end) || f.lex.plain.has(w.Lower) || !f.tieFollows(t, end+1) {
				break
			}
			end++
			continue
		}
		if t.adjective(w.Lower) {
			end++
			continue
		}
		next := f.overTie(t, end, tied)
		if next == end {
			break
		}
		tied = true
		end = next
	}
	return end
}

// tieFollows tells whether the name of the body goes on at word i, so that the
// capital before it is no person's.
func (f *finder) tieFollows(t *tail, i int) bool {
	return i < len(f.ws) && f.overTie(t, i, false) > i
}

func (t *tail) adjective(w string) bool {
	if t.adjectives.has(w) {
		return true
	}
	for _, e := range t.endings {
		if len(w) > len(e)+2 && strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// overTie gives the word behind "of", a tie or "and" with its article and
// noun at word i, or i.
func (f *finder) overTie(t *tail, i int, tied bool) int {
	w := f.ws[i].Lower
	if !f.lex.of.has(w) && !t.ties.has(w) && (!tied || w != t.and) {
		return i
	}
	if t.articles.has(w) {
		return i
	}
	k := i + 1
	if w == t.and && k < len(f.ws) && f.lex.of.has(f.ws[k].Lower) {
		k++
	}
	for k < len(f.ws) && t.articles.has(f.ws[k].Lower) {
		k++
	}
	if w == t.and && k == i+1 || k >= len(f.ws) || f.ws[k].Kind != words.Letters {
		return i
	}
	noun := &f.ws[k]
	if noun.Capital() {
		if w == t.and || t.ties.has(w) && w != "pour" || f.isTitle(k) {
			return i
		}
		return k + 1
	}
	if f.lex.plain.has(noun.Lower) || f.lex.roles.has(noun.Lower) || f.lex.bodies.has(noun.Lower) || len(noun.Text) < 3 {
		return i
	}
	return k + 1
}
