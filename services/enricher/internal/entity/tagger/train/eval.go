package main

import (
	"fmt"
	"slices"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// count is right, found and true names.
type count struct{ right, found, truth int }

func (c count) scores() (precision, recall, f1 float64) {
	if c.right == 0 {
		return 0, 0, 0
	}
	p, r := float64(c.right)/float64(c.found), float64(c.right)/float64(c.truth)
	return p, r, 2 * p * r / (p + r)
}

// report prints exact-match scores by source and language.
func report(docs []annotated, tag func(*tagger.Document) []tagger.Span, mistakes int) {
	bySource := map[string]*[4]count{}
	var order []string
	for _, a := range docs {
		name := a.source + " " + a.doc.Lang
		if bySource[name] == nil {
			bySource[name] = &[4]count{}
			order = append(order, name)
		}
		truth, found := spansOf(a), tag(a.doc)
		tally(bySource[name], truth, found)
		if mistakes > 0 && bySource[name][0].found <= mistakes {
			show(name, a.doc, truth, found)
		}
	}
	fmt.Printf("%-28s %5s %5s %5s   %5s %5s %5s\n", "source", "P", "R", "F1", "PER", "ORG", "LOC")
	for _, name := range order {
		c := bySource[name]
		p, r, f := c[0].scores()
		fmt.Printf("%-28s %.3f %.3f %.3f  ", name, p, r, f)
		for k := 1; k < 4; k++ {
			_, _, f := c[k].scores()
			fmt.Printf(" %.3f", f)
		}
		fmt.Println()
	}
}

func tally(counts *[4]count, truth, found []tagger.Span) {
	for i := range found {
		found[i].Confidence = 0
	}
	for _, s := range truth {
		counts[0].truth++
		counts[s.Kind].truth++
	}
	for _, s := range found {
		counts[0].found++
		counts[s.Kind].found++
		if slices.Contains(truth, s) {
			counts[0].right++
			counts[s.Kind].right++
		}
	}
}

// spansOf reads the true names off the tags; sentences part them.
func spansOf(a annotated) []tagger.Span {
	var spans []tagger.Span
	for s, lo := range a.doc.Starts {
		hi := a.doc.End(s)
		for i := lo; i < hi; i++ {
			if a.tags[i] == 0 {
				continue
			}
			kind := tagger.Kind((a.tags[i] + 1) / 2)
			end := i + 1
			for end < hi && a.tags[end] == 2*int(kind) {
				end++
			}
			spans = append(spans, tagger.Span{First: i, Last: end, Kind: kind})
			i = end - 1
		}
	}
	return spans
}

var kindNames = [...]string{"", "PER", "ORG", "LOC"}

// show prints the names of a document that were missed (-) or invented (+).
func show(source string, d *tagger.Document, truth, found []tagger.Span) {
	list := func(sign string, spans, others []tagger.Span) {
		for _, s := range spans {
			if slices.Contains(others, s) {
				continue
			}
			fmt.Printf("%s %s %s", source, sign, kindNames[s.Kind])
			for i := max(0, s.First-3); i < min(len(d.Tokens), s.Last+3); i++ {
				mark := ""
				if i == s.First {
					mark = "["
				}
				if i == s.Last {
					mark = "] "
				}
				fmt.Printf(" %s%s", mark, d.Tokens[i].Text)
			}
			fmt.Println()
		}
	}
	list("-", truth, found)
	list("+", found, truth)
}
