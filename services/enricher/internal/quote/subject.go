package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// subject is who speaks, as the grammar finds it.
type subject struct {
	// name is the name, if it is one.
	name *name.Name
	// text is the description or the name as printed.
	text string
	// pronoun tells that a name further up has to be found, for the gender.
	pronoun bool
	gender  gender
	// at is where the text or the pronoun stands; clitic tells that the pronoun
	// is the end of that word: "dit-il".
	at     piece
	clitic bool
	// quoted tells that it is a name in quotation marks.
	quoted bool
}

func (s subject) found() bool { return s.name != nil || s.text != "" || s.pronoun }

// maxPhrase bounds the items of a noun phrase, maxClause those that are
// searched for a subject, maxSegments the parts between commas among them.
const (
	maxPhrase   = 18
	maxClause   = 120
	maxSegments = 10
)

func named(n *name.Name) subject {
	return subject{name: n, text: n.Text, at: piece{first: n.First, last: n.Last}}
}

// pronounAt is the subject that the pronoun at item k makes.
func (d *document) pronounAt(k int) subject {
	return subject{pronoun: true, gender: d.lex.pronouns[d.lower(k)], at: d.piece(k, k+1)}
}

// described is the subject made of items [i, j), which must be words.
func (d *document) described(i, j int) subject {
	at := d.piece(i, j)
	return subject{text: d.printed(at), at: at}
}

// phrase reads the noun phrase that begins at item k and ends before limit: a
// name, a description with a name in it or behind a comma, or a description.
func (d *document) phrase(k, limit int) subject {
	start, end := k, k
	for end < limit && end-start < maxPhrase {
		if n := d.name(end); n != nil {
			if s := d.lowered(n, start, end, limit); s.found() {
				return s
			}
			if end > start && d.isThing(start, end) {
				end = d.nameEnd(end, limit)
				continue
			}
			if (end == start || !d.governedFrom(start, end) && !(d.lex.nouns && d.ties(end-1))) && !n.Possessive {
				return named(n)
			}
			end = d.nameEnd(end, limit)
			continue
		}
		if d.isMark(end, ".") && end > start && d.inName(end+1) != nil && d.word(end+1).Rune-d.word(end).RuneEnd <= 1 {
			end++
			continue
		}
		if d.isMark(end, "(") {
			end = d.overBrackets(end, limit)
			continue
		}
		if d.endsPhrase(end) && end > start {
			break
		}
		if w := d.word(end); w == nil || w.Kind == words.Mark && !w.Is("&") && !w.Is("-") && !w.Is("%") || w.Kind == words.Break {
			break
		}
		end++
	}
	if n := d.apposition(end, limit); n != nil && end > start {
		return named(n)
	}
	return d.description(start, end)
}

// isThing tells whether the words [start, end) before a name are those of a thing to
// which it belongs: "il design della nuova console Nintendo", "теорию Коперника".
func (d *document) isThing(start, end int) bool {
	p, ok := d.people, d.people.nouns != nil
	if !ok || d.lex.nouns || d.lang == "ar" {
		return false
	}
	tied, words := p.how == beginning, false
	for k := start; k < end; k++ {
		w := d.lower(k)
		if p.has(w, d.lang) {
			return false
		}
		tied = tied || k > start && d.may(k, asOf)
		words = words || w != "" && !d.may(k, asDet|asOf) && !d.may(k, asPrep|asFiller)
	}
	return tied && words && !d.name(end).Person
}

// lowered reads a body's name that ends in a common word behind an article: "la
// Protezione civile".
func (d *document) lowered(n *name.Name, start, k, limit int) subject {
	w := d.word(k + 1)
	if n.Person || n.Possessive || n.Last-n.First > 1 || d.lex.nouns || k == 0 || !d.may(k-1, asDet) && !d.people.has(d.lower(k-1), d.lang) || k+1 >= limit || w == nil || w.Kind != words.Letters || w.Capital() {
		return subject{}
	}
	if d.endsPhrase(k+1) || d.lex.filler.has(w.Lower) || d.lex.and.has(w.Lower) || d.lex.of.has(w.Lower) || d.lex.participle.has(w.Lower) {
		return subject{}
	}
	if next := d.word(k + 2); k+2 < limit && next != nil && next.Kind == words.Letters && !d.endsPhrase(k+2) {
		return subject{}
	}
	return d.described(start, k+2)
}

// description is the subject made of the words [start, end), if they may be
// one: they need an article, a capital or a language without articles.
func (d *document) description(start, end int) subject {
	for end > start && d.may(end-1, asFiller|asAux) && d.inName(end-1) == nil {
		end--
	}
	if d.lex.nouns {
		end = d.nounEnd(start, end)
	}
	if end <= start {
		return subject{}
	}
	first := d.word(start)
	if first == nil || first.Kind != words.Letters || d.lex.prep.has(first.Lower) && !d.lex.det.has(first.Lower) || d.lex.that.has(first.Lower) {
		return subject{}
	}
	if d.isPronoun(start) && end == start+1 {
		return d.pronounAt(start)
	}
	if !d.lex.det.has(first.Lower) && !first.Capital() && !d.lex.bareNouns {
		return subject{}
	}
	if end == start+1 && (d.lex.det.has(first.Lower) || d.lex.filler.has(first.Lower) || d.lex.and.has(first.Lower)) {
		return subject{}
	}
	return d.described(start, end)
}

