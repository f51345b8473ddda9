package entity

import (
	"cmp"
	"math"
	"slices"
	"strings"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/place"
	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// location is where a place is, or the country of another entity.
type location struct {
	country  string
	lat, lon float64
	located  bool
}

// maxCities bounds the cities of one name that are weighed.
const maxCities = 24

// What speaks for a country, added to the natural logarithm of a city's
// inhabitants: they outweigh a city 50 times as large, and so on.
const (
	datelineWeight = 4.0
	namedWeight    = 3.0
	languageWeight = 0.7
)

// locate looks the places up, and says whose country is sure.
func (s *reading) locate() {
	weights := s.countries()
	for i := range s.entities {
		e := &s.entities[i]
		switch e.kind {
		case tagger.Place:
			s.placed(e, weights)
		case tagger.Organisation:
			e.place.country = s.countryWithin(e.name)
		case tagger.Person:
			e.place.country = s.countryWithin(e.role)
		}
	}
	s.joinPlaces()
}

// countries weighs the countries that the article is about.
func (s *reading) countries() map[string]float64 {
	weights := map[string]float64{}
	for _, code := range languageCountries[s.Lang] {
		weights[code] = languageWeight
	}
	for i := range s.entities {
		e := &s.entities[i]
		if e.kind != tagger.Place {
			continue
		}
		if code, ok := s.country(&s.mentions[e.mentions[0]]); ok {
			weights[code] = namedWeight
		} else if cities := s.cities(e); len(cities) == 1 || len(cities) > 1 && cities[0].Population > 20*cities[1].Population && cities[0].Population > 300_000 {
			weights[cities[0].Country] = namedWeight
		}
	}
	if code := s.Dateline.GetCountryCode(); code != "" {
		weights[code] = datelineWeight
	}
	return weights
}

// cities are those that an entity's name may mean.
func (s *reading) cities(e *entity) []place.City {
	cities := place.Cities(e.name)
	if len(cities) == 0 {
		tagger.Nominatives(s.Lang, strings.ToLower(e.name), func(form string) bool {
			cities = place.Cities(form)
			return len(cities) > 0
		})
	}
	return cities[:min(len(cities), maxCities)]
}

// placed looks a place up. A country goes before a city of its name, unless the
// dateline says that the city is meant.
func (s *reading) placed(e *entity, weights map[string]float64) {
	d := s.Dateline
	if d.GetLocated() == e.name && d.GetCountryCode() != "" {
		e.place = location{country: d.GetCountryCode(), lat: d.GetLat(), lon: d.GetLon(), located: d.GetLocatedKnown()}
		return
	}
	if code, ok := s.country(&s.mentions[e.mentions[0]]); ok {
		e.place.country = code
		return
	}
	if tagger.IsRegion(e.name) {
		e.place.country = areaCountry(e.name)
		return
	}
	best, score := -1, math.Inf(-1)
	cities := s.cities(e)
	for i, c := range cities {
		v := math.Log(float64(c.Population)+1) + weights[c.Country] - float64(i)*0.01
		if v > score {
			best, score = i, v
		}
	}
	if best >= 0 {
		c := cities[best]
		e.place = location{country: c.Country, lat: c.Lat, lon: c.Lon, located: true}
		return
	}
	e.place.country = areaCountry(e.name)
}

// areaCountry is the country of the part of a country that a name names.
func areaCountry(name string) string {
	for _, area := range place.Areas(name) {
		return area.Country
	}
	return ""
}

// maxOffice bounds the words of an office or a name that are searched for a
// country.
const maxOffice = 40

// countryWithin is the one country that the words of a name or an office name, or
// empty if there is none, or two.
func (s *reading) countryWithin(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '\u00a0' || r == '\'' || r == '’' || r == ',' || r == '(' || r == ')'
	})
	found := ""
	for i := 0; i < min(len(words), maxOffice); i++ {
		for n := min(3, len(words)-i); n > 0; n-- {
			name := strings.Join(words[i:i+n], " ")
			if !hasUpper(name[:1]) && name[0] < 0x80 || len(name) < 4 {
				continue
			}
			code, ok := s.countryOf(name)
			if !ok {
				continue
			}
			if found != "" && found != code {
				return ""
			}
			found = code
			i += n - 1
			break
		}
	}
	return found
}

