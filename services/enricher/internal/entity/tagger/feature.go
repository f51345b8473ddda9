package tagger

import "github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"

// FNV-1a, 64 bits.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func hashString(s string) uint64 {
	h := uint64(offset64)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime64
	}
	return h
}

// mix makes one key of a template's number and its values.
func mix(template int, values ...uint64) uint64 {
	h := uint64(template)*0x9e3779b97f4a7c15 + 0x85ebca6b
	for _, v := range values {
		h ^= v
		h *= 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// neighbour is token i, or an empty one beyond the sentence [lo, hi).
func (d *Document) neighbour(i, lo, hi int) *Token {
	if i < lo || i >= hi {
		return &beyond
	}
	return &d.Tokens[i]
}

var beyond = Token{word: 1, shape: edge, kind: 15}

// Features appends the keys of token i's features to keys; its sentence is
// [lo, hi). The first of them, as many as lexical says, depend on the identity of
// words or of the language; the rest are alike in all languages.
func (d *Document) Features(i, lo, hi int, keys []uint64) (all []uint64, lexical int) {
	t := &d.Tokens[i]
	p, n := d.neighbour(i-1, lo, hi), d.neighbour(i+1, lo, hi)
	pp, nn := d.neighbour(i-2, lo, hi), d.neighbour(i+2, lo, hi)
	s0, first := uint64(t.shape), uint64(0)
	if t.first {
		first = 1
	}
	keys = append(
		keys,
		mix(1, t.word), mix(2, p.word, s0), mix(3, n.word, s0), mix(4, pp.word, s0), mix(5, nn.word, s0),
		mix(6, p.word, t.word), mix(7, t.word, n.word), mix(8, p.word, n.word, s0),
		mix(9, d.lang, p.word, s0), mix(10, d.lang, n.word, s0), mix(11, d.lang, t.word),
		mix(22, pp.word, p.word, s0), mix(23, n.word, nn.word, s0), mix(24, p.word, t.word, n.word),
		mix(27, d.lang, s0, first), mix(28, d.lang, uint64(t.kind), s0, first),
	)
	// A word too short for an ending has none: a feature that all such words
	// share would stand for the languages trained on.
	for k, end := range t.ends {
		if end != 0 && (k == 0) == (t.shape == han) {
			keys = append(keys, mix(90+k, end, s0))
		}
	}
	for k, end := range [...]uint64{p.ends[maxAffix+2], n.ends[maxAffix+2], t.ends[maxAffix+2] ^ d.lang} {
		if end != 0 && end != d.lang {
			keys = append(keys, mix(30+k, end, s0))
		}
	}
	if r := t.run; r != nil {
		keys = append(keys, mix(34, r.before, s0), mix(35, r.after, s0), mix(36, r.before, r.after, s0))
	}
	keys = d.customs(i, p, n, keys)
	lexical = len(keys)
	return t.forms(first, p, n, pp, nn, keys), lexical
}

// customs appends copies for the language of the features that know no words, as
// annotators of different languages went by different rules (Daumé, ACL 2007). A
// language without annotators has none.
func (d *Document) customs(i int, p, n *Token, keys []uint64) []uint64 {
	if !d.own {
		return keys
	}
	t := &d.Tokens[i]
	s0, k0, gaz := uint64(t.shape), uint64(t.kind), uint64(t.gaz)
	keys = append(
		keys,
		mix(110, d.lang, gaz, k0, s0), mix(111, d.lang, uint64(t.seen), s0), mix(112, d.lang, uint64(p.kind), s0),
		mix(113, d.lang, uint64(n.kind), s0), mix(114, d.lang, uint64(p.shape), s0, uint64(n.shape)), mix(115, d.lang, t.long),
	)
	if t.class&lexicon.Town != 0 {
		keys = append(keys, mix(118, d.lang, k0, gaz, s0))
	}
	if t.listed != 0 {
		keys = append(keys, mix(117, d.lang, uint64(t.listed), s0))
	}
	if r := t.run; r != nil {
		keys = append(keys, mix(116, d.lang, r.flags(), uint64(t.at), uint64(r.length)))
	}
	return keys
}

// flags are what a run holds.
func (r *run) flags() uint64 { return uint64(r.body) | uint64(r.company)<<1 | uint64(r.made)<<2 }

// forms appends the features that know no words.
func (t *Token) forms(first uint64, p, n, pp, nn *Token, keys []uint64) []uint64 {
	s0, s1, s2 := uint64(t.shape), uint64(p.shape), uint64(n.shape)
	k0, k1, k2 := uint64(t.kind), uint64(p.kind), uint64(n.kind)
	class, gaz, seen := uint64(t.class), uint64(t.gaz), uint64(t.seen)
	keys = append(
		keys,
		mix(40, s0, first), mix(41, s1, s0), mix(42, s0, s2), mix(43, s1, s0, s2), mix(44, uint64(pp.shape), s1, s0),
		mix(45, s0, s2, uint64(nn.shape)), mix(46, t.long, first),
		mix(47, class, s0, first), mix(48, k1, s0), mix(49, k2, s0), mix(50, k1, k0, s0), mix(51, k0, k2, s0),
		mix(52, k1, k0, k2, s0), mix(53, uint64(pp.kind), k1, k0), mix(54, k0, k2, uint64(nn.kind)),
		mix(55, gaz, s0), mix(56, gaz, k0, s0), mix(57, uint64(p.gaz), gaz), mix(58, gaz, uint64(n.gaz)),
		mix(59, gaz, s1, s2), mix(60, gaz, p.word), mix(61, gaz, k1, k2),
		mix(62, seen, first, s0), mix(63, seen, first, k0, s0), mix(64, seen, gaz),
		mix(65, p.long, t.long, n.long), mix(66, t.long, k1), mix(67, t.long, k2),
	)
	if t.listed|p.listed|n.listed != 0 {
		l0 := uint64(t.listed)
		keys = append(keys, mix(80, l0, s0), mix(81, l0, gaz, k0), mix(82, uint64(p.listed), l0, uint64(n.listed)))
	}
	if t.class&lexicon.Town != 0 {
		keys = append(keys, mix(101, k0, gaz, s0), mix(102, p.word), mix(103, k1, first, seen), mix(104, k0, s1, s2))
	}
	if t.noun|p.noun|n.noun != 0 {
		keys = t.nouns(first, p, n, keys)
	}
	if t.shape == han {
		keys = t.characters(p, n, keys)
	}
	if t.run == nil {
		return keys
	}
	r := t.run
	at, length := uint64(t.at), uint64(r.length)
	flags := r.flags()
	return append(
		keys,
		mix(70, at, length, s0), mix(71, flags, at, length), mix(72, uint64(r.firstKind), uint64(r.lastKind), at, length),
		mix(73, flags, k0, first), mix(74, uint64(r.firstKind), at, k1), mix(75, uint64(r.lastKind), length-at, k0),
		mix(76, r.before, length, first), mix(77, r.after, length, flags), mix(78, gaz, length, at, flags),
		mix(79, seen, length, at, first),
	)
}

// nouns appends the features of common nouns that are printed like names.
func (t *Token) nouns(first uint64, p, n *Token, keys []uint64) []uint64 {
	noun, before, behind := uint64(t.noun), uint64(p.noun), uint64(n.noun)
	s0, k0, gaz := uint64(t.shape), uint64(t.kind), uint64(t.gaz)
	return append(
		keys,
		mix(130, noun, s0, first), mix(131, noun, k0, gaz), mix(132, before, noun, behind, s0), mix(133, noun, uint64(t.seen), first, s0),
		mix(134, noun, uint64(p.kind), s0), mix(135, noun, p.word, s0), mix(136, noun, uint64(t.class)), mix(137, p.ends[maxAffix], before, noun),
		mix(138, t.ends[maxAffix], noun, behind), mix(139, noun, uint64(p.shape), s0, uint64(n.shape)),
	)
}

// characters appends the features of the suffixes of names in Chinese characters.
func (t *Token) characters(p, n *Token, keys []uint64) []uint64 {
	end, ahead, off := uint64(t.ending), uint64(t.ahead), uint64(t.distance)
	apart := uint64(0)
	if p.parts || p.shape != han {
		apart = 1
	}
	return append(
		keys,
		mix(83, end, uint64(n.ending), uint64(n.shape)), mix(84, ahead, off), mix(85, ahead, off, apart), mix(86, ahead, t.word),
		mix(87, ahead, p.word, apart), mix(88, ahead, off, uint64(t.gaz)), mix(89, end, n.word),
	)
}
