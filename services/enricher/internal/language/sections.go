package language

import (
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const (
	// leastSection is the number of letters of a paragraph that can have a
	// language of its own; a character of Chinese, Japanese or Korean
	// counts for denseLetter letters.
	leastSection = 60
	denseLetter  = 3
	// sureSection is the confidence that a paragraph needs to differ from
	// its article, if it is in the same script.
	sureSection = 0.9
	// maxSectionLetters and maxParagraphs bound the work on one text.
	maxSectionLetters = 32 << 10
	maxParagraphs     = 1000
)

// Section is a run of paragraphs in one language.
type Section struct {
	// Start and End are code points of the text, half open.
	Start, End int
	Language   *datelinev1.Language
}

// Sections tells the languages of a text paragraph by paragraph, for articles
// in more than one. A paragraph is a line. One that is short, or not clearly
// different from the whole text, is taken to be in the language of the
// paragraph before it, or of the one after it if it is the first. Sections
// hold all paragraphs in order; blank text has none. Paragraphs past a bound
// belong to the last section.
func (d *Detector) Sections(text string) []Section {
	m, err := sharedModel()
	if err != nil {
		return nil
	}
	main := d.Detect("", text)
	s := d.scratch.Get().(*scratch)
	defer d.scratch.Put(s)
	var out []Section
	budget, start := maxSectionLetters, 0
	for n := 0; text != "" && n < maxParagraphs && budget > 0; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		length := utf8.RuneCountInString(text[:len(text)-len(rest)])
		if strings.TrimSpace(line) != "" {
			end := start + utf8.RuneCountInString(strings.TrimRight(line, " \t\r"))
			language := d.paragraph(m, s, line, main)
			budget -= len(s.letters)
			out = extend(out, start, end, language)
		}
		start += length
		text = rest
	}
	if rest := strings.TrimRight(text, " \t\r\n"); rest != "" && len(out) > 0 {
		out[len(out)-1].End = start + utf8.RuneCountInString(rest)
	}
	if len(out) > 0 && out[0].Language == nil {
		out[0].Language = main
	}
	return out
}

// paragraph returns the language of a paragraph, or nil if it shows none of
// its own.
func (d *Detector) paragraph(m *model, s *scratch, line string, main *datelinev1.Language) *datelinev1.Language {
	s.reset()
	s.scan(m.letters, line)
	dense := int(s.scripts[han] + s.scripts[hangul] + s.scripts[hiragana] + s.scripts[katakana])
	if len(s.letters)+(denseLetter-1)*dense < leastSection {
		return nil
	}
	l := d.answer(m, s)
	if l.Code == Undetermined || l.Script == main.Script && l.Code != main.Code && l.Confidence < sureSection {
		return nil
	}
	return l
}

// extend adds a paragraph to the last section or opens a new one. The first
// section has no language until a paragraph shows one.
func extend(out []Section, start, end int, language *datelinev1.Language) []Section {
	if len(out) == 0 {
		return append(out, Section{Start: start, End: end, Language: language})
	}
	last := &out[len(out)-1]
	switch {
	case language == nil:
		last.End = end
	case last.Language == nil:
		last.End, last.Language = end, language
	case last.Language.GetCode() == language.GetCode():
		last.End = end
		last.Language.Confidence = max(last.Language.GetConfidence(), language.GetConfidence())
	default:
		return append(out, Section{Start: start, End: end, Language: language})
	}
	return out
}
