package dateline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

// body reads what stands before the separator, piece by piece: places, a country
// or state, a date, an agency, each perhaps in brackets.
type body struct {
	head head

	located  string
	city     place.City
	known    bool
	country  string
	capitals bool // the place is printed in capitals
	enclosed bool // the place is in brackets

	area, unknownArea, remark bool

	date  when.Date
	dated bool

	agency   string
	wire     bool // the agency is one that is known
	reporter bool
}

// Bounds on the words of a place or a person, and on brackets in brackets.
const (
	maxWords = 5
	maxDepth = 1
)

// read takes text to pieces and tells whether each of them belongs to a dateline.
func (b *body) read(text string, depth int) bool {
	for {
		rest, stroke := trimDelimiters(text)
		if rest == "" {
			return b.located != "" || b.agency != "" || b.dated
		}
		n, ok := 0, false
		switch {
		case rest[0] == '(' || rest[0] == '[':
			n, ok = b.readEnclosed(rest, depth)
		case stroke:
			if n, ok = b.readStroked(rest); !ok {
				n, ok = b.readPiece(rest, true)
			}
		default:
			n, ok = b.readPiece(rest, false)
		}
		if !ok {
			return false
		}
		text = rest[n:]
	}
}

// trimDelimiters drops what parts the pieces and tells whether a stroke did.
func trimDelimiters(text string) (rest string, stroke bool) {
	rest = strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",،;/.·|—–-:", r)
	})
	return rest, strings.Contains(text[:len(text)-len(rest)], "/")
}

// readEnclosed reads "(Reuters)", "(7 December 2023)", "(Paris, le 7 décembre)".
func (b *body) readEnclosed(rest string, depth int) (int, bool) {
	end := strings.IndexAny(rest, ")]")
	if end < 0 {
		return 0, false
	}
	inner := strings.TrimSpace(rest[1:end])
	if b.readAgency(inner) || b.readDate(inner) {
		return end + 1, true
	}
	if b.located == "" {
		b.enclosed = true
		return end + 1, depth < maxDepth && b.read(inner, depth+1)
	}
	if b.readArea(inner) {
		return end + 1, true
	}
	// Behind a place and its country, or its date, only the source is left to name.
	if b.agency == "" && (initials(inner) || (b.area || b.dated) && b.name(inner)) {
		b.agency = inner
		return end + 1, true
	}
	// Something else behind a city that is known, such as its district.
	ok := b.known && !b.remark && b.name(inner)
	b.remark = true
	return end + 1, ok
}

// readStroked reads the agency in "/ТАСС/".
func (b *body) readStroked(rest string) (int, bool) {
	end := strings.IndexByte(rest, '/')
	if end < 0 || !b.readAgency(strings.TrimSpace(rest[:end])) {
		return 0, false
	}
	return end + 1, true
}

// readPiece reads the longest piece that rest begins with and that is known, and
// else one unknown name.
func (b *body) readPiece(rest string, stroke bool) (int, bool) {
	ends := boundaries(rest)
	for i := len(ends) - 1; i >= 0; i-- {
		if ends[i].at > maxPiece {
			continue
		}
		piece := trimPiece(rest[:ends[i].at])
		if piece != "" && b.readKnown(piece, stroke) {
			return ends[i].at, true
		}
	}
	for _, end := range ends {
		if end.soft {
			continue
		}
		return end.at, b.readUnknown(trimPiece(rest[:end.at]))
	}
	return 0, false
}

// boundary is where a piece may end; soft ones also stand within names, as in
// "St. Louis", "Frankfurt/Main" and "Aix-en-Provence - Les Milles".
type boundary struct {
	at   int
	soft bool
}

// maxBoundaries bounds the ways in which one piece is tried, maxPiece its bytes.
const maxBoundaries, maxPiece = 8, 96

func boundaries(rest string) []boundary {
	var ends []boundary
	var last rune
	for i, r := range rest {
		switch {
		case i == 0:
		case r == ',' || r == '،' || r == '(' || r == '[' || r == '—' || r == '–':
			ends = append(ends, boundary{i, false})
		case r == '/' || r == '.' || r == ':':
			ends = append(ends, boundary{i, r == '.'})
		case r == '-' && unicode.IsSpace(last):
			ends = append(ends, boundary{i, false})
		case unicode.IsDigit(r) && unicode.IsSpace(last):
			ends = append(ends, boundary{i, false})
		}
		last = r
		if len(ends) == maxBoundaries {
			return ends
		}
	}
	return append(ends, boundary{len(rest), false})
}

