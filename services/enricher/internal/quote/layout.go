package quote

import (
	"strings"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// item is a word outside quotation marks, or a whole passage.
type item struct {
	// word is the index of the word, or of the passage's opening mark.
	word int
	// passage is the index of the passage, or -1.
	passage int
	// sentence is the index of the sentence.
	sentence int
}

// sentence is a range of items, half open.
type sentence struct {
	first, last int
	paragraph   int
}

// document is a text laid out for the search of speakers.
type document struct {
	text     string
	lang     string
	lex      *lexicon
	say      *stating
	people   people
	ws       []words.Word
	names    []name.Name
	nameAt   []int32 // by word: index of the name that begins or goes on there, or -1
	passages []passage
	items    []item
	sents    []sentence
	noVerb   []bool  // by item: known to be no verb of speech
	types    []int32 // by word: its type
	roles    []role  // by type
	state    discourse
}

func newDocument(s *story.Story) *document {
	d := &document{text: s.Text, lang: s.Lang, lex: lexiconOf(s.Lang), say: statingOf(s.Lang), people: peoples[s.Lang], ws: s.Words()}
	d.passages = pair(d.ws)
	d.passages = withDialogue(d, d.passages)
	if len(d.passages) == 0 && len(d.say.verbs) == 0 {
		return d
	}
	d.watch(s)
	d.names = name.In(d.ws, d.text, d.lang)
	d.untitled()
	d.nameAt = make([]int32, len(d.ws))
	for i := range d.nameAt {
		d.nameAt[i] = -1
	}
	for i, n := range d.names {
		for k := n.First; k < n.Last; k++ {
			d.nameAt[k] = int32(i)
		}
	}
	d.layout()
	return d
}

// layout makes the items and cuts them into sentences.
func (d *document) layout() {
	d.items = make([]item, 0, len(d.ws))
	next := 0
	for i := 0; i < len(d.ws); i++ {
		if next < len(d.passages) && d.passages[next].open == i {
			p := &d.passages[next]
			p.item = len(d.items)
			d.items = append(d.items, item{word: i, passage: next})
			i = p.close
			if p.continued || i < len(d.ws) && d.ws[i].Kind == words.Break {
				i--
			}
			next++
			continue
		}
		d.items = append(d.items, item{word: i, passage: -1})
	}
	d.noVerb = make([]bool, len(d.items))
	start, paragraph := 0, 0
	for k := range d.items {
		d.items[k].sentence = len(d.sents)
		broken := d.isBreak(k)
		if broken && d.colonBefore(k) {
			continue
		}
		if broken || d.sentenceEnds(k) || k == len(d.items)-1 {
			d.sents = append(d.sents, sentence{first: start, last: k + 1, paragraph: paragraph})
			start = k + 1
		}
		if broken {
			paragraph++
		}
	}
}

func (d *document) isBreak(k int) bool {
	w := d.word(k)
	return w != nil && w.Kind == words.Break
}

// colonBefore tells whether the break k follows a colon and leads to a
// quotation: the introduction belongs to it.
func (d *document) colonBefore(k int) bool {
	return k > 0 && k+1 < len(d.items) && d.items[k+1].passage >= 0 && d.isMark(k-1, ":")
}

// word gives the word of item k, or nil for a passage or beyond the items.
func (d *document) word(k int) *words.Word {
	if k < 0 || k >= len(d.items) || d.items[k].passage >= 0 {
		return nil
	}
	return &d.ws[d.items[k].word]
}

// lower gives item k in lower case, "" for anything but a word of letters.
func (d *document) lower(k int) string {
	if w := d.word(k); w != nil && w.Kind == words.Letters {
		return w.Lower
	}
	return ""
}

func (d *document) isMark(k int, mark string) bool {
	w := d.word(k)
	return w != nil && w.Is(mark)
}

func (d *document) isQuote(k int) bool {
	return k >= 0 && k < len(d.items) && d.items[k].passage >= 0
}

// name gives the name that begins at item k, or nil.
func (d *document) name(k int) *name.Name {
	w := d.word(k)
	if w == nil {
		return nil
	}
	if i := d.nameAt[d.items[k].word]; i >= 0 && d.names[i].First == d.items[k].word {
		return &d.names[i]
	}
	return nil
}

// inName gives the name that item k is a part of, or nil.
func (d *document) inName(k int) *name.Name {
	if d.word(k) == nil {
		return nil
	}
	if i := d.nameAt[d.items[k].word]; i >= 0 {
		return &d.names[i]
	}
	return nil
}

// sentenceEnds tells whether a sentence ends with item k.
func (d *document) sentenceEnds(k int) bool {
	if p := d.items[k].passage; p >= 0 {
		return d.endsAfterQuote(k, p)
	}
	w := d.word(k)
	if w.Kind != words.Mark || !strings.Contains(".!?…؟。！？।", w.Text) {
		return false
	}
	if k+1 >= len(d.items) {
		return true
	}
	if w.Is(".") && d.abbreviated(k) {
		return false
	}
	return d.startsSentence(k + 1)
}

// startsSentence tells whether item k may be the first of a sentence.
func (d *document) startsSentence(k int) bool {
	if d.isQuote(k) || d.isBreak(k) {
		return true
	}
	w := d.word(k)
	if w == nil {
		return true
	}
	if w.Kind == words.Letters {
		return w.Capital() || w.Lower == w.Text && w.Text == strings.ToUpper(w.Text)
	}
	return w.Kind == words.Number && w.Space || w.Is("—") || w.Is("(") || w.Is("[")
}

// shortened are words that a full stop marks as cut.
var shortened = fields(`m mm mme mmes mlle dr pr me st ste mr mrs ms prof sr sra dña jr gen col lt sgt rev sen rep gov vs no nr
bzw ca etc evtl ggf inkl usw z.b dhr mevr drs ir mw г гг им ул тыс млн млрд руб стр см др art av al cf ex p pp vol fig dott
avv ing on sig dra ltd inc corp co u.s jan feb aug sept oct nov dec janv févr juil déc tel hr fr inż mgr np`)

func (d *document) abbreviated(k int) bool {
	w := d.word(k - 1)
	if w == nil || w.Kind != words.Letters || d.word(k).Space {
		return false
	}
	if utf8.RuneCountInString(w.Text) == 1 && w.Capital() {
		return true
	}
	return shortened.has(w.Lower)
}

// endsAfterQuote tells whether the sentence ends with the quotation at item k:
// its last mark ends a sentence and what comes next begins one.
func (d *document) endsAfterQuote(k, p int) bool {
	if k+1 >= len(d.items) {
		return true
	}
	if d.isQuote(k + 1) {
		return true
	}
	end := d.terminal(p)
	if end == "" || !d.startsSentence(k+1) {
		return false
	}
	return end == "." && d.lang != "ar" || !d.reportsSoon(k+1)
}

// reportsSoon tells whether a verb of speech comes within a few words after
// item k and before any mark, as in «"Why?" Smith asked.».
func (d *document) reportsSoon(k int) bool {
	for n := 0; n < 8 && k+n < len(d.items); n++ {
		w := d.word(k + n)
		if w == nil || w.Kind == words.Break || w.Kind == words.Mark && !w.Is("—") && !w.Is("–") {
			return false
		}
		if d.lex.finite.has(d.speech(w.Lower)) {
			return !d.leadsToQuote(k + n + 1)
		}
	}
	return false
}

// leadsToQuote tells whether a quotation or a clause of its own follows the
// verb, which then does not report the quotation before it.
func (d *document) leadsToQuote(k int) bool {
	for n := 0; n < 8 && k+n < len(d.items); n++ {
		if d.isQuote(k+n) || d.isMark(k+n, ":") || d.may(k+n, asThat) {
			return true
		}
		if w := d.word(k + n); w.Kind == words.Break || w.Kind == words.Mark && !(w.Is(",") && d.isQuote(k+n+1)) {
			return false
		}
	}
	return false
}

// terminal gives the mark that ends a sentence at the end of passage p, or "".
func (d *document) terminal(p int) string {
	last := d.passages[p].close - 1
	if last <= d.passages[p].open {
		return ""
	}
	if w := &d.ws[last]; w.Kind == words.Mark && strings.Contains(".!?…؟。！？", w.Text) {
		return w.Text
	}
	return ""
}

// speech gives the form of an Arabic verb without the conjunction that is
// written with it; words of other languages are as they are.
func (d *document) speech(lower string) string {
	if d.lang != "ar" {
		return lower
	}
	for _, c := range []string{"و", "ف"} {
		if rest, ok := strings.CutPrefix(lower, c); ok && d.lex.finite.has(rest) {
			return rest
		}
	}
	return lower
}
