// Package sentence cuts text into sentences.
//
// Boundaries follow UAX 29 (Unicode Text Segmentation, section 5): a sentence ends
// behind a terminator with its closing quotes and brackets, unless a lower-case
// letter follows. Where that default errs in news, the corrections of Punkt (Kiss
// and Strunk, Computational Linguistics 32, 2006) are made with lists and shapes
// instead of a trained model: abbreviations, initials and ordinals do not end a
// sentence, unless a function word with a capital follows. A line break always
// ends one.
package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/char"
)

// Sentence is a stretch of text, without white space around it.
type Sentence struct {
	// Start and End are bytes of the text, half open.
	Start, End int
	// Rune and RuneEnd are code points of the text, half open; bytes that are not
	// UTF-8 count as one.
	Rune, RuneEnd int
	// Paragraph counts the lines that hold text, from 0.
	Paragraph int
}

// Split gives the sentences of text, in the language with this ISO 639-1 code, in
// order. Every character but white space is in exactly one. Its time grows with
// the length of text.
func Split(text, lang string) []Sentence {
	s := splitter{text: text, rules: rulesOf(lang)}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case isLineBreak(r):
			s.emit(i)
			s.paragraphEnd()
		case r == ' ':
			if s.stopMissing(i) {
				s.emit(i)
			}
		case isTerminator(r):
			end := s.runEnd(i + size)
			if s.ends(i, end) {
				s.emit(end)
			}
			i = end
			continue
		}
		i += size
	}
	s.emit(len(text))
	return s.out
}

type splitter struct {
	text  string
	rules *rules
	out   []Sentence
	// start and startRune are where the sentence begins that is being read.
	start, startRune int
	paragraph        int
	// paragraphFrom is the number of sentences before the present paragraph.
	paragraphFrom int
}

// emit ends the present sentence at byte end.
func (s *splitter) emit(end int) {
	raw := s.text[s.start:end]
	body := strings.TrimLeftFunc(raw, isBlank)
	lead := raw[:len(raw)-len(body)]
	body = strings.TrimRightFunc(body, isBlank)
	if body != "" {
		from := s.startRune + utf8.RuneCountInString(lead)
		s.out = append(s.out, Sentence{
			Start: s.start + len(lead), End: s.start + len(lead) + len(body),
			Rune: from, RuneEnd: from + utf8.RuneCountInString(body),
			Paragraph: s.paragraph,
		})
	}
	s.start, s.startRune = end, s.startRune+utf8.RuneCountInString(raw)
}

func (s *splitter) paragraphEnd() {
	if len(s.out) > s.paragraphFrom {
		s.paragraph++
		s.paragraphFrom = len(s.out)
	}
}

func isLineBreak(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }

// isBlank is unicode.IsSpace with the zero-width space and the byte order mark.
func isBlank(r rune) bool { return char.Is(r, char.Space) || r == '\u200b' || r == '\ufeff' }

// isTerminator tells the characters that may end a sentence: those with the
// property Sentence_Terminal in the scripts of the news, and the ellipsis.
func isTerminator(r rune) bool {
	switch r {
	case '.', '!', '?':
		return true
	}
	return r >= utf8.RuneSelf && (r == '…' || strong(r))
}

// strong tells the terminators that have no other use.
func strong(r rune) bool {
	switch r {
	case '。', '！', '？', '｡', '．', '؟', '۔', '।', '॥', '։', '።', '፧', '፨', '။', '។', '៕', '‼', '⁇', '⁈', '⁉', '‽', '᙮', '᠃', '᠉':
		return true
	}
	return false
}

// runEnd gives the end of the terminators and closing marks from byte i on.
func (s *splitter) runEnd(i int) int {
	for i < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case isTerminator(r):
		case isCloser(r):
		case isEither(r) && s.gapAt(i+size):
		case r == ' ' || r == '\u00a0' || r == '\u202f':
			next, width := utf8.DecodeRuneInString(s.text[i+size:])
			if next != '»' && next != '”' || !s.gapAt(i+size+width) {
				return i
			}
		default:
			return i
		}
		i += size
	}
	return i
}

func isCloser(r rune) bool {
	switch r {
	case ')', ']', '}', '」', '』', '）', '】', '》', '〉', '］':
		return true
	}
	return false
}

// isEither tells the marks that close, or else open: which, what follows tells.
func isEither(r rune) bool {
	switch r {
	case '"', '\'', '’', '‘', '”', '“', '»', '«', '›', '‹', '＂', '*', '_':
		return true
	}
	return false
}

// gapAt tells whether white space, the end, a closing mark, or a letter of a
// script without spaces stands at byte i.
func (s *splitter) gapAt(i int) bool {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	return size == 0 || isBlank(r) || isCloser(r) || isEither(r) || isTerminator(r) || r == ',' || r == ';' || r == ':' ||
		r == '，' || r == '、' || r == '–' || r == '—' || unspaced(r)
}

