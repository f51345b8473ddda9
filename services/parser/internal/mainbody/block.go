// Package mainbody finds the text of the story on a page.
//
//  1. Cut: one walk over the tree cuts the page into text blocks, and notes
//     what each block is made of and what stands around it.
//  2. Score: a classifier gives each block the probability that it belongs to
//     the story (or, with the rules, a verdict).
//  3. Extract: the blocks chosen become paragraphs, headings, list items and
//     quotations, with their links and pictures.
//
// Nothing in it knows a site.
package mainbody

import "golang.org/x/net/html/atom"

// Bounds on hostile pages. Real pages have some hundreds of blocks.
const (
	maxBlocks = 8_000
	maxText   = 8 << 20
	maxLinks  = 20_000
	maxImages = 2_000
)

// element is a block-level element with text in it.
type element struct {
	parent      int32
	first, last int32 // its blocks: [first, last)
	tag         atom.Atom
	depth       uint16
	level       uint8 // of lists around it
	own, up     classSet
	in          ancestry
	path        uint64 // hash of the tags and classes down to it
	pathID      int32  // numbers the paths of the page
	nameID      int32  // numbers its own tag and classes
	sub         int32  // the elements in it are those up to this one
	chars       int32
	linkChars   int32
	paraChars   int32 // in blocks that look like sentences
	commas      int32
}

// block is a run of text that no block-level boundary interrupts.
type block struct {
	text       string
	el         int32
	inner      classSet // of inline elements that hold most of the block
	soft       bool     // parted from the block before by a single <br> only
	chars      int32    // runes
	letters    int32
	digits     int32
	upper      int32
	words      int32
	commas     int32
	ends       int32 // sentence ends inside or at the end
	punct      int32
	symbols    int32 // | · • › » © and the like
	linkChars  int32
	links      int32
	jumpChars  int32 // in links within the page
	strong     int32 // runes in b, strong
	italic     int32
	timeTag    bool
	endsClosed bool // its last rune ends a sentence or a quotation
	endsColon  bool
	trails     bool // its last rune is an ellipsis, or three full stops end it
	asks       bool // its last rune is a question mark
	copyright  bool
	at         bool  // there is an @ in it
	startChars int32 // page text before it
}

// link is a hyperlink in a block.
type link struct {
	block     int32
	href, rel string
	from, to  int32 // bytes of the page's text buffer
	text      string
}

// image is a picture on the page.
type image struct {
	block         int32 // the block that follows it
	src, alt      string
	width, height int
	in            ancestry
	class         classSet
	figure        int32 // element of its figure, or -1
}

// page is a page cut into blocks.
type page struct {
	blocks    []block
	elements  []element
	links     []link
	images    []image
	chars     int32
	truncated bool
	words     []uint64 // hashes of the words of all blocks, one after the other
	bounds    []int32  // where each block's words begin in words, and where they end
	paths     int      // numbers in use for paths and names; 0 stands for none
	names     int
}

// wordsOf returns the hashes of a block's words.
func (pg *page) wordsOf(i int) []uint64 { return pg.words[pg.bounds[i]:pg.bounds[i+1]] }

// split reads the words of all blocks.
func (pg *page) split() {
	pg.bounds = append(pg.bounds[:0], 0)
	for i := range pg.blocks {
		pg.words = appendWords(pg.words, pg.blocks[i].text)
		pg.bounds = append(pg.bounds, int32(len(pg.words)))
	}
}

// pathOf numbers the path of a block's element; 0 where it has none.
func (pg *page) pathOf(b *block) int32 {
	if b.el < 0 {
		return 0
	}
	return pg.elements[b.el].pathID
}
