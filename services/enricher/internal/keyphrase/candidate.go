package keyphrase

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

const (
	// longest is the number of words of a phrase, links not counted.
	longest = 4
	// maxLinks is the number of links in a phrase.
	maxLinks = 2
	// maxLetters is the number of letters of a phrase.
	maxLetters = 80
)

// candidate is a phrase that may be a keyphrase, with all its occurrences.
type candidate struct {
	// from and to are the tokens of the first occurrence of the form that is
	// given, half open.
	from, to int32
	// stems are those of its words, words their number; links count apart.
	stems        [longest]int32
	words, links int32
	// count is the number of its occurrences.
	count int32
	// capital, acronym, part, ruled and bounded count occurrences: with a capital
	// inside a sentence, all in capitals, as a part of a longer capitalised run,
	// behind a function word, before one or a mark.
	capital, acronym, part, ruled, bounded int32
	// inside is how often the most frequent longer phrase around it stands.
	inside int32
	// first is the number of the first sentence that it stands in.
	first int32
	// number tells that a number stands before the words.
	number bool
	score  float64
}

// span gives the place of the form that is given.
func (c *candidate) span(d *document) (from, to place) {
	a, b := &d.tokens[c.from], &d.tokens[c.to-1]
	from, to = place{int(a.Start), int(a.Rune)}, place{int(b.End), int(b.RuneEnd)}
	if cut := particle(d.Lang, b.Text); cut > 0 {
		to.byte, to.rune = to.byte-cut, to.rune-cut/3
	}
	return from, to
}

// collect gathers the candidates of the text.
func (d *document) collect() {
	byCharacter := characters[d.Lang]
	for i := range d.tokens {
		if len(d.list) >= maxCandidates {
			break
		}
		if d.inDateline(i) {
			continue
		}
		if byCharacter && d.tokens[i].han() {
			d.collectCharacters(i)
			continue
		}
		if d.mayBegin(i) {
			d.collectFrom(i)
		}
	}
	d.nest()
}

func (d *document) inDateline(i int) bool {
	t := &d.tokens[i]
	return d.Skip != nil && t.Rune >= int32(d.Skip.GetStart()) && t.Rune < int32(d.Skip.GetEnd())
}

// content tells the words that a phrase is made of.
func (d *document) content(i int) bool {
	t := &d.tokens[i]
	return t.kind >= 0 && (!d.kinds[t.kind].stop || d.article(i)) && t.RuneEnd-t.Rune < maxLetters/2
}

// article tells a capitalised function word within a sentence that begins or
// joins a name: "La Poste", "Le Pen".
func (d *document) article(i int) bool {
	t := &d.tokens[i]
	return !t.first && t.Capital() && t.RuneEnd-t.Rune > 1 && i+1 < len(d.tokens) && d.tokens[i+1].kind >= 0 &&
		d.tokens[i+1].Capital() && !d.kinds[d.tokens[i+1].kind].stop && !d.tokens[i].AllCaps()
}

// mayBegin tells whether a phrase may begin with token i.
func (d *document) mayBegin(i int) bool {
	if d.tokens[i].Kind == words.Number {
		return i+1 < len(d.tokens) && d.content(i+1) && !strings.ContainsAny(d.tokens[i].Text, ".,")
	}
	return d.content(i)
}

// collectFrom adds the phrases that begin with token i.
func (d *document) collectFrom(i int) {
	var c candidate
	for k := i; k < len(d.tokens); k++ {
		t := &d.tokens[k]
		if k > i && t.first || t.RuneEnd-d.tokens[i].Rune > maxLetters {
			return
		}
		switch {
		case t.Kind == words.Number && k == i:
			c.number = true
			continue
		case t.Kind != words.Letters:
			return
		case d.content(k):
			if c.words == longest {
				return
			}
			c.stems[c.words] = d.kinds[t.kind].stem
			c.words++
			d.add(c, i, k+1)
		case d.kinds[t.kind].link && c.links < maxLinks:
			c.links++
		default:
			return
		}
	}
}

// FNV-1a with whole numbers in the place of bytes.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

func (c *candidate) key(number string) uint64 {
	h := uint64(offset64)
	for _, s := range c.stems[:c.words] {
		h = (h ^ uint64(uint32(s))) * prime64
	}
	for i := range len(number) {
		h = (h ^ uint64(number[i])) * prime64
	}
	return h
}

// add counts the occurrence of c in the tokens from to to, half open.
func (d *document) add(c candidate, from, to int) {
	if len(d.list) >= maxCandidates {
		return
	}
	number := ""
	if c.number {
		number = d.tokens[from].Text
	}
	key := c.key(number)
	at, known := d.found.put(key, int32(len(d.list)))
	if !known {
		c.from, c.to, c.first = int32(from), int32(to), d.tokens[from].sentence
		d.list = append(d.list, c)
	}
	d.count(&d.list[at], from, to)
}

func (d *document) count(c *candidate, from, to int) {
	c.count++
	a := &d.tokens[from]
	capital := a.Capital()
	if capital && (!a.first || to-from > 1 && d.tokens[to-1].Capital()) {
		c.capital++
	}
	if a.AllCaps() && to-from == 1 {
		c.acronym++
	}
	if d.partial(from, to) {
		c.part++
	}
	if from > 0 && d.tokens[from-1].kind >= 0 && d.kinds[d.tokens[from-1].kind].stop {
		c.ruled++
	}
	if to >= len(d.tokens) || d.tokens[to].kind < 0 || d.kinds[d.tokens[to].kind].stop {
		c.bounded++
	}
}

// partial tells whether the tokens are a piece of a run of capitalised words.
func (d *document) partial(from, to int) bool {
	if from > 0 && d.tokens[from].Capital() {
		if t := &d.tokens[from-1]; t.kind >= 0 && t.Capital() && !t.first && (!d.kinds[t.kind].stop || d.article(from-1)) {
			return true
		}
	}
	return to < len(d.tokens) && d.tokens[to-1].Capital() && d.tokens[to].kind >= 0 && d.tokens[to].Capital() && d.content(to)
}

// nest tells each candidate how often the phrases around it stand.
func (d *document) nest() {
	if characters[d.Lang] {
		return
	}
	for i := range d.list {
		c := &d.list[i]
		if c.words < 2 && !c.number {
			continue
		}
		for from := range c.words {
			key := uint64(offset64)
			for n, s := range c.stems[from:c.words] {
				key = (key ^ uint64(uint32(s))) * prime64
				if int32(n)+1 == c.words && !c.number {
					break
				}
				if at, ok := d.found.get(key); ok {
					d.list[at].inside = max(d.list[at].inside, c.count)
				}
			}
		}
	}
}
