// Package summary picks the sentences that sum a news text up.
//
// News puts first what matters most, so that its first sentences are hard to beat
// as a summary (Nenkova, AAAI 2005). A sentence's weight is therefore its place
// times the share of the article's keyphrases that it holds; fragments of quotes,
// headings and pointers to other articles are left out; and sentences are taken
// one by one with a charge for what the summary says already: maximal marginal
// relevance (Carbonell and Goldstein, SIGIR 1998).
package summary

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/char"
	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

const (
	// few is the number of sentences below which the first is the summary;
	// fewer than many give two sentences, else three.
	few, many = 4, 8
	// most bounds the sentences that are weighed: what comes later in a text
	// hardly ever sums it up.
	most = 60
	// relevance is the weight of a sentence's own worth against what it repeats,
	// the lambda of maximal marginal relevance.
	relevance = 0.7
)

// Article is what is summed up.
type Article struct {
	*story.Story
	// Dateline is its place in Text, in code points; nil if there is none.
	Dateline *datelinev1.Span
	// Keyphrases are those of Text; without them place alone counts.
	Keyphrases []*datelinev1.Keyphrase
}

// Find gives up to three sentences, in the order of the text, or the first alone
// of a text with fewer than four. It is deterministic, and its time grows with the
// length of the text.
func Find(a Article) []*datelinev1.Extract {
	all := passages(a)
	if len(all) == 0 {
		return nil
	}
	wanted := 3
	switch {
	case len(all) < few:
		wanted = 1
	case len(all) < many:
		wanted = 2
	}
	all = all[:min(len(all), most)]
	weigh(a, all)
	chosen := choose(all, wanted)
	best := 0.0
	for _, i := range chosen {
		best = max(best, all[i].weight)
	}
	slices.Sort(chosen)
	out := make([]*datelinev1.Extract, 0, len(chosen))
	for _, i := range chosen {
		p := &all[i]
		out = append(out, &datelinev1.Extract{
			Span:  &datelinev1.Span{Start: uint32(p.Rune), End: uint32(p.RuneEnd)},
			Score: math.Round(1000*p.weight/best) / 1000,
		})
	}
	return out
}

// passage is a sentence that may be a part of the summary.
type passage struct {
	sentence.Sentence
	text, lower string
	// order is its number among the sentences of the text, headings and the like
	// not counted.
	order int
	// leans tells that it is not understood without the sentence before it.
	leans bool
	// quoted is the share of it that stands in quotation marks.
	quoted float64
	// said are its terms.
	said   []uint32
	weight float64
}

// passages gives the sentences of the article's running text. A text without any
// gives its first line.
func passages(a Article) []passage {
	sentences := a.Sentences()
	var out []passage
	inQuote := false
	for i := range sentences {
		s := sentences[i]
		if i == 0 || sentences[i-1].Paragraph != s.Paragraph {
			inQuote = false
		}
		var share float64
		share, inQuote = quoted(a.Text[s.Start:s.End], inQuote)
		trim(&s, a)
		text := a.Text[s.Start:s.End]
		if text == "" {
			continue
		}
		alone := (i == 0 || sentences[i-1].Paragraph != s.Paragraph) && (i+1 == len(sentences) || sentences[i+1].Paragraph != s.Paragraph)
		p := passage{Sentence: s, text: text, order: len(out)}
		p.lower = strings.ToLower(p.text)
		if p.fragment(a.Lang, alone) || pointer(p.lower) {
			continue
		}
		p.leans = leaning(a.Lang, p.lower)
		p.quoted = share
		out = append(out, p)
		if len(out) > most {
			break
		}
	}
	if len(out) == 0 && len(sentences) > 0 {
		s := sentences[0]
		out = append(out, passage{Sentence: s, text: a.Text[s.Start:s.End], lower: strings.ToLower(a.Text[s.Start:s.End])})
	}
	return out
}

// trim cuts the dateline off the sentence that it opens, and a dash that parts a
// sentence from a date before it.
func trim(s *sentence.Sentence, a Article) {
	end := int(a.Dateline.GetEnd())
	for s.Start < s.End {
		r, size := utf8.DecodeRuneInString(a.Text[s.Start:])
		if s.Rune >= end && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) {
			return
		}
		s.Start, s.Rune = s.Start+size, s.Rune+1
	}
}

const (
	// leastLetters is the length of a sentence; a character of Chinese, Japanese
	// or Korean counts for three letters.
	leastLetters = 30
	// leastHeading is the length from which a line without a stop is no heading.
	leastHeading = 120
)

// fragment tells what is no whole sentence: too short a one, or a line of its own
// without a stop, as headings, bylines and captions are.
func (p *passage) fragment(lang string, alone bool) bool {
	letters := 0
	for _, r := range p.text {
		class := char.Of(r)
		if class&char.Letter == 0 {
			continue
		}
		letters++
		if class&(char.Wide|char.Hangul) != 0 {
			letters += 2
		}
	}
	if letters < leastLetters {
		return true
	}
	return alone && letters < leastHeading && !stopless[lang] && !stopped(p.text)
}

// stopless are the languages whose sentences end without a mark.
var stopless = fields(`th lo km my`)

// stopped tells whether a sentence ends with a stop, perhaps within closing marks.
func stopped(text string) bool {
	for text != "" {
		r, size := utf8.DecodeLastRuneInString(text)
		if strings.ContainsRune(".!?…。！？؟।॥։።។။۔｡", r) {
			return true
		}
		if !unicode.IsPunct(r) && !unicode.IsSpace(r) || r == ':' {
			return false
		}
		text = text[:len(text)-size]
	}
	return false
}

// quoted gives the share of the text within quotation marks, and whether a quote
// is open at its end; open tells that one is at its beginning.
func quoted(text string, open bool) (share float64, still bool) {
	inside, all := 0, 0
	low := strings.ContainsRune(text, '„')
	for _, r := range text {
		all++
		switch r {
		case '"', '＂':
			open = !open
		case '“':
			open = !open || !low
		case '«', '„', '「', '『':
			open = !open || r != '«'
		case '»':
			open = !open
		case '”', '」', '』':
			open = false
		}
		if open {
			inside++
		}
	}
	return float64(inside) / float64(max(1, all)), open
}
