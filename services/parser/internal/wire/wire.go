// Package wire reads plain-text agency stories.
//
// A story may open with metadata (a date, a slugline, a headline, a byline)
// before the dateline, with which its text begins. Paragraphs are parted by
// empty lines, or by indents where there are none; line wraps inside a
// paragraph are undone.
package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/byline"
	"github.com/dateline-news/dateline/services/parser/internal/date"
	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Story is a plain-text story taken apart. Fields that the text does not give
// are empty.
type Story struct {
	Paragraphs []string
	Headline   string
	// Derived says that Headline is the text's first sentence, not a line of
	// its own.
	Derived   bool
	Byline    string
	Authors   []string
	Slugline  string
	Keywords  []string
	Language  string
	Source    string
	Published date.Date
	Dated     bool
}

// maxParagraphs bounds what one story can be cut into.
const maxParagraphs = 20_000

// Parse takes a story apart. text is valid UTF-8.
func Parse(text string) *Story {
	s := &Story{}
	paragraphs := split(text)
	paragraphs = s.head(paragraphs)
	s.Paragraphs = tail(paragraphs)
	if s.Headline == "" && len(s.Paragraphs) > 0 {
		s.Headline, s.Derived = FirstSentence(s.Paragraphs[0]), true
	}
	return s
}

// head takes the metadata that stand before the text. It stops at the first
// paragraph that is none; the last paragraph is always text.
func (s *Story) head(paragraphs []string) []string {
	for n := 0; len(paragraphs) > 0 && n < 16; n++ {
		first := paragraphs[0]
		if rest, ok := s.leadingDate(first); ok {
			paragraphs = replaceFirst(paragraphs, rest)
			continue
		}
		if s.field(first) {
			paragraphs = paragraphs[1:]
			continue
		}
		if len(paragraphs) == 1 {
			break
		}
		switch {
		case datelineEnd(first) > 0:
			return paragraphs
		case s.Slugline == "" && isSlugline(first):
			s.Slugline = first
		case s.Byline == "" && s.byline(first):
		case s.Headline == "" && isHeadline(first) && startsStory(paragraphs[1:]):
			s.Headline = first
		case isNote(first):
		default:
			return paragraphs
		}
		paragraphs = paragraphs[1:]
	}
	return paragraphs
}

func replaceFirst(paragraphs []string, rest string) []string {
	if rest == "" {
		return paragraphs[1:]
	}
	out := append([]string(nil), paragraphs...)
	out[0] = rest
	return out
}

// leadingDate takes "date 2023-12" off the start of a paragraph, with or
// without a colon.
func (s *Story) leadingDate(p string) (rest string, ok bool) {
	if s.Dated || len(p) < 9 || !strings.EqualFold(p[:4], "date") || (p[4] != ' ' && p[4] != ':') {
		return p, false
	}
	value := strings.TrimLeft(p[5:], " :")
	end := 0
	for end < len(value) && (value[end] >= '0' && value[end] <= '9' || strings.IndexByte("-/:.+TZ", value[end]) >= 0) {
		end++
	}
	if end < 4 {
		return p, false
	}
	d, parsed := date.Parse(value[:end], "")
	if !parsed {
		return p, false
	}
	s.Published, s.Dated = d, true
	return strings.TrimLeft(value[end:], " ,;|"), true
}

// field reads a line of the form "Name: value" with a name that wire headers use.
func (s *Story) field(p string) bool {
	i := strings.IndexByte(p, ':')
	if i <= 0 || i > 24 || len(p) > 400 {
		return false
	}
	v := strings.TrimSpace(p[i+1:])
	switch strings.ToLower(strings.TrimSpace(p[:i])) {
	case "title", "headline", "titre", "titel", "título", "titolo":
		s.Headline = v
	case "slug", "slugline":
		s.Slugline = v
	case "byline", "author", "auteur", "autor", "by", "par", "von", "por":
		s.byline("By " + v)
	case "date", "published", "created", "datum", "fecha":
		d, ok := date.Parse(v, s.Language)
		if !ok {
			return false
		}
		s.Published, s.Dated = d, true
	case "keywords", "keyword", "tags":
		for k := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
			if k = strings.TrimSpace(k); k != "" && len(s.Keywords) < 40 {
				s.Keywords = append(s.Keywords, k)
			}
		}
	case "language", "langue", "lang":
		s.Language = v
	case "source", "agency", "provider", "copyright":
		s.Source = v
	case "category", "priority", "urgency", "embargo", "id", "version", "word count", "words":
	default:
		return false
	}
	return true
}

