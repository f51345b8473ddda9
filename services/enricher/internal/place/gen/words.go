package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// lexicon holds one language's words: key to forms.
type lexicon map[string]map[string]bool

func (l lexicon) add(key, form string) {
	form = strings.TrimSpace(norm.NFC.String(form))
	form = strings.NewReplacer("’", "'", "ʼ", "'", "\u00a0", " ", "\u202f", " ", "\t", " ", "\u200f", "", "\u200e", "").Replace(form)
	if form == "" || strings.ContainsRune(form, '|') {
		return
	}
	if l[key] == nil {
		l[key] = map[string]bool{}
	}
	l[key][form] = true
}

// widths are the forms of a name that CLDR keeps apart.
type widths struct{ Abbreviated, Wide map[string]string }

// gregorian is the part of CLDR's ca-gregorian.json that names months and days.
type gregorian struct {
	Dates struct {
		Calendars struct {
			Gregorian struct {
				Months, Days struct {
					Format     widths
					StandAlone widths `json:"stand-alone"`
				}
			}
		}
	}
}

// dateFields is CLDR's dateFields.json: relative days, weeks, months and years.
type dateFields struct {
	Dates struct{ Fields map[string]map[string]any }
}

// units is the part of CLDR's units.json that counts time.
type units struct {
	Units struct{ Long map[string]map[string]any }
}

// timeWords builds the table that package when embeds: for each language a line
// "[fr]", then lines of a key, a tab, and the forms parted by "|":
//
//	M1–M12, m1–m12  months in full and abbreviated; W1–W7 weekdays, Monday first
//	D-2 … D2        relative days; Y, O, K and -1, 0, 1: years, months, weeks
//	L, T, N 1–7     last, this and next weekday
//	A, I, U + D K O Y  "{0} days ago", "in {0} days", "{0} days"; S "per day"
func timeWords(packages string) ([]byte, error) {
	dates, err := cldrDates.open(packages, func(path string) bool {
		return cldrFile("ca-gregorian.json")(path) || cldrFile("dateFields.json")(path)
	})
	if err != nil {
		return nil, err
	}
	counts, err := cldrUnits.open(packages, cldrFile("units.json"))
	if err != nil {
		return nil, err
	}
	all := map[string]lexicon{}
	of := func(locale string) lexicon {
		language, rest, _ := strings.Cut(locale, "-")
		if strings.HasPrefix(rest, "Dsrt") || strings.HasPrefix(rest, "Shaw") {
			language = "invented scripts"
		}
		if all[language] == nil {
			all[language] = lexicon{}
		}
		return all[language]
	}
	err = locales(dates, "ca-gregorian.json", func(locale string, g gregorian) { addNames(of(locale), g) })
	if err != nil {
		return nil, err
	}
	err = locales(dates, "dateFields.json", func(locale string, f dateFields) { addFields(of(locale), f) })
	if err != nil {
		return nil, err
	}
	err = locales(counts, "units.json", func(locale string, u units) { addUnits(of(locale), u) })
	if err != nil {
		return nil, err
	}
	return formatWords(all), nil
}

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func addNames(l lexicon, g gregorian) {
	months, days := g.Dates.Calendars.Gregorian.Months, g.Dates.Calendars.Gregorian.Days
	for n := 1; n <= 12; n++ {
		k := fmt.Sprint(n)
		for _, w := range []widths{months.Format, months.StandAlone} {
			l.add("M"+k, w.Wide[k])
			l.add("m"+k, strings.TrimRight(w.Abbreviated[k], "."))
		}
	}
	for i, day := range weekdays {
		for _, w := range []widths{days.Format, days.StandAlone} {
			l.add(fmt.Sprintf("W%d", i+1), w.Wide[day])
		}
	}
}

// periods are CLDR's names of the units of time and the letters used here.
var periods = map[string]string{"day": "D", "week": "K", "month": "O", "year": "Y"}

func addFields(l lexicon, f dateFields) {
	relative := func(field, prefix string, from, to int) {
		for n := from; n <= to; n++ {
			if s, ok := f.Dates.Fields[field][fmt.Sprintf("relative-type-%d", n)].(string); ok && !strings.Contains(s, ".") {
				l.add(fmt.Sprintf("%s%d", prefix, n), s)
			}
		}
	}
	for name, letter := range periods {
		relative(name, letter, -2, 2)
		if name == "year" { // such as "l'an dernier", beside "l'année dernière"
			relative(name+"-short", letter, -2, 2)
		}
		for tense, prefix := range map[string]string{"past": "A", "future": "I"} {
			patterns, _ := f.Dates.Fields[name]["relativeTime-type-"+tense].(map[string]any)
			for _, p := range patterns {
				if s, _ := p.(string); strings.Contains(s, "{0}") {
					l.add(prefix+letter, s)
				}
			}
		}
	}
	for i, day := range weekdays {
		for n, prefix := range map[int]string{-1: "L", 0: "T", 1: "N"} {
			if s, ok := f.Dates.Fields[day][fmt.Sprintf("relative-type-%d", n)].(string); ok {
				l.add(fmt.Sprintf("%s%d", prefix, i+1), s)
			}
		}
	}
}

func addUnits(l lexicon, u units) {
	for name, letter := range periods {
		for kind, pattern := range u.Units.Long["duration-"+name] {
			s, ok := pattern.(string)
			switch {
			case !ok:
			case kind == "perUnitPattern":
				l.add("S"+letter, strings.Replace(s, "{0}", "", 1))
			case strings.HasPrefix(kind, "unitPattern-count-") && strings.Contains(s, "{0}"):
				l.add("U"+letter, s)
			}
		}
	}
}

// formatWords writes the languages that have names of their own, in order. Forms
// that a language takes over from English are left out of the others.
func formatWords(all map[string]lexicon) []byte {
	english := all["en"]
	languages := make([]string, 0, len(all))
	for language, l := range all {
		if len(language) == 2 && (language == "en" || ownMonths(l, english)) {
			languages = append(languages, language)
		}
	}
	sort.Strings(languages)
	var out bytes.Buffer
	out.WriteString("# Words of time, from Unicode CLDR 48 (Unicode licence v3). Written by the command in\n" +
		"# internal/place/gen, where the keys are described; do not edit.\n")
	for _, language := range languages {
		l := all[language]
		fmt.Fprintf(&out, "[%s]\n", language)
		keys := make([]string, 0, len(l))
		for key := range l {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			var forms []string
			for form := range l[key] {
				borrowed := language != "en" && english[key][form] && strings.ContainsAny(key[:1], "DKOYLTNAIUS")
				code := strings.HasPrefix(form, "M0") || strings.HasPrefix(form, "M1") || strings.HasPrefix(form, "+") || strings.HasPrefix(form, "-")
				if !borrowed && !code {
					forms = append(forms, form)
				}
			}
			if len(forms) == 0 {
				continue
			}
			sort.Strings(forms)
			fmt.Fprintf(&out, "%s\t%s\n", key, strings.Join(forms, "|"))
		}
	}
	return out.Bytes()
}

// ownMonths tells a language with month names from one that CLDR only numbers.
func ownMonths(l, english lexicon) bool {
	own := 0
	for n := 1; n <= 12; n++ {
		for form := range l[fmt.Sprintf("M%d", n)] {
			if !strings.HasPrefix(form, "M") && !english[fmt.Sprintf("M%d", n)][form] {
				own++
				break
			}
		}
	}
	return own >= 6
}
