// Package template learns what the pages of one host have in common.
//
// A block of text that stands on several articles of a host belongs to the
// host's template and to none of the stories: an invitation to a newsletter, a
// disclaimer, a note about the author, a head over other stories.
//
//   - For each host the last articles are remembered as a window, and for each
//     block those of the window that it stood on.
//   - What stood on several at once is remembered for long after, so that another
//     look at an article finds the same furniture as the first.
//
// Nothing in it knows a site.
package template

import (
	"cmp"
	"hash/fnv"
	"math/bits"
	"slices"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds of what is kept of a host: with them, its encoding is at most MaxSize
// bytes.
const (
	// Window is the number of articles that are remembered.
	Window = 64
	// MaxBlocks is the largest number of blocks that are remembered.
	MaxBlocks = 1650
	// MaxPage is the largest number of blocks that are learnt of one page; of more,
	// those at its beginning and at its end.
	MaxPage = 200

	// established is on how many articles of the window a block has to stand at once
	// to be remembered, and memory for how many articles after it was seen last, in
	// steps.
	established = 4
	memory      = 128
	step        = 16
)

// Print is the fingerprint of a block's text or of an article's name. Zero stands
// for none.
type Print uint64

// PrintOf fingerprints a block's text: its letters and digits, in lower case.
// Texts with none have no print.
func PrintOf(text string) Print {
	folded := plain.Fold(plain.NFC(text))
	if folded == "" {
		return 0
	}
	return hash(folded)
}

// ArticlePrint fingerprints an article's id.
func ArticlePrint(id string) Print { return hash(id) }

func hash(s string) Print {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s))
	return Print(max(h.Sum64(), 1))
}

// Host is what is known of a host's last pages. It never changes. A nil Host and
// the zero value know nothing.
type Host struct {
	pages  [Window]Print // articles; zero: free
	next   uint8         // the slot that the next article takes
	count  uint32        // articles learnt from so far, modulo 2³²
	blocks []block       // sorted by print
}

// block is a text.
type block struct {
	print Print
	on    uint64 // slots of the articles that it stands on
	peak  uint8  // the most articles that it stood on at once
	last  uint16 // step in which it was seen last
}

// weight is on how many articles a block stands or, once it is established, stood.
func (b *block) weight() int {
	n := bits.OnesCount64(b.on)
	if b.peak >= established {
		n = max(n, int(b.peak))
	}
	return n
}

// step is the number of steps of articles so far.
func (h *Host) step() uint16 { return uint16(h.count / step) }

// others is the number of articles but the given one that a block stands on, or
// stood on when it was on the most.
func (h *Host) others(article, p Print) int {
	if h == nil {
		return 0
	}
	i, ok := h.find(p)
	if !ok {
		return 0
	}
	b := h.blocks[i]
	if slot := h.slot(article); slot >= 0 {
		b.on &^= 1 << slot
	}
	n := bits.OnesCount64(b.on)
	if b.peak >= established {
		n = max(n, int(b.peak)-1)
	}
	return n
}

func (h *Host) find(p Print) (int, bool) {
	return slices.BinarySearchFunc(h.blocks, p, func(b block, p Print) int { return cmp.Compare(b.print, p) })
}

// slot is the place of an article in the window, or -1.
func (h *Host) slot(article Print) int {
	for i, p := range h.pages {
		if p == article {
			return i
		}
	}
	return -1
}

// With returns what is known after another page of the host: h stays as it is.
// An article that is in the window keeps its place there, and what was known of
// its page is replaced, so that a page that comes twice counts once. A new one
// takes the place of the oldest.
func (h *Host) With(article Print, prints []Print) *Host {
	next := &Host{}
	if h != nil {
		next.pages, next.next, next.count, next.blocks = h.pages, h.next, h.count, h.blocks
	}
	if article == 0 {
		return next
	}
	slot := next.slot(article)
	if slot < 0 {
		slot = int(next.next)
		next.next = (next.next + 1) % Window
		next.pages[slot] = article
		next.count++
	}
	next.forget(slot)
	next.learn(slot, prints)
	next.shrink()
	return next
}

// forget clears a slot of the window, and drops blocks that are on no article and
// not remembered.
func (h *Host) forget(slot int) {
	kept := make([]block, 0, len(h.blocks))
	for _, b := range h.blocks {
		b.on &^= 1 << slot
		if b.on != 0 || b.peak >= established && h.step()-b.last <= memory {
			kept = append(kept, b)
		}
	}
	h.blocks = kept
}

// learn notes that blocks stand on the article in a slot.
func (h *Host) learn(slot int, prints []Print) {
	learnt := make([]block, 0, len(h.blocks)+MaxPage)
	known := h.blocks
	for _, p := range edges(prints) {
		for len(known) > 0 && known[0].print < p {
			learnt, known = append(learnt, known[0]), known[1:]
		}
		b := block{print: p}
		if len(known) > 0 && known[0].print == p {
			b, known = known[0], known[1:]
		}
		b.on |= 1 << slot
		b.peak = max(b.peak, uint8(bits.OnesCount64(b.on)))
		b.last = h.step()
		learnt = append(learnt, b)
	}
	h.blocks = append(learnt, known...)
}

// edges returns the different prints of a page, sorted; of a page with too many,
// those of its beginning and its end, where templates put most.
func edges(prints []Print) []Print {
	var of []Print
	if len(prints) > MaxPage {
		of = append(of, prints[:MaxPage/2]...)
		of = append(of, prints[len(prints)-MaxPage/2:]...)
	} else {
		of = slices.Clone(prints)
	}
	slices.Sort(of)
	of = slices.Compact(of)
	if len(of) > 0 && of[0] == 0 {
		of = of[1:]
	}
	return of
}

// shrink forgets blocks over the bound: those on the fewest articles, and of these
// the ones that were not seen for the longest time.
func (h *Host) shrink() {
	over := len(h.blocks) - MaxBlocks
	if over <= 0 {
		return
	}
	var ranks [(Window + 1) * Window]int
	for i := range h.blocks {
		ranks[h.rank(&h.blocks[i])]++
	}
	limit := 0
	for over > ranks[limit] {
		over -= ranks[limit]
		limit++
	}
	kept := h.blocks[:0]
	for i := range h.blocks {
		switch rank := h.rank(&h.blocks[i]); {
		case rank < limit:
		case rank == limit && over > 0:
			over--
		default:
			kept = append(kept, h.blocks[i])
		}
	}
	h.blocks = kept
}

// rank orders blocks by their weight, and those of one weight by the newest article
// that they stand on.
func (h *Host) rank(b *block) int {
	newest := bits.Len64(bits.RotateLeft64(b.on, -int(h.next)))
	return b.weight()*Window + max(newest-1, 0)
}
