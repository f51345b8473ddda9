package keyphrase

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// characters are the languages that put no space between words, in which phrases
// are strings of characters.
var characters = fields(`zh ja`)

// longestString is the number of characters of a phrase in these languages.
const longestString = 8

// byCharacter cuts words of Chinese and Japanese letters into characters.
func byCharacter(in []words.Word) []words.Word {
	out := make([]words.Word, 0, 2*len(in))
	for i := range in {
		w := &in[i]
		if w.Kind != words.Letters || !han(w.Text) {
			out = append(out, *w)
			continue
		}
		at, r := w.Start, w.Rune
		for i, c := range w.Text {
			size := int32(utf8.RuneLen(c))
			text := w.Text[i : i+int(size)]
			out = append(out, words.Word{Text: text, Lower: text, Kind: words.Letters, Start: at, End: at + size, Rune: r, RuneEnd: r + 1})
			at, r = at+size, r+1
		}
	}
	return out
}

func han(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r >= 0x3041 && r < 0xa000 || r >= 0xf900 && r < 0xfb00 || r >= 0x20000 && r < 0x32000
}

func (t *token) han() bool { return t.kind >= 0 && han(t.Text) }

// barriers are the characters that part phrases: particles, pronouns, verbs of
// saying and being, numerals. Hiragana part phrases in any case.
var barriers = runes(`的了是在和与與及或也都就而但并並把被对對从從向为為以于於由将將已曾正这這那其他她它们們我你您不没沒有说說称稱之等则則又还還很更最个個到让讓使能会會可要应應该該去来來一二三四五六七八九十百千万萬亿億年月日时時分后後前中上下内外些每各某该此并所给給着過过`)

func runes(list string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range list {
		m[r] = true
	}
	return m
}

// breaks tells the characters that are in no phrase.
func breaks(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r < 0x30a0 && r != '々' || barriers[r]
}

// katakana tells the letters in which Japanese writes foreign words.
func katakana(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r >= 0x30a0 && r <= 0x30ff
}

// collectCharacters adds the strings of two and more characters that begin with
// token i. Katakana are cut only where they meet other letters.
func (d *document) collectCharacters(i int) {
	if breaks(d.tokens[i].Text) || i > 0 && katakana(d.tokens[i].Text) && katakana(d.tokens[i-1].Text) {
		return
	}
	h := uint64(offset64)
	for k := i; k < len(d.tokens) && k < i+longestString; k++ {
		t := &d.tokens[k]
		if !t.han() || t.Space || breaks(t.Text) {
			return
		}
		h = (h ^ uint64(uint32(t.kind))) * prime64
		if k == i || katakana(t.Text) && k+1 < len(d.tokens) && katakana(d.tokens[k+1].Text) {
			continue
		}
		if len(d.list) >= maxCandidates {
			return
		}
		at, known := d.found.put(h, int32(len(d.list)))
		if !known {
			d.list = append(d.list, candidate{from: int32(i), to: int32(k + 1), first: t.sentence, words: 1, links: int32(k - i)})
		}
		d.count(&d.list[at], i, k+1)
		d.nestCharacters(at, i, k)
	}
}

// nestCharacters tells the two strings within string at, which is one character
// longer than they, how often it stands.
func (d *document) nestCharacters(at int32, from, last int) {
	for _, cut := range [2][2]int{{from, last}, {from + 1, last + 1}} {
		h := uint64(offset64)
		for _, t := range d.tokens[cut[0]:cut[1]] {
			h = (h ^ uint64(uint32(t.kind))) * prime64
		}
		if part, ok := d.found.get(h); ok {
			d.list[part].inside = max(d.list[part].inside, d.list[at].count)
		}
	}
}

// particles are the endings of Korean nouns that say their part in the sentence,
// longest first.
var particles = strings.Fields(`에서는 으로는 에게서 에서 에게 으로 까지 부터 이라 라고 은 는 이 가 을 를 의 에 로 과 와 도`)

// particle gives the bytes of the particle at the end of a Korean word, which
// must leave two syllables.
func particle(lang, word string) int {
	if lang != "ko" {
		return 0
	}
	for _, p := range particles {
		if strings.HasSuffix(word, p) && len(word)-len(p) >= 6 {
			return len(p)
		}
	}
	return 0
}
