package quote

import (
	"strings"
)

// beforeRelative finds the subject that a relative clause parts from the verb,
// where segment i is that clause: "a sum that the charity, which was poor, called".
func (d *document) beforeRelative(segs []segment, i int) subject {
	if i == 0 || i < len(segs)-1 || !d.may(segs[i].first, asRelative) || d.lastName(d.trim(segs[i-1])) != nil {
		return subject{}
	}
	if s := d.lastPhrase(segs[i-1]); s.found() && d.plausible(s) {
		return s
	}
	return subject{}
}

// ofRelative finds the noun before Spanish or Portuguese "que" at item k, where a
// verb of speech follows that has it for its subject: "los informes que indican".
func (d *document) ofRelative(lo, k int) subject {
	if d.lower(k) != "que" || d.lang != "es" && d.lang != "pt" || k-1 < lo || d.lower(k-1) == "" || d.inName(k-1) != nil || d.may(k-1, asPrep|asDet|asAnd) {
		return subject{}
	}
	if _, ok := d.verbAt(k - 1); ok {
		return subject{}
	}
	for n := k - 1; n >= max(lo, k-maxAux); n-- {
		if d.may(n, asDet) {
			return d.described(n, k)
		}
		if d.lower(n) == "" || d.name(n) != nil {
			break
		}
	}
	return d.described(k-1, k)
}

// isBareSubject tells whether the segment is a noun phrase without an article in a
// language that has them, which then is the subject whatever it means: Portuguese
// "mas estudos formais indicaram".
func (d *document) isBareSubject(s segment) bool {
	s = d.trim(s)
	switch d.lang {
	case "es", "it", "pt":
	default:
		return false
	}
	if s.first >= s.last || d.may(s.first, asPrep) || d.isQuote(s.first) || d.may(s.first, asThat) {
		return false
	}
	for k := s.first; k < s.last; k++ {
		w := d.lower(k)
		if w == "" || strings.HasSuffix(w, "mente") || d.may(k, asGerund|asParticiple|asRelative) {
			return false
		}
		if _, ok := d.verbAt(k); ok {
			return false
		}
	}
	return true
}

// antecedent finds the noun before the relative pronoun at item k.
func (d *document) antecedent(lo, k int) subject {
	segs := d.segments(lo, k)
	var best subject
	for i := len(segs) - 1; i >= 0 && i >= len(segs)-3; i-- {
		for n := segs[i].last - 1; n >= segs[i].first; n-- {
			nm := d.name(n)
			if nm == nil || nm.Possessive {
				continue
			}
			if p := d.lower(d.leftEdge(nm, n) - 1); !d.lex.of.has(p) {
				return named(nm)
			}
		}
		if !best.found() {
			best = d.lastPhrase(segs[i])
		}
	}
	return best
}

// lastPhrase reads the last noun phrase of the segment that opens with an
// article and is no complement.
func (d *document) lastPhrase(s segment) subject {
	for k := s.last - 1; k >= s.first; k-- {
		if d.may(k, asDet) && !d.may(k-1, asOf) && d.inName(k) == nil {
			return d.description(k, d.phraseEnd(k, s.last))
		}
	}
	return subject{}
}
