package quote

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// sourceAt reads a speaker who is given without a verb from item n on:
// "selon la ministre". behind tells that the quotation stands before it.
func (d *document) sourceAt(n, limit int, behind bool) frame {
	w := d.lower(n)
	if w == "" || !d.may(n, leads) {
		return frame{}
	}
	if d.lex.views.has(w) && !behind {
		return d.viewAt(n, limit)
	}
	if f := d.ownSource(n); f.found {
		return f
	}
	length := 0
	for _, p := range d.lex.sources {
		if len(p) > length && (p[0] == w || d.lang == "ar") && d.matches(n, p) && (behind || w != "so") {
			length = len(p)
		}
	}
	if length == 0 {
		return frame{}
	}
	if d.lang == "ar" && d.tied(n+length-1) {
		s := d.untied(d.sourceSubject(n+length-1, limit))
		return frame{verb: d.piece(n, n+length-1), speaker: s, found: s.found()}
	}
	s := d.sourceSubject(n+length, limit)
	return frame{verb: d.piece(n, n+length), speaker: s, found: s.found()}
}

func (d *document) matches(n int, phrase []string) bool {
	for i, p := range phrase {
		w := d.lower(n + i)
		if w == p {
			continue
		}
		if d.lang != "ar" {
			return false
		}
		if rest, ok := strings.CutPrefix(w, "و"); !(ok && rest == p) && !(p == arabicTo && i > 0 && d.tied(n+i)) {
			return false
		}
	}
	return true
}

// arabicTo is the preposition that Arabic writes as one with its noun.
const arabicTo = "ل"

// tied tells whether the word at item k begins with that preposition.
func (d *document) tied(k int) bool {
	w := d.lower(k)
	return strings.HasPrefix(w, arabicTo) && utf8.RuneCountInString(w) > minTied
}

// minTied is the number of characters from which a word may have a preposition in
// it.
const minTied = 3

// untied gives the subject without the preposition at its beginning, with the
// article that it has swallowed.
func (d *document) untied(s subject) subject {
	if s.name != nil || s.pronoun {
		return s
	}
	if rest, ok := strings.CutPrefix(s.text, arabicTo+arabicTo); ok {
		s.text = "ال" + rest
	} else {
		s.text = strings.TrimPrefix(s.text, arabicTo)
	}
	return s
}

// own is a phrase that names its source by a pronoun: "по его словам".
type own struct {
	words []string
	// pronoun is the place of the pronoun among them.
	pronoun int
	gender  gender
}

func owns(g gender, pronoun int, list string) []own {
	var out []own
	for _, p := range phrases(list) {
		out = append(out, own{p, pronoun, g})
	}
	return out
}

var ownSources = map[string][]own{
	"en": slices.Concat(owns(masculine, 1, `in his view|in his opinion|by his account`), owns(feminine, 1, `in her view|in her opinion|by her account`)),
	"fr": owns(unknown, 1, `à ses yeux|à son avis|selon ses dires`),
	"de": slices.Concat(owns(masculine, 0, `seinen angaben zufolge|seinen worten zufolge`), owns(feminine, 0, `ihren angaben zufolge|ihren worten zufolge`),
		owns(masculine, 1, `nach seinen angaben|nach seinen worten`), owns(unknown, 1, `nach eigenen angaben|nach ihren angaben|nach ihren worten`)),
	"es": owns(unknown, 1, `a su juicio|en su opinión|a su entender`),
	"it": owns(unknown, 1, `a suo dire|a suo avviso|a suo parere|a suo giudizio|a loro dire|a loro avviso`),
	"pt": slices.Concat(owns(unknown, 1, `em sua opinião|a seu ver|no seu entender|na sua opinião`)),
	"ru": slices.Concat(owns(masculine, 1, `по его словам|по его мнению|по его данным|по его оценке|по его оценкам`),
		owns(feminine, 1, `по ее словам|по её словам|по ее мнению|по её мнению|по ее оценке|по её оценке`), owns(unknown, 1, `по их словам|по их мнению|по их данным`)),
	"ar": slices.Concat(owns(masculine, 2, `على حد قوله|على حد تعبيره`), owns(feminine, 2, `على حد قولها|على حد تعبيرها`)),
}

func (d *document) ownSource(n int) frame {
	for _, o := range ownSources[d.lang] {
		if d.matches(n, o.words) {
			return frame{
				verb: d.piece(n, n+len(o.words)), found: true,
				speaker: subject{pronoun: true, gender: o.gender, at: d.piece(n+o.pronoun, n+o.pronoun+1)},
			}
		}
	}
	return frame{}
}

