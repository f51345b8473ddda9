package language

import (
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

const (
	// leastSection is the number of letters of a paragraph that can have a
	// language of its own; a character of Chinese, Japanese or Korean
	// counts for denseLetter letters.
	leastSection = 60
	denseLetter  = 3
	// sureSection is the confidence that a paragraph needs to differ from
	// its article.
	sureSection = 0.95
	// ownShare is the share of function words of the article's language from
	// which a paragraph is taken to be in it, and its n-grams are not asked.
	// It is set by hand.
	ownShare = 0.4
	// openingBytes is the length to which a paragraph is read for that.
	openingBytes = 300
	// maxSectionLetters and maxParagraphs bound the work on one text.
	maxSectionLetters = 32 << 10
	maxParagraphs     = 1000
)

// Sections gives the parts of a text that are in another language than the
// whole, as Detect has found that: runs of paragraphs of 60 letters and more,
// each of them surely in that language. A paragraph is a line. Shorter ones count
// only between two of the same section. Spans are code points. Paragraphs past a
// bound are not looked at.
func (d *Detector) Sections(text string, whole *datelinev1.Language) []*datelinev1.LanguageSection {
	if whole.GetCode() == "" || whole.GetCode() == Undetermined || !strings.Contains(strings.TrimSpace(text), "\n") {
		return nil
	}
	m, err := sharedModel()
	if err != nil {
		return nil
	}
	s := d.scratch.Get().(*scratch)
	defer d.scratch.Put(s)
	var out []*datelinev1.LanguageSection
	var open *datelinev1.LanguageSection
	budget, start := maxSectionLetters, 0
	for n := 0; text != "" && n < maxParagraphs && budget > 0; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		length := utf8.RuneCountInString(text[:len(text)-len(rest)])
		body := strings.TrimLeft(line, " \t\r")
		from := start + len(line) - len(body)
		end := from + utf8.RuneCountInString(strings.TrimRight(body, " \t\r"))
		text, start = rest, start+length
		language := d.paragraph(m, s, line, whole)
		budget -= len(s.letters)
		switch {
		case language == nil: // goes with what stands around it
		case language.Code == whole.GetCode():
			open = nil
		case open != nil && open.GetCode() == language.GetCode():
			open.Span.End = uint32(end)
			open.Confidence = min(open.GetConfidence(), language.GetConfidence())
		default:
			open = &datelinev1.LanguageSection{
				Span: &datelinev1.Span{Start: uint32(from), End: uint32(end)},
				Code: language.GetCode(), Confidence: language.GetConfidence(),
			}
			out = append(out, open)
		}
	}
	return out
}

// paragraph returns the language of a paragraph: that of the whole unless it is
// surely another, or nil if it is too short to tell.
func (d *Detector) paragraph(m *model, s *scratch, line string, whole *datelinev1.Language) *datelinev1.Language {
	s.reset()
	s.scan(m.letters, opening(line))
	if sc, _ := s.prevailing(); scripts[sc].iso == whole.GetScript() && len(s.letters) >= leastSection && s.functional(whole.GetCode()) >= ownShare {
		return whole
	}
	if len(line) > openingBytes {
		if len(s.letters) >= longText {
			if l, _ := d.answer(m, s); l.GetCode() == whole.GetCode() {
				return whole
			}
		}
		s.reset()
		s.scan(m.letters, line)
	}
	dense := int(s.scripts[han] + s.scripts[hangul] + s.scripts[hiragana] + s.scripts[katakana])
	if len(s.letters)+(denseLetter-1)*dense < leastSection {
		return nil
	}
	l, _ := d.answer(m, s)
	if l.Code == Undetermined || l.Confidence < sureSection || akin(l.Code, whole.GetCode()) {
		return whole
	}
	return l
}

// opening gives the beginning of a paragraph, up to a space.
func opening(line string) string {
	if len(line) <= openingBytes {
		return line
	}
	if end := strings.LastIndexByte(line[:openingBytes], ' '); end > 0 {
		return line[:end]
	}
	return line
}

// functional gives the share of the words that are function words of a language.
func (s *scratch) functional(lang string) float64 {
	if len(s.ends) == 0 {
		return 0
	}
	seed := uint64(len(lang))
	for i := range len(lang) {
		seed = seed<<8 | uint64(lang[i])
	}
	seed = mix(seed)
	hits, start := 0, int32(0)
	for _, end := range s.ends {
		if s.function(lang, seed, s.letters[start:end]) {
			hits++
		}
		start = end
	}
	return float64(hits) / float64(len(s.ends))
}

// maxFunction is the number of letters of the longest function word.
const maxFunction = 16

// function tells whether a word is a function word. These are few and come again
// and again, so that what the lexicon said of a word is kept under its hash.
func (s *scratch) function(lang string, seed uint64, word []rune) bool {
	if len(word) > maxFunction {
		return false
	}
	h := seed
	for _, r := range word {
		h = (h ^ uint64(r)) * 0x100000001b3 // FNV-1a
	}
	h = mix(h) &^ 1
	known := &s.functions[h>>(64-functionBits)]
	if *known&^1 != h {
		*known = h
		if lexicon.Of(lang, string(word))&lexicon.Stop != 0 {
			*known |= 1
		}
	}
	return *known&1 != 0
}

// akin tells languages so like each other that a paragraph is no proof.
func akin(a, b string) bool {
	for _, group := range kin {
		if strings.Contains(group, a) && strings.Contains(group, b) {
			return true
		}
	}
	return false
}

// kin are the groups of languages that paragraphs are mistaken in, whatever the
// confidence: separate standards of one language, or nearly so.
var kin = [...]string{"bs hr sr", "id ms", "nb nn da", "cs sk", "xh zu", "st tn", "kk mn"}
