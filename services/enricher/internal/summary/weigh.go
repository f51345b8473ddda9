package summary

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

const (
	// fading is how fast sentences lose weight with their place: the n-th weighs
	// 1/(1+fading*n).
	fading = 0.3
	// ground is the weight of a sentence without any keyphrase.
	ground = 0.25
	// quoteCharge is what a sentence loses that is quoted as a whole.
	quoteCharge = 0.7
	// longText is the number of code points from which a sentence loses weight.
	longText = 350
)

// weigh gives each passage its weight and its terms.
func weigh(a Article, all []passage) {
	keys, total := make([]string, len(a.Keyphrases)), 0.0
	for i, k := range a.Keyphrases {
		keys[i] = strings.ToLower(k.GetText())
		total += k.GetScore()
	}
	for i := range all {
		p := &all[i]
		held := 0.0
		for n, key := range keys {
			if strings.Contains(p.lower, key) {
				held += a.Keyphrases[n].GetScore()
			}
		}
		coverage := 0.0
		if total > 0 {
			coverage = held / total
		}
		p.weight = (ground + coverage) / (1 + fading*float64(p.order)) * (1 - quoteCharge*p.quoted)
		if length := p.RuneEnd - p.Rune; length > longText {
			p.weight *= math.Sqrt(float64(longText) / float64(length))
		}
		if strings.HasSuffix(strings.TrimRight(p.text, "\"'»”’) "), "?") || strings.HasSuffix(p.text, "？") {
			p.weight /= 2
		}
		p.terms = terms(p.text, a.Lang)
	}
}

const (
	// stemLetters is the number of letters by which words are compared: enough
	// to hold word forms together.
	stemLetters = 6
	// maxTerms bounds the words of a sentence.
	maxTerms = 300
)

// terms gives hashes of the sentence's words without function words, in order and
// once each; for scripts without spaces, of its pairs of characters.
func terms(text, lang string) []uint32 {
	var out []uint32
	add := func(s string) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(s))
		out = append(out, h.Sum32())
	}
	for _, w := range words.Split(text, lang) {
		if len(out) >= maxTerms {
			break
		}
		if w.Kind != words.Letters {
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.Text)
		if first >= 0x3041 || stopless[lang] {
			last := ""
			for _, r := range w.Text {
				if len(out) >= maxTerms {
					break
				}
				add(last + string(r))
				last = string(r)
			}
			continue
		}
		if lexicon.Of(lang, w.Lower)&lexicon.Stop == 0 {
			add(stem(w.Lower))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func stem(lower string) string {
	n := 0
	for i := range lower {
		if n == stemLetters {
			return lower[:i]
		}
		n++
	}
	return lower
}

// choose takes passages one by one, the best first by weight less what those
// taken already say, and gives their numbers.
func choose(all []passage, wanted int) []int {
	best := 0.0
	for i := range all {
		best = max(best, all[i].weight)
	}
	if best == 0 {
		return []int{0}
	}
	if wanted == 1 {
		return []int{0}
	}
	var chosen []int
	for len(chosen) < wanted {
		next, top := -1, math.Inf(-1)
		for i := range all {
			if slices.Contains(chosen, i) || all[i].leans && !slices.Contains(chosen, i-1) {
				continue
			}
			same := 0.0
			for _, c := range chosen {
				same = max(same, overlap(all[i].terms, all[c].terms))
			}
			if worth := relevance*all[i].weight/best - (1-relevance)*same; worth > top {
				next, top = i, worth
			}
		}
		if next < 0 {
			break
		}
		chosen = append(chosen, next)
	}
	if len(chosen) == 0 {
		chosen = append(chosen, 0)
	}
	return chosen
}

// overlap is the cosine of two sets in order: the common part against the mean
// size.
func overlap(a, b []uint32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common, i, k := 0, 0, 0
	for i < len(a) && k < len(b) {
		switch {
		case a[i] == b[k]:
			common, i, k = common+1, i+1, k+1
		case a[i] < b[k]:
			i++
		default:
			k++
		}
	}
	return float64(common) / math.Sqrt(float64(len(a))*float64(len(b)))
}