func (d *document) sourceSubject(k, limit int) subject {
	if g, ok := d.lex.tonic[d.lower(k)]; ok && d.endsPronoun(k+1) {
		return subject{pronoun: true, gender: g, at: d.piece(k, k+1)}
	}
	if d.lang == "ar" {
		return d.arabicAfter(k, limit)
	}
	// "según informó la empresa".
	if v, ok := d.verbAt(k); ok && v.mood == finite && d.lex.verbFirst && !d.lex.nouns {
		return d.after(v.last, limit)
	}
	if s := d.phrase(k, limit); s.found() {
		return d.widened(d.nominative(s), k, limit)
	}
	// A preposition that has the article in it leaves a bare noun.
	if end := d.phraseEnd(k, limit); end > k && d.lower(k) != "" && !d.may(k, asPrep) {
		return d.widened(d.described(k, end), k, limit)
	}
	return subject{}
}

// maxNominatives bounds the names among which a nominative is sought.
const maxNominatives = 400

// nominative gives a Russian or Polish name behind a preposition the form that
// it has elsewhere in the text beside a verb of speech or at the head of a
// sentence; without one it is made from the endings of a Russian name, or stays
// as printed.
func (d *document) nominative(s subject) subject {
	if s.name == nil || d.lang != "ru" && d.lang != "pl" {
		return s
	}
	for i := range d.names[:min(len(d.names), maxNominatives)] {
		n := &d.names[i]
		if n.Text == s.name.Text || n.Last-n.First != s.name.Last-s.name.First || !d.sameStems(n, s.name) {
			continue
		}
		if d.speaks(n) {
			return subject{name: n, text: n.Text, at: s.at}
		}
	}
	if full := nominativeOf(s.name.Full); d.lang == "ru" && s.name.Text == s.name.Full && full != s.name.Full {
		n := *s.name
		n.Full = full
		s.name = &n
	}
	return s
}

// speaks tells whether the name is a subject by its place.
func (d *document) speaks(n *name.Name) bool {
	if n.Last < len(d.ws) && d.lex.finite.has(d.ws[n.Last].Lower) {
		return true
	}
	return n.First == 0 || d.lex.finite.has(d.ws[n.First-1].Lower) || d.ws[n.First-1].Is(".")
}

// sameStems tells whether the words of both names differ in their endings at
// most.
func (d *document) sameStems(a, b *name.Name) bool {
	for i := 0; i < a.Last-a.First; i++ {
		x, y := d.ws[a.First+i].Lower, d.ws[b.First+i].Lower
		n := 0
		for n < len(x) && n < len(y) && x[n] == y[n] {
			n++
		}
		if n < 4 || len(x)-n > 6 || len(y)-n > 6 {
			return false
		}
	}
	return true
}

// endsPronoun tells whether a noun cannot follow at item k, so that the word
// before it is a pronoun and no possessive ("ihr", "her", "их").
func (d *document) endsPronoun(k int) bool {
	w := d.word(k)
	return w == nil || w.Kind == words.Mark || w.Kind == words.Break || d.endsPhrase(k)
}

// viewAt reads "pour X, «…»", which is a source only before people and bodies,
// at the head of a clause and with a pause behind it.
func (d *document) viewAt(n, limit int) frame {
	if w := d.lower(n - 1); w != "" && !d.may(n-1, asAnd) && d.items[n-1].sentence == d.items[n].sentence {
		return frame{}
	}
	pause := n + 1
	for pause < limit && pause-n < maxPhrase && !d.isMark(pause, ",") && !d.isMark(pause, ":") {
		pause++
	}
	if pause-n >= maxPhrase {
		return frame{}
	}
	s := d.sourceSubject(n+1, limit)
	switch {
	case s.pronoun || s.name != nil && (s.name.Person || d.nameBefore(n+1, limit) != nil || d.speakerWithin(n+1, pause)):
	case s.text != "" && d.speakerWithin(n+1, pause):
	default:
		return frame{}
	}
	return frame{verb: d.piece(n, n+1), speaker: s, found: s.found()}
}

func (d *document) speakerWithin(k, end int) bool {
	for ; k < end; k++ {
		if d.lex.speakers.has(d.lower(k)) {
			return true
		}
	}
	return false
}