// joinPlaces joins the entities that turn out to be one city under two names.
func (s *reading) joinPlaces() {
	seen := map[location]int{}
	into := make([]int, len(s.entities))
	kept := s.entities[:0]
	for i := range s.entities {
		e := s.entities[i]
		if first, ok := seen[e.place]; ok && e.place.located && e.kind == tagger.Place && alike(e.name, kept[first].name) {
			into[i] = first
			k := &kept[first]
			k.mentions = append(k.mentions, e.mentions...)
			slices.Sort(k.mentions)
			if e.name != k.name && !slices.Contains(k.aliases, e.name) && len(k.aliases) < maxAliases {
				k.aliases = append(k.aliases, e.name)
			}
			k.confidence = max(k.confidence, e.confidence)
			continue
		}
		into[i] = len(kept)
		if e.place.located && e.kind == tagger.Place {
			seen[e.place] = len(kept)
		}
		kept = append(kept, e)
	}
	s.entities = kept
	for i := range s.mentions {
		s.mentions[i].entity = into[s.mentions[i].entity]
	}
}

// alike tells whether two names of one city may be spellings of each other: old
// names in the gazetteer are often those of a province.
func alike(a, b string) bool {
	a, b = spelling.Key(a), spelling.Key(b)
	const letters = 3
	return len(a) >= letters && len(b) >= letters && a[:letters] == b[:letters]
}

// maxPlaces bounds the places of a story.
const maxPlaces = 50

// places are the places that the story is about, the weightiest first: those that
// are named often, early, in the dateline and in the headline.
func (s *reading) places(entities []*datelinev1.Entity) []*datelinev1.Place {
	type weighed struct {
		entity int
		weight float64
	}
	var list []weighed
	for i := range entities {
		e := &s.entities[i]
		if e.kind != tagger.Place {
			continue
		}
		w := float64(len(e.mentions))
		if e.name == s.Dateline.GetLocated() {
			w += 2
		}
		if s.Headline != "" && strings.Contains(s.Headline, e.name) {
			w += 2
		}
		w += 1 - float64(s.mentions[e.mentions[0]].first)/float64(len(s.pieces)+1)
		list = append(list, weighed{i, w})
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(b.weight, a.weight) })
	var places []*datelinev1.Place
	for _, l := range list[:min(len(list), maxPlaces)] {
		e, m := &s.entities[l.entity], entities[l.entity]
		places = append(places, &datelinev1.Place{
			Name: e.name, CountryCode: e.place.country, Lat: e.place.lat, Lon: e.place.lon,
			Confidence: e.confidence, Span: m.GetMentions()[0].GetSpan(), EntityId: m.GetId(),
		})
	}
	return places
}

// languageCountries are the countries whose news a language mostly is.
var languageCountries = map[string][]string{
	"de": {"DE", "AT", "CH"}, "fr": {"FR", "BE", "CH", "CA"}, "es": {"ES", "MX", "AR", "CO"}, "it": {"IT"}, "pt": {"BR", "PT"},
	"nl": {"NL", "BE"}, "pl": {"PL"}, "ru": {"RU"}, "uk": {"UA"}, "da": {"DK"}, "sv": {"SE"}, "nb": {"NO"}, "no": {"NO"},
	"nn": {"NO"}, "fi": {"FI"}, "hr": {"HR"}, "sr": {"RS"}, "hu": {"HU"}, "ro": {"RO"}, "cs": {"CZ"}, "sk": {"SK"}, "el": {"GR"},
	"tr": {"TR"}, "zh": {"CN", "TW"}, "ja": {"JP"}, "ko": {"KR"}, "he": {"IL"}, "hi": {"IN"}, "id": {"ID"}, "vi": {"VN"},
	"ar": {"EG", "SA", "AE"}, "en": {"US", "GB"},
}
