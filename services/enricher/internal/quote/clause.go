package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// segment is a part of a clause between commas, in items, half open.
type segment struct{ first, last int }

// before finds the subject that stands before the verb at item v, not further
// left than lo.
func (d *document) before(lo, v int) subject {
	lo = d.lastClause(max(lo, v-maxClause), v)
	near := v - 1
	for near >= lo && (d.may(near, asFiller) && d.inName(near) == nil && !d.isPronoun(near) || d.isMark(near, ",") && near == v-1) {
		near--
	}
	if d.isQuote(near) && near >= lo && near == v-1 && d.isQuotedName(near) {
		return d.quotedName(near)
	}
	if near >= lo {
		if d.isPronoun(near) && d.inName(near) == nil && !d.isStressed(near) {
			return d.pronounAt(near)
		}
		if d.may(near, asRelative) {
			return d.antecedent(lo, near)
		}
		if s := d.ofRelative(lo, near); s.found() {
			return s
		}
		if d.may(near, asAnd) {
			return d.leading(lo, near)
		}
	}
	segs := d.segments(lo, v)
	for i := len(segs) - 1; i >= 0; i-- {
		if s := d.beforeRelative(segs, i); s.found() {
			return s
		}
		atVerb := i == len(segs)-1 && segs[i].last == v
		if s := d.inSegment(segs, i, atVerb); s.found() {
			return s
		}
		if atVerb && d.isBareSubject(segs[i]) {
			s := d.trim(segs[i])
			return d.described(s.first, s.last)
		}
	}
	return subject{}
}

// lastClause gives the item behind the last semicolon in [lo, hi), or lo.
func (d *document) lastClause(lo, hi int) int {
	for k := hi - 1; k >= lo; k-- {
		if d.isMark(k, ";") {
			return k + 1
		}
	}
	return lo
}

// isStressed tells whether the pronoun at item k only stresses the subject
// before it: "La direction, elle, assure…".
func (d *document) isStressed(k int) bool {
	return d.isPronoun(k) && d.isMark(k-1, ",") && d.isMark(k+1, ",")
}

// segments cuts the items [lo, hi) at commas, semicolons and dashes outside
// brackets, leaves out empty parts, and gives the last ones.
func (d *document) segments(lo, hi int) []segment {
	var segs []segment
	end, depth := hi, 0
	for k := hi - 1; k >= lo && len(segs) < maxSegments; k-- {
		switch {
		case d.isMark(k, ")"):
			depth++
		case d.isMark(k, "("):
			depth = max(0, depth-1)
		case depth == 0 && (d.isMark(k, ",") || d.isMark(k, "،") || d.isMark(k, ";") || d.isMark(k, ":") || d.isMark(k, "—") || d.isMark(k, "–") || d.isQuote(k) || d.isBreak(k)):
			if k+1 < end {
				segs = append(segs, segment{k + 1, end})
			}
			end = k
		}
	}
	if len(segs) < maxSegments && lo < end {
		segs = append(segs, segment{lo, end})
	}
	for i, j := 0, len(segs)-1; i < j; i, j = i+1, j-1 {
		segs[i], segs[j] = segs[j], segs[i]
	}
	return segs
}

// inSegment finds the subject in segment i, with a look at its neighbours; at
// the verb means that the verb follows it without a comma.
func (d *document) inSegment(segs []segment, i int, atVerb bool) subject {
	s := d.trim(segs[i])
	if s.first >= s.last {
		return subject{}
	}
	if n := d.pureName(s); n != nil {
		return named(n)
	}
	if s.last-s.first == 1 && d.isStressed(s.first) {
		return subject{}
	}
	if atVerb {
		return d.adjacent(s)
	}
	if i > 0 {
		if n := d.lastName(d.trim(segs[i-1])); n != nil && d.isAside(s) {
			return named(n)
		}
	}
	if i > 0 && i == len(segs)-1 && !d.may(s.first, asRelative|asPrep) {
		// The name of an office that is told between commas.
		if n := d.lastName(s); n != nil && n.Person && d.plausible(d.head(d.trim(segs[i-1]))) {
			return named(n)
		}
	}
	if d.isAside(s) && i > 0 {
		return subject{}
	}
	return d.head(s)
}

// trim cuts conjunctions, adverbs and marks from the left of a segment.
func (d *document) trim(s segment) segment {
	for s.first < s.last {
		w := d.word(s.first)
		if w == nil || w.Kind == words.Break || w.Kind == words.Mark && !w.Is("(") {
			s.first++
			continue
		}
		if over := d.overTime(s.first, s.last); over > s.first && over < s.last {
			s.first = over
			continue
		}
		if d.name(s.first) != nil || d.isPronoun(s.first) || d.lex.det.has(w.Lower) ||
			(!d.lex.and.has(w.Lower) && !d.lex.filler.has(w.Lower)) {
			return s
		}
		s.first++
	}
	return s
}

