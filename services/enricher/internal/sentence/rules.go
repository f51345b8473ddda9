package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

// rules are what a language knows of points that end no sentence.
type rules struct {
	lang string
	// before are the words that a point cuts short and that something always
	// follows: titles, "art.", "z. B.".
	before map[string]bool
	// within are those that may also stand at the end: "etc.", "Inc.".
	within map[string]bool
	// ordinals tells that a point makes a number an ordinal.
	ordinals bool
	// starts are words that, with a capital after a word without one, show that
	// a stop is missing.
	starts map[string]bool
}

func fields(lists ...string) map[string]bool {
	m := map[string]bool{}
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			m[word] = true
		}
	}
	return m
}

// anyBefore and anyWithin are met in the news of many languages. All are in lower
// case and without their last point.
const (
	anyBefore = `mr mrs ms dr prof st m mm fr sr jr no nr vs cf fig vol gen col lt sgt capt maj op vgl art ing mag msgr mgr`
	anyWithin = `etc al ca inc ltd corp co a.m p.m u.s u.k e.u u.n d.c b.c a.d ph.d tel ed eds s.a n.v b.v plc bros`
)

var shared = rules{before: fields(anyBefore), within: fields(anyWithin)}

// byLanguage are the rules of the languages that have some of their own.
var byLanguage = func() map[string]*rules {
	m := map[string]*rules{}
	for lang, list := range abbreviations {
		m[lang] = &rules{lang: lang, before: fields(anyBefore, list.before), within: fields(anyWithin, list.within), starts: fields(list.starts)}
	}
	for lang := range fields(`de da nb nn no sv fi et lv cs sk pl hr bs sr sl hu tr is eu lt`) {
		if m[lang] == nil {
			r := shared
			r.lang = lang
			m[lang] = &r
		}
		m[lang].ordinals = lang != "sv" && lang != "pl" && lang != "lt"
	}
	return m
}()

func rulesOf(lang string) *rules {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	if r := byLanguage[lang]; r != nil {
		return r
	}
	r := shared
	r.lang = lang
	return &r
}

// function tells whether a word in lower case is a function word. One letter may
// as well be an initial.
func (r *rules) function(word string) bool {
	return utf8.RuneCountInString(word) > 1 && lexicon.Of(r.lang, word)&lexicon.Stop != 0
}

// endsWithPoint tells whether the sentence ends with the point at byte i, behind
// which next is the first character of the following word.
func (s *splitter) endsWithPoint(i, end int, next rune) bool {
	token := strings.TrimLeft(s.tokenBefore(i), "'’-")
	lower := strings.ToLower(token)
	if at := strings.LastIndexAny(lower, "'’"); at >= 0 {
		_, size := utf8.DecodeRuneInString(lower[at:])
		lower = lower[at+size:] // "l'art. 3"
	}
	first := s.start
	for first < i && isBlank(rune(s.text[first])) {
		first++
	}
	number := digits(token)
	switch {
	case token == "":
		return true
	case first+len(token) == i && (number && len(token) < 4 || utf8.RuneCountInString(token) == 1):
		return false // the number or letter of a point in a list
	case number:
		return !s.ordinal(token, end, next)
	case s.rules.before[lower]:
		return false
	case s.rules.within[lower] || dotted(lower) || abbreviated(token):
		return unicode.IsLetter(next) && s.rules.function(s.wordAt(end))
	}
	return true
}

// ordinal tells whether the point behind a number makes it an ordinal.
func (s *splitter) ordinal(token string, end int, next rune) bool {
	if !s.rules.ordinals || len(token) > 2 {
		return false
	}
	return unicode.IsDigit(next) || !s.rules.function(s.wordAt(end))
}

func digits(token string) bool {
	for i := range len(token) {
		if token[i] < '0' || token[i] > '9' {
			return false
		}
	}
	return token != ""
}

// dotted tells single letters with points between them: "u.s", "z.b".
func dotted(lower string) bool {
	letters := 0
	for _, r := range lower {
		switch {
		case r == '.':
			letters = 0
		case !unicode.IsLetter(r):
			return false
		default:
			if letters++; letters > 2 {
				return false
			}
		}
	}
	return strings.Contains(lower, ".")
}

// abbreviated tells words by their shape: an initial, or a few consonants that
// are not all capitals.
func abbreviated(token string) bool {
	r, size := utf8.DecodeRuneInString(token)
	if size == len(token) {
		return unicode.IsLetter(r) && !unspaced(r)
	}
	if len(token) > 5 || !unicode.IsLetter(r) || r >= 0x250 {
		return false
	}
	capitals, letters := 0, 0
	for _, r := range token {
		if !unicode.IsLetter(r) || strings.ContainsRune("aeiouyäöüåæøéèêáíóúàùâîôûãõœAEIOUYÄÖÜÅÆØÉÈ", r) {
			return false
		}
		letters++
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals < letters && letters <= 4
}

// stopMissing tells whether the space at byte i parts two sentences without a
// stop: behind a word in lower case, a word follows with a capital that is none
// but at the beginning of a sentence.
func (s *splitter) stopMissing(i int) bool {
	if len(s.rules.starts) == 0 || i == 0 || i+1 >= len(s.text) || s.text[i+1] < 'A' || s.text[i+1] > 'Z' {
		return false
	}
	word := s.wordAt(i + 1)
	if !s.rules.starts[word] {
		return false
	}
	before := s.tokenBefore(i)
	r, _ := utf8.DecodeRuneInString(before)
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLower(r) && unicode.IsLower(last) && !s.rules.function(strings.ToLower(before))
}
