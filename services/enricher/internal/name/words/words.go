// Package words cuts text into words and marks with their places.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what a Word is.
type Kind uint8

// The kinds of Word.
const (
	// Letters is a word, perhaps with digits, hyphens or apostrophes in it.
	Letters Kind = iota
	// Number is a run of digits with its inner points and commas.
	Number
	// Mark is one character of punctuation or a symbol.
	Mark
	// Break is a run of white space that holds a line break.
	Break
)

// Word is one piece of a text.
type Word struct {
	// Text is the word as printed, a part of the text.
	Text string
	// Lower is Text in lower case, with a straight apostrophe.
	Lower string
	// Start and End are bytes of the text, half open.
	Start, End int32
	// Rune and RuneEnd are code points of the text, half open.
	Rune, RuneEnd int32
	// Kind says what it is.
	Kind Kind
	// Space tells that white space stands before it.
	Space bool
}

// Capital tells whether the word begins with an upper-case letter.
func (w *Word) Capital() bool {
	r, _ := utf8.DecodeRuneInString(w.Text)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// AllCaps tells whether the word has two upper-case letters or more and none
// in lower case, as acronyms do.
func (w *Word) AllCaps() bool {
	n := 0
	for _, r := range w.Text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 2
}

// Is tells whether the word is this one mark.
func (w *Word) Is(mark string) bool { return w.Kind == Mark && w.Text == mark }

// elided are the words of French, Italian and Catalan that lose their vowel
// before another word, which is then a word of its own ("l'Égypte").
var elided = map[string]bool{
	"l": true, "d": true, "qu": true, "n": true, "s": true, "j": true, "m": true, "t": true, "c": true,
	"jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true, "presqu": true,
	"un": true, "dell": true, "nell": true, "all": true, "dall": true, "sull": true, "coll": true,
	"quest": true, "quell": true, "dev": true, "com": true, "dov": true, "sant": true,
}

// eliding are the languages in which also a capital letter is cut off; in the
// others "D'Angelo" and "L'Oréal" are one word.
var eliding = map[string]bool{"fr": true, "it": true, "ca": true, "oc": true}

// Split cuts text, which must be valid UTF-8, into words of the language with
// this ISO 639-1 code. Every character but plain white space is in one word.
func Split(text, lang string) []Word {
	s := splitter{text: text, eliding: eliding[lang]}
	s.words = make([]Word, 0, len(text)/5+8)
	for s.at < len(text) {
		s.next()
	}
	return s.words
}

type splitter struct {
	text    string
	eliding bool
	words   []Word
	at      int
	runes   int32
	space   bool
}

func (s *splitter) next() {
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	switch {
	case isSpace(r):
		s.white()
	case unicode.IsLetter(r) || unicode.IsMark(r):
		s.letters()
	case unicode.IsDigit(r):
		s.number()
	default:
		s.add(s.at+size, Mark)
	}
}

// isSpace is unicode.IsSpace with the invisible characters that editors leave
// behind in news text: zero-width space, byte order mark, direction marks.
func isSpace(r rune) bool {
	switch r {
	case '\u200b', '\ufeff', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u2066', '\u2067', '\u2068', '\u2069':
		return true
	}
	return unicode.IsSpace(r)
}

func (s *splitter) white() {
	end, line := s.at, false
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if !isSpace(r) {
			break
		}
		line = line || r == '\n' || r == '\u2028' || r == '\u2029'
		end += size
	}
	if line {
		s.add(end, Break)
	} else {
		s.runes += int32(utf8.RuneCountInString(s.text[s.at:end]))
		s.at = end
	}
	s.space = true
}

func (s *splitter) letters() {
	end := s.at
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '\u00ad' || r == '\u200d' || r == '\u200c':
			end += size
		case isApostrophe(r) && s.isElided(s.text[s.at:end]):
			s.add(end+size, Letters)
			return
		case (r == '-' || r == '\u2010' || r == '\u2011' || isApostrophe(r)) && s.letterAt(end+size):
			end += size
		default:
			s.add(end, Letters)
			return
		}
	}
	s.add(end, Letters)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

func (s *splitter) isElided(prefix string) bool {
	if elided[prefix] {
		return true
	}
	return s.eliding && len(prefix) < 8 && elided[strings.ToLower(prefix)]
}

func (s *splitter) letterAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *splitter) number() {
	end, plain := s.at, true
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if unicode.IsLetter(r) && plain {
			s.letters()
			return
		}
		if !unicode.IsDigit(r) {
			if (r != '.' && r != ',') || !s.digitAt(end+size) {
				break
			}
			plain = false
		}
		end += size
	}
	s.add(end, Number)
}

func (s *splitter) digitAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsDigit(r)
}

func (s *splitter) add(end int, kind Kind) {
	t := s.text[s.at:end]
	w := Word{
		Text: t, Lower: t, Kind: kind, Space: s.space,
		Start: int32(s.at), End: int32(end),
		Rune: s.runes, RuneEnd: s.runes + int32(utf8.RuneCountInString(t)),
	}
	if kind == Letters {
		w.Lower = strings.ReplaceAll(strings.ToLower(t), "’", "'")
	}
	s.words = append(s.words, w)
	s.at, s.runes, s.space = end, w.RuneEnd, false
}
