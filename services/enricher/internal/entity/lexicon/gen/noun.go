package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
)

// leastNoun is the least letters of a noun that is kept: shorter ones are too often
// part of names.
const leastNoun = 3

// compileNouns reads {noun: {"NOM": {"SIN": form, "PLU": form}, …, "G": gender}}.
func compileNouns(path, out string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the nouns: %w", err)
	}
	var all map[string]map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	var list []string
	add := func(form string) {
		if len([]rune(form)) >= leastNoun && strings.IndexFunc(form, unicode.IsLower) > 0 {
			list = append(list, lower(form))
		}
	}
	for noun, cases := range all {
		add(noun)
		for _, numbers := range cases {
			forms, _ := numbers.(map[string]any) // the gender is no map
			for _, form := range forms {
				if form, ok := form.(string); ok {
					add(form)
				}
			}
		}
	}
	if err := os.WriteFile(out, lexicon.EncodeNouns(list), 0o644); err != nil {
		return fmt.Errorf("writing the nouns: %w", err)
	}
	return nil
}