// pureName gives the name that makes up the segment, title and brackets aside.
func (d *document) pureName(s segment) *name.Name {
	k := s.first
	for n := 0; n < 4 && k < s.last && d.name(k) == nil; n++ {
		k++
	}
	n := d.nameBefore(k, s.last)
	if n == nil || n.Possessive {
		return nil
	}
	if edge := d.leftEdge(n, k); edge > s.first && (edge > s.first+1 || !d.may(s.first, asDet)) {
		return nil
	}
	end := d.nameEnd(k, s.last)
	if end < s.last && d.isMark(end, "(") {
		end = d.overBrackets(end, s.last)
	}
	for end < s.last && d.may(end, asFiller) {
		end++
	}
	if end < s.last {
		return nil
	}
	return n
}

func (d *document) nameBefore(k, limit int) *name.Name {
	if k >= limit {
		return nil
	}
	return d.name(k)
}

// lastName gives the name with which the segment ends, unless it is the
// complement of something.
func (d *document) lastName(s segment) *name.Name {
	end := s.last
	for end > s.first && d.isMark(end-1, ")") {
		for end > s.first && !d.isMark(end-1, "(") {
			end--
		}
		end--
	}
	if end <= s.first {
		return nil
	}
	n := d.inName(end - 1)
	if n == nil || n.Possessive {
		return nil
	}
	k := end - 1
	for k > s.first && d.items[k].word > n.First {
		k--
	}
	if d.name(k) == nil || d.governed(k) {
		return nil
	}
	return n
}

// isAside tells whether the segment is a remark on a name rather than a
// subject: it begins with a preposition, a number or a noun without article.
func (d *document) isAside(s segment) bool {
	w := d.word(s.first)
	if w == nil || w.Kind == words.Number {
		return true
	}
	if d.lex.relative.has(w.Lower) || d.lex.prep.has(w.Lower) || d.lex.of.has(w.Lower) && !d.lex.det.has(w.Lower) {
		return true
	}
	if n := d.name(s.first); n != nil {
		return false
	}
	return !d.isPronoun(s.first) || s.last-s.first > 1 || d.lex.det.has(w.Lower)
}

// adjacent finds the subject in the segment that the verb follows: the name
// before the verb, otherwise the first name or noun phrase that nothing
// governs.
func (d *document) adjacent(s segment) subject {
	end := s.last
	for end > s.first && d.may(end-1, asFiller) && d.inName(end-1) == nil {
		end--
	}
	// "As Ann Lee put it".
	if w := d.lower(s.first); w == "as" && s.first+1 < end {
		if n := d.name(s.first + 1); n != nil {
			return named(n)
		}
		s.first++
	}
	if n := d.lastName(segment{s.first, end}); n != nil {
		return named(n)
	}
	if n := d.freeName(segment{s.first, end}); n != nil {
		return named(n)
	}
	// An English possessive that the verb follows is a name in 's.
	if n := d.inName(end - 1); n != nil && n.Possessive && end > s.first {
		return subject{text: n.Text + "'s", at: piece{first: n.First, last: n.Last}}
	}
	if t := d.participial(s.first, end); t.found() {
		return t
	}
	return d.widened(d.head(segment{s.first, end}), s.first, end)
}

// freeName gives the first name in the segment that is no complement.
func (d *document) freeName(s segment) *name.Name {
	for k := s.first; k < s.last; k++ {
		if n := d.name(k); n != nil && !n.Possessive && !d.governed(k) {
			return n
		}
	}
	return nil
}

// head reads the noun phrase of the segment: the first article that no
// preposition governs opens it.
func (d *document) head(s segment) subject {
	if s.first < s.last && d.may(s.first, asPrep) && !d.opensNoun(s.first, s.last) {
		for k := s.first + 1; k < s.last; k++ {
			if d.may(k, asDet) && !d.ties(k-1) && !d.may(k, asFiller) {
				if t := d.description(k, d.phraseEnd(k, s.last)); t.found() {
					return t
				}
			}
		}
		return subject{}
	}
	for k := s.first; k < s.last; k++ {
		w := d.word(k)
		if w == nil {
			return subject{}
		}
		opens := d.lex.det.has(w.Lower) || d.isPronoun(k) || k == s.first && (d.lex.bareNouns || w.Capital()) && w.Kind == words.Letters
		if !opens || d.ties(k-1) && k > s.first {
			continue
		}
		if d.isPronoun(k) && !d.lex.det.has(w.Lower) {
			return d.pronounAt(k)
		}
		return d.description(k, d.phraseEnd(k, s.last))
	}
	return subject{}
}

// opensNoun tells whether the word at item k, which may be a preposition, is the
// article of a noun: Portuguese "a ministra".
func (d *document) opensNoun(k, limit int) bool {
	w := d.lower(k + 1)
	return d.may(k, asDet) && k+1 < limit && w != "" && !d.may(k+1, asDet|asPrep)
}

func (d *document) ties(k int) bool {
	w := d.lower(k)
	return w != "" && d.may(k, asOf|asPrep)
}

// phraseEnd gives the item at which the noun phrase from item k ends.
func (d *document) phraseEnd(k, limit int) int {
	end := k + 1
	for end < limit && end-k < maxPhrase {
		if d.isMark(end, "(") {
			return end
		}
		w := d.word(end)
		if w == nil || w.Kind == words.Break || d.endsPhrase(end) && !d.lex.det.has(w.Lower) {
			return end
		}
		end++
	}
	return end
}
