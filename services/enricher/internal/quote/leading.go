package quote

import (
	"github.com/dateline-news/dateline/services/enricher/internal/name"
)

// leading finds the subject of the clause [lo, hi) from its left: the first
// part between commas that begins with a name, a pronoun or an article.
func (d *document) leading(lo, hi int) subject {
	segs := d.segments(max(lo, hi-maxClause), hi)
	for i, raw := range segs {
		s := d.trim(raw)
		if s.first >= s.last {
			continue
		}
		if n := d.freeName(segment{s.first, min(s.last, s.first+4)}); n != nil && d.leadsSegment(s, n) {
			return named(d.modified(n, s))
		}
		if d.isPronoun(s.first) && !d.may(s.first, asDet) {
			return d.pronounAt(s.first)
		}
		if !d.may(s.first, asDet) {
			if n := d.freeName(s); n != nil && n.Person {
				return named(n)
			}
			if d.bareSubject(s) {
				return d.described(s.first, s.first+1)
			}
			continue
		}
		end := d.phraseEnd(s.first, s.last)
		if n := d.freeName(segment{s.first, end}); n != nil {
			return named(n)
		}
		if i+1 < len(segs) && end == s.last {
			next := d.trim(segs[i+1])
			if n := d.pureName(next); n != nil {
				return named(n)
			}
			if n := d.nameBefore(next.first, next.last); n != nil && i+2 >= len(segs) {
				return named(n)
			}
		}
		return d.description(s.first, end)
	}
	return subject{}
}

// modified gives the name of a person that a name and an office stand before:
// "Harbour City captain Dean Falk"; otherwise the name.
func (d *document) modified(n *name.Name, s segment) *name.Name {
	k := d.itemAt(n.Last, s.first, s.last)
	start := k
	for k < s.last && k-start < 3 && d.people.has(d.lower(k), d.lang) && d.inName(k) == nil {
		k++
	}
	if m := d.nameBefore(k, s.last); k > start && m != nil && m.Person && !m.Possessive {
		return m
	}
	return n
}

// bareSubject tells whether the segment begins with a word in capitals that a
// verb or an auxiliary follows: a name that only its place gives away.
func (d *document) bareSubject(s segment) bool {
	w := d.word(s.first)
	if w == nil || !w.Capital() || w.RuneEnd-w.Rune < 3 || d.lex.prep.has(w.Lower) {
		return false
	}
	if d.may(s.first+1, asAux) {
		return true
	}
	_, ok := d.verbAt(s.first + 1)
	return ok
}

// leadsSegment tells whether the segment begins with this name or its title.
func (d *document) leadsSegment(s segment, n *name.Name) bool {
	for k := s.first; k < s.last && k < s.first+4; k++ {
		if d.name(k) == n {
			return k == s.first || d.leftEdge(n, k) <= s.first
		}
	}
	return false
}
