package dateline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/place"
)

// western finds the last separator up to which the head reads as a dateline and
// as nothing else: "(ANSA) - ROMA, 07 DIC - …" has two.
func (h head) western() (found, bool) {
	best, ok := found{}, false
	for _, s := range h.separators() {
		b := body{head: h}
		if !b.read(h.text[:s.start], 0) {
			continue
		}
		if f, accepted := b.judge(s, h.text[s.end:]); accepted {
			f.end = s.end
			best, ok = f, true
		}
	}
	return best, ok
}

// separator is a sign that may end a dateline.
type separator struct {
	start, end int // bytes of head.text
	kind       separatorKind
}

type separatorKind int

const (
	dash    separatorKind = iota // "—", "–", "--", ".-"
	hyphen                       // " - ", "- "
	colon                        // ":"
	stop                         // "."
	bracket                      // the end of "[Nairobi]"
	closing                      // the end of "(PAP)" or "/TASS/" with nothing behind it
	line                         // the end of the line
)

func (h head) separators() []separator {
	var list []separator
	point := 0
	for i, r := range h.text {
		if point++; point > maxDateline {
			break
		}
		if i == 0 {
			continue
		}
		end := i + utf8.RuneLen(r)
		before, after := h.text[i-1], byte(' ')
		if end < len(h.text) {
			after = h.text[end]
		}
		switch {
		case r == '—' || r == '–' || r == '―' || r == '−':
			list = append(list, separator{i, end, dash})
		case r == '-' && after == '-':
			list = append(list, separator{i, end + 1, dash})
		case r == '-' && before == '-':
		case r == '-' && (before == '.' || before == ')' || before == ']'):
			list = append(list, separator{i, end, dash})
		case r == '-' && (after == ' ' || strings.HasPrefix(h.text[end:], "\u00a0")):
			list = append(list, separator{i, end, hyphen})
		case r == ':' && after == ' ':
			list = append(list, separator{i, end, colon})
		case r == '.' && after == ' ':
			list = append(list, separator{i, end, stop})
		case r == ']' && h.text[0] == '[':
			list = append(list, separator{end, end, bracket})
		case (r == ')' || r == '/') && after == ' ':
			list = append(list, separator{end, end, closing})
		}
	}
	if point <= maxDateline && h.more {
		list = append(list, separator{len(h.text), len(h.text), line})
	}
	return list
}

// minStory is how many code points of the first line must follow a dateline that
// is a place and nothing else; with less it is a label or a result.
const minStory = 40

// minBareCity is the smallest city, in inhabitants, that makes a dateline by
// itself where it is not in capitals.
const minBareCity = 50_000

// judge decides whether what was read is a dateline, by what it holds and what
// follows.
func (b *body) judge(s separator, after string) (found, bool) {
	f := found{located: b.located, city: b.city, known: b.known, country: b.country, date: b.date, agency: b.agency}
	dashed := s.kind == dash || s.kind == hyphen
	switch {
	case s.kind == closing || s.kind == line:
		f.confidence = 0.85
		return f, b.known && b.ends(s.kind) && (after == "" || opensSentence(after))
	case b.located == "":
		f.confidence = 0.8
		return f, dashed && (b.wire || b.dated && b.date.Year != 0 && opensSentence(after))
	case b.agency == "" && !b.dated && (b.unknownArea || !b.area):
		f.confidence = 0.85
		return f, b.known && !b.unknownArea && b.bare(s, after)
	case b.known:
		f.confidence = 0.97
		// A stop or a colon also ends sentences; a country behind the city is not enough.
		return f, dashed || s.kind == bracket || b.agency != "" || b.dated && b.capitals
	}
	f.confidence = 0.75
	plausible := b.capitals || b.dated || !strings.Contains(b.located, " ")
	return f, plausible && (b.wire || b.capitals && b.dated) && s.kind != colon
}

// ends tells whether what was read is a dateline without any separator.
func (b *body) ends(kind separatorKind) bool {
	return b.wire || kind == line && b.dated
}

// bare decides about a city without date, agency or country.
func (b *body) bare(s separator, after string) bool {
	if strings.TrimSpace(after) == "" {
		return b.capitals && b.head.more && s.kind == dash
	}
	if utf8.RuneCountInString(after) < minStory || !opensSentence(after) {
		return false
	}
	if s.kind == colon || s.kind == stop && !runIn[b.head.lang] {
		return false
	}
	if b.capitals || s.kind == bracket || b.enclosed {
		return true
	}
	return b.city.Population >= minBareCity && !words[strings.ToLower(b.located)] && !leadsToCity(after)
}

// leadsToCity tells whether text begins with another city as in "Paris - Roubaix:"
// and "Lyon – Marseille (2-1)", where the dash joins.
func leadsToCity(text string) bool {
	end := strings.IndexAny(text, ":,;(")
	if end < 0 || end > 40 {
		return false
	}
	_, ok := place.Find(text[:end])
	return ok
}

// runIn are the languages whose papers set the place with a full stop into the
// first line: "Berlin. Der Bundestag …".
var runIn = map[string]bool{"de": true, "ru": true, "uk": true}

// words are cities that, not in capitals, are rather a word or a person's name.
var words = map[string]bool{
	"nice": true, "reading": true, "mobile": true, "bath": true, "orange": true, "split": true, "tours": true,
	"male": true, "essen": true, "hof": true, "victoria": true, "florence": true, "sydney": true, "charlotte": true,
	"jackson": true, "lincoln": true, "madison": true, "orlando": true, "hull": true, "of": true, "sale": true,
	"bar": true, "same": true, "most": true, "man": true, "university": true, "lage": true, "werder": true, "mission": true,
}

// opensSentence tells whether text can be the beginning of a sentence.
func opensSentence(text string) bool {
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune(`"“„«»‘'(¿¡`, r):
		case unicode.IsLetter(r):
			return !unicode.IsLower(r)
		default:
			return unicode.IsDigit(r)
		}
	}
	return false
}
