package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

const (
	// fullWords is the number of words from which a passage may be a quotation
	// without a verb that touches it.
	fullWords = 4
	// sureWords is the number from which it is none of a title's.
	sureWords = 8
)

// How sure a quotation is: a verb or source touches it; one is near, or it goes
// on from an attributed one; it stands alone; it is a part of a sentence that
// goes on. They are set by hand, in the order of the errors met.
const (
	directSure = 0.95
	goingSure  = 0.8
	aloneSure  = 0.6
	partSure   = 0.5
)

// judge tells how sure it is, from 0 to 1, that the passage at item k with this
// frame is somebody's words; 0 is a title, a name or words held at a distance.
// going tells that a quotation just before it was attributed.
func (d *document) judge(k int, f frame, going bool) float64 {
	p := d.passages[d.items[k].passage]
	n := d.count(p)
	if n == 0 || n == 1 && !d.oneWord(k, p, f) || d.isWork(k, p, n, f) {
		return 0
	}
	if !f.found {
		switch {
		case going && (p.dialogue || d.alone(k) && d.pauses(k, p)):
			return goingSure
		case n < fullWords:
			return 0
		case d.alone(k) && going:
			return goingSure
		case d.alone(k) && len(d.sents) == 1:
			// A text that is all between marks is nobody's words within it.
			return 0
		case d.alone(k) || p.continued:
			return aloneSure
		case n >= fullWords && (d.isMark(k-1, ":") || d.isMark(k-1, "：")):
			return aloneSure
		case going && d.isMark(k-1, ","):
			return partSure
		}
		return 0
	}
	if n < fullWords && !p.dialogue && !d.briefSpeech(k, p, f, going) {
		return 0
	}
	if n < fullWords+2 && !f.near && !d.pauses(k, p) && d.may(k-1, asDet) && !d.linking(k-1) && !d.may(k-1, asThat) {
		return 0
	}
	if f.direct {
		return directSure
	}
	return goingSure
}

// briefSpeech tells whether a passage of two or three words is speech: a verb
// touches it with a colon or a pause, or it goes on after an interruption.
func (d *document) briefSpeech(k int, p passage, f frame, going bool) bool {
	if going && d.isMark(k-1, ",") && d.pauses(k, p) {
		return true
	}
	if f.direct && d.count(p) == fullWords-1 && d.may(k-1, asThat) {
		return true
	}
	if f.direct && f.behind && d.opens(k) {
		return true
	}
	return f.direct && (d.isMark(k-1, ":") || f.behind && d.pauses(k, p))
}

// oneWord tells whether a passage of one word is speech: it opens its sentence
// or follows a colon, ends with a pause, and a verb of speech touches it. All
// else is a word held at a distance.
func (d *document) oneWord(k int, p passage, f frame) bool {
	if !f.found || !f.direct || f.verb.first >= f.verb.last || !f.speaker.found() {
		return false
	}
	return d.pauses(k, p) && (d.isMark(k-1, ":") || d.isMark(k-1, "：") || f.behind && d.opens(k))
}

// linking tells whether the article at item k is a preposition as well, which
// may lead to a fragment: "il s'agit d'«…»".
func (d *document) linking(k int) bool { return d.may(k, asOf) && d.lower(k) != "des" }

// pauses tells whether the passage ends with a pause, in it or behind it, as
// speech does and a word held at a distance does not.
func (d *document) pauses(k int, p passage) bool {
	if d.isMark(k+1, ",") || d.isMark(k+1, "—") || d.isMark(k+1, "–") || d.isMark(k+1, "،") {
		return true
	}
	last := p.close - 1
	return last > p.open && d.ws[last].Kind == words.Mark && strings.Contains(",.!?…،؟", d.ws[last].Text)
}

