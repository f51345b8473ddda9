package quote

// statement is a clause that somebody is reported to have said.
type statement struct {
	frame
	// first and last are the items of the clause, half open.
	first, last int
	// cut is the item at which the statement before ends, 0 for none.
	cut int
	// open tells that the clause goes on to the next cut or the sentence's end.
	open bool
	// borrows tells that the verb has the subject of the statement before it.
	borrows bool
	sure    float64
}

// How sure a statement is, by what leads to it; a pronoun or a carried subject
// takes carriedLess away. They are set by hand from the errors met.
const (
	conjunctionSure = 0.9
	postposedSure   = 0.85
	bareSure        = 0.8
	sourceSure      = 0.85
	freeSure        = 0.6
	carriedLess     = 0.1
)

const (
	// maxLead bounds the items between a verb and its conjunction.
	maxLead = 18
	// minStated is the number of words that make a clause; minAround that of
	// the words before what it has between marks.
	minStated = 3
	minAround = 2
	// minConjoined is that of a clause behind a conjunction: "ha annunciato che
	// presenterà ricorso".
	minConjoined = 2
	// maxStatements bounds the statements of one sentence.
	maxStatements = 12
	// maxBack bounds the items over which the head of a reporting clause is
	// sought.
	maxBack = 24
)

// statements finds the clauses of sentence s that a verb or a source reports,
// in order. A clause within another one is a part of it.
func (d *document) statements(s sentence) []statement {
	if len(d.say.verbs) == 0 {
		return nil
	}
	var out []statement
	for n := s.first; n < s.last && len(out) < maxStatements; n++ {
		from := s.first
		if len(out) > 0 {
			from = out[len(out)-1].first
		}
		st, ok := d.statementAt(n, from, s)
		if !ok {
			continue
		}
		if len(out) > 0 {
			before := &out[len(out)-1]
			if st.borrows {
				st.speaker = before.speaker
			}
			if st.cut <= before.first || st.first < before.first {
				continue
			}
			before.last = min(before.last, st.cut)
		}
		out = append(out, st)
		if !st.open {
			n = max(n, st.last-1)
		}
	}
	kept := out[:0]
	for _, st := range out {
		if d.trimClause(&st) {
			kept = append(kept, st)
		}
	}
	return kept
}

// statementAt reads the statement that item n reports; from is the first item
// of the statement before it in the sentence, or of the sentence.
func (d *document) statementAt(n, from int, s sentence) (statement, bool) {
	within := from > s.first
	if !d.may(n, speaks|leads) {
		return statement{}, false
	}
	if !within && d.may(n, leads) {
		if st, ok := d.sourced(n, s); ok {
			return st, true
		}
		if st, ok := d.likened(n, s); ok {
			return st, true
		}
	}
	v, ok := d.verbAt(n)
	if !ok || !d.states(v) || d.denied(v) || !d.freeGerund(v) {
		return statement{}, false
	}
	if st, ok := d.conjoined(v, from, s); ok {
		return st, true
	}
	if within {
		return statement{}, false
	}
	return d.postposed(v, s)
}

// states tells whether the verb is one that states; a reflexive one tells what
// happens: "se poursuit".
func (d *document) states(v verb) bool {
	if w := d.lower(v.first); w == "se" || w == "s'" {
		return false
	}
	for k := v.first; k < v.last; k++ {
		w := d.speech(d.lower(k))
		if base, _ := d.clitic(w); base != "" {
			w = base
		}
		if w != "" && d.say.verbs.has(w) {
			return true
		}
	}
	return false
}

// denied tells whether the verb is denied, wished or asked for: "did not say".
func (d *document) denied(v verb) bool {
	for k := max(0, v.first-2); k <= v.last && k < len(d.items); k++ {
		if k < v.first && (d.isMark(k, ",") || d.lower(k) == "") {
			continue
		}
		if w := d.lower(k); d.say.not.has(w) && (k < v.last || !d.may(k, asContent)) {
			return true
		}
	}
	return false
}

// freeGerund tells whether a verb that borrows its subject stands where it
// reports: "…, adding that", "en précisant que", "Et de noter que".
func (d *document) freeGerund(v verb) bool {
	if v.mood != borrowed {
		return true
	}
	w := d.lower(v.first - 1)
	if d.may(v.last-1, asInfinitive) && !d.may(v.last-1, asGerund) {
		return w == "de" && d.may(v.first-2, asAnd)
	}
	if d.lang == "ar" && hisSaying.has(d.lower(v.first)) || w == "as" && d.quotedBefore(v.first) >= 0 {
		return true
	}
	return w == "" || d.may(v.first-1, asAnd) || w == "en" || w == "tout" || d.may(v.first-1, asFiller) && !d.may(v.first-1, asPrep)
}

// conjoined reads a verb that leads to its clause with a conjunction or
// without one.
func (d *document) conjoined(v verb, from int, s sentence) (statement, bool) {
	sure := conjunctionSure
	at := d.contentAfter(v, s.last)
	if at < 0 {
		at, sure = d.bareClause(v, s), bareSure
	}
	if at < 0 || at >= s.last {
		return statement{}, false
	}
	f := d.reported(v, at, max(s.first, v.first-maxClause))
	if d.isHearsay(v) {
		f.speaker = d.hearsay(v, s)
	}
	if !d.plausible(f.speaker) || d.strayWord(f.speaker, v) {
		return statement{}, false
	}
	return statement{frame: f, first: at, last: d.clauseEnd(v, at, s.last), cut: d.cutBefore(v, f, from), open: true, borrows: v.mood == borrowed, sure: sure}, true
}

