package main

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

// Bounds of a lexicon's terms.
const (
	minSites   = 8    // that have it
	maxTerms   = 6000 // the most telling ones
	minRatio   = 0.5  // logarithm of how much more often it stands on one side
	valueScale = 24   // of that logarithm
	plain      = 0.1  // a label this near to 0 or 1 is one or the other
)

// tally counts the sites that have a term beside their stories and in them.
type tally struct{ out, in, lastOut, lastIn int32 }

// lexicon values the terms of the training pages outside a fold, by the number of
// sites: one that repeats itself on every page counts once. Only blocks that
// could be of the story are read, not menus.
func (v *validation) lexicon(fold int) *mainbody.Lexicon {
	counts := map[uint32]*tally{}
	var all tally
	sites := v.bySite(fold)
	for n, name := range slices.Sorted(maps.Keys(sites)) {
		site := int32(n) + 1
		for _, p := range sites[name] {
			for _, i := range p.in.Rows() {
				target := p.labels[i].target
				if target > plain && target < 1-plain {
					continue
				}
				all.add(site, target < plain)
				p.in.EachTerm(int(i), func(key uint32) {
					c := counts[key]
					if c == nil {
						c = &tally{}
						counts[key] = c
					}
					c.add(site, target < 0.5)
				})
			}
		}
	}
	return mainbody.NewLexicon(telling(counts, all))
}

// bySite gathers the training pages outside a fold whose whole text is known.
func (v *validation) bySite(fold int) map[string][]*page {
	sites := map[string][]*page{}
	for _, p := range v.pages {
		if p.trains && p.fold != fold && p.Body != nil {
			sites[p.Site] = append(sites[p.Site], p)
		}
	}
	return sites
}

func (c *tally) add(site int32, out bool) {
	switch {
	case out && c.lastOut != site:
		c.lastOut = site
		c.out++
	case !out && c.lastIn != site:
		c.lastIn = site
		c.in++
	}
}

// telling picks the terms that tell most.
func telling(counts map[uint32]*tally, all tally) []mainbody.Term {
	type ranked struct {
		mainbody.Term
		weight float64
	}
	var terms []ranked
	for key, c := range counts {
		if c.in+c.out < minSites {
			continue
		}
		ratio := math.Log(float64(c.out+1) / float64(all.out+2) * float64(all.in+2) / float64(c.in+1))
		if math.Abs(ratio) < minRatio {
			continue
		}
		value := int8(max(-127, min(127, math.Round(valueScale*ratio))))
		terms = append(terms, ranked{mainbody.Term{Key: key, Value: value}, math.Abs(ratio) * math.Sqrt(float64(c.in+c.out))})
	}
	slices.SortFunc(terms, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Key, b.Key))
	})
	var out []mainbody.Term
	for _, t := range terms[:min(len(terms), maxTerms)] {
		out = append(out, t.Term)
	}
	return out
}
