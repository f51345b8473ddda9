// Package place is a gazetteer: it tells where the world's cities are and which
// country a name means, in the names that news of many languages uses.
//
// Cities have at least 15,000 inhabitants or are capitals; their names and
// positions are those of GeoNames (CC BY 4.0), the countries' names and further
// names of large cities those of Unicode CLDR (Unicode licence v3). Names are
// compared without regard to case, diacritics, hyphens and apostrophes.
package place

import "github.com/dateline-news/dateline/services/enricher/internal/place/spelling"

// City is a populated place.
type City struct {
	// Name is the name that GeoNames leads with, mostly the English one.
	Name string
	// Country is an ISO 3166-1 alpha-2 code.
	Country string
	// Region is the postal code of the state or province, for the United States
	// and Canada only.
	Region string
	// Lat and Lon are degrees north and east.
	Lat, Lon float64
	// Population is the number of inhabitants; 0 if unknown.
	Population int
}

// Cities returns the cities that go by name, the most prominent first: by
// inhabitants, where capitals, and cities whose own name it is, come before
// others.
func Cities(name string) []City {
	g := load()
	var buffer [16]int
	numbers := g.byCity.find(spelling.Key(name), buffer[:0])
	if len(numbers) == 0 {
		return nil
	}
	cities := make([]City, len(numbers))
	for i, n := range numbers {
		cities[i] = g.city(n)
	}
	return cities
}

// Within says where a city is looked for. Empty parts do not restrict.
type Within struct {
	// Country is an ISO 3166-1 alpha-2 code.
	Country string
	// Region is the postal code of a state or province.
	Region string
}

// Find returns the most prominent city of that name in one of the areas, or
// anywhere if none is given.
func Find(name string, areas ...Within) (City, bool) {
	for _, c := range Cities(name) {
		if len(areas) == 0 {
			return c, true
		}
		for _, in := range areas {
			if (in.Country == "" || c.Country == in.Country) && (in.Region == "" || c.Region == in.Region) {
				return c, true
			}
		}
	}
	return City{}, false
}

// Country returns the ISO 3166-1 alpha-2 code of the country that goes by name in
// any language. Where several do, it is the one that most languages mean.
func Country(name string) (code string, ok bool) {
	key := spelling.Key(name)
	if code, ok := newsNames[key]; ok {
		return code, true
	}
	g := load()
	var buffer [8]int
	numbers := g.byCountry.find(key, buffer[:0])
	if len(numbers) == 0 {
		return "", false
	}
	return g.codes[2*numbers[0] : 2*numbers[0]+2], true
}

// Areas returns what name may mean when it stands behind a city: a country, a
// state or province of North America ("Ga.", "Ontario"), or either ("Georgia").
func Areas(name string) []Within {
	var areas []Within
	if code, ok := Country(name); ok {
		areas = append(areas, Within{Country: code})
	}
	if w, ok := regions[spelling.Key(name)]; ok {
		areas = append(areas, w)
	}
	return areas
}
