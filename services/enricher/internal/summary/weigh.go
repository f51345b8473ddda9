package summary

import (
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
	next := 0
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
		p.said, next = p.terms(a, next)
	}
}

const (
	// stemLetters is the number of letters by which words are compared: enough
	// to hold word forms together.
	stemLetters = 6
	// maxTerms bounds the words of a sentence.
	maxTerms = 300
)

// terms gives hashes of the passage's words without function words, in order and
// once each; for scripts without spaces, of its pairs of characters. It looks at
// the story's words from number from on, and gives the number of the first behind
// the passage.
func (p *passage) terms(a Article, from int) (terms []uint32, next int) {
	ws, types, of := a.Words(), a.Types(), a.TypeOf()
	for from < len(ws) && int(ws[from].Start) < p.Start {
		from++
	}
	bare := stopless[a.Lang]
	out := make([]uint32, 0, 32)
	for ; from < len(ws) && int(ws[from].Start) < p.End; from++ {
		if ws[from].Kind != words.Letters || len(out) >= maxTerms {
			continue
		}
		w := &ws[from]
		first, _ := utf8.DecodeRuneInString(w.Text)
		if first >= 0x3041 || bare {
			last := rune(0)
			for _, r := range w.Text {
				if len(out) >= maxTerms {
					break
				}
				out = append(out, hashRune(hashRune(offset32, last), r))
				last = r
			}
			continue
		}
		if kind := &types[of[from]]; kind.Class&lexicon.Stop == 0 {
			out = append(out, hashStem(kind.Lower))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), from
}

// FNV-1a, 32 bits.
const (
	offset32 = 2166136261
	prime32  = 16777619
)

func hashRune(h uint32, r rune) uint32 {
	for range 3 {
		h = (h ^ uint32(r&0xff)) * prime32
		r >>= 8
	}
	return h
}

// hashStem hashes the first letters of a word.
func hashStem(lower string) uint32 {
	h, n := uint32(offset32), 0
	for _, r := range lower {
		if n == stemLetters {
			break
		}
		h = hashRune(h, r)
		n++
	}
	return h
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
				same = max(same, overlap(all[i].said, all[c].said))
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
