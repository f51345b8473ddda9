// Package words cuts text into words and marks with their places.
package words

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
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

	capital, allCaps bool
}

// Capital tells whether the word begins with an upper-case letter.
func (w *Word) Capital() bool { return w.capital }

// AllCaps tells whether the word has two upper-case letters or more and none
// in lower case, as acronyms do.
func (w *Word) AllCaps() bool { return w.allCaps }

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
	r, size := s.decode(s.at)
	class := char.Of(r)
	switch {
	case isSpace(r, class):
		s.white()
	case class&(char.Letter|char.Mark) != 0:
		s.letters(s.at, 0)
	case class&char.Digit != 0:
		s.number()
	default:
		s.add(s.at+size, 1, Mark, form{})
	}
}

// decode gives the rune at byte i, and size 0 behind the text.
func (s *splitter) decode(i int) (r rune, size int) {
	if i < len(s.text) && s.text[i] < utf8.RuneSelf {
		return rune(s.text[i]), 1
	}
	return utf8.DecodeRuneInString(s.text[i:])
}

// isSpace is unicode.IsSpace with the invisible characters that editors leave
// behind in news text: zero-width space, byte order mark, direction marks.
func isSpace(r rune, class char.Class) bool {
	if class&char.Space != 0 {
		return true
	}
	switch r {
	case '\u200b', '\ufeff', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u2066', '\u2067', '\u2068', '\u2069':
		return true
	}
	return false
}

func (s *splitter) white() {
	end, n, line := s.at, int32(0), false
	for end < len(s.text) {
		r, size := s.decode(end)
		if !isSpace(r, char.Of(r)) {
			break
		}
		line = line || r == '\n' || r == '\u2028' || r == '\u2029'
		end, n = end+size, n+1
	}
	if line {
		s.add(end, n, Break, form{})
	} else {
		s.at, s.runes = end, s.runes+n
	}
	s.space = true
}

// form is what the letters of a word show.
type form struct {
	// classes are those of all its characters, uppers counts its capitals.
	classes char.Class
	uppers  int
	// curly tells that an apostrophe in it is not straight.
	curly bool
}

// letters reads a word of which the bytes up to end and n code points are known to
// be digits.
func (s *splitter) letters(end int, n int32) {
	var f form
	for end < len(s.text) {
		r, size := s.decode(end)
		class := char.Of(r)
		switch {
		case class&char.Word != 0:
			f.classes |= class
			if class&char.Upper != 0 {
				f.uppers++
			}
		case r == '\u00ad' || r == '\u200d' || r == '\u200c':
		case isApostrophe(r) && s.isElided(s.text[s.at:end]):
			f.curly = f.curly || r == '’'
			s.add(end+size, n+1, Letters, f)
			return
		case (r == '-' || r == '\u2010' || r == '\u2011' || isApostrophe(r)) && s.isAt(end+size, char.Letter|char.Digit):
			f.curly = f.curly || r == '’'
		default:
			s.add(end, n, Letters, f)
			return
		}
		end, n = end+size, n+1
	}
	s.add(end, n, Letters, f)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

func (s *splitter) isElided(prefix string) bool {
	if len(prefix) >= 8 {
		return false // than which none is longer
	}
	if elided[prefix] {
		return true
	}
	return s.eliding && elided[strings.ToLower(prefix)]
}

// isAt tells whether the character at byte i has one of the classes.
func (s *splitter) isAt(i int, classes char.Class) bool {
	r, _ := s.decode(i)
	return char.Is(r, classes)
}

func (s *splitter) number() {
	end, n, plain := s.at, int32(0), true
	for end < len(s.text) {
		r, size := s.decode(end)
		class := char.Of(r)
		if class&char.Letter != 0 && plain {
			s.letters(end, n)
			return
		}
		if class&char.Digit == 0 {
			if (r != '.' && r != ',') || !s.isAt(end+size, char.Digit) {
				break
			}
			plain = false
		}
		end, n = end+size, n+1
	}
	s.add(end, n, Number, form{})
}

// add adds the word of n code points that goes to byte end.
func (s *splitter) add(end int, n int32, kind Kind, f form) {
	t := s.text[s.at:end]
	w := Word{
		Text: t, Lower: t, Kind: kind, Space: s.space,
		Start: int32(s.at), End: int32(end),
		Rune: s.runes, RuneEnd: s.runes + n,
	}
	if kind == Letters {
		if f.classes&(char.Upper|char.Title) != 0 {
			w.Lower = strings.ToLower(t)
			w.capital = s.isAt(s.at, char.Upper|char.Title)
			w.allCaps = f.uppers >= 2 && f.classes&char.Lower == 0
		}
		if f.curly {
			w.Lower = strings.ReplaceAll(w.Lower, "’", "'")
		}
	}
	s.words = append(s.words, w)
	s.at, s.runes, s.space = end, w.RuneEnd, false
}