// nounEnd cuts a noun phrase of a language with capital nouns where the verb of
// the clause comes: at a small word behind the noun that no noun follows.
func (d *document) nounEnd(start, end int) int {
	noun := false
	for k := start; k < end; k++ {
		w := d.word(k)
		if w == nil || w.Kind != words.Letters {
			continue
		}
		if w.Capital() && (k > start || !d.lex.det.has(w.Lower)) {
			noun = true
			continue
		}
		if !noun || d.lex.of.has(w.Lower) || d.lex.det.has(w.Lower) || d.lex.prep.has(w.Lower) {
			continue
		}
		if next := d.word(k + 1); k+1 >= end || next == nil || !next.Capital() || !d.ties(k-1) && !d.may(k-1, asDet) {
			return k
		}
	}
	return end
}

// endsPhrase tells whether item k cannot be within a noun phrase.
func (d *document) endsPhrase(k int) bool {
	w := d.lower(k)
	if w == "" {
		return d.isQuote(k)
	}
	if d.may(k, asOf) || d.inName(k) != nil || d.lang == "ru" && w == "по" && d.people.has(d.lower(k-1), "ru") {
		return false
	}
	if d.may(k, asEnds|asPrep) || d.may(k, asRelative|asThat|asAux) {
		return true
	}
	_, ok := d.verbAt(k)
	return ok
}

// nameEnd gives the item behind the name that begins at item k.
func (d *document) nameEnd(k, limit int) int {
	last := d.name(k).Last
	for k < limit && d.items[k].passage < 0 && d.items[k].word < last {
		k++
	}
	return k
}

func (d *document) overBrackets(k, limit int) int {
	for n := k; n < limit && n-k < 40; n++ {
		if d.isMark(n, ")") {
			return n + 1
		}
	}
	return k + 1
}

// apposition gives the name that stands alone behind the comma at item k:
// "un jeune manifestant, Karim Saad."
func (d *document) apposition(k, limit int) *name.Name {
	if !d.isMark(k, ",") || k+1 >= limit {
		return nil
	}
	for n := k + 1; n < limit && n <= k+4; n++ {
		if nm := d.name(n); nm != nil {
			if n > k+1 && nm.Title == "" && !d.may(n-1, asDet) || nm.Possessive {
				return nil
			}
			return nm
		}
	}
	return nil
}

// governed tells whether the name at item k is the complement of another word:
// "de Paris", "du président Jean Blanc".
func (d *document) governed(k int) bool { return d.governedFrom(0, k) }

// governedFrom is governed by a word not further left than lo.
func (d *document) governedFrom(lo, k int) bool {
	k = d.leftEdge(d.name(k), k) - 1
	if d.may(k, asDet) && !d.may(k, asOf) {
		k--
	}
	return k >= lo && d.ties(k)
}

// leftEdge gives the first item of the title or office right before the name
// at item k, or k.
func (d *document) leftEdge(n *name.Name, k int) int {
	length := len(n.Title)
	if n.First > 0 && len(n.Role) > 0 {
		end := int(d.ws[n.First-1].End)
		if start := end - len(n.Role); start >= 0 && d.text[start:end] == n.Role {
			length = max(length, len(n.Role))
		}
	}
	if length == 0 || n.First == 0 {
		return k
	}
	start := int(d.ws[n.First-1].End) - length
	for k > 0 && d.word(k-1) != nil && int(d.word(k-1).Start) >= start {
		k--
	}
	return k
}

// after finds the subject that stands behind the verb, at item k or behind
// adverbs and complements.
func (d *document) after(k, limit int) subject {
	if d.lang == "ar" {
		return d.arabicAfter(k, limit)
	}
	for n := k; n < limit && n-k < 24; n++ {
		if over := d.overTime(n, limit); over > n {
			n = over - 1
			continue
		}
		w := d.lower(n)
		switch {
		case d.name(n) != nil:
			if d.governed(n) || d.name(n).Possessive {
				n = d.nameEnd(n, limit) - 1
				continue
			}
			return named(d.name(n))
		case d.isQuote(n), d.isMark(n, ":"), d.isMark(n, ";"), d.may(n, asThat):
			return subject{}
		case d.isPronoun(n):
			return d.pronounAt(n)
		case d.lang == "ru" && d.may(n, asEnds) && d.name(n) == nil && d.isQuote(n+1):
			// A newspaper that was told.
			n++
		case w == "" || d.may(n, asPrep) && !(d.may(n, asDet) && d.people.has(d.lower(n+1), d.lang)):
			n = d.overComplement(n, limit) - 1
		case d.may(n, asFiller) && !d.may(n, asDet), d.may(n, asAux):
		case d.may(n, asDet), d.lex.bareNouns, d.word(n).Capital():
			if d.may(n, asFiller) && d.may(n+1, asPrep) {
				continue
			}
			return d.widened(d.phrase(n, limit), n, limit)
		}
	}
	return subject{}
}

// overComplement gives the item behind the prepositional phrase at item k:
// preposition, article and one noun or name.
func (d *document) overComplement(k, limit int) int {
	n := k + 1
	for n < limit && d.may(n, asDet|asOf) {
		n++
	}
	if n < limit && d.name(n) != nil {
		if d.governed(n) {
			return d.nameEnd(n, limit)
		}
		return n
	}
	if d.lower(k) == "" {
		return k + 1
	}
	return min(n+1, limit)
}
