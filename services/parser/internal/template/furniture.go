package template

import "github.com/dateline-news/dateline/services/parser/internal/plain"

// How many other articles of the host a block has to stand on to be furniture.
const (
	minOthers = 3
	// insideOthers holds between paragraphs of the same make: reporters repeat the
	// background of a running story word for word, in the midst of the next one.
	insideOthers = 8
	// shortOthers holds for short lines, which writers repeat, too: "Here is the
	// thing:".
	shortOthers = 6
)

// Sizes, in letters and digits; those of scripts that write words in one or two
// characters count threefold.
const (
	shortLine = 24
	// minText is the smallest text of which anything is left out.
	minText = 250
)

// Block is a block of text that was chosen for the story.
type Block struct {
	Print Print
	// Size is the number of its letters and digits, see SizeOf.
	Size int
	// Path is the same for blocks of the same make.
	Path    uint64
	Heading bool
}

// SizeOf measures a text.
func SizeOf(text string) int {
	n := 0
	for _, r := range plain.Fold(text) {
		if plain.Unspaced(r) {
			n += 2
		}
		n++
	}
	return n
}

// Furniture tells which blocks of an article's text belong to the host's
// template; leave is nil where there are none.
//
//   - A block does if it stands on enough other articles of the host. What the
//     article had before (a revision keeps it) is not asked about.
//   - A heading or a short line does only if what follows it goes, too, or nothing
//     follows: a local paper has the same dateline over every story.
//   - Where it would be more than half of the text, nothing does: the host has the
//     same story several times. There is nothing to learn from such a reprint, or
//     the story's paragraphs would be taken for furniture elsewhere.
func (h *Host) Furniture(article Print, blocks []Block, had func(Print) bool) (leave []bool, reprint bool) {
	total := 0
	for i := range blocks {
		total += blocks[i].Size
	}
	if h == nil || total < minText {
		return nil, false
	}
	others := make([]int, len(blocks))
	for i := range blocks {
		if p := blocks[i].Print; p != 0 && !had(p) {
			others[i] = h.others(article, p)
		}
	}
	in := newSurroundings(blocks, others)
	out := make([]bool, len(blocks))
	gone, found := 0, false
	for i := len(blocks) - 1; i >= 0; i-- {
		b := &blocks[i]
		alone := i+1 < len(blocks) && !out[i+1]
		switch {
		case b.Heading:
			out[i] = !alone && others[i] >= minOthers
		case b.Size < shortLine:
			out[i] = !alone && others[i] >= shortOthers
		default:
			need := minOthers
			if in.inside(i) {
				need = insideOthers
			}
			out[i] = others[i] >= need
		}
		if out[i] {
			gone, found = gone+b.Size, true
		}
	}
	if !found || gone*2 > total {
		return nil, found
	}
	return out, false
}

// surroundings tell what stands before and after each block.
type surroundings struct {
	blocks      []Block
	first, last map[uint64]int
}

// newSurroundings notes, for each make of blocks, the first and the last
// paragraph that the host has nowhere else.
func newSurroundings(blocks []Block, others []int) *surroundings {
	s := &surroundings{blocks: blocks, first: map[uint64]int{}, last: map[uint64]int{}}
	for i := range blocks {
		b := &blocks[i]
		if b.Heading || b.Size < shortLine || others[i] >= minOthers {
			continue
		}
		if _, ok := s.first[b.Path]; !ok {
			s.first[b.Path] = i
		}
		s.last[b.Path] = i
	}
	return s
}

// inside reports whether a block stands between paragraphs of its make that are
// the article's own.
func (s *surroundings) inside(i int) bool {
	path := s.blocks[i].Path
	first, ok := s.first[path]
	return ok && first < i && i < s.last[path]
}
