package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// postposed reads a verb behind the clause that it reports: "…, a affirmé le
// ministre", "…, the police said".
func (d *document) postposed(v verb, s sentence) (statement, bool) {
	if v.mood == borrowed {
		return statement{}, false
	}
	f := frame{verb: d.verbPiece(v), direct: true, found: true}
	comma, tail := -1, v.last
	switch {
	case v.mood == inverted:
		f.speaker, comma = d.cliticSubject(v), d.pauseBefore(v.first)
	default:
		if comma = d.pauseBefore(v.first); comma >= 0 && d.isHearsay(v) {
			f.speaker = d.hearsay(v, s)
			tail = max(tail, d.itemAt(f.speaker.at.last, v.last, s.last))
		} else if comma >= 0 && d.lex.nouns && v.last-v.first > 1 && d.may(v.last-1, asParticiple) {
			// "…, hat der Minister gesagt": the subject is within the bracket.
			f.speaker = d.after(v.first+1, v.last-1)
		} else if comma >= 0 && (d.lang != "en" || d.lower(v.last-1) != "told" && !d.isAsideBefore(comma)) {
			f.speaker = d.subjectBehind(v, s)
			tail = max(tail, d.itemAt(f.speaker.at.last, v.last, s.last))
		} else if d.lang == "en" {
			f.speaker, comma = d.subjectAhead(v, s)
		}
	}
	if d.lang == "en" && d.lower(v.last-1) == "told" {
		tail = max(tail, d.overHearer(v.last, s.last))
	}
	if comma <= s.first || d.isQuote(comma-1) || !f.speaker.found() || !d.plausible(f.speaker) || !d.closes(tail, s.last) {
		return statement{}, false
	}
	first, last := d.around(d.clauseHead(s), comma, tail, s)
	return statement{frame: f, first: first, last: last, sure: postposedSure}, first < last
}

// pauseBefore gives the comma or dash right before item k, or -1.
func (d *document) pauseBefore(k int) int {
	for n := k - 1; n >= 0 && n >= k-3; n-- {
		switch {
		case d.isMark(n, ","), d.isMark(n, "،"):
			return n
		case d.isMark(n, "—"), d.isMark(n, "–"):
			if d.isMark(n-1, ",") {
				return n - 1
			}
			return -1
		case !d.may(n, asFiller):
			return -1
		}
	}
	return -1
}

// subjectBehind finds the subject behind the verb; a verb that ends its
// sentence has the one that was spoken of last where the language leaves
// pronouns out.
func (d *document) subjectBehind(v verb, s sentence) subject {
	if d.atEnd(v.last, s.last) {
		switch d.lang {
		case "es", "it", "pt", "ru", "pl", "ar":
			return subject{pronoun: true}
		}
		return subject{}
	}
	if d.may(v.last, asThat) {
		return subject{}
	}
	// What is said about something has the verb's object behind it.
	f := d.after(v.last, s.last)
	if f.name == nil && !f.pronoun && d.isMark(d.itemAt(f.at.last, v.last, s.last), ":") {
		return subject{}
	}
	return f
}

// subjectAhead finds the subject between a comma and the verb, and the comma.
func (d *document) subjectAhead(v verb, s sentence) (subject, int) {
	for n := v.first - 1; n > s.first && v.first-n < maxPhrase; n-- {
		if d.isQuote(n) || d.isMark(n, ":") || d.isMark(n, ";") {
			break
		}
		if !d.isMark(n, ",") {
			continue
		}
		found := d.inSegment([]segment{{n + 1, v.first}}, 0, true)
		if n+1 == v.first {
			continue
		}
		if d.isMark(v.first-1, ",") {
			found = d.inSegment([]segment{{n + 1, v.first - 1}}, 0, true)
		}
		if !found.found() {
			break
		}
		// A clause or a phrase before the verb is no subject.
		if w := d.lower(n + 1); w == "" || d.may(n+1, asPrep|asAnd) || d.may(n+1, asRelative|asEnds) {
			break
		}
		return d.withApposition(found, n, s)
	}
	return subject{}, -1
}

// withApposition widens the subject behind the comma at item n by what stands
// before it: the office of a name, or the name of an office.
func (d *document) withApposition(found subject, n int, s sentence) (subject, int) {
	for k := n - 1; k > s.first && n-k < maxPhrase; k-- {
		if !d.isMark(k, ",") {
			continue
		}
		before := segment{k + 1, n}
		if nm := d.pureName(before); nm != nil && found.name == nil {
			return named(nm), k
		}
		if found.name != nil && d.may(k+1, asDet) && d.plausible(d.described(k+1, n)) {
			return found, k
		}
		break
	}
	return found, n
}

