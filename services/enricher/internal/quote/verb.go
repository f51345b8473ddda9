package quote

import (
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// mood says where a verb of speech has its subject.
type mood uint8

const (
	// finite verbs have a subject beside them.
	finite mood = iota
	// inverted verbs carry it: "dit-il".
	inverted
	// borrowed verbs have that of their sentence: gerunds and infinitives.
	borrowed
)

// verb is a verb of speech in the layout.
type verb struct {
	// first and last are its items, half open, auxiliary included.
	first, last int
	mood        mood
	gender      gender
	// carrier is the item with which the subject is written as one word.
	carrier int
}

const (
	// maxAux bounds the items between an auxiliary and its participle.
	maxAux = 6
	// maxAuxBracket does so where the participle closes the clause, as in
	// German and Dutch.
	maxAuxBracket = 16
)

// verbAt tells whether item k is a verb of speech. Items that are none are
// remembered, since they are asked for again and again.
func (d *document) verbAt(k int) (verb, bool) {
	if k < 0 || k >= len(d.items) || d.noVerb[k] || !d.may(k, speaks) {
		return verb{}, false
	}
	v, ok := d.readVerb(k)
	d.noVerb[k] = !ok
	return v, ok
}

func (d *document) readVerb(k int) (verb, bool) {
	w := d.speech(d.lower(k))
	if w == "" || d.inName(k) != nil && d.lang != "ar" {
		return verb{}, false
	}
	if base, g := d.clitic(w); base != "" {
		return d.invertedAt(k, base, g)
	}
	if v, ok := d.phrasalAt(k); ok {
		return v, true
	}
	switch {
	case d.lex.participle.has(w):
		if v, ok := d.invertedAux(k); ok {
			return v, true
		}
		if first := d.auxBefore(k); first >= 0 {
			v := verb{first: first, last: k + 1}
			if d.lex.having.has(d.lower(first)) {
				v.mood = borrowed
			}
			return v, true
		}
	case d.lex.gerund.has(w) && !d.lex.finite.has(w):
		return verb{first: k, last: k + 1, mood: borrowed}, true
	case d.lex.infinitive.has(w) && !d.lex.finite.has(w):
		return d.infinitiveAt(k)
	}
	if !d.lex.finite.has(w) || d.isNoun(k) {
		return verb{}, false
	}
	v := verb{first: k, last: k + 1}
	if w := d.lower(k - 1); d.may(k-1, asAux) || d.lex.self.has(w) {
		v.first--
	}
	if d.lex.prefixes.has(d.lower(k+1)) && (d.lower(k+2) == "" || d.may(k+2, asContent)) {
		v.last++
	}
	return v, true
}

// phrasalAt tells whether a verb of several words begins at item k.
func (d *document) phrasalAt(k int) (verb, bool) {
	w := d.lower(k)
	for _, p := range d.lex.phrasal {
		if p[0] != w || !d.matches(k, p) {
			continue
		}
		v := verb{first: k, last: k + len(p)}
		if a := d.auxBefore(k); a >= 0 {
			v.first = a
		} else if strings.HasSuffix(p[0], "ant") {
			v.mood = borrowed
		}
		return v, true
	}
	return verb{}, false
}

// clitic takes a verb with its subject tied to it apart: "ajoute-t-elle" is
// "ajoute" with a feminine subject.
func (d *document) clitic(w string) (base string, g gender) {
	if len(d.lex.clitics) == 0 {
		return "", unknown
	}
	i := strings.LastIndexByte(w, '-')
	if i <= 0 {
		return "", unknown
	}
	g, ok := d.lex.clitics[w[i+1:]]
	if !ok {
		return "", unknown
	}
	return strings.TrimSuffix(w[:i], "-t"), g
}

func (d *document) invertedAt(k int, base string, g gender) (verb, bool) {
	first := k
	if d.lex.self.has(d.lower(k - 1)) {
		first--
	}
	if d.lex.finite.has(base) {
		return verb{first: first, last: k + 1, mood: inverted, gender: g, carrier: k}, true
	}
	if !d.lex.aux.has(base) && !d.lex.selfAux.has(base) {
		return verb{}, false
	}
	for n := k + 1; n <= k+3; n++ {
		if d.may(n, asParticiple) {
			return verb{first: first, last: n + 1, mood: inverted, gender: g, carrier: k}, true
		}
	}
	return verb{}, false
}

// invertedAux finds the auxiliary that carries the subject of the participle
// at item k: "a-t-elle dit".
func (d *document) invertedAux(k int) (verb, bool) {
	for n := k - 1; n >= max(0, k-3); n-- {
		if base, g := d.clitic(d.lower(n)); base != "" {
			v, ok := d.invertedAt(n, base, g)
			return v, ok && v.last > k
		}
	}
	return verb{}, false
}

// auxBefore gives the auxiliary of the participle at item k, or -1 if there is
// none or if it makes a passive.
func (d *document) auxBefore(k int) int {
	limit := maxAux
	if d.lex.nouns || d.lang == "nl" {
		limit = maxAuxBracket
	}
	for n := k - 1; n >= 0 && k-n <= limit && d.items[n].sentence == d.items[k].sentence; n-- {
		w := d.lower(n)
		if d.isQuote(n) && limit == maxAux || d.isMark(n, ";") || d.isMark(n, ":") || d.lex.been.has(w) || d.may(n, asThat) {
			return -1
		}
		if d.may(n, asAux) {
			return n
		}
		if d.lex.selfAux.has(w) && d.lex.self.has(d.lower(n-1)) {
			return n - 1
		}
	}
	return -1
}

// infinitiveAt takes an infinitive for a verb of speech unless it is denied:
// "sans pouvoir dire".
func (d *document) infinitiveAt(k int) (verb, bool) {
	for n := k - 1; n >= k-3; n-- {
		switch d.lower(n) {
		case "sans", "senza", "sin", "sem", "without", "ohne", "zonder":
			return verb{}, false
		}
	}
	first := k
	switch d.lower(k - 1) {
	case "liet", "laat", "lieten", "laten":
		return verb{first: k - 1, last: k + 1}, true
	case "fait", "fatto":
		if a := d.auxBefore(k - 1); a >= 0 {
			return verb{first: a, last: k + 1}, true
		}
		return verb{first: k - 1, last: k + 1}, true
	}
	return verb{first: first, last: k + 1, mood: borrowed}, true
}

// isNoun tells whether the form at item k is a noun here, since an article or
// a preposition stands before it: "la demande", "de note".
func (d *document) isNoun(k int) bool {
	w := d.lower(k - 1)
	if w == "" {
		return false
	}
	if d.may(k-1, asOf) && !d.may(k-1, asAux) || d.lang == "en" && d.may(k-1, asPrep) && w != "as" && w != "to" {
		return true
	}
	if !d.may(k-1, asDet) || d.lex.pronouns[w] != unknown {
		return d.lex.nouns && d.word(k).Capital() && k > 0 && d.word(k-1) != nil && d.word(k).Lower != "so"
	}
	if d.may(k-1, asFiller) {
		// An object pronoun looks like an article: "il la décrit".
		return d.inName(k-2) == nil && !d.isPronoun(k-2) && !d.may(k-2, asRelative)
	}
	_, pronoun := d.lex.pronouns[w]
	return !pronoun
}

func (d *document) isPronoun(k int) bool {
	return d.may(k, asPronoun)
}

// cliticSubject is the subject that an inverted verb carries.
func (d *document) cliticSubject(v verb) subject {
	return subject{pronoun: true, gender: v.gender, at: d.piece(v.carrier, v.carrier+1), clitic: true}
}

// verbPiece gives where the verb stands; where much stands between auxiliary
// and participle, the participle alone.
func (d *document) verbPiece(v verb) piece {
	first := v.first
	if v.last-v.first > maxAux {
		first = v.last - 1
	}
	for k := first; k < v.last; k++ {
		if d.isQuote(k) {
			first = v.last - 1
		}
	}
	return d.piece(first, v.last)
}

// piece is a range of words, half open; the zero piece is none.
type piece struct {
	first, last int
	// before and behind are the bytes of the first and the last word that are
	// no part of it, in scripts that do not part words.
	before, behind int
}

// piece gives the words of items [i, j).
func (d *document) piece(i, j int) piece {
	if i >= j {
		return piece{}
	}
	return piece{first: d.items[i].word, last: d.items[j-1].word + 1}
}

// printed gives the text of a piece.
func (d *document) printed(p piece) string {
	if p.first >= p.last {
		return ""
	}
	return d.text[int(d.ws[p.first].Start)+p.before : int(d.ws[p.last-1].End)-p.behind]
}

// spanOf gives the place of a piece in code points, nil for none.
func (d *document) spanOf(p piece) *datelinev1.Span {
	if p.first >= p.last {
		return nil
	}
	a, b := &d.ws[p.first], &d.ws[p.last-1]
	return &datelinev1.Span{
		Start: uint32(int(a.Rune) + utf8.RuneCountInString(a.Text[:p.before])),
		End:   uint32(int(b.RuneEnd) - utf8.RuneCountInString(b.Text[len(b.Text)-p.behind:])),
	}
}
