package mainbody

import (
	"math"

	"golang.org/x/net/html/atom"
)

// pathSum sums what the blocks of one path have in common.
type pathSum struct {
	blocks, chars, linkChars, ends int32
}

func (s *pathSum) add(b *block) {
	s.blocks++
	s.chars += b.chars
	s.linkChars += b.linkChars
	s.ends += b.ends
}

// describer computes features; what it needs of the whole page is summed once.
type describer struct {
	pg        *page
	matches   []match
	paths     []pathSum
	names     []pathSum // blocks by tag and classes of their element alone
	texts     map[uint64]int32
	alike     []int32    // elements by path
	pictures  []bool     // whether a picture stands before each block
	heading   []int32    // last heading before each block, or -1
	roles     []classSet // of the words of each block
	h1        int        // block of the first h1 that is in the title, or of the first h1; -1
	top       int32
	firstPara int
	lastPara  int
	times     []int32 // prefix sums of blocks that are marked as dates or authors
	scene     *scene
	runs      []int32 // first block of the run of one path that each block is in
	runEnds   []int32
	linkRoles []classSet // what the addresses of a block's links name
	bodyWords int32
}

func newDescriber(pg *page, h Hints) *describer {
	d := &describer{
		pg:      pg,
		matches: matchHints(pg, h),
		paths:   make([]pathSum, pg.paths),
		names:   make([]pathSum, pg.names),
		texts:   make(map[uint64]int32, len(pg.blocks)),
		alike:   make([]int32, pg.paths),
		h1:      -1,
	}
	if h.Body != "" {
		d.bodyWords = int32(len(appendWords(nil, h.Body)))
	}
	d.sum()
	return d
}

// describe computes the features that the first stage sees of every block.
func (w *workspace) describe(pg *page, h Hints) {
	d := newDescriber(pg, h)
	w.first.reset(featureCount, len(pg.blocks))
	for i := range pg.blocks {
		v := w.row[:0]
		v = d.own(v, i)
		v = d.tag(v, i)
		v = d.classes(v, i)
		v = d.place(v, i)
		v = d.hints(v, i)
		v = d.path(v, i)
		v = d.enclosing(v, i)
		v = d.around(v, i)
		v = d.windows(v, i)
		v = d.words(v, i)
		v = d.sceneOf(v, i)
		v = d.run(v, i)
		v = d.hrefs(v, i)
		v = d.whole(v, i)
		w.first.set(i, 0, v)
		w.row = v
	}
}

func (d *describer) sum() {
	best := float32(-1)
	for i := range d.pg.blocks {
		b := &d.pg.blocks[i]
		d.paths[d.pg.pathOf(b)].add(b)
		if b.el >= 0 {
			d.names[d.pg.elements[b.el].nameID].add(b)
		}
		d.texts[d.textOf(i)]++
		if b.el >= 0 && b.chars < 400 {
			if tag := d.pg.elements[b.el].tag; tag == atom.H1 || tag == atom.H2 {
				score := d.matches[i].ofTitle + d.matches[i].inTitle
				if tag == atom.H1 {
					score += 0.3
				}
				if score > best && (tag == atom.H1 || score > 1.2) {
					best, d.h1 = score, i
				}
			}
		}
	}
	d.findTop()
	d.sumElements()
	d.sumTimes()
	d.scene = newScene(d)
	d.findRuns()
	d.linkRoles = make([]classSet, len(d.pg.blocks))
	for i := range d.pg.links {
		if l := &d.pg.links[i]; l.block >= 0 && int(l.block) < len(d.pg.blocks) {
			if b := &d.pg.blocks[l.block]; b.links < 6 {
				d.linkRoles[l.block] |= classOf(l.href)
			}
		}
	}
}

// findTop finds the smallest element with most of the page's paragraph text,
// and the first and last paragraphs in it.
func (d *describer) findTop() {
	d.top, d.firstPara, d.lastPara = -1, 0, len(d.pg.blocks)-1
	if len(d.pg.elements) == 0 {
		return
	}
	all := d.pg.elements[0].paraChars
	var size int32 = math.MaxInt32
	for i := range d.pg.elements {
		e := &d.pg.elements[i]
		if e.paraChars*5 >= all*3 && all > 0 && e.chars <= size {
			size, d.top = e.chars, int32(i)
		}
	}
	if d.top < 0 {
		return
	}
	e := &d.pg.elements[d.top]
	first, last := -1, -1
	for i := e.first; i < e.last; i++ {
		if paragraphLike(&d.pg.blocks[i]) {
			if first < 0 {
				first = int(i)
			}
			last = int(i)
		}
	}
	if first >= 0 {
		d.firstPara, d.lastPara = first, last
	}
}

// paragraphLike reports whether a block reads like running text.
func paragraphLike(b *block) bool {
	return b.chars >= 60 && b.linkChars*3 < b.chars && (b.ends > 0 || b.commas > 1)
}

// textOf is a hash of a block's words and size.
func (d *describer) textOf(i int) uint64 {
	h := uint64(d.pg.blocks[i].chars)
	for _, w := range d.pg.wordsOf(i) {
		h = (h ^ w) * hashPrime
	}
	return h
}