// count gives the words of the passage; two characters of Chinese or Japanese
// count as one.
func (d *document) count(p passage) int {
	n := 0
	for i := p.open + 1; i < p.close; i++ {
		w := &d.ws[i]
		switch {
		case w.Kind == words.Number, w.Kind == words.Letters && !strings.HasSuffix(w.Lower, "'"):
			n++
		}
		if r, _ := utf8.DecodeRuneInString(w.Text); unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			n += int(w.RuneEnd-w.Rune) / 2
		}
	}
	return n
}

// opens tells whether no word of its sentence stands before item k.
func (d *document) opens(k int) bool {
	for n := k - 1; n >= d.sents[d.items[k].sentence].first; n-- {
		if w := d.word(n); w == nil || w.Kind == words.Letters || w.Kind == words.Number {
			return false
		}
	}
	return true
}

// alone tells whether the passage is a sentence by itself.
func (d *document) alone(k int) bool {
	s := d.sents[d.items[k].sentence]
	for n := s.first; n < s.last; n++ {
		if n == k {
			continue
		}
		if w := d.word(n); w == nil || w.Kind == words.Letters || w.Kind == words.Number {
			return false
		}
	}
	return true
}

// maxWorkGap bounds the items between the kind of a work and its title:
// "le roman de Claire Morel «…»".
const maxWorkGap = 7

// isWork tells whether the passage is the title of a work, a theme or a name.
func (d *document) isWork(k int, p passage, n int, f frame) bool {
	for j := k - 1; j >= 0 && k-j <= maxWorkGap && d.items[j].sentence == d.items[k].sentence; j-- {
		w := d.lower(j)
		if d.lex.works.has(w) && d.inName(j) == nil {
			return !d.spokenIn(j, f)
		}
		if j == k-1 && d.isMark(j, ":") {
			continue
		}
		if w == "" && !d.isMark(j, ".") || d.inName(j) == nil && !d.may(j, asOf|asDet) {
			break
		}
		if d.isMark(k-1, ":") {
			break
		}
	}
	if n >= sureWords || d.touchedByVerb(k) {
		return false
	}
	return d.titleCase(p) && (!d.pauses(k, p) || d.isMark(k-1, ",") && d.terminal(d.items[k].passage) == "") || d.capitalWithin(k, p, f)
}

// spokenIn tells whether the word at item j, which may be a kind of work, is
// here a word for what was said, since the verb is right before it.
func (d *document) spokenIn(j int, f frame) bool {
	if !f.found {
		return false
	}
	if d.may(j, asParticiple) && d.may(j-1, asAnd) {
		return true
	}
	_, ok := d.verbAt(j)
	return ok
}

// touchedByVerb tells whether a verb of speech or a connective is right before
// the passage.
func (d *document) touchedByVerb(k int) bool {
	if d.may(k-1, asThat) {
		return true
	}
	_, ok := d.verbAt(k - 1)
	return ok
}

// capitalWithin tells whether the passage begins with a capital in the middle
// of a sentence, as titles do and fragments of speech do not.
func (d *document) capitalWithin(k int, p passage, f frame) bool {
	if d.lex.nouns || p.open+1 >= p.close {
		return false
	}
	first := &d.ws[p.open+1]
	if first.Kind != words.Letters || !first.Capital() || d.terminal(d.items[k].passage) != "" {
		return false
	}
	w := d.lower(k - 1)
	if w == "" || d.items[k-1].sentence != d.items[k].sentence || d.may(k-1, asAnd) {
		return false
	}
	return !f.behind || !f.direct
}

// titleCase tells whether nearly all longer words of the passage have
// capitals.
func (d *document) titleCase(p passage) bool {
	if d.lex.nouns {
		return false
	}
	capital, all := 0, 0
	for i := p.open + 1; i < p.close; i++ {
		if w := &d.ws[i]; w.Kind == words.Letters && w.RuneEnd-w.Rune >= 4 {
			all++
			if w.Capital() {
				capital++
			}
		}
	}
	return all >= 2 && capital*10 >= all*9
}