// strayWord tells whether the subject is a single capital word that only its
// place could make a name and that does not even touch the verb: "However, …
// said that".
func (d *document) strayWord(s subject, v verb) bool {
	if s.name != nil || s.pronoun || s.at.last-s.at.first != 1 || d.lang == "ar" || d.ws[s.at.first].AllCaps() {
		return false
	}
	if p, ok := d.people, d.people.nouns != nil; !ok || p.has(d.ws[s.at.first].Lower, d.lang) {
		return false
	}
	return s.at.last != d.items[v.first].word && s.at.first != d.items[v.last-1].word+1
}

// contentAfter gives the item at which the clause behind the verb's conjunction
// begins, or -1. Only hearers, times and places, asides and a subject that the
// verb precedes may part them.
func (d *document) contentAfter(v verb, limit int) int {
	if !d.leadsOn(v, limit) {
		return -1
	}
	commas := 0
	for k := v.last; k < limit && k-v.last < maxLead; k++ {
		if d.may(k, asContent) && d.inName(k) == nil {
			if d.say.relative && commas%2 == 1 && d.isMark(k-1, ",") && k-1 > v.last {
				return -1
			}
			if d.say.relative && v.mood == borrowed && commas%2 == 1 {
				return -1
			}
			return k + 1
		}
		if d.isMark(k, ",") {
			commas++
		}
		if d.isQuote(k) && !d.isQuotedName(k) || d.isBreak(k) || d.isMark(k, ":") || d.isMark(k, ";") || d.isMark(k, ".") {
			return -1
		}
		// Another verb has its own clause behind it.
		if d.lang == "en" && d.may(k, asMarker|asAux) {
			return -1
		}
		if d.isMark(k, ",") && d.lang == "de" {
			return d.subjunctiveClause(k+1, limit)
		}
		if u, ok := d.verbAt(k); ok && u.first >= v.last && d.lang != "ar" {
			return -1
		}
	}
	return -1
}

// leadsOn tells whether what stands right behind the verb is no object of its
// own, whose clause the conjunction would open.
func (d *document) leadsOn(v verb, limit int) bool {
	k := v.last
	w := d.lower(k)
	if k >= limit {
		return false
	}
	if d.isVoid(v) {
		return false
	}
	if w == "" || d.may(k, asContent|asPrep) && !d.opensThing(k) || d.may(k, asFiller) && !d.may(k, asDet) || d.name(k) != nil || d.isPronoun(k) || d.lex.prefixes.has(w) {
		return true
	}
	for n := v.first; n < v.last; n++ {
		if d.say.addressed.has(d.lower(n)) {
			return true
		}
	}
	if d.lang == "ar" || d.lex.nouns || d.overTime(k, limit) > k {
		return true
	}
	return d.lex.verbFirst && d.plausible(d.after(k, min(limit, k+maxLead)))
}

// isVoid tells whether the word behind the verb makes another of it: "cuenta con",
// "adds to".
func (d *document) isVoid(v verb) bool {
	after, ok := voids[d.lower(v.last-1)]
	return ok && after == d.lower(v.last)
}

var voids = map[string]string{
	"cuenta": "con", "cuentan": "con", "contaba": "con", "contaban": "con", "conta": "com", "contam": "com", "contava": "com",
	"contavam": "com", "add": "to", "adds": "to", "added": "to", "adding": "to",
}

// opensThing tells whether the word at item k, which may be a preposition, is the
// article of a noun of neither people nor time: Portuguese "citou a criação".
func (d *document) opensThing(k int) bool {
	w := d.lower(k + 1)
	return d.lang == "pt" && d.may(k, asDet) && !d.people.has(w, "pt") && d.name(k+1) == nil && d.overTime(k, k+maxTime) == k
}

// subjunctiveClause gives k if the clause from item k on is set in the mood of
// reported speech, or -1.
func (d *document) subjunctiveClause(k, limit int) int {
	if d.may(k, asContent) {
		return k + 1
	}
	if d.hasMarker(k, limit) {
		return k
	}
	return -1
}

// cutBefore gives the item at which the clause before the reporting clause of v
// ends: the comma or conjunction that leads to it, or 0 if there is none, so
// that the verb is a part of that clause.
func (d *document) cutBefore(v verb, f frame, lo int) int {
	k := v.first
	if at := f.speaker.at; v.mood == finite && at.first < at.last && at.first > d.items[lo].word {
		for k > lo && d.items[k-1].word >= at.first {
			k--
		}
	}
	for from := k; k > lo && from-k < maxBack; k-- {
		if d.may(k-1, asContent) {
			return 0
		}
		if d.isMark(k-1, ",") || d.isMark(k-1, ";") || d.isMark(k-1, "،") || d.isMark(k-1, "—") || d.isMark(k-1, "–") {
			return k - 1
		}
		if d.may(k-1, asAnd) || d.lower(k-1) == "while" || d.lower(k-1) == "en" && v.mood == borrowed {
			if d.isMark(k-2, ",") {
				return k - 2
			}
			return k - 1
		}
		if d.lang == "ar" && len(d.lower(k-1)) > 0 && k-1 == v.first {
			return k - 1
		}
	}
	if d.lang == "ar" {
		return v.first
	}
	return 0
}
