// Package concept tells the subject matter of everyday words in many languages:
// "airport", "Flughafen" and "空港" are of air transport. It knows no topics; the
// topic model learns from one language's sentences what concepts speak for, and
// reads them in all.
//
// The words are the annotations that the Unicode Common Locale Data Repository
// gives emoji, which are grouped by what they show: "sport", "medical",
// "transport-air". The compiled table holds hashes only.
package concept

import (
	_ "embed"
	"encoding/binary"
	"errors"

	"github.com/dateline-news/dateline/services/enricher/internal/sealed"
	"github.com/dateline-news/dateline/services/enricher/internal/topic/word"
)

const (
	// Groups bounds the groups of emoji.
	Groups = 100
	// Year and Number count behind them.
	Year, Number = Groups, Groups + 1
	// Size is the number of concepts.
	Size = Groups + 2
)

// Counts are the weights of the words found, by concept.
type Counts [Size]float64

//go:embed concept.bin
var packed []byte

const (
	magic = "DLCON001"
	// indexBits is how many leading bits of a hash the index spans.
	indexBits = 15
	indexSize = (1<<indexBits + 1) * 4
	// A word's entry is two concepts with their shares, in fifteenths.
	entrySize = 3
	whole     = 15
)

type table struct{ index, hashes, entries []byte }

var errTable = errors.New("the table of concepts is damaged")

var load = sealed.Lazy(packed, decode)

// Warm loads the table and tells if it is damaged.
func Warm() error {
	_, err := load()
	return err
}

func decode(file []byte) (table, error) {
	body, err := sealed.Open(magic, file)
	if err != nil || len(body) < 4 {
		return table{}, errTable
	}
	n := int(binary.LittleEndian.Uint32(body))
	body = body[4:]
	if len(body) != indexSize+n*(4+entrySize) {
		return table{}, errTable
	}
	t := table{body[:indexSize], body[indexSize : indexSize+4*n], body[indexSize+4*n:]}
	if binary.LittleEndian.Uint32(t.index[indexSize-4:]) != uint32(n) {
		return table{}, errTable
	}
	return t, nil
}

// Reader looks words up in one language.
type Reader struct {
	t        table
	seed     uint32
	clitics  bool
	particle bool
}

// NewReader makes a reader for an ISO 639-1 language.
func NewReader(lang string) (Reader, error) {
	t, err := load()
	if err != nil {
		return Reader{}, err
	}
	switch lang {
	case "nb", "nn":
		lang = "no"
	case "bs":
		lang = "hr"
	}
	return Reader{t: t, seed: hashLang(lang), clitics: lang == "ar" || lang == "he" || lang == "fa", particle: lang == "ko"}, nil
}

// FNV-1a, 32 bits, over code points, and a final mix for the index's sake.
func hashLang(lang string) uint32 {
	h := uint32(2166136261)
	for _, r := range lang {
		h = step(h, r)
	}
	return h
}

func step(h uint32, r rune) uint32 { return (h ^ uint32(r)) * 16777619 }

func final(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

const (
	// maxEnding is how many letters of a word may follow what is listed of it.
	maxEnding = 4
	// leastWord is the least letters of a listed word, leastKorean that of Korean,
	// which writes syllables, and leastRun in scripts that part no words.
	leastWord, leastKorean, leastRun = 3, 2, 2
	// longestRun is the most letters that are looked up of a run, and of a word.
	longestRun, longestWord = 6, 40
)

// kept is how many letters of a word are listed, of n: those before most endings.
func kept(n int) int {
	switch {
	case n >= 7:
		return n - 2
	case n >= 5:
		return n - 1
	}
	return n
}

// Add counts a word, or a run of a script that parts no words, of weight w into c.
func (r *Reader) Add(c *Counts, letters []rune, run bool, w float64) {
	switch {
	case run:
		r.addRun(c, letters, w)
	case numeric(letters):
		if len(letters) == 4 && (letters[0] == '1' || letters[0] == '2') {
			c[Year] += w
		} else {
			c[Number] += w
		}
	default:
		r.addWord(c, letters, w)
	}
}

func numeric(letters []rune) bool {
	for _, l := range letters {
		if l < '0' || l > '9' {
			return false
		}
	}
	return true
}

// maxClitics is how many letters of other words may stand before one.
const maxClitics = 3

func (r *Reader) addWord(c *Counts, letters []rune, w float64) {
	least := leastWord
	if r.particle {
		least = leastKorean
	}
	for n := 0; ; n++ {
		if e := r.longest(letters, least, max(least, len(letters)-maxEnding), longestWord); e != nil {
			c.count(e, w)
			return
		}
		if !r.clitics || n == maxClitics || len(letters) < 5 || !word.Clitic(letters[0]) {
			return
		}
		letters = letters[1:]
	}
}

func (r *Reader) addRun(c *Counts, run []rune, w float64) {
	for i := 0; i+leastRun <= len(run); {
		n := 1
		h := r.seed
		var found []byte
		for k, l := range run[i:min(len(run), i+longestRun)] {
			h = step(h, l)
			if k+1 < leastRun {
				continue
			}
			if e := r.t.find(final(h)); e != nil {
				found, n = e, k+1
			}
		}
		if found != nil {
			c.count(found, w)
		}
		i += n
	}
}

// longest finds the longest beginning of a word that is listed, of from letters or
// more.
func (r *Reader) longest(letters []rune, least, from, most int) (found []byte) {
	if len(letters) < least || len(letters) > most {
		return nil
	}
	h := r.seed
	for i, l := range letters {
		h = step(h, l)
		if i+1 < from {
			continue
		}
		if e := r.t.find(final(h)); e != nil {
			found = e
		}
	}
	return found
}

func (t table) find(hash uint32) []byte {
	le := binary.LittleEndian
	slot := int(hash>>(32-indexBits)) * 4
	for i, end := int(le.Uint32(t.index[slot:])), int(le.Uint32(t.index[slot+4:])); i < end; i++ {
		if le.Uint32(t.hashes[4*i:]) == hash {
			return t.entries[entrySize*i : entrySize*(i+1)]
		}
	}
	return nil
}

// count adds an entry: two concepts, and their shares in one byte.
func (c *Counts) count(e []byte, w float64) {
	w /= whole
	c[min(int(e[0]), Groups-1)] += w * float64(e[2]>>4)
	c[min(int(e[1]), Groups-1)] += w * float64(e[2]&15)
}
