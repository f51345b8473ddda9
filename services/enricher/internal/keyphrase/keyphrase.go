// Package keyphrase finds the words that say what a news text is about.
//
//  1. Candidates are runs of up to five words between function words and
//     punctuation, with "of" and its kin allowed inside; in Chinese and Japanese,
//     strings of characters that recur (candidate.go, character.go).
//  2. Inflected forms of one word count as one (stem.go).
//  3. A candidate is scored by features that need no training collection: how
//     often, how early and how widely it stands, capitals, length, the title, its
//     neighbours (score.go). They follow KP-Miner (El-Beltagy and Rafea,
//     Information Systems 34, 2009) and YAKE (Campos et al., Information Sciences
//     509, 2020).
package keyphrase

import (
	"strings"
	"sync"
	"unicode/utf8"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

const (
	// most is the number of keyphrases of a text.
	most = 10
	// maxWords bounds the words that are read: some thirty long articles.
	maxWords = 20_000
	// maxCandidates bounds the candidates of a text.
	maxCandidates = 60_000
	// maxKept bounds the candidates for which memory is kept between articles.
	maxKept = 10_000
)

// Article is what is searched.
type Article struct {
	// Title is the headline; it may be empty.
	Title string
	// Story is searched.
	*story.Story
	// Skip is the place of the dateline in Text, which is about nothing; nil if
	// there is none.
	Skip *datelinev1.Span
}

// Find gives at most ten keyphrases, the best first. Their text is as printed;
// their span is where that form stands first. It is deterministic, and its time
// grows with the length of the text, of which the first 20,000 words are read.
func Find(a Article) []*datelinev1.Keyphrase {
	if !utf8.ValidString(a.Title) {
		a.Title = string([]rune(a.Title))
	}
	d := newDocument(a)
	s := scratches.Get().(*scratch)
	defer s.release()
	d.found, d.list = &s.found, s.list[:0]
	d.found.reset(2 * len(d.tokens))
	defer func() { s.list = d.list }()
	d.collect()
	ranked := d.rank()
	out := make([]*datelinev1.Keyphrase, 0, len(ranked))
	for _, c := range ranked {
		from, to := c.span(d)
		out = append(out, &datelinev1.Keyphrase{
			Text:  a.Text[from.byte:to.byte],
			Score: relative(c.score, ranked[0].score),
			Span:  &datelinev1.Span{Start: uint32(from.rune), End: uint32(to.rune)},
		})
	}
	return out
}

// scratch is the memory of one search.
type scratch struct {
	found counts
	list  []candidate
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// release keeps the memory for the next article, unless it is that of no article.
func (s *scratch) release() {
	if cap(s.list) <= maxKept {
		scratches.Put(s)
	}
}

// place is a place in the text by byte and by code point.
type place struct{ byte, rune int }

// token is a word of the text.
type token struct {
	*words.Word
	// kind is the number of its word in document.kinds; -1 for all but words.
	kind int32
	// sentence is the number of its sentence.
	sentence int32
	// first tells that it is the first word of its sentence.
	first bool
}

// document is a text laid out.
type document struct {
	Article
	tokens []token
	kinds  []kind
	// extra numbers the kinds that are no type of the story: those of the headline
	// alone, and single characters.
	extra map[string]int32
	links map[string]bool
	// titled marks the stems of the words in the title.
	titled    map[int32]bool
	sentences int
	found     *counts
	list      []candidate
}

func newDocument(a Article) *document {
	d := &document{Article: a, extra: map[string]int32{}, links: links[a.Lang], titled: map[int32]bool{}}
	d.lay()
	var title []int32
	split := words.Split(d.title(), a.Lang)
	for i := range split {
		if k := d.kind(&split[i]); k >= 0 {
			title = append(title, k)
		}
	}
	d.stem()
	for _, k := range title {
		if !d.kinds[k].stop {
			d.titled[d.kinds[k].stem] = true
		}
	}
	d.placeSentences()
	return d
}

// lay makes the tokens: the story's words, whose types are the first kinds, or the
// characters of languages that are read by them.
func (d *document) lay() {
	split := d.Words()
	if characters[d.Lang] {
		split = byCharacter(split)
		split = split[:min(len(split), maxWords)]
		d.tokens = make([]token, len(split))
		for i := range split {
			d.tokens[i] = token{Word: &split[i], kind: d.kind(&split[i])}
		}
		return
	}
	types, of := d.Types(), d.TypeOf()
	d.kinds = make([]kind, len(types), len(types)+maxTitleKinds)
	for i := range types {
		d.kinds[i] = d.newKind(int32(i), types[i])
	}
	d.tokens = make([]token, min(len(split), maxWords))
	for i := range d.tokens {
		d.tokens[i] = token{Word: &split[i], kind: of[i]}
	}
}

// maxTitle is the number of bytes up to which a first line without a final stop
// counts as a headline.
const maxTitle = 250

// title gives the headline, else the first line of the text if it looks like one.
func (d *document) title() string {
	if d.Title != "" || characters[d.Lang] {
		return d.Title
	}
	line, rest, _ := strings.Cut(strings.TrimSpace(d.Text), "\n")
	line = strings.TrimSpace(line)
	if rest == "" || len(line) > maxTitle || line == "" || strings.ContainsAny(line[len(line)-1:], ".!:") {
		return ""
	}
	return line
}

// placeSentences numbers the sentences of the tokens.
func (d *document) placeSentences() {
	all := d.Sentences()
	d.sentences = len(all)
	at, fresh := 0, true
	for i := range d.tokens {
		t := &d.tokens[i]
		for at+1 < len(all) && int(t.Start) >= all[at].End {
			at, fresh = at+1, true
		}
		t.sentence = int32(at)
		if t.Kind == words.Letters || t.Kind == words.Number {
			t.first, fresh = fresh, false
		}
	}
}
