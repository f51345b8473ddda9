package keyphrase

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/lexicon"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// kind is a word in lower case, however often it stands in the text.
type kind struct {
	lower string
	// stem is the number of the kind that stands for all its inflected forms.
	stem int32
	// stop tells that it is a function word or another that says nothing of the
	// subject; link that it may stand within a phrase nonetheless.
	stop, link bool
	letters    int32
}

// maxTitleKinds is the number of kinds of a headline for which there is room from
// the first.
const maxTitleKinds = 32

func (d *document) newKind(number int32, of story.Type) kind {
	return kind{lower: of.Lower, stem: number, stop: d.empty(of), link: d.links[of.Lower], letters: of.Letters}
}

// kind gives the number of a word's kind, or -1 for a mark or a break.
func (d *document) kind(w *words.Word) int32 {
	if w.Kind != words.Letters {
		return -1
	}
	if !characters[d.Lang] {
		if k := d.Find(w.Lower); k >= 0 {
			return k
		}
	}
	if k, ok := d.extra[w.Lower]; ok {
		return k
	}
	k := int32(len(d.kinds))
	d.kinds = append(d.kinds, d.newKind(k, story.TypeIn(d.Lang, w.Lower)))
	d.extra[w.Lower] = k
	return k
}

// listed are the languages with a list of function words.
var listed = fields(`af ar bg bn br ca cs da de el en eo es et eu fa fi fr ga gl gu ha he hi hr bs sr hu hy id it ja ko ku la lt
lv mr ms nl no nb nn pl pt ro ru sk sl so st sv sw th tl tr uk ur vi yo zh zu`)

func fields(list string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		m[word] = true
	}
	return m
}

// empty tells the words that are no subject: function words, verbs of saying,
// names of days and months, elided articles, and without a list short words.
func (d *document) empty(of story.Type) bool {
	switch {
	case of.Class&(lexicon.Stop|lexicon.Speech|lexicon.Calendar) != 0:
		return true
	case strings.HasSuffix(of.Lower, "'"):
		return true
	case of.Letters == 1, of.Letters <= 3 && !listed[d.Lang]:
		r, _ := utf8.DecodeRuneInString(of.Lower)
		return r < 0x3041
	}
	return false
}

// links are the words that tie nouns into one phrase.
var links = map[string]map[string]bool{
	"fr": fields(`de du des d' la le les l' à au aux en`), "es": fields(`de del la los las`), "pt": fields(`de do da dos das`),
	"it": fields(`di del della dei delle degli dell' d'`), "ca": fields(`de del d' la els les`), "gl": fields(`de do da dos das`),
	"ro": fields(`de al a ale`), "en": fields(`of the`), "de": fields(`der des von für`), "nl": fields(`van de het der`),
	"sv": fields(`av`), "da": fields(`af`), "nb": fields(`av`), "nn": fields(`av`), "no": fields(`av`),
}

// forms tells how inflected forms of a word differ: both endings behind the common
// part have at most short letters, and the common part has at least common.
type forms struct{ short, common int }

// inflecting are the languages whose nouns have cases; the others mark number.
var inflecting = fields(`ru uk be bg mk sr hr bs sl cs sk pl lt lv et fi hu tr az kk ky el la eu ka hy sq is mn`)

func (d *document) forms() forms {
	switch {
	case inflecting[d.Lang]:
		return forms{short: 3, common: 4}
	case d.Lang == "de" || d.Lang == "sv" || d.Lang == "da" || d.Lang == "nb" || d.Lang == "nn" || d.Lang == "no" || d.Lang == "ro":
		return forms{short: 2, common: 5}
	}
	return forms{short: 1, common: 4}
}

// stem joins inflected forms: of the words in alphabetical order, those that share
// their beginning with the shortest before them.
func (d *document) stem() {
	order := make([]opening, 0, len(d.kinds))
	for i := range d.kinds {
		if k := &d.kinds[i]; !k.stop && k.letters >= 4 {
			order = append(order, opening{kind: int32(i), bytes: openingOf(k.lower)})
		}
	}
	slices.SortFunc(order, func(a, b opening) int {
		if a.bytes != b.bytes {
			return cmp.Compare(a.bytes, b.bytes)
		}
		return strings.Compare(d.kinds[a.kind].lower, d.kinds[b.kind].lower)
	})
	f := d.forms()
	head := int32(-1)
	for _, o := range order {
		k := o.kind
		if head >= 0 && f.same(d.kinds[head].lower, d.kinds[k].lower) {
			d.kinds[k].stem = head
			continue
		}
		head = k
	}
}

// opening is a kind with its first eight bytes, by which nearly all are in order.
type opening struct {
	bytes uint64
	kind  int32
}

func openingOf(word string) uint64 {
	var first [8]byte
	copy(first[:], word)
	return binary.BigEndian.Uint64(first[:])
}

// same tells whether two words are forms of one.
func (f forms) same(a, b string) bool {
	common, i := 0, 0
	for i < len(a) && i < len(b) {
		r, size := utf8.DecodeRuneInString(a[i:])
		if q, _ := utf8.DecodeRuneInString(b[i:]); q != r || !unicode.IsLetter(r) && r != '-' {
			break
		}
		common, i = common+1, i+size
	}
	restA, restB := utf8.RuneCountInString(a[i:]), utf8.RuneCountInString(b[i:])
	if common < f.common || restA > f.short || restB > f.short {
		return false
	}
	if restA > 0 && restB > 0 && f.short == 1 {
		return false // "plan" and "plans", but not "plant" and "plane"
	}
	return common >= restA+restB+2
}