// unspaced tells the letters of Chinese and Japanese.
func unspaced(r rune) bool {
	return r >= 0x3041 && char.Is(r, char.Wide)
}

// ends tells whether the sentence ends with the terminators and closing marks in
// the bytes from i to end.
func (s *splitter) ends(i, end int) bool {
	if end == len(s.text) {
		return true
	}
	stop, size := utf8.DecodeRuneInString(s.text[i:])
	next, _ := utf8.DecodeRuneInString(s.text[end:])
	switch {
	case isLineBreak(next):
		return true
	case strong(stop):
		return !(end > i+size && unicode.In(next, unicode.Hiragana)) && !strings.ContainsRune("，、,;", next)
	case !isBlank(next):
		return s.endsGlued(i, end, stop, next)
	}
	opening, next := s.following(end)
	switch {
	case strings.ContainsRune(",;:%", next):
		return false
	case unicode.IsLower(next):
		return !opening && s.endsBeforeLower(i, end, stop)
	case stop == '.' && end == i+1:
		return s.endsWithPoint(i, end, next)
	}
	return true
}

// endsBeforeLower tells whether a sentence ends though a lower-case letter follows,
// as in "Really??? not for me" and in English that is written without capitals,
// but not in "Yahoo! said".
func (s *splitter) endsBeforeLower(i, end int, stop rune) bool {
	if stop != '.' && stop != '…' && end >= i+2 {
		return isTerminator(rune(s.text[i+1]))
	}
	if s.rules.lang != "en" || end != i+1 {
		return false
	}
	if stop == '?' {
		return true
	}
	token := s.tokenBefore(i)
	return stop == '.' && len(token) > 3 && !s.rules.before[strings.ToLower(token)] && pronouns[s.wordAt(end)] && !dotted(strings.ToLower(token))
}

// pronouns begin sentences in English that is written without capitals.
var pronouns = fields(`i i'm we they he she it you this my`)

// endsGlued tells whether a sentence ends with the terminator stop, behind which
// no white space stands: a space is missing, or it is a part of a word.
func (s *splitter) endsGlued(i, end int, stop, next rune) bool {
	if stop == '…' || !unicode.IsUpper(next) {
		return unspaced(next) && stop != '.'
	}
	before, _ := utf8.DecodeLastRuneInString(s.text[:i])
	if stop != '.' || end > i+1 {
		return unicode.IsLower(before) || end > i+1
	}
	token := s.tokenBefore(i)
	return unicode.IsLower(before) && len(token) > 2 && !strings.ContainsAny(token, "./@") && s.rules.function(s.wordAt(end))
}

// maxLook bounds the bytes that are looked at on either side of a boundary.
const maxLook = 48

// following gives the first character behind byte end that is no space, opening
// mark or dash, and tells whether there was such a mark.
func (s *splitter) following(end int) (marked bool, r rune) {
	for at := end; at < len(s.text) && at < end+maxLook; {
		r, size := utf8.DecodeRuneInString(s.text[at:])
		switch {
		case isLineBreak(r):
			return marked, 'A' // whatever comes, it comes in a new sentence
		case isBlank(r):
		case isEither(r) || strings.ContainsRune("([{„‚¿¡-–—「『（【《", r):
			marked = true
		default:
			return marked, r
		}
		at += size
	}
	return marked, 'A'
}

// wordAt gives the word that begins at byte i or behind white space and opening
// marks there, in lower case with straight apostrophes; cut at an apostrophe.
func (s *splitter) wordAt(i int) string {
	limit := min(len(s.text), i+2*maxLook)
	start := -1
	for at := i; at < limit; {
		r, size := utf8.DecodeRuneInString(s.text[at:limit])
		letter := char.Is(r, char.Letter|char.Mark)
		switch {
		case start < 0 && letter:
			start = at
		case start < 0 && unicode.IsDigit(r):
			return ""
		case start >= 0 && !letter:
			return strings.ToLower(s.text[start:at])
		}
		at += size
	}
	if start < 0 {
		return ""
	}
	return strings.ToLower(s.text[start:limit])
}

// tokenBefore gives what stands before byte i up to white space or an opening
// mark.
func (s *splitter) tokenBefore(i int) string {
	start := i
	for start > s.start && i-start < maxLook {
		r, size := utf8.DecodeLastRuneInString(s.text[s.start:start])
		if isBlank(r) || isEither(r) && r != '\'' && r != '’' || strings.ContainsRune("([{„‚«/–—", r) {
			break
		}
		start -= size
	}
	return s.text[start:i]
}
