package quote

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// bareClause gives the item at which a clause without conjunction begins behind
// the verb, or -1: "the ministry said the road was open". A subject before the
// verb and a verb within the clause have to be there.
func (d *document) bareClause(v verb, s sentence) int {
	if len(d.say.bare) == 0 || !d.say.bare.has(d.lower(v.last-1)) {
		return -1
	}
	k := v.last
	if w := d.lower(k - 1); w == "told" {
		if k = d.overHearer(k, s.last); k < 0 {
			return -1
		}
	}
	k = d.overDay(k, s.last)
	if d.may(k, asTimeLead) {
		k = d.overTime(k, s.last)
	}
	w := d.word(k)
	if w == nil || k >= s.last || w.Kind == words.Mark || w.Kind == words.Break || d.lex.of.has(w.Lower) || d.lex.and.has(w.Lower) {
		return -1
	}
	if d.lex.prep.has(w.Lower) && d.lex.pronouns[w.Lower] == unknown {
		return -1
	}
	opens := d.name(k) != nil || d.isPronoun(k) || d.lex.det.has(w.Lower) || w.Kind == words.Number || w.Lower == "there" ||
		d.people.has(w.Lower, d.lang) || speakingFor.has(w.Lower)
	if !opens || v.mood != borrowed && !d.before(max(s.first, v.first-maxClause), v.first).found() || !d.hasMarker(k, s.last) {
		return -1
	}
	return k
}

// overHearer gives the item behind the hearer at item k, or -1.
func (d *document) overHearer(k, limit int) int {
	if w := d.lower(k); w == "reporters" || w == "journalists" || d.isPronoun(k) || d.lex.tonic[w] != unknown || w == "me" || w == "us" {
		return k + 1
	}
	if d.may(k, asDet) {
		k++
	}
	if k < limit && d.name(k) != nil {
		return d.nameEnd(k, limit)
	}
	// A noun of people, with what stands before it: "state television viewers".
	end := -1
	for n := k; n < limit && n < k+4 && d.lower(n) != "" && !d.may(n, asDet|asAux); n++ {
		if d.people.has(d.lower(n), d.lang) {
			end = n + 1
		}
	}
	return end
}

// overDay goes over "on Monday", "late Tuesday" and the like.
func (d *document) overDay(k, limit int) int {
	for k < limit && d.may(k, asFiller) && !d.isPronoun(k) && !d.may(k, asAux) && d.lower(k) != "no" {
		if d.lower(k) == "on" && !d.may(k+1, asFiller) {
			return k
		}
		k++
	}
	return k
}

func (d *document) hasMarker(k, limit int) bool {
	for n := k; n < limit && n-k < maxClause; n++ {
		if w := d.lower(n); d.may(n, asMarker) || d.lang == "en" && n > k && len(w) > 4 && strings.HasSuffix(w, "ed") {
			return true
		}
		if d.isMark(n, ";") || d.isMark(n, ":") {
			return false
		}
	}
	return false
}
