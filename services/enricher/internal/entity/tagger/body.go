package tagger

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// bodyList names well-known organisations as they are printed in the languages
// with the most news, parted by "|".
//
//go:embed bodies.txt
var bodyList string

// Places of a token in a known organisation's name.
const (
	bodyFirst = 1 + iota
	bodyInside
)

// maxBodyTokens bounds the tokens of a listed name.
const maxBodyTokens = 8

// bodies holds the listed names by the hash of their letters and digits, and the
// first letters that names begin with in scripts that do not part words.
type bodies struct {
	names map[uint64]struct{}
	heads map[rune]struct{}
}

var listedBodies = sync.OnceValue(func() bodies {
	b := bodies{names: map[uint64]struct{}{}, heads: map[rune]struct{}{}}
	for line := range strings.Lines(bodyList) {
		for name := range strings.SplitSeq(strings.TrimSpace(line), "|") {
			b.names[hashLetters(offset64, name)] = struct{}{}
			first, _ := utf8.DecodeRuneInString(name)
			b.heads[first] = struct{}{}
		}
	}
	return b
})

// hashLetters goes on with a hash over the letters and digits of a text: spaces and
// marks within a name do not count.
func hashLetters(h uint64, text string) uint64 {
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' {
			h = (h ^ uint64(c)) * prime64
		}
	}
	return h
}

// bodies marks the longest names that are listed.
func (d *Document) bodies() {
	listed := listedBodies()
	for i := 0; i < len(d.Tokens); i++ {
		t := &d.Tokens[i]
		switch {
		case d.byCharacter(t):
			first, _ := utf8.DecodeRuneInString(t.Text)
			if _, ok := listed.heads[first]; !ok {
				continue
			}
		case !t.shape.big() && t.shape != alphanumeric:
			continue
		}
		length := d.listedBody(listed, i)
		for k := range length {
			d.Tokens[i+k].listed = bodyInside
		}
		if length > 0 {
			t.listed = bodyFirst
			i += length - 1
		}
	}
}

// listedBody is how many tokens from i on are a listed name.
func (d *Document) listedBody(listed bodies, i int) (length int) {
	h := uint64(offset64)
	for k := i; k < len(d.Tokens) && k-i < maxBodyTokens && (k == i || !d.Tokens[k].first); k++ {
		h = hashLetters(h, d.Tokens[k].bare())
		if _, ok := listed.names[h]; ok && (d.Tokens[k].shape != punctuation || k == i) {
			length = k - i + 1
		}
	}
	if length == 0 && families[d.Lang] != "" {
		Nominatives(d.Lang, d.Tokens[i].Text, func(form string) bool {
			if _, ok := listed.names[hashLetters(offset64, form)]; ok {
				length = 1
			}
			return length > 0
		})
	}
	return length
}

// Bodies gives the names of the well-known organisations that are listed.
func (d *Document) Bodies() []Span {
	var spans []Span
	for i := range d.Tokens {
		switch d.Tokens[i].listed {
		case bodyFirst:
			spans = append(spans, Span{First: i, Last: i + 1, Kind: Organisation})
		case bodyInside:
			spans[len(spans)-1].Last = i + 1
		}
	}
	return spans
}

// BodyAt tells whether the name of a listed organisation begins at token i.
func (d *Document) BodyAt(i int) bool { return d.Tokens[i].listed == bodyFirst }
