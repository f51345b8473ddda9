package main

import (
	"fmt"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// misnomers are alternate names in GeoNames, by key, under which news never means
// that city but another one, whose own name it is.
var misnomers = map[string]string{
	"caxias": "Duque de Caxias", "frisco": "San Francisco", "kudus": "Jerusalem", "kuznetsk": "Novokuznetsk",
	"new delhi": "Delhi", "petropolis": "Saint Petersburg", "puno": "Pune", "pyinmana": "Nay Pyi Taw",
	"san miguel": "San Diego", "thai nguyen": "Taiyuan", "victoria": "Hong Kong", "waterloo": "Austin",
}

// addition is a name in the news that GeoNames does not list for its city.
type addition struct{ country, city, name string }

var additions = []addition{
	{"US", "Washington, D.C.", "华盛顿"},
	{"US", "Washington, D.C.", "華盛頓"},
	{"US", "Washington, D.C.", "Washington DC"},
	{"US", "New York City", "紐約"},
	{"IL", "Jerusalem", "Al-Qods"},
	{"IL", "Jerusalem", "Jérusalem-Est"},
	{"IL", "Jerusalem", "East Jerusalem"},
	{"PS", "Dayr al Balaḩ", "Deir al-Balah"},
	{"PS", "Dayr al Balaḩ", "Deir el-Balah"},
	{"PS", "Khān Yūnis", "Khan Younis"},
	{"PS", "Khān Yūnis", "Khan Younès"},
	{"PS", "Jabālyā", "Jabaliya"},
	{"PS", "Rafaḩ", "Rafah"},
	{"UA", "Odessa", "Odesa"},
	{"KZ", "Nur-Sultan", "Astana"},
	{"KZ", "Nur-Sultan", "Астана"},
	{"MM", "Nay Pyi Taw", "Naypyidaw"},
	{"SA", "Riyadh", "Riad"},
	{"DE", "Frankfurt am Main", "Frankfurt a. M."},
	{"DE", "Halle (Saale)", "Halle"},
}

// correct applies misnomers and additions. It fails where the table no longer
// holds the city, so that the lists stay true.
func correct(cities []city, names claims) error {
	for key, wrong := range misnomers {
		for id := range names[key] {
			if cities[id].name == wrong {
				delete(names[key], id)
			}
		}
	}
next:
	for _, a := range additions {
		for id, c := range cities {
			if c.country == a.country && spelling.Key(c.name) == spelling.Key(a.city) {
				names.add(a.name, id, ownName)
				continue next
			}
		}
		return fmt.Errorf("adding %q: no city %s in %s", a.name, a.city, a.country)
	}
	return nil
}
