package quote

import "github.com/dateline-news/dateline/services/enricher/internal/name/words"

// sourceAt reads a speaker who is given without a verb from item n on:
// "selon la ministre". behind tells that the quotation stands before it.
func (d *document) sourceAt(n, limit int, behind bool) frame {
	w := d.lower(n)
	if w == "" {
		return frame{}
	}
	if d.lex.views.has(w) && !behind {
		return d.viewAt(n, limit)
	}
	length := 0
	for _, p := range d.lex.sources {
		if len(p) > length && d.matches(n, p) && (behind || w != "so") {
			length = len(p)
		}
	}
	if length == 0 {
		return frame{}
	}
	s := d.sourceSubject(n+length, limit)
	return frame{verb: d.slice(n, n+length), speaker: s, found: s.found()}
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
		return subject{pronoun: true, gender: g}
	}
	if d.lang == "ar" {
		return d.arabicAfter(k, limit)
	}
	if s := d.phrase(k, limit); s.found() {
		return s
	}
	// A preposition that has the article in it leaves a bare noun.
	if end := d.phraseEnd(k, limit); end > k && d.lower(k) != "" && !d.lex.prep.has(d.lower(k)) {
		return subject{text: d.slice(k, end)}
	}
	return subject{}
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
	return frame{verb: d.slice(n, n+1), speaker: s, found: s.found()}
}

func (d *document) speakerWithin(k, end int) bool {
	for ; k < end; k++ {
		if d.lex.speakers.has(d.lower(k)) {
			return true
		}
	}
	return false
}
