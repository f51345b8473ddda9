package place

import "github.com/dateline-news/dateline/services/enricher/internal/place/spelling"

// Standing is what the gazetteer knows of a name, without the details.
type Standing struct {
	// Country tells that it names a country or territory.
	Country bool
	// City tells that it names a city.
	City bool
	// Population is that of the most prominent city of the name.
	Population int
}

// StandingOf is a quick look at a name: it allocates nothing but the key.
func StandingOf(name string) Standing { return StandingByKey(spelling.Key(name)) }

// StandingByKey is StandingOf for a name's key.
func StandingByKey(key string) Standing {
	var s Standing
	if key == "" {
		return s
	}
	g := load()
	var buffer [32]int
	if numbers := g.byCity.find(key, buffer[:0]); len(numbers) > 0 {
		s.City, s.Population = true, int(u32(g.cities[numbers[0]*cityBytes+8:]))
	}
	if _, ok := newsNames[key]; ok {
		s.Country = true
	} else {
		s.Country = len(g.byCountry.find(key, buffer[:0])) > 0
	}
	return s
}