// byline reads "By Jane Doe", also in other languages.
func (s *Story) byline(p string) bool {
	if utf8.RuneCountInString(p) > 120 || strings.HasSuffix(p, ".") || byline.TrimLead(p) == p {
		return false
	}
	names := byline.Names(p, "")
	if len(names) == 0 {
		return false
	}
	s.Byline, s.Authors = p, names
	return true
}

// isSlugline recognises an agency's working title: one or few words joined by
// hyphens or slashes, such as "EU-SUMMIT/MIGRATION" or "BC-US--Storm,1st Ld".
func isSlugline(p string) bool {
	if len(p) > 80 || len(strings.Fields(p)) > 4 {
		return false
	}
	first := p
	if i := strings.IndexByte(p, ' '); i > 0 {
		first = p[:i]
	}
	joints, letters := 0, 0
	for _, r := range first {
		switch {
		case r == '-' || r == '/' || r == '_':
			joints++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 3 && (joints >= 2 || (joints == 1 && strings.ToUpper(first) == first))
}

// isHeadline recognises a line that ends without a full stop and is short
// enough to head a story.
func isHeadline(p string) bool {
	n := utf8.RuneCountInString(p)
	if n < 10 || n > 160 || strings.Contains(p, "\n") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(p)
	return last != '.' && last != ':' && last != ',' && last != '。'
}

// startsStory reports whether a dateline opens one of the next paragraphs, with
// nothing but bylines and sluglines before.
func startsStory(paragraphs []string) bool {
	for _, p := range paragraphs[:min(len(paragraphs), 4)] {
		if datelineEnd(p) > 0 {
			return true
		}
		if utf8.RuneCountInString(p) > 160 {
			return false
		}
	}
	return false
}

// isNote recognises lines for editors.
func isNote(p string) bool {
	if len(p) > 120 {
		return false
	}
	upper := strings.ToUpper(p)
	for _, w := range [...]string{"URGENT", "EMBARGO", "ATTENTION", "BULLETIN", "NEWSALERT", "EDS:", "EDITORS:", "=", "ALERT", "FLASH"} {
		if strings.HasPrefix(upper, w) && strings.HasPrefix(p, w) {
			return true
		}
	}
	return false
}

// datelineEnd finds the end of a dateline at the start of a paragraph: a place,
// perhaps with date and agency, and a dash. It is 0 where there is none.
func datelineEnd(p string) int {
	first, _ := utf8.DecodeRuneInString(p)
	if !unicode.IsLetter(first) || unicode.IsLower(first) {
		return 0
	}
	words, depth, runes := 1, 0, 0
	for i, r := range p {
		if runes++; runes > 90 || words > 12 {
			return 0
		}
		switch r {
		case ' ':
			words++
		case '(':
			depth++
		case ')':
			depth--
		case '—', '–':
			return i + utf8.RuneLen(r)
		case '-':
			before, after := i > 0 && p[i-1] == ' ', i+1 < len(p) && p[i+1] == ' '
			if before && after || strings.HasPrefix(p[i:], "--") {
				return i + 1
			}
		case '.', '!', '?', ';', ':', '"', '«', '“':
			if depth == 0 && r != '.' {
				return 0
			}
		}
	}
	return 0
}

// FirstSentence is the paragraph's first sentence without its dateline, at most
// maxHeadline runes.
func FirstSentence(p string) string {
	if end := datelineEnd(p); end > 0 {
		if rest := strings.TrimLeft(p[end:], " -–—"); rest != "" {
			p = rest
		}
	}
	p = strings.ReplaceAll(p, "\n", " ")
	const maxHeadline = 120
	runes := 0
	for i, r := range p {
		runes++
		if runes > maxHeadline {
			break
		}
		next := p[i+utf8.RuneLen(r):]
		switch r {
		case '.', '!', '?':
			if (next == "" || next[0] == ' ') && runes > 20 && !abbreviated(p[:i]) {
				return strings.TrimSuffix(p[:i+1], ".")
			}
		case '。', '！', '？':
			return p[:i]
		}
	}
	return plain.Cut(strings.TrimSuffix(p, "."), maxHeadline)
}

// abbreviated reports whether a full stop after s ends an abbreviation or an
// initial: one to three letters with a capital first, such as "M", "Dr", "Gen".
func abbreviated(s string) bool {
	word := s[strings.LastIndexAny(s, " (’'")+1:]
	r, _ := utf8.DecodeRuneInString(word)
	return utf8.RuneCountInString(word) <= 3 && unicode.IsUpper(r)
}
