package main

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// territories is the part of CLDR's territories.json that names countries.
type territories struct {
	LocaleDisplayNames struct {
		Territories map[string]string
	}
}

// notCountries are two-letter codes in CLDR that are no territory of ISO 3166.
var notCountries = map[string]bool{
	"EU": true, "EZ": true, "UN": true, "XA": true, "XB": true, "ZZ": true, "QO": true,
}

// claimCountries maps the keys of the countries' names in all languages to codes,
// each with the number of locales that use the name for it.
func claimCountries(a archive) (map[string]map[string]int, error) {
	names := map[string]map[string]int{}
	err := locales(a, "territories.json", func(_ string, t territories) {
		for code, name := range t.LocaleDisplayNames.Territories {
			code, _, _ = strings.Cut(code, "-alt-")
			if len(code) != 2 || code[0] < 'A' || notCountries[code] || name == code {
				continue
			}
			// "Myanmar (Burma)" is two names.
			for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("()（）[]", r) }) {
				key := spelling.Key(part)
				if utf8.RuneCountInString(key) < 2 {
					continue
				}
				if names[key] == nil {
					names[key] = map[string]int{}
				}
				names[key][code]++
			}
		}
	})
	return names, err
}

// ranked returns the codes that claim one name, the most usual first.
func ranked(codes map[string]int) []string {
	list := make([]string, 0, len(codes))
	for code := range codes {
		list = append(list, code)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if codes[a] != codes[b] {
			return codes[a] > codes[b]
		}
		return a < b
	})
	return list
}