// isAsideBefore tells whether a second comma shortly before the one at item k
// sets a name or an office apart, so that the subject stands before the verb.
func (d *document) isAsideBefore(k int) bool {
	return d.lastName(segment{max(0, k-maxPhrase), k}) != nil
}

// atEnd tells whether nothing but a stop is at item k.
func (d *document) atEnd(k, limit int) bool {
	w := d.word(k)
	return k >= limit || w != nil && (w.Kind == words.Break || w.Is(".") || w.Is("!") || w.Is("?") || w.Is("…"))
}

// closes tells whether the reporting clause may end at item k: a stop, a
// comma, a time or a place follows, and no quotation or colon before the next
// pause.
func (d *document) closes(k, limit int) bool {
	if w := d.lower(k); w != "" && !d.may(k, asPrep|asFiller) && !d.lex.prefixes.has(w) && !d.may(k, asOf|asEnds) {
		return d.lang != "en" && d.lang != "ar"
	}
	for n := k; n < limit && n-k < maxBack; n++ {
		if d.isQuote(n) || d.isMark(n, ":") {
			return false
		}
		if d.isMark(n, ",") {
			return !d.isQuote(n + 1)
		}
	}
	return true
}

// itemAt gives the first item from k on whose word is not before word w.
func (d *document) itemAt(w, k, limit int) int {
	for k < limit && d.items[k].word < w {
		k++
	}
	return k
}

// clauseHead gives the first item of the sentence, behind its dateline.
func (d *document) clauseHead(s sentence) int {
	if s.paragraph > 2 {
		return s.first
	}
	for k := s.first; k < s.last && k-s.first < maxLead; k++ {
		if w := d.word(k); w != nil && (isDash(w) || w.Is("-") && w.Space) {
			return k + 1
		}
	}
	return s.first
}

// around gives the larger part of a clause that the reporting words in
// [comma, tail) end or interrupt.
func (d *document) around(first, comma, tail int, s sentence) (int, int) {
	rest := tail
	for rest < s.last && !d.isMark(rest, ",") && !d.isMark(rest, ";") && !d.isMark(rest, "،") {
		rest++
	}
	if s.last-rest <= comma-first {
		return first, comma
	}
	next := d.word(rest + 1)
	switch {
	case next != nil && d.lex.aux.has(next.Lower):
	case comma-first > minStated:
		return first, comma
	case next == nil || next.Kind != words.Letters || next.Capital() || d.lex.det.has(next.Lower) || d.lex.prep.has(next.Lower) ||
		d.lex.relative.has(next.Lower) || d.lex.and.has(next.Lower) || d.lex.gerund.has(next.Lower):
		return first, comma
	}
	return rest + 1, s.last
}

// trimClause cuts the marks at both ends of the clause and tells whether enough
// is left of it.
func (d *document) trimClause(st *statement) bool {
	for st.first < st.last && d.bareMark(st.first, "([") {
		st.first++
	}
	for st.last > st.first && d.bareMark(st.last-1, ")]%€$£¥") {
		st.last--
	}
	if d.isQuote(st.first) && d.isMark(st.first+1, ",") {
		return false
	}
	inside, around := 0, 0
	for k := st.first; k < st.last; k++ {
		if d.isMark(k, ":") && d.isQuote(k+1) {
			st.last = k
			break
		}
		if d.isQuote(k) {
			inside += d.count(d.passages[d.items[k].passage])
			continue
		}
		if d.isBreak(k) {
			return false
		}
		if d.lower(k) != "" || d.word(k).Kind == words.Number {
			around++
		}
	}
	switch {
	case st.sure == conjunctionSure && inside == 0:
		return around >= minConjoined
	case d.isQuote(st.first):
		return around >= minStated
	}
	return around >= minAround && inside+around >= minStated
}

// bareMark tells whether item k is a mark other than those in kept.
func (d *document) bareMark(k int, kept string) bool {
	w := d.word(k)
	if w == nil || w.Kind == words.Letters || w.Kind == words.Number {
		return false
	}
	for _, r := range kept {
		if w.Is(string(r)) {
			return false
		}
	}
	return true
}
