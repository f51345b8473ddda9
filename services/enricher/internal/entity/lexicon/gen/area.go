package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

// leastArea is the least bytes of an area's name, mostAreaWords the most words.
const leastArea, mostAreaWords = 4, 4

// listAreas writes the names of provinces, counties and districts, one a line, that
// say more than a point of the compass.
func listAreas(path, out string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the areas: %w", err)
	}
	var file struct {
		Subdivisions struct {
			LocaleDisplayNames struct {
				Subdivisions map[string]string
			}
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	var names []string
	for _, name := range file.Subdivisions.LocaleDisplayNames.Subdivisions {
		words := strings.Fields(name)
		if len(name) < leastArea || len(words) > mostAreaWords || strings.ContainsAny(name, "(),/") || !slices.ContainsFunc(words, says) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if err := os.WriteFile(out, []byte(strings.Join(names, "\n")+"\n"), 0o644); err != nil {
		return fmt.Errorf("writing the areas: %w", err)
	}
	return nil
}

// says tells whether a word is more than a noun of landscape, a point of the compass
// or a function word.
func says(word string) bool {
	const empty = lexicon.Feature | lexicon.Stop | lexicon.Title | lexicon.Body | lexicon.Calendar
	w := lower(word)
	return utf8.RuneCountInString(w) > 2 && lexicon.Of("en", w)&empty == 0 && lexicon.Of("fr", w)&empty == 0
}
