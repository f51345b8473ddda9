// Package quote finds direct quotations in news text and says who speaks.
//
//  1. Quotation marks are paired, whatever their system, over nestings and
//     paragraphs (marks.go); paragraphs of dialogue are cut at their dashes.
//  2. The text is laid out as words and passages, in sentences (layout.go).
//  3. A passage's frame is sought: the verb of speech or the source that
//     reports it, behind it, before it, within it (frame.go).
//  4. The frame's subject is read from the clause (subject.go, clause.go) and
//     resolved to the fullest name: short names, pronouns, offices, and verbs
//     without a subject (discourse.go).
//  5. Passages that nobody says are dropped: titles, themes, words held at a
//     distance (judge.go).
//
// It follows the grammar of reporting clauses that Pouliquen, Steinberger and
// Best describe for news in many languages (RANLP 2007), and adds resolution.
package quote

import (
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// maxText bounds the bytes that are read; no article is as long.
const maxText = 2 << 20

// maxQuotes bounds the quotations of one text; a long interview has a few
// hundred.
const maxQuotes = 2000

// Find gives the direct and mixed quotations of text, a text in the language
// with this ISO 639-1 code, in order. Spans are code points of text; bytes that
// are not UTF-8 count as one and read as U+FFFD. It is deterministic, and its
// time grows with the length of text, of which the first 2 MiB and 2,000
// quotations are read.
func Find(text, lang string) []*datelinev1.Quote {
	if len(text) > maxText {
		end := maxText
		for end > maxText-utf8.UTFMax && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	d := newDocument(text, lang)
	if len(d.passages) == 0 {
		return nil
	}
	return d.quotes()
}

// run is the state of one walk over the sentences.
type run struct {
	d   *document
	out []*datelinev1.Quote
	// paragraph and speaker are those of the last attributed quotation.
	paragraph int
	speaker   string
	// waiting are the quotations of earlier paragraphs that go on and whose
	// speaker has not been named yet.
	waiting []*datelinev1.Quote
	// continued tells that the last passage goes on in this paragraph.
	continued bool
}

func (d *document) quotes() []*datelinev1.Quote {
	r := &run{d: d, paragraph: -1}
	for _, s := range d.sents {
		if len(r.out) >= maxQuotes {
			break
		}
		attributed := false
		for k := s.first; k < s.last; k++ {
			if d.isQuote(k) && len(r.out) < maxQuotes {
				attributed = r.passage(k, s) || attributed
			}
		}
		if !attributed {
			d.follow(s)
		}
	}
	return r.out
}

// passage judges the passage at item k and tells whether it was attributed.
func (r *run) passage(k int, s sentence) bool {
	d := r.d
	f := d.frameOf(k)
	p := d.passages[d.items[k].passage]
	going := r.speaker != "" && (r.paragraph == s.paragraph || r.continued)
	confidence := d.judge(k, f, going)
	if confidence == 0 {
		return false
	}
	speaker := ""
	switch {
	case f.found:
		speaker = d.speaker(f.speaker, k)
	case going:
		speaker = r.speaker
	default:
		speaker = d.referent(unknown, k)
	}
	if speaker == "" {
		confidence -= 0.2
	}
	q := d.quote(p, speaker, f.verb, confidence)
	if q == nil {
		return false
	}
	r.settle(q, p, f)
	r.paragraph, r.speaker = s.paragraph, speaker
	return speaker != ""
}

// settle gives the quotations that wait for a speaker the one that is found
// at the end of their last paragraph.
func (r *run) settle(q *datelinev1.Quote, p passage, f frame) {
	if r.continued && f.found {
		for _, w := range r.waiting {
			w.Speaker, w.Confidence = q.GetSpeaker(), goingSure
		}
	}
	if !p.continued || f.found && q.GetSpeaker() != "" {
		r.waiting = nil
	} else {
		r.waiting = append(r.waiting, q)
	}
	r.continued = p.continued
	r.out = append(r.out, q)
}

// quote makes the message, without the marks and the space inside them.
func (d *document) quote(p passage, speaker, verb string, confidence float64) *datelinev1.Quote {
	first, last := p.open+1, p.close-1
	if first > last {
		return nil
	}
	a, b := &d.ws[first], &d.ws[last]
	return &datelinev1.Quote{
		Text:       d.text[a.Start:b.End],
		Span:       &datelinev1.Span{Start: uint32(a.Rune), End: uint32(b.RuneEnd)},
		Speaker:    speaker,
		Verb:       verb,
		Confidence: confidence,
	}
}
