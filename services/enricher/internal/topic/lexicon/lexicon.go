// Package lexicon counts the words of a text that speak for a topic.
//
// The stems are written here, in one file a language; stems/latn.txt and
// stems/cyrl.txt hold the international words of all languages of their script.
package lexicon

import (
	"bufio"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

// Subjects are what stems speak for: the slugs of the 17 top-level Media Topics in
// the order of their codes, then travel, a part of lifestyle that the model tells
// apart, and geography, which is no topic.
var Subjects = [...]string{
	"arts", "crime", "disaster", "economy", "education", "environment", "health", "human-interest", "labour",
	"lifestyle", "politics", "religion", "science", "society", "sport", "conflict", "weather", "travel", "geography",
}

// Size is the number of subjects.
const Size = len(Subjects)

// Counts are the weights of the words found, by subject.
type Counts [Size]float64

//go:embed stems
var files embed.FS

// entry is what a stem speaks for.
type entry struct {
	subjects [2]uint8
	n        uint8
	weight   float32
	// whole tells that nothing may follow the stem.
	whole bool
	// length in code points.
	length uint8
}

// table holds all stems by hash, each seeded with its file's name.
type table struct {
	stems map[uint64]entry
	// heads are the first words of phrases.
	heads map[uint64]struct{}
	langs []string
	// sieve tells, by the top bits of their hashes, which stems and heads may be
	// there: most lookups end at it.
	sieve [1 << (sieveBits - 6)]uint64
}

const sieveBits = 18

func (t *table) mark(h uint64) { t.sieve[h>>(64-sieveBits+6)] |= 1 << (h >> (64 - sieveBits) & 63) }

func (t *table) mayHave(h uint64) bool {
	return t.sieve[h>>(64-sieveBits+6)]>>(h>>(64-sieveBits)&63)&1 != 0
}

var load = sync.OnceValues(func() (*table, error) { return read(files) })

// Warm loads the stems and tells if they cannot be read.
func Warm() error {
	_, err := load()
	return err
}

// Languages lists the languages that have stems of their own, in order.
func Languages() []string {
	t, err := load()
	if err != nil {
		return nil
	}
	return slices.Clone(t.langs)
}

func read(files embed.FS) (*table, error) {
	t := &table{stems: map[uint64]entry{}, heads: map[uint64]struct{}{}}
	dir, err := files.ReadDir("stems")
	if err != nil {
		return nil, fmt.Errorf("listing the stems: %w", err)
	}
	for _, f := range dir {
		lang := strings.TrimSuffix(f.Name(), ".txt")
		if len(lang) == 2 {
			t.langs = append(t.langs, lang)
		}
		text, err := files.ReadFile(path.Join("stems", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the stems: %w", err)
		}
		lines := bufio.NewScanner(strings.NewReader(string(text)))
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			if len(fields) == 0 {
				continue
			}
			subject := slices.Index(Subjects[:], fields[0])
			if subject < 0 {
				return nil, fmt.Errorf("stems/%s: no subject %q", f.Name(), fields[0])
			}
			for _, stem := range fields[1:] {
				t.add(lang, stem, uint8(subject))
			}
		}
	}
	return t, nil
}

// add takes a stem as written: "+" before one that tells more than others, "$"
// after a whole word, "_" between the two words of a phrase.
func (t *table) add(lang, stem string, subject uint8) {
	e := entry{weight: 1}
	stem, strong := strings.CutPrefix(stem, "+")
	if strong {
		e.weight = 2
	}
	stem, e.whole = strings.CutSuffix(stem, "$")
	h := seed(lang)
	for _, r := range stem {
		if r == '_' {
			t.heads[h] = struct{}{}
			t.mark(h)
			r = ' '
			e.weight += 0.5
		}
		h = step(h, r)
		e.length++
	}
	if had, ok := t.stems[h]; ok {
		e.n, e.subjects = had.n, had.subjects
	}
	if int(e.n) < len(e.subjects) && !(e.n == 1 && e.subjects[0] == subject) {
		e.subjects[e.n] = subject
		e.n++
	}
	t.stems[h] = e
	t.mark(h)
}

// seed and step are FNV-1a over code points.
func seed(lang string) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range lang {
		h = step(h, r)
	}
	return h
}

