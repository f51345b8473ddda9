// Package quote finds direct quotations and reported statements in news text and
// says who speaks.
//
//  1. Quotation marks are paired, whatever their system, over nestings and
//     paragraphs (marks.go); paragraphs of dialogue are cut at their dashes.
//  2. The text is laid out as words and passages, in sentences (layout.go).
//  3. A passage's frame is sought: the verb of speech or the source that
//     reports it, behind it, before it, within it (frame.go).
//  4. The frame's subject is read from the clause (subject.go, clause.go), over
//     expressions of time (times.go), and resolved to the fullest name: short
//     names, pronouns, offices, nouns that stand for somebody, and verbs without a
//     subject (discourse.go, refer.go).
//  5. Passages that nobody says are dropped: titles, themes, words held at a
//     distance (judge.go).
//  6. Clauses that a verb of the shorter list or a source reports without marks
//     are taken as they stand (statement.go, postposed.go, sourced.go, likened.go),
//     to where the sentence goes on with something else (ending.go), if the speaker
//     is a name or a description headed by people or a body (people.go).
//
// It follows the grammar of reporting clauses that Pouliquen, Steinberger and
// Best describe for news in many languages (RANLP 2007), and adds resolution;
// direct, mixed and indirect are kept apart as by Pareti et al. (EMNLP 2013), and
// verb and clause are sought as by Krestel, Bergler and Witte (LREC 2008).
package quote

import (
	"strings"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// maxQuotes bounds the quotations of one text; a long interview has a few
// hundred.
const maxQuotes = 2000

// Find gives the direct, mixed and indirect quotations of a story, in order. Words in
// quotation marks within a mixed statement come behind it as a direct quotation of
// their own. Spans are code points of the text. It is deterministic, and its time
// grows with the length of the text, of which the first 2,000 quotations are given.
func Find(s *story.Story) []*datelinev1.Quote {
	d := newDocument(s)
	if len(d.items) == 0 {
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
	// stated is the speaker of the sentence before, statedIn its paragraph.
	stated   string
	statedIn int
}

func (d *document) quotes() []*datelinev1.Quote {
	r := &run{d: d, paragraph: -1}
	for _, s := range d.sents {
		if len(r.out) >= maxQuotes {
			break
		}
		attributed := false
		stated := d.statements(s)
		if free, ok := r.free(s); ok && len(stated) == 0 {
			stated = []statement{free}
		}
		for k := s.first; k < s.last; k++ {
			for len(stated) > 0 && stated[0].first <= k && len(r.out) < maxQuotes {
				attributed = r.statement(stated[0], s) || attributed
				stated = stated[1:]
			}
			if d.isQuote(k) && len(r.out) < maxQuotes {
				attributed = r.passage(k, s) || attributed
			}
		}
		if !attributed {
			r.stated = ""
			d.follow(s)
		}
	}
	return r.out
}

// freeMood are the German verbs whose mood alone tells reported speech.
var freeMood = fields(`sei seien habe werde könne müsse solle wolle dürfe bestehe gebe bleibe liege komme gehe laufe gelte handele`)

// free reads a sentence that goes on with what the sentence before reports, as
// its mood tells: "Die Lage sei stabil."
func (r *run) free(s sentence) (statement, bool) {
	d := r.d
	if d.lang != "de" || r.stated == "" || r.statedIn != s.paragraph {
		return statement{}, false
	}
	for k := s.first; k < s.last; k++ {
		w := d.lower(k)
		if v, ok := d.verbAt(k); ok && v.mood == finite {
			return statement{}, false
		}
		if d.isQuote(k) || speakingFor.has(w) || w == "als" || w == "wenn" || w == "ob" {
			return statement{}, false
		}
	}
	st := statement{first: s.first, last: s.last, sure: freeSure, frame: frame{speaker: subject{pronoun: true}}}
	for k := s.first + 1; k < min(s.last, s.first+maxLead); k++ {
		if freeMood.has(d.lower(k)) {
			return st, d.trimClause(&st)
		}
	}
	return statement{}, false
}

// statement adds a reported clause and tells whether somebody says it.
func (r *run) statement(st statement, s sentence) bool {
	d := r.d
	speaker := d.speaker(st.speaker, st.first)
	if speaker == "" {
		return false
	}
	confidence := st.sure
	if st.speaker.pronoun {
		confidence -= carriedLess
	}
	first, last := d.items[st.first].word, d.items[st.last-1].word+1
	kind := "indirect"
	for k := st.first; k < st.last; k++ {
		if !d.isQuote(k) {
			continue
		}
		p := d.passages[d.items[k].passage]
		if !d.isWork(k, p, d.count(p), frame{}) {
			kind = "mixed"
		}
		if k == st.last-1 {
			last = p.close
			if !p.continued && !p.dialogue && p.close < len(d.ws) && d.ws[p.close].Kind != words.Break {
				last++
			}
		}
	}
	a, b := &d.ws[first], &d.ws[last-1]
	r.out = append(r.out, &datelinev1.Quote{
		Text:        d.text[a.Start:b.End],
		Span:        &datelinev1.Span{Start: uint32(a.Rune), End: uint32(b.RuneEnd)},
		Speaker:     speaker,
		SpeakerSpan: d.subjectSpan(st.speaker),
		Verb:        d.printed(st.verb),
		VerbSpan:    d.spanOf(st.verb),
		Kind:        kind,
		Indirect:    kind == "indirect",
		Confidence:  confidence,
	})
	r.stated, r.statedIn = speaker, s.paragraph
	if r.paragraph == s.paragraph {
		r.speaker = speaker
	}
	return true
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
	case f.found && !d.mayBeQuoted(f.speaker) || d.isStray(f, k):
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
	q := d.quote(p, speaker, f, confidence)
	if q == nil {
		return false
	}
	r.stated, r.statedIn = speaker, s.paragraph
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
func (d *document) quote(p passage, speaker string, f frame, confidence float64) *datelinev1.Quote {
	first, last := p.open+1, p.close-1
	if first > last {
		return nil
	}
	a, b := &d.ws[first], &d.ws[last]
	q := &datelinev1.Quote{
		Text:       d.text[a.Start:b.End],
		Span:       &datelinev1.Span{Start: uint32(a.Rune), End: uint32(b.RuneEnd)},
		Speaker:    speaker,
		Verb:       d.printed(f.verb),
		VerbSpan:   d.spanOf(f.verb),
		Kind:       "direct",
		Confidence: confidence,
	}
	if speaker != "" {
		q.SpeakerSpan = d.subjectSpan(f.speaker)
	}
	return q
}

// subjectSpan gives the place where the speaker is named, nil for nowhere; of
// a verb that carries a pronoun it is the pronoun.
func (d *document) subjectSpan(s subject) *datelinev1.Span {
	span := d.spanOf(s.at)
	if span != nil && s.clitic {
		text := d.printed(s.at)
		span.Start = span.End - uint32(utf8.RuneCountInString(text[strings.LastIndexByte(text, '-')+1:]))
	}
	return span
}
