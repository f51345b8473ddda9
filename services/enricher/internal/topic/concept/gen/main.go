// Command gen compiles the table of concepts from the Unicode consortium's
// annotations of emoji:
//
//	go run ./services/enricher/internal/topic/concept/gen -packages DIR -out concept.bin
//
// DIR holds the npm packages cldr-annotations-full, cldr-annotations-derived-full
// and emojibase-data; tools/data.sh fetches them.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/concept"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

// languages are those of the lexicon and of SIB-200's sentences, and their kin.
var languages = strings.Fields("ar bg ca cs da de el en es fa fi fr he hi hr hu id it ja ko nl no pl pt ro ru sk sr sv sw tr uk vi zh")

func main() {
	packages := flag.String("packages", "", "folder of the npm packages")
	out := flag.String("out", "", "write the table to this file")
	flag.Parse()
	if err := run(*packages, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(packages, out string) error {
	groups, err := emojiGroups(filepath.Join(packages, "emojibase-data", "en", "data.json"))
	if err != nil {
		return err
	}
	list := concept.List{}
	for _, lang := range languages {
		for _, path := range []string{
			filepath.Join(packages, "cldr-annotations-full", "annotations", lang, "annotations.json"),
			filepath.Join(packages, "cldr-annotations-derived-full", "annotationsDerived", lang, "annotations.json"),
		} {
			if err := learn(list, lang, path, groups); err != nil {
				return err
			}
		}
	}
	if err := os.WriteFile(out, list.Encode(), 0o644); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

func read(path string, into any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading a list: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// plain is an emoji without the selector of its presentation.
func plain(emoji string) string { return strings.ReplaceAll(emoji, "\ufe0f", "") }

// emojiGroups gives the number of each emoji's group.
func emojiGroups(path string) (map[string]uint8, error) {
	var all []struct {
		Emoji    string
		Subgroup *uint8
	}
	if err := read(path, &all); err != nil {
		return nil, err
	}
	groups := map[string]uint8{}
	for _, e := range all {
		if e.Subgroup == nil {
			continue
		}
		if *e.Subgroup >= concept.Groups {
			return nil, fmt.Errorf("group %d of %s is beyond the %d known", *e.Subgroup, e.Emoji, concept.Groups)
		}
		groups[plain(e.Emoji)] = *e.Subgroup
	}
	return groups, nil
}

// annotations are CLDR's keywords (default) and name (tts) of each emoji.
type annotations struct {
	Annotations map[string]struct{ Default, TTS []string }
}

func learn(list concept.List, lang, path string, groups map[string]uint8) error {
	var file struct{ Annotations, AnnotationsDerived annotations }
	if err := read(path, &file); errors.Is(err, fs.ErrNotExist) {
		return nil // some languages have no derived annotations
	} else if err != nil {
		return err
	}
	for _, all := range []annotations{file.Annotations, file.AnnotationsDerived} {
		for emoji, a := range all.Annotations {
			group, ok := groups[plain(emoji)]
			if !ok {
				continue
			}
			type key struct {
				letters string
				run     bool
			}
			words := map[key]bool{}
			for _, text := range append(a.Default, a.TTS...) {
				word.Each(text, func(letters []rune, run bool) { words[key{string(letters), run}] = true })
			}
			for w := range words {
				list.Learn(lang, []rune(w.letters), w.run, group)
			}
		}
	}
	return nil
}
