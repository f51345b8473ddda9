package main

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// minPopulation is the smallest city that is kept; capitals are kept whatever
// their size. Below it, names of cities are too often ordinary words.
const minPopulation = 15_000

// minAlternates is the smallest city, other than a capital, whose alternate names
// are kept: they are most of the table, and nobody has an exonym for a small town.
const minAlternates = 35_000

// city is one row of the GeoNames table.
type city struct {
	name, ascii     string
	alternates      []string
	lat, lon        float64
	country, region string
	population      int
	capital         bool
	zone            string
}

// Columns of the GeoNames table, after its readme.
const (
	colName, colASCII, colAlternates = 1, 2, 3
	colLat, colLon                   = 4, 5
	colFeature, colCountry, colAdmin = 7, 8, 10
	colPopulation, colZone           = 14, 17
	columns                          = 19
)

// canadian translates the GeoNames codes of Canada's provinces to postal codes.
var canadian = map[string]string{
	"01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON",
	"09": "PE", "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}

func readCities(table []byte) ([]city, error) {
	var all []city
	for line := range bytes.Lines(table) {
		f := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if len(f) != columns {
			return nil, fmt.Errorf("reading cities: %d columns in %q", len(f), line)
		}
		c := city{
			name: f[colName], ascii: f[colASCII], country: f[colCountry],
			capital: f[colFeature] == "PPLC", zone: f[colZone],
			alternates: strings.Split(f[colAlternates], ","),
		}
		c.population, _ = strconv.Atoi(f[colPopulation])
		// PPLX is a part of a city: news is located in the whole.
		if c.population < minPopulation && !c.capital || f[colFeature] == "PPLX" {
			continue
		}
		var err error
		if c.lat, err = strconv.ParseFloat(f[colLat], 64); err != nil {
			return nil, fmt.Errorf("reading cities: %w", err)
		}
		if c.lon, err = strconv.ParseFloat(f[colLon], 64); err != nil {
			return nil, fmt.Errorf("reading cities: %w", err)
		}
		switch c.country {
		case "US":
			c.region = f[colAdmin]
		case "CA":
			c.region = canadian[f[colAdmin]]
		}
		all = append(all, c)
	}
	// The most prominent first, so that lists of small numbers are short.
	sort.SliceStable(all, func(i, j int) bool { return all[i].prominence() > all[j].prominence() })
	return all, nil
}

// prominence orders cities of one name: inhabitants, where a capital counts for
// three times its size, since much of a country's news comes from there.
func (c city) prominence() int {
	if c.capital {
		return 3*c.population + 1
	}
	return c.population
}

// Weights of a city's claim to a name: its own name, or one that CLDR gives it,
// against one of the many alternate names in GeoNames, which hold old names,
// nicknames and mistakes.
const (
	ownName       = 5
	alternateName = 1
)

// claims maps the keys of names to the cities that claim them, with the weight.
type claims map[string]map[int]int

func (c claims) add(name string, id, weight int) {
	key := spelling.Key(name)
	if utf8.RuneCountInString(key) < 2 || len(key) > 60 {
		return
	}
	if c[key] == nil {
		c[key] = map[int]int{}
	}
	c[key][id] = max(c[key][id], weight)
}

func claimNames(cities []city) claims {
	names := claims{}
	for id, c := range cities {
		names.add(c.name, id, ownName)
		names.add(c.ascii, id, ownName)
		for _, a := range c.alternates {
			if c.population < minAlternates && !c.capital {
				break
			}
			if usableAlternate(a) {
				names.add(a, id, alternateName)
			}
		}
	}
	return names
}

// usableAlternate leaves out what no news text prints: machine transliterations
// (which begin with a small letter), airport codes, and single letters.
func usableAlternate(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	if unicode.IsLower(first) && unicode.Is(unicode.Latin, first) {
		return false
	}
	if len(name) == 3 && strings.ToUpper(name) == name && name[0] < utf8.RuneSelf {
		return false
	}
	return true
}

// zones is the part of CLDR's timeZoneNames.json that names cities; it is nested
// as deep as the zone's name has parts.
type zones struct {
	Dates struct {
		TimeZoneNames struct {
			Zone map[string]any
		}
	}
}

// claimExemplars adds the names that CLDR gives, in all its languages, to the
// city that stands for a time zone: most capitals and some other large cities.
func claimExemplars(a archive, cities []city, names claims) error {
	exemplars := map[string]map[string]bool{} // zone -> names
	err := locales(a, "timeZoneNames.json", func(_ string, z zones) {
		walkZones("", z.Dates.TimeZoneNames.Zone, func(zone, name string) {
			if exemplars[zone] == nil {
				exemplars[zone] = map[string]bool{}
			}
			exemplars[zone][name] = true
		})
	})
	if err != nil {
		return err
	}
	for zone, set := range exemplars {
		id, ok := cityOfZone(zone, cities)
		if !ok {
			continue
		}
		for name := range set {
			names.add(name, id, ownName)
		}
	}
	return nil
}

func walkZones(path string, node map[string]any, visit func(zone, name string)) {
	if name, ok := node["exemplarCity"].(string); ok {
		visit(path, name)
	}
	for part, child := range node {
		if m, ok := child.(map[string]any); ok {
			walkZones(strings.TrimPrefix(path+"/"+part, "/"), m, visit)
		}
	}
}

// renamed maps CLDR's zone names to those of the time zone database, where the
// city has changed its name since.
var renamed = map[string]string{
	"Calcutta": "Kolkata", "Saigon": "Ho Chi Minh City", "Katmandu": "Kathmandu", "Rangoon": "Yangon",
	"Kiev": "Kyiv", "Godthab": "Nuuk", "Asmera": "Asmara", "Asuncion": "Asunción",
}

func cityOfZone(zone string, cities []city) (int, bool) {
	tail := strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
	if now, ok := renamed[tail]; ok {
		tail = now
	}
	key := spelling.Key(tail)
	fallback := -1
	for id, c := range cities { // the most prominent first
		if spelling.Key(c.name) != key && spelling.Key(c.ascii) != key {
			continue
		}
		if c.zone == zone {
			return id, true
		}
		if fallback < 0 && (c.capital || c.population > 500_000) {
			fallback = id
		}
	}
	return fallback, fallback >= 0
}
