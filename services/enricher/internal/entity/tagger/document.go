package tagger

import (
	"slices"
	"strings"
	"sync"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// run is a row of capital words with the small words between them.
type run struct {
	length              uint8
	body, company, made uint8
	before, after       uint64
	firstKind, lastKind uint8
}

// Document is a text in sentences, ready for tagging.
type Document struct {
	// Lang is an ISO 639-1 code.
	Lang   string
	Tokens []Token
	// Starts are the tokens that sentences begin with.
	Starts []int
	// Words are those that Read cut the text into before it made tokens of them.
	Words []words.Word

	lang uint64
	// own tells that the language has annotated text.
	own bool

	rows []run
	// alike are the first tokens by text, notes what the document shows of each word,
	// places the codes of the names that the gazetteer was asked for.
	alike  map[string]int32
	notes  map[uint64]uint8
	places map[string]uint8
}

// pool keeps the buffers of documents.
var pool = sync.Pool{New: func() any {
	return &Document{alike: map[string]int32{}, notes: map[uint64]uint8{}, places: map[string]uint8{}}
}}

// Release gives the document's buffers up; it must not be used again.
func (d *Document) Release() {
	clear(d.Tokens)
	clear(d.alike)
	clear(d.notes)
	clear(d.places)
	*d = Document{Tokens: d.Tokens[:0], rows: d.rows[:0], alike: d.alike, notes: d.notes, places: d.places}
	pool.Put(d)
}

// prepare reads the tokens, each word that is printed alike once.
func (d *Document) prepare(n int, textOf func(i int) string) {
	d.Tokens = slices.Grow(d.Tokens[:0], n)[:n]
	for i := range n {
		text := textOf(i)
		t := &d.Tokens[i]
		if first, ok := d.alike[text]; ok {
			*t = d.Tokens[first]
			continue
		}
		*t = Token{Text: text}
		t.prepare(d.Lang)
		d.alike[text] = int32(i)
	}
}

// newDocument prepares the n tokens that textOf gives, the sentences of which begin
// at starts. Tokens are those of package words, but that full stops of
// abbreviations belong to their word and every Chinese character stands alone.
func newDocument(lang string, starts []int, n int, textOf func(i int) string) *Document {
	d := pool.Get().(*Document)
	d.Lang, d.Starts = lang, starts
	lang = kin(lang)
	d.lang, d.own = hashString(lang), annotated[lang]
	d.prepare(n, textOf)
	for _, s := range starts {
		if s < len(d.Tokens) {
			d.Tokens[s].first = true
		}
	}
	d.gazetteer()
	d.bodies()
	if lang == "zh" {
		d.endings()
	}
	d.runs()
	d.document()
	return d
}

// annotated are the languages of the annotated texts.
var annotated = map[string]bool{
	"da": true, "de": true, "en": true, "hr": true, "hu": true, "nb": true, "nn": true, "pt": true, "ro": true, "sv": true, "zh": true,
}

// kin is the annotated language that is as good as the same, or lang.
func kin(lang string) string {
	switch lang {
	case "no":
		return "nb"
	case "bs", "sr", "sh":
		return "hr"
	}
	return lang
}

// End is where sentence number s ends.
func (d *Document) End(s int) int {
	if s+1 < len(d.Starts) {
		return d.Starts[s+1]
	}
	return len(d.Tokens)
}

// maxRunWords bounds a run.
const maxRunWords = 12

// runs finds the rows of capitals: "Bank of England", "Luis de la Rosa".
func (d *Document) runs() {
	for i := 0; i < len(d.Tokens); {
		if !d.Tokens[i].shape.big() {
			i++
			continue
		}
		end := i + 1
		for k := i + 1; k < len(d.Tokens) && k-i < maxRunWords && !d.Tokens[k].first; k++ {
			t := &d.Tokens[k]
			if t.shape.big() {
				end = k + 1
				continue
			}
			if k-end >= 2 || t.shape != lowerWord && t.Text != "&" && t.Text != "-" || len(t.Text) > 4 || t.class&lexicon.Stop == 0 && t.Text != "&" && t.Text != "-" {
				break
			}
		}
		d.addRun(i, end)
		i = end
	}
}

func (d *Document) addRun(i, end int) {
	if len(d.rows) == cap(d.rows) { // those given out stay where they are
		d.rows = make([]run, 0, max(64, len(d.Tokens)/8))
	}
	d.rows = append(d.rows, run{length: uint8(min(end-i, 7)), firstKind: d.Tokens[i].kind, lastKind: d.Tokens[end-1].kind})
	r := &d.rows[len(d.rows)-1]
	if i > 0 && !d.Tokens[i].first {
		r.before = d.Tokens[i-1].word
	}
	if end < len(d.Tokens) && !d.Tokens[end].first {
		r.after = d.Tokens[end].word
	}
	for k := i; k < end; k++ {
		t := &d.Tokens[k]
		if t.class&lexicon.Body != 0 {
			r.body = 1
		}
		if t.class&lexicon.Company != 0 {
			r.company = 1
		}
		if t.class&lexicon.Given != 0 && t.class&lexicon.Stop == 0 {
			r.made |= 1
		}
		if t.gaz != 0 {
			r.made |= 2
		}
		t.run, t.at = r, uint8(min(k-i, 7))
	}
}

// What a document shows of a word elsewhere.
const (
	seenSmall  = 1 << iota // in small letters
	seenInside             // with a capital within a sentence
	seenTitled             // behind a title
	seenGiven              // behind a given name
)

// document notes how each word is printed elsewhere.
func (d *Document) document() {
	notes := d.notes
	for i := range d.Tokens {
		t := &d.Tokens[i]
		switch {
		case t.shape == lowerWord:
			notes[t.word] |= seenSmall
			continue
		case !t.shape.big():
			continue
		case !t.first:
			notes[t.word] |= seenInside
		}
		if i > 0 && !t.first {
			p := &d.Tokens[i-1]
			if p.class&lexicon.Title != 0 {
				notes[t.word] |= seenTitled
			}
			if p.shape.big() && p.class&lexicon.Given != 0 && p.class&lexicon.Stop == 0 {
				notes[t.word] |= seenGiven
			}
		}
	}
	for i := range d.Tokens {
		if t := &d.Tokens[i]; t.shape.big() {
			t.seen = notes[t.word]
		}
	}
}

// maxOrdinal bounds the bytes of an ordinal.
const maxOrdinal = 6

// Ordinal tells whether token i is a number of at most three digits with letters,
// such as "3rd".
func (d *Document) Ordinal(i int) bool {
	t := &d.Tokens[i]
	const digits = "0123456789"
	rest := strings.TrimLeft(t.Text, digits)
	n := len(t.Text) - len(rest)
	return t.shape == alphanumeric && len(t.Text) <= maxOrdinal && 0 < n && n <= 3
}

// Annotated tells whether the tagger was trained on annotated text of the language.
func (d *Document) Annotated() bool { return d.own }

// Lower gives token i in small letters, with a straight apostrophe and without a
// possessive.
func (d *Document) Lower(i int) string { return d.Tokens[i].lower }

// Class gives the classes of token i.
func (d *Document) Class(i int) lexicon.Class { return d.Tokens[i].class }

// Capital tells whether token i has a capital.
func (d *Document) Capital(i int) bool { return d.Tokens[i].shape.big() }

// ByCharacter tells whether token i is a character of a script that does not part
// words.
func (d *Document) ByCharacter(i int) bool { return d.byCharacter(&d.Tokens[i]) }
