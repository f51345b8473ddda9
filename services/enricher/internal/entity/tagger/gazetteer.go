package tagger

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// Codes of gazetteer matches; a match's later tokens have the code plus gazInside.
const (
	gazCountry = 1 + iota
	gazBig
	gazCity
	gazSmall
	gazRegion
	gazArea
	gazInside = 8 // a bit of its own
)

// maxPlaceWords bounds the words of a place's name, maxPlaceCharacters its
// characters where they stand alone.
const (
	maxPlaceWords      = 4
	maxPlaceCharacters = 8
)

// byCharacter tells whether the token is one character of a script that does not
// part words.
func (d *Document) byCharacter(t *Token) bool {
	return t.shape == han || t.shape == uncased && (d.Lang == "ja" || d.Lang == "zh")
}

// gazetteer marks the longest place names.
func (d *Document) gazetteer() {
	seen := d.places
	var key []byte
	for i := 0; i < len(d.Tokens); {
		t := &d.Tokens[i]
		limit, whole := maxPlaceWords, d.byCharacter(t)
		switch {
		case whole:
			limit = maxPlaceCharacters
		case !t.shape.big() && t.shape != uncased:
			limit = 0
		}
		next := i + 1
		for n := d.reach(i, limit); n > 0; n-- {
			if last := d.Tokens[i+n-1].shape; !last.big() && last != uncased && last != han {
				continue
			}
			key = key[:0]
			for k := i; k < i+n; k++ {
				if k > i && !whole {
					key = append(key, ' ')
				}
				key = append(key, d.Tokens[k].bare()...)
			}
			code, ok := seen[string(key)]
			if !ok {
				code = d.placeCode(string(key), n)
				seen[string(key)] = code
			}
			if code == 0 {
				continue
			}
			for k := i; k < i+n; k++ {
				d.Tokens[k].gaz = code
				if k > i {
					d.Tokens[k].gaz = code + gazInside
				}
			}
			next = i + n
			break
		}
		i = next
	}
}

// reach is how many tokens from i on may be one place's name, which ends in a
// capital.
func (d *Document) reach(i, limit int) int {
	best := 0
	for k := i; k < len(d.Tokens) && k-i < limit && (k == i || !d.Tokens[k].first); k++ {
		t := &d.Tokens[k]
		switch {
		case t.shape == punctuation && t.Text != "-" || t.shape == number:
			return best
		case t.shape.big() || t.shape == uncased || t.shape == han:
			best = k - i + 1
		case len(t.Text) > 5:
			return best
		}
	}
	return best
}

// placeCode tells what place a name of n words names, as printed or without a case
// ending.
func (d *Document) placeCode(name string, n int) uint8 {
	code := nominativeCode(name, n)
	if code == 0 && families[d.Lang] != "" {
		Nominatives(d.Lang, name, func(form string) bool {
			code = nominativeCode(form, n)
			return code != 0 && code != gazSmall
		})
		if code == gazSmall {
			code = 0
		}
	}
	return code
}

func nominativeCode(name string, n int) uint8 {
	if len(name) < 3 || len(name) > 60 || n == 1 && len(name) < 6 && name[0] >= 0xE3 { // one character
		return 0
	}
	if n == 1 && len(name) <= 3 && strings.ToUpper(name) == name && name != "USA" && name != "UK" {
		return 0
	}
	key := spelling.Key(name)
	s := place.StandingByKey(key)
	switch {
	case s.Country:
		return gazCountry
	case regionKeys()[key]:
		return gazRegion
	case !s.City && areaKeys()[key]:
		return gazArea
	case !s.City:
		return 0
	case s.Population >= 500_000:
		return gazBig
	case s.Population >= 60_000:
		return gazCity
	case areaKeys()[key]:
		return gazArea
	}
	return gazSmall
}

// Places gives the names of places that the gazetteer knows: countries, regions
// and cities of some size. It is for scripts without capitals; elsewhere Tag
// weighs them against the rest.
func (d *Document) Places() []Span {
	var spans []Span
	for i := 0; i < len(d.Tokens); i++ {
		code := d.Tokens[i].gaz
		if code == 0 || code > gazInside || code == gazSmall {
			continue
		}
		if t := &d.Tokens[i]; code != gazCountry && code != gazRegion && t.shape != han && t.class&lexicon.People != 0 {
			continue
		}
		s := Span{First: i, Last: i + 1, Kind: Place, Confidence: 0.8}
		for s.Last < len(d.Tokens) && d.Tokens[s.Last].gaz == code+gazInside {
			s.Last++
		}
		if code == gazCity {
			s.Confidence = 0.6
		}
		spans = append(spans, s)
		i = s.Last - 1
	}
	return spans
}

// Country gives the tokens around i that the gazetteer knows as one country or
// region of the world.
func (d *Document) Country(i int) (first, last int, ok bool) {
	code := d.Tokens[i].gaz &^ gazInside
	if code != gazCountry && code != gazRegion {
		return 0, 0, false
	}
	for first = i; first > 0 && d.Tokens[first].gaz == code+gazInside; first-- {
	}
	for last = i + 1; last < len(d.Tokens) && d.Tokens[last].gaz == code+gazInside; last++ {
	}
	return first, last, true
}

// City tells whether the gazetteer knows tokens [first, last) as a city.
func (d *Document) City(first, last int) bool {
	code := d.Tokens[first].gaz
	if code != gazBig && code != gazCity && code != gazSmall {
		return false
	}
	for k := first + 1; k < last; k++ {
		if d.Tokens[k].gaz != code+gazInside {
			return false
		}
	}
	return last == len(d.Tokens) || d.Tokens[last].gaz != code+gazInside
}

// Notable gives the names of countries, regions of the world and large cities that
// the gazetteer knows and that are no names of people or common words.
func (d *Document) Notable() []Span {
	var spans []Span
	for _, s := range d.Places() {
		t := &d.Tokens[s.First]
		if code := t.gaz; code != gazCountry && code != gazRegion && code != gazBig {
			continue
		}
		if s.Last-s.First == 1 && t.class&(lexicon.Stop|lexicon.Body|lexicon.Title) != 0 {
			continue
		}
		if t.class&lexicon.Given != 0 && (d.bigAt(s.First-1) || d.bigAt(s.Last)) {
			continue // "Jordan" is a country only if no name goes on beside it
		}
		if t.shape.big() || s.Last-s.First > 1 {
			spans = append(spans, s)
		}
	}
	return spans
}

func (d *Document) bigAt(i int) bool {
	return i >= 0 && i < len(d.Tokens) && d.Tokens[i].shape.big()
}

// Placed tells whether the gazetteer knows token i as part of a place's name.
func (d *Document) Placed(i int) bool { return d.Tokens[i].gaz != 0 }