// trimPiece drops spaces, quotation marks and a preposition before a date.
func trimPiece(piece string) string {
	piece = strings.Trim(piece, " \u00a0\t\"«»“”،,")
	for _, in := range []string{" في", " le", " em", " el"} {
		piece = strings.TrimSuffix(piece, in)
	}
	piece = strings.TrimRight(piece, " ,،-–—:")
	if strings.Count(piece, ".") == 1 { // but "D.C."
		piece = strings.TrimSuffix(piece, ".")
	}
	return piece
}

func (b *body) readKnown(piece string, stroke bool) bool {
	switch {
	case b.readDate(piece):
		return true
	case b.located == "" && b.readPlace(piece):
		return true
	case b.located != "" && stroke && !b.dated && b.agency == "" && b.readFurther(piece):
		return true
	case b.located != "" && b.readArea(piece):
		return true
	}
	return b.readAgency(piece)
}

func (b *body) readDate(piece string) bool {
	if b.dated || !strings.ContainsFunc(piece, unicode.IsDigit) || utf8.RuneCountInString(piece) > 40 {
		return false
	}
	b.date, b.dated = when.ParseDate(piece, b.head.lang, b.head.published)
	return b.dated
}

func (b *body) readAgency(piece string) bool {
	if b.agency != "" || !knownAgency(piece) {
		return false
	}
	b.agency, b.wire = piece, true
	return true
}

// readPlace takes the story's place: a city, or a country by itself.
func (b *body) readPlace(piece string) bool {
	if !b.name(piece) {
		return false
	}
	city, ok := place.Find(piece)
	country, isCountry := place.Country(piece)
	if !ok && !isCountry {
		return false
	}
	b.located, b.city, b.known, b.country = piece, city, ok, country
	b.capitals = inCapitals(piece)
	if ok {
		b.country = city.Country
	}
	return true
}

// readFurther takes one more city, as in "PARIS/BRUSSELS", or the river that is
// part of a name, as in "Frankfurt/Oder". The first stays the story's place.
func (b *body) readFurther(piece string) bool {
	if _, ok := place.Find(piece); !ok || !b.name(piece) {
		return false
	}
	b.located += "/" + piece
	return true
}

// readArea takes the country or state behind the city and looks the city up there.
func (b *body) readArea(piece string) bool {
	areas := place.Areas(piece)
	if b.area || len(areas) == 0 || !b.name(piece) {
		return false
	}
	b.area = true
	b.city, b.known = place.Find(b.located, areas...)
	if b.country = areas[0].Country; b.known {
		b.country = b.city.Country
	}
	return true
}

// readUnknown takes a name that no list has: a village, a reporter, a region.
func (b *body) readUnknown(piece string) bool {
	if !b.name(piece) {
		return false
	}
	switch {
	case b.located == "" && b.agency == "":
		b.located, b.capitals = piece, inCapitals(piece)
		return true
	case b.wire && !b.reporter && strings.Contains(piece, " "):
		b.reporter = true
		return true
	case b.located != "" && !b.unknownArea && !b.dated && b.agency == "":
		b.unknownArea = true
		return true
	}
	return false
}

// name tells whether piece is written as a name: a few words, the first of which
// begins with a capital where the script has them, without digits.
func (b *body) name(piece string) bool {
	first, _ := utf8.DecodeRuneInString(piece)
	if !unicode.IsLetter(first) || unicode.IsLower(first) && !strings.ContainsAny(piece[:min(len(piece), 3)], "'’-") {
		return false
	}
	capitals, count := 0, 0
	for word := range strings.FieldsSeq(piece) {
		r, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLower(r) {
			capitals++
		}
		count++
	}
	return count <= maxWords && 2*capitals >= count && !strings.ContainsFunc(piece, unicode.IsDigit)
}

// inCapitals tells whether piece is printed in capitals; particles may be small.
func inCapitals(piece string) bool {
	upper, lower := 0, 0
	for _, r := range piece {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > 1 && lower <= upper/3
}
