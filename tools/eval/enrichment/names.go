package enrichment

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// labelledNames is a sentence with its names in BIO tags.
type labelledNames struct {
	Doc, Lang, Source string
	Tokens, Tags      []string
}

// named is a name by kind and place.
type named struct {
	kind       string
	start, end uint32
}

// joined is a document of sentences, a line each, with its names.
type joined struct {
	lang, source string
	text         strings.Builder
	runes        uint32
	names        map[named]bool
}

func (j *joined) add(r *labelledNames) {
	var open *named
	flush := func() {
		if open != nil {
			j.names[*open], open = true, nil
		}
	}
	for i, token := range r.Tokens {
		if i > 0 && j.lang != "zh" {
			j.write(" ")
		}
		start := j.runes
		j.write(token)
		place, kind, _ := strings.Cut(r.Tags[i], "-")
		if place != "I" || open == nil || open.kind != kind {
			flush()
			if kind == "" {
				continue
			}
			open = &named{kind: kind, start: start}
		}
		open.end = j.runes
	}
	flush()
	j.write("\n")
}

func (j *joined) write(s string) {
	j.text.WriteString(s)
	j.runes += uint32(utf8.RuneCountInString(s))
}

var kinds = map[string]string{"person": "PER", "organisation": "ORG", "place": "LOC"}

// names scores names whose kind and place are exact, by source.
func (m *measurement) names(ctx context.Context) error {
	rows, err := read[labelledNames](m.dir, "ner", "ner.jsonl")
	if err != nil {
		return err
	}
	docs := map[string]*joined{}
	var order []string
	for _, r := range rows {
		key := r.Source + "\t" + r.Doc
		if docs[key] == nil {
			docs[key], order = &joined{lang: r.Lang, source: r.Source, names: map[named]bool{}}, append(order, key)
		}
		docs[key].add(&r)
	}
	e, err := only(ctx, "entity")
	if err != nil {
		return err
	}
	type tally struct{ hits, found, wanted int }
	counts := map[string]map[string]*tally{}
	var t timer
	for _, key := range order {
		j := docs[key]
		out, err := enriched(ctx, e, &t, &datelinev1.Document{Text: j.text.String(), Language: j.lang})
		if err != nil {
			return err
		}
		name := j.lang + " (" + j.source + ")"
		if counts[name] == nil {
			counts[name] = map[string]*tally{"all": {}, "PER": {}, "ORG": {}, "LOC": {}}
		}
		for n := range j.names {
			if c := counts[name][n.kind]; c != nil {
				c.wanted++
				counts[name]["all"].wanted++
			}
		}
		for _, entity := range out.GetEntities() {
			kind := kinds[entity.GetKind()]
			if counts[name][kind] == nil {
				continue
			}
			for _, mention := range entity.GetMentions() {
				hit := j.names[named{kind: kind, start: mention.GetSpan().GetStart(), end: mention.GetSpan().GetEnd()}]
				for _, c := range []*tally{counts[name][kind], counts[name]["all"]} {
					c.found++
					if hit {
						c.hits++
					}
				}
			}
		}
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		of := func(kind string) string {
			c := counts[name][kind]
			return strings.TrimPrefix(fmt.Sprintf("%.3f", f1(c.hits, c.found, c.wanted)), "0")
		}
		parts = append(parts, fmt.Sprintf("%s %s (people %s, organisations %s, places %s)", name, of("all"), of("PER"), of("ORG"), of("LOC")))
	}
	m.add("entities", "exact F1 by source; a document's sentences a line each", &t, "%s", strings.Join(parts, "; "))
	return nil
}

// story scores one story in all that seed.json says of it.
func (m *measurement) story(ctx context.Context) error {
	if m.seed == "" {
		return nil
	}
	var truth struct {
		Entities []struct {
			Name     string
			Aliases  []string
			Mentions []struct{ Text string }
		}
		Quotes []struct {
			Start, End    uint32
			Kind, Speaker string
		}
		NotQuotes []struct{ Start, End uint32 } `json:"not_quotes"`
	}
	raw, err := os.ReadFile(filepath.Join(m.dir, "seed.json"))
	if err != nil {
		return fmt.Errorf("read the story's truth: %w", err)
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		return fmt.Errorf("read the story's truth: %w", err)
	}
	text, err := os.ReadFile(m.seed)
	if err != nil {
		return fmt.Errorf("read the story: %w", err)
	}
	e, err := only(ctx, "language", "dateline", "when", "acronym", "quote", "entity", "keyphrase", "summary", "topic", "reading-time", "fingerprint")
	if err != nil {
		return err
	}
	var t timer
	var out *datelinev1.Enrichment
	for range 20 {
		if out, err = enriched(ctx, e, &t, &datelinev1.Document{Text: string(text)}); err != nil {
			return err
		}
	}
	var direct, indirect, speakers, names share
	for _, q := range truth.Quotes {
		found := overlapping(out.GetQuotes(), q.Start, q.End, q.Kind == "direct")
		if q.Kind == "direct" {
			direct.count(found != nil)
		} else {
			indirect.count(found != nil)
		}
		if found != nil {
			speakers.count(strings.Contains(straight(found.GetSpeaker()), straight(q.Speaker)) || strings.Contains(straight(q.Speaker), straight(found.GetSpeaker())))
		}
	}
	wrong := 0
	for _, q := range truth.NotQuotes {
		if overlapping(out.GetQuotes(), q.Start, q.End, true) != nil {
			wrong++
		}
	}
	for _, want := range truth.Entities {
		known := map[string]bool{straight(want.Name): true}
		for _, alias := range want.Aliases {
			known[straight(alias)] = true
		}
		for _, mention := range want.Mentions {
			known[straight(mention.Text)] = true
		}
		names.count(slices.ContainsFunc(out.GetEntities(), func(e *datelinev1.Entity) bool {
			return known[straight(e.GetName())] || slices.ContainsFunc(e.GetAliases(), func(name string) bool { return known[straight(name)] })
		}))
	}
	m.add("one story, all annotators", "French wire story", &t, "direct quotes %d of %d, indirect %d of %d, their speakers %d of %d, %d forbidden; entities %d of %d",
		direct.hits, direct.all, indirect.hits, indirect.all, speakers.hits, speakers.all, wrong, names.hits, names.all)
	return nil
}

// overlapping gives the quote of the kind that covers half of a place or more.
func overlapping(quotes []*datelinev1.Quote, start, end uint32, direct bool) *datelinev1.Quote {
	for _, q := range quotes {
		from, to := max(q.GetSpan().GetStart(), start), min(q.GetSpan().GetEnd(), end)
		if (q.GetKind() == "direct") == direct && from < to && 2*(to-from) >= end-start {
			return q
		}
	}
	return nil
}
