package main

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// templates are sentences with slots for names, in languages for which there is
// little annotated text. A file has lists of names, one slot a line, then a line
// "--", then the sentences.
//
//go:embed templates/*.txt
var templates embed.FS

// slotKinds are the kinds of the slots' names.
var slotKinds = map[string]string{
	"P": "PER", "G": "PER", "S": "PER", "C": "LOC", "N": "LOC", "L": "LOC", "M": "LOC", "R": "LOC", "O": "ORG", "A": "ORG",
}

// perTemplate is how often each sentence is filled in.
const perTemplate = 8

// filledTemplates gives the sentences with names in their slots, by chance but
// always the same.
func filledTemplates() ([]row, error) {
	files, err := templates.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("listing the templates: %w", err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	var rows []row
	for _, f := range files {
		raw, err := templates.ReadFile(path.Join("templates", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the templates: %w", err)
		}
		lang := strings.TrimSuffix(f.Name(), ".txt")
		lists, sentences, _ := strings.Cut(string(raw), "--\n")
		names := slots(lists)
		for template := range strings.Lines(sentences) {
			for range perTemplate {
				r, err := fill(strings.TrimSpace(template), lang, names, random)
				if err != nil {
					return nil, fmt.Errorf("filling %s: %w", f.Name(), err)
				}
				r.Doc = fmt.Sprint(lang, len(rows))
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}

func slots(lists string) map[string][]string {
	names := map[string][]string{}
	for line := range strings.Lines(lists) {
		if slot, list, ok := strings.Cut(strings.TrimSpace(line), " "); ok && slot != "#" {
			names[slot] = strings.Split(list, "|")
		}
	}
	return names
}

// fill puts names into a sentence's slots. Its words are parted by spaces; the
// names of several words that stand in it are in brackets, "[Cour des comptes/ORG]".
func fill(template, lang string, names map[string][]string, random *rand.Rand) (row, error) {
	r := row{Lang: lang, Source: "templates"}
	for rest := template; rest != ""; {
		var word string
		if inner, ok := strings.CutPrefix(rest, "["); ok {
			word, rest, _ = strings.Cut(inner, "]")
			name, kind, ok := strings.Cut(word, "/")
			if !ok {
				return r, fmt.Errorf("no kind in %q", template)
			}
			r.addName(name, kind)
		} else {
			word, rest, _ = strings.Cut(rest, " ")
			if slot, ok := strings.CutPrefix(word, "{"); ok {
				slot = strings.TrimSuffix(slot, "}")
				if who, grammatical, ok := strings.Cut(slot, "."); ok {
					r.addName(russianName(who == "S", grammatical[0], random), "PER")
					rest = strings.TrimPrefix(rest, " ")
					continue
				}
				list := names[slot]
				if len(list) == 0 {
					return r, fmt.Errorf("no names for %q in %q", slot, template)
				}
				r.addName(list[random.IntN(len(list))], slotKinds[slot])
			} else {
				r.Tokens, r.Tags = append(r.Tokens, word), append(r.Tags, "O")
			}
		}
		rest = strings.TrimPrefix(rest, " ")
	}
	return r, nil
}

// addName appends a name in the tokens that the tagger reads it in.
func (r *row) addName(name, kind string) {
	d, _ := tagger.Read(&story.Story{Text: name, Lang: r.Lang})
	for i, t := range d.Tokens {
		tag := "I-" + kind
		if i == 0 {
			tag = "B-" + kind
		}
		r.Tokens, r.Tags = append(r.Tokens, t.Text), append(r.Tags, tag)
	}
}
