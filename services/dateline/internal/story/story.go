// Package story writes articles whose texts no other has, from one seed always the same:
// what tests and measurements send through.
package story

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Story is one article.
type Story struct {
	Headline   string
	Paragraphs []string
}

var (
	towns    = []string{"Kotka", "Vyborg", "Sligo", "Cadiz", "Trieste", "Bergen", "Tallinn", "Odense", "Nantes", "Porto", "Gdynia", "Varna", "Split", "Malmo", "Ostend", "Leith"}
	people   = []string{"Aino Laine", "Peter Hald", "Maeve Doyle", "Luis Carrera", "Giulia Ferro", "Ingrid Dahl", "Jaan Tamm", "Karen Holm", "Yann Le Goff", "Rui Matos", "Ewa Nowak", "Petya Ilieva"}
	offices  = []string{"harbour office", "city council", "water board", "port authority", "school board", "rail operator", "fire service", "health ministry", "power company", "fishery union"}
	subjects = []string{"the northern channel", "the old drawbridge", "the new breakwater", "the tram line", "the grain terminal", "the coastal road", "the flood barrier", "the fish market", "the lighthouse", "the dry dock", "the ferry pier", "the reservoir"}
	actions  = []string{"will be closed", "was reopened", "has to be rebuilt", "is to be sold", "was damaged", "will be widened", "was inspected", "stays shut", "is being cleaned", "was handed over"}
	reasons  = []string{"after a storm", "for want of money", "after a bolt was found broken", "because two contractors disagree", "after months of rain", "since the rules have changed", "following an inspection", "after a vote"}
	days     = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
)

// Make writes the nth article of a seed.
func Make(seed uint64, n int) Story {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	town, subject := pick(towns), pick(subjects)
	s := Story{Headline: fmt.Sprintf("%s: %s %s, report %d", town, subject, pick(actions), n)}
	for p := range 5 {
		s.Paragraphs = append(s.Paragraphs, fmt.Sprintf(
			"%s %s %s, the %s of %s said on %s in its report number %d. “We counted %d vessels and %d lorries in the %d. week,” %s told the assembly, and added that %s %s %s.",
			strings.ToUpper(subject[:1])+subject[1:], pick(actions), pick(reasons), pick(offices), town, pick(days), n*7+p,
			r.IntN(900)+3, r.IntN(5000)+10, r.IntN(52)+1, pick(people), pick(subjects), pick(actions), pick(reasons)))
	}
	return s
}

// Page is the story as a site serves it.
func (s Story) Page(url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title><link rel="canonical" href="%s"></head><body><article><h1>%[1]s</h1>`, s.Headline, url)
	for _, p := range s.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", p)
	}
	b.WriteString("</article></body></html>")
	return b.String()
}