func step(h uint64, r rune) uint64 { return (h ^ uint64(r)) * 1099511628211 }

// Reader looks words up in the stems of one language. It remembers the last word,
// for phrases.
type Reader struct {
	t                *table
	lang, latn, cyrl uint64
	language         string
	// before is the hash of the word before, 0 if it begins no phrase.
	before uint64
}

// NewReader makes a reader for an ISO 639-1 language; one without stems of its own
// has those of its script.
func NewReader(lang string) (*Reader, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	return &Reader{t: t, lang: seed(lang), latn: seed("latn"), cyrl: seed("cyrl"), language: lang}, nil
}

// Add counts a word of weight w into c, and returns the number of stems found.
func (r *Reader) Add(c *Counts, letters []rune, run bool, w float64) int {
	if run {
		return r.addRun(c, letters, w)
	}
	before := r.before
	r.before = 0
	e, ok := r.find(letters)
	if before != 0 {
		if p, found := r.longest(before, letters); found {
			e, ok = p, true
		}
	}
	h := r.lang
	for _, l := range letters {
		h = step(h, l)
	}
	if r.t.mayHave(h) {
		if _, head := r.t.heads[h]; head {
			r.before = step(h, ' ')
		}
	}
	if !ok {
		return 0
	}
	e.count(c, w)
	return 1
}

func (e entry) count(c *Counts, w float64) {
	w *= float64(e.weight)
	if e.n == 2 {
		w *= 0.7
	}
	for _, s := range e.subjects[:e.n] {
		c[s] += w
	}
}

// find looks a word up by its longest stem: in the language, in its script's
// international words, without the clitics before it, and as part of a compound.
func (r *Reader) find(letters []rune) (entry, bool) {
	if e, ok := r.longest(r.lang, letters); ok {
		return e, ok
	}
	switch first := letters[0]; {
	case first < 0x250:
		if e, ok := r.longest(r.latn, letters); ok {
			return e, ok
		}
		if compounds(r.language) && len(letters) >= 9 {
			return r.within(letters)
		}
	case 0x400 <= first && first < 0x530:
		return r.longest(r.cyrl, letters)
	case 0x590 <= first && first < 0x700:
		return r.unclitic(letters)
	}
	return entry{}, false
}

func (r *Reader) longest(h uint64, letters []rune) (best entry, ok bool) {
	for i, l := range letters {
		h = step(h, l)
		if i == 0 || !r.t.mayHave(h) {
			continue
		}
		if e, found := r.t.stems[h]; found && (!e.whole || i == len(letters)-1) {
			best, ok = e, true
		}
	}
	return best, ok
}

func (r *Reader) unclitic(letters []rune) (entry, bool) {
	for range 4 {
		if len(letters) < 4 || !word.Clitic(letters[0]) {
			break
		}
		letters = letters[1:]
		if e, ok := r.longest(r.lang, letters); ok {
			return e, ok
		}
	}
	return entry{}, false
}

// compounds tells the languages that write compounds as one word.
func compounds(lang string) bool {
	switch lang {
	case "de", "nl", "sv", "da", "no", "nb", "nn", "fi", "hu", "is", "et":
		return true
	}
	return false
}

// within looks for a stem of five letters and more that begins inside a compound.
func (r *Reader) within(letters []rune) (entry, bool) {
	for i := 3; i+5 <= len(letters); i++ {
		if e, ok := r.longest(r.lang, letters[i:]); ok && e.length >= 5 {
			return e, ok
		}
	}
	return entry{}, false
}

// longestRun is the longest stem in a script that parts no words.
const longestRun = 12

func (r *Reader) addRun(c *Counts, run []rune, w float64) (found int) {
	r.before = 0
	for i := 0; i < len(run); {
		e, ok := r.longest(r.lang, run[i:min(len(run), i+longestRun)])
		if !ok {
			i++
			continue
		}
		e.count(c, w)
		found++
		i += int(e.length)
	}
	return found
}
