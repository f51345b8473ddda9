package language

import (
	"fmt"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/language/ngram"
)

// planeSize is the number of code points of the Basic Multilingual Plane.
const planeSize = 1 << 16

// letter is what the detector knows of one code point.
type letter struct {
	// lower is the lower-case form.
	lower uint16
	// symbol is one more than the n-gram table's symbol, 0 if it has none.
	symbol uint16
	script script
	// rule is one more than the index of the letter's rule, 0 if it has none.
	rule uint8
	// isLetter is Unicode category L. single marks scripts whose every
	// character lingua takes for a word: Han, Hangul, Hiragana, Katakana.
	isLetter, single bool
}

// rule is lingua's knowledge of a telling letter.
type rule struct {
	// unique are the languages that have this letter for themselves.
	unique ngram.Set
	// shared are the languages of the group that shares this letter.
	shared ngram.Set
}

// letterTable answers for every code point of the Basic Multilingual Plane.
type letterTable struct {
	letters [planeSize]letter
	rules   []rule
}

func newLetterTable(t *ngram.Table) (*letterTable, error) {
	lt := &letterTable{}
	for r := range rune(planeSize) {
		l := &lt.letters[r]
		l.lower = uint16(r)
		if lower := unicode.ToLower(r); lower < planeSize {
			l.lower = uint16(lower)
		}
		l.isLetter = unicode.IsLetter(r)
	}
	for s := script(1); int(s) < len(scripts); s++ {
		for _, rg := range unicode.Scripts[scripts[s].unicode].R16 {
			for r := int(rg.Lo); r <= int(rg.Hi); r += int(rg.Stride) {
				lt.letters[r].script = s
				lt.letters[r].single = isSingle(s)
			}
		}
	}
	for i, r := range t.Symbols() {
		if r < planeSize {
			lt.letters[r].symbol = uint16(i) + 1
		}
	}
	for i, l := range t.Languages {
		for _, r := range l.Unique {
			if rule := lt.rule(r); rule != nil {
				rule.unique.Add(i)
			}
		}
	}
	for _, s := range t.Shared {
		for _, r := range s.Letters {
			if rule := lt.rule(r); rule != nil {
				for _, i := range s.Languages {
					rule.shared.Add(int(i))
				}
			}
		}
	}
	if len(lt.rules) > maxRules {
		return nil, fmt.Errorf("%d letters have rules, more than %d", len(lt.rules), maxRules)
	}
	return lt, nil
}

// rule returns the rule of r, made if need be, or nil for a capital letter:
// words are in lower case.
func (lt *letterTable) rule(r rune) *rule {
	if lt.lower(r) != r || r >= planeSize {
		return nil
	}
	l := &lt.letters[r]
	if l.rule == 0 {
		lt.rules = append(lt.rules, rule{})
		l.rule = uint8(len(lt.rules))
	}
	return &lt.rules[l.rule-1]
}

// lower returns the lower-case form of r as strings.ToLower has it.
func (lt *letterTable) lower(r rune) rune {
	if r < planeSize {
		return rune(lt.letters[r].lower)
	}
	return unicode.ToLower(r)
}

// of returns what is known of a rune that is in lower case.
func (lt *letterTable) of(r rune) letter {
	if r < planeSize {
		return lt.letters[r]
	}
	s := scriptOf(r)
	return letter{script: s, isLetter: unicode.IsLetter(r), single: isSingle(s)}
}

func isSingle(s script) bool {
	return s == han || s == hangul || s == hiragana || s == katakana
}
