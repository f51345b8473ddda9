// Command gen compiles the lists of names and function words that package lexicon
// embeds:
//
//	go run ./services/enricher/internal/entity/lexicon/gen -names names.json \
//	    -people people-names.txt -stopwords stopwords-iso.json -out lexicon.bin
//
// names.json holds {locale: {"given": [...], "surname": [...]}}; tools/data.sh
// makes it from the package @faker-js/faker.
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
	out := flag.String("out", "", "write the table to this file")
	flag.Parse()
	if err := run(*names, *people, *stopwords, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(names, people, stopwords, out string) error {
	l := list{}
	for _, part := range []struct {
		path string
		add  func(list, []byte) error
	}{{names, list.addNames}, {people, list.addPeople}, {stopwords, list.addStopwords}} {
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
