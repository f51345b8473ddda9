package keyphrase

import (
	"math"
	"strings"
)

// features are what a candidate is scored by; weights has one for each.
const (
	fFrequency = iota
	fPosition
	fTitle
	fLead
	fCapital
	fAcronym
	fPart
	fTwo
	fThree
	fFour
	fLinked
	fInside
	fLetters
	fNumber
	fRuled
	fBounded
	featureCount
)

type vector [featureCount]float64

// weights were fitted by logistic regression with an L2 penalty to 53 articles of
// French Wikinews with keys by readers (Bougouin et al., IJCNLP 2013), each with
// its headline inside the text and apart from it. They hold no word of French.
var weights = vector{
	fFrequency: 1.60, fPosition: -0.77, fTitle: 0.94, fLead: -1.27, fCapital: 0.96, fAcronym: 0.55, fPart: -1.31, fTwo: 0.10,
	fThree: -0.20, fFour: -0.58, fLinked: -0.81, fInside: -0.72, fLetters: 0.82, fNumber: -0.51, fRuled: 0.39, fBounded: 0.27,
}

// bias makes the sum of the weighted features the log odds of a key.
const bias = -2.83

func (d *document) features(c *candidate) vector {
	n := float64(c.count)
	var v vector
	v[fFrequency] = logOf(c.count)
	v[fPosition] = logOf(1 + c.first)
	v[fTitle] = d.inTitle(c)
	if c.first == 0 {
		v[fLead] = 1
	}
	v[fCapital] = float64(c.capital) / n
	v[fAcronym] = float64(c.acronym) / n
	v[fPart] = float64(c.part) / n
	switch c.words {
	case 1:
	case 2:
		v[fTwo] = 1
	case 3:
		v[fThree] = 1
	default:
		v[fFour] = 1
	}
	v[fLinked] = min(1, float64(c.links))
	v[fInside] = float64(c.inside) / n
	letters := float64(d.tokens[c.to-1].RuneEnd - d.tokens[c.from].Rune)
	v[fLetters] = min(1, letters/(10*float64(c.words)))
	if c.number {
		v[fNumber] = 1
	}
	v[fRuled] = float64(c.ruled) / n
	v[fBounded] = float64(c.bounded) / n
	return v
}

// logs are the logarithms of the numbers that most candidates ask for.
var logs = func() (t [256]float64) {
	for i := range t {
		t[i] = math.Log(float64(i))
	}
	return t
}()

func logOf(n int32) float64 {
	if int(n) < len(logs) {
		return logs[n]
	}
	return math.Log(float64(n))
}

// inTitle gives the share of the phrase's words that the title has.
func (d *document) inTitle(c *candidate) float64 {
	hits := 0
	for _, s := range c.stems[:c.words] {
		if d.titled[s] {
			hits++
		}
	}
	return float64(hits) / float64(max(1, c.words))
}

// rank scores the candidates and gives the best.
func (d *document) rank() []*candidate {
	heap := make(ranking, 0, len(d.list))
	byCharacter := characters[d.Lang]
	for i := range d.list {
		c := &d.list[i]
		if byCharacter && c.links > 0 && (c.count < 2 || c.inside == c.count) {
			continue
		}
		v := d.features(c)
		for f, x := range v {
			c.score += weights[f] * x
		}
		heap = append(heap, c)
	}
	heap.order()
	out := make([]*candidate, 0, most)
	for len(heap) > 0 && len(out) < most {
		if c := heap.take(); !d.repeated(c, out) {
			out = append(out, c)
		}
	}
	return out
}

// ranking is a heap of candidates with the best at the top: of all, only a few are
// ever asked for.
type ranking []*candidate

// before tells whether a comes before b: by score, then by place.
func (c *candidate) before(b *candidate) bool {
	if c.score != b.score {
		return c.score > b.score
	}
	if c.from != b.from {
		return c.from < b.from
	}
	return c.to > b.to
}

func (r ranking) order() {
	for i := len(r)/2 - 1; i >= 0; i-- {
		r.sink(i)
	}
}

// take removes the best.
func (r *ranking) take() *candidate {
	all := *r
	best, last := all[0], len(all)-1
	all[0] = all[last]
	*r = all[:last]
	r.sink(0)
	return best
}

func (r ranking) sink(i int) {
	for {
		next := 2*i + 1
		if next >= len(r) {
			return
		}
		if next+1 < len(r) && r[next+1].before(r[next]) {
			next++
		}
		if !r[next].before(r[i]) {
			return
		}
		r[i], r[next] = r[next], r[i]
		i = next
	}
}

// repeated tells whether what is taken says the same: the same words, or a longer
// phrase within which alone c stands.
func (d *document) repeated(c *candidate, taken []*candidate) bool {
	own := d.lower(c)
	for _, t := range taken {
		other := d.lower(t)
		if own == other || c.inside >= c.count && strings.Contains(other, own) {
			return true
		}
	}
	return false
}

// lower gives the phrase in lower case between spaces, or bare in languages
// without them.
func (d *document) lower(c *candidate) string {
	from, to := c.span(d)
	text := strings.ToLower(d.Text[from.byte:to.byte])
	if characters[d.Lang] {
		return text
	}
	return " " + text + " "
}

// relative gives a score from 0 to 1: the probability that these log odds mean,
// against that of the best.
func relative(score, best float64) float64 {
	odds := func(z float64) float64 { return 1 / (1 + math.Exp(-z-bias)) }
	return math.Round(1000*odds(score)/odds(best)) / 1000
}
