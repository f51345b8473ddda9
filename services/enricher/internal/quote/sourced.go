package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// sourced reads a clause that a source without a verb reports: "selon la
// police, …", "…, according to the court".
func (d *document) sourced(n int, s sentence) (statement, bool) {
	w := d.lower(n)
	if w == "" || d.lex.views.has(w) || w == "suivant" || w == "gemäß" {
		return statement{}, false
	}
	if d.say.zufolge.has(w) {
		return d.sourceBehind(n, s)
	}
	head := d.clauseHead(s)
	leads := n == head || n == head+1 && d.may(head, asAnd) || d.lang == "ar" && n == head
	f := d.sourceAt(n, s.last, !leads)
	if !f.found || !d.plausible(f.speaker) || f.speaker.at.first >= f.speaker.at.last || d.isNameless(f.speaker, n) {
		return statement{}, false
	}
	end := d.itemAt(max(f.speaker.at.last, f.verb.last), n, s.last)
	st := statement{frame: f, sure: sourceSure, open: leads}
	if leads {
		st.first, st.last = d.behindSource(end, s.last), s.last
		return st, st.first > 0
	}
	reports := d.lex.verbFirst && !d.lex.nouns && d.verbBefore(f.speaker, n)
	if !d.atEnd(end, s.last) && !d.isMark(end, ",") && !d.isMark(end, "(") && !(reports && d.closes(end, s.last)) {
		return statement{}, false
	}
	comma := n
	if w == "so" && !d.isMark(n-1, ",") {
		return statement{}, false
	}
	if d.isMark(n-1, ",") || d.isMark(n-1, "،") {
		comma--
		if reports {
			end = s.last
		}
	} else if !d.atEnd(end, s.last) {
		return statement{}, false
	}
	if d.may(comma-1, asThat|asContent|asRelative) {
		return statement{}, false
	}
	st.first, st.last = d.around(head, comma, end, s)
	return st, st.first < st.last
}

// isNameless tells whether a name that the source ends with is a part of a thing
// rather than who speaks: Polish "według modelu Bohra".
func (d *document) isNameless(s subject, n int) bool {
	if s.name == nil || s.name.Person || !d.lex.bareNouns || d.lang == "ar" {
		return false
	}
	other := false
	for k := n + 1; k < len(d.items) && d.items[k].word < s.name.First; k++ {
		w := d.lower(k)
		if d.people.has(w, d.lang) {
			return false
		}
		other = other || w != "" && !d.may(k, asDet|asOf|asPrep)
	}
	return other
}

// verbBefore tells whether a verb of speech stands between the source at item n
// and its subject: "según informó la empresa".
func (d *document) verbBefore(s subject, n int) bool {
	for k := n + 1; k < n+4 && k < len(d.items) && d.items[k].word < s.at.first; k++ {
		if _, ok := d.verbAt(k); ok {
			return true
		}
	}
	return false
}

// behindSource gives the item at which the clause behind a source begins, or 0:
// behind its comma, in German at the verb.
func (d *document) behindSource(k, limit int) int {
	if d.isMark(k, "(") {
		k = d.overBrackets(k, limit)
	}
	if d.lang == "de" || d.lang == "nl" {
		if w := d.word(k); w != nil && w.Kind == words.Letters && !w.Capital() && !d.ties(k) && !d.lex.and.has(w.Lower) {
			return k
		}
	}
	for n := k; n < limit && n-k < maxLead; n++ {
		if !d.isMark(n, ",") && !d.isMark(n, "،") {
			// Polish sets no comma behind a source, so that a later one is another's.
			if d.lang == "pl" || d.isQuote(n) || d.isMark(n, ":") {
				return 0
			}
			continue
		}
		next := d.lower(n + 1)
		if d.people.has(next, d.lang) && !d.lex.bareNouns || d.lex.relative.has(next) {
			continue
		}
		return n + 1
	}
	return 0
}

// sourceBehind reads "Der Polizei zufolge wurde …": the source stands before
// item n.
func (d *document) sourceBehind(n int, s sentence) (statement, bool) {
	head := d.clauseHead(s)
	if n-head > maxPhrase || n == head {
		return statement{}, false
	}
	f := frame{verb: d.piece(n, n+1), speaker: d.phrase(head, n), found: true, direct: true}
	if !f.speaker.found() || !d.plausible(f.speaker) {
		return statement{}, false
	}
	return statement{frame: f, first: n + 1, last: s.last, sure: sourceSure, open: true}, true
}
