// Package story cuts an article's text into words and sentences once, for all
// annotators.
package story

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
)

// Max bounds a story's text in code points: some fifty times a long article, so
// that only what is no article is cut. It bounds the work of everything that
// reads a story.
const Max = 200_000

// Story is a text with its words and sentences, which are made when they are
// first asked for and must not be changed. It is not for concurrent use.
type Story struct {
	// Text is valid UTF-8: bytes that are not are U+FFFD, one for one, so that code
	// points count as in what was read.
	Text string
	// Lang is the ISO 639-1 code of its language, without a region; it may be empty.
	Lang string

	words     []words.Word
	sentences []sentence.Sentence
	cutWords  bool
	cutSents  bool
	types     types
}

// Read gives the story of a text, or of its first Max code points, in the language
// with this ISO 639-1 code, which may have a region behind it.
func Read(text, lang string) *Story {
	text, _ = Cut(text)
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	return &Story{Text: text, Lang: lang}
}

// Cut gives the first Max code points of a text, and tells whether there are more.
func Cut(text string) (string, bool) {
	if len(text) <= Max {
		return text, false
	}
	points := 0
	for i := range text {
		if points == Max {
			return text[:i], true
		}
		points++
	}
	return text, false
}

// Words gives the words and marks of the text, with their places in bytes and code
// points, their lower-case forms and the line breaks between paragraphs.
func (s *Story) Words() []words.Word {
	if !s.cutWords {
		s.words, s.cutWords = words.Split(s.Text, s.Lang), true
	}
	return s.words
}

// Sentences gives the sentences of the text, with their places in bytes and code
// points and the number of their paragraph.
func (s *Story) Sentences() []sentence.Sentence {
	if !s.cutSents {
		s.sentences, s.cutSents = sentence.Split(s.Text, s.Lang), true
	}
	return s.sentences
}
