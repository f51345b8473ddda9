package quote

import (
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
	length := 0
	for _, p := range d.lex.sources {
		if len(p) > length && (p[0] == w || d.lang == "ar") && d.matches(n, p) && (behind || w != "so") {
			length = len(p)
		}
	}
	if length == 0 {
		return frame{}
	}
	s := d.sourceSubject(n+length, limit)
	return frame{verb: d.piece(n, n+length), speaker: s, found: s.found()}
}

func (d *document) matches(n int, phrase []string) bool {
	for i, p := range phrase {
		if w := d.lower(n + i); w != p && (d.lang != "ar" || w != "و"+p) {
			return false
		}
	}
	return true
}

func (d *document) sourceSubject(k, limit int) subject {
	if g, ok := d.lex.tonic[d.lower(k)]; ok && d.endsPronoun(k+1) {
		return subject{pronoun: true, gender: g, at: d.piece(k, k+1)}
	}
	if d.lang == "ar" {
		return d.arabicAfter(k, limit)
	}
	if s := d.phrase(k, limit); s.found() {
		return d.nominative(s)
	}
	// A preposition that has the article in it leaves a bare noun.
	if end := d.phraseEnd(k, limit); end > k && d.lower(k) != "" && !d.lex.prep.has(d.lower(k)) {
		return d.described(k, end)
	}
	return subject{}
}

// maxNominatives bounds the names among which a nominative is sought.
const maxNominatives = 400

// nominative gives a Russian or Polish name behind a preposition the form that
// it has elsewhere in the text beside a verb of speech or at the head of a
// sentence; without one it stays as printed.
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
	if w := d.lower(n - 1); w != "" && !d.lex.and.has(w) && d.items[n-1].sentence == d.items[n].sentence {
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
