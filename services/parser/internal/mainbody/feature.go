package mainbody

import (
	"math"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// Hints are what the page's metadata say about the story; all may be empty.
type Hints struct {
	Title    string
	Abstract string
	Body     string // such as JSON-LD's articleBody
	// Byline is the author line as printed, Authors the names, and Section the
	// section's name; as lines of their own they are no part of the text.
	Byline  string
	Authors []string
	Section string
	// Review, where set, is asked about the blocks chosen and may leave some out.
	Review func([]Choice)
	// Explain asks for Body.Verdicts.
	Explain bool
}

// The groups of features of one block, and how many each has.
const (
	ownFeatures       = 22
	tagFeatures       = 14
	placeFeatures     = 10
	hintFeatures      = 6
	pathFeatures      = 5
	enclosingLevels   = 4
	enclosingFeatures = 7
	neighbours        = 3
	neighbourFeatures = 7
	windowFeatures    = 8
	wordFeatures      = 16

	// featureCount is the number of features of the first stage.
	featureCount = ownFeatures + tagFeatures + 2*classCount + ancestryCount + placeFeatures + hintFeatures +
		pathFeatures + enclosingLevels*enclosingFeatures + 2*neighbours*neighbourFeatures + windowFeatures + wordFeatures + sceneFeatures
)

// features holds the feature vectors of a page's blocks, one after the other:
// those of the first stage, then those that the second adds.
type features struct {
	values []float32
}

func (f *features) of(block int) []float32 {
	return f.values[block*secondCount : (block+1)*secondCount : (block+1)*secondCount]
}

// pathSum sums what the blocks of one path have in common.
type pathSum struct {
	blocks, chars, linkChars, ends int32
}

// describer computes features; what it needs of the whole page is summed once.
type describer struct {
	pg        *page
	matches   []match
	paths     map[uint64]*pathSum
	texts     map[string]int32
	alike     map[uint64]int32 // elements by path
	pictures  []bool           // whether a picture stands before each block
	heading   []int32          // last heading before each block, or -1
	roles     map[int32]classSet
	h1        int // block of the first h1 that is in the title, or of the first h1; -1
	top       int32
	firstPara int
	lastPara  int
	times     []int32 // prefix sums of blocks that are marked as dates or authors
	scene     *scene
}

// describe computes the features of every block.
func describe(pg *page, h Hints) *features {
	d := &describer{
		pg:      pg,
		matches: matchHints(pg, h),
		paths:   make(map[uint64]*pathSum, 64),
		texts:   make(map[string]int32, len(pg.blocks)),
		h1:      -1,
	}
	d.sum()
	f := &features{values: make([]float32, len(pg.blocks)*secondCount)}
	for i := range pg.blocks {
		v := f.of(i)[:0]
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
		d.sceneOf(v, i)
	}
	return f
}

func (d *describer) sum() {
	best := float32(-1)
	for i := range d.pg.blocks {
		b := &d.pg.blocks[i]
		key := d.pathOf(b)
		p := d.paths[key]
		if p == nil {
			p = &pathSum{}
			d.paths[key] = p
		}
		p.blocks++
		p.chars += b.chars
		p.linkChars += b.linkChars
		p.ends += b.ends
		d.texts[b.text]++
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

func (d *describer) pathOf(b *block) uint64 {
	if b.el < 0 {
		return 0
	}
	return d.pg.elements[b.el].path
}

func share(a, b int32) float32 {
	if b <= 0 {
		return 0
	}
	return float32(a) / float32(b)
}

func logOf(n int32) float32 {
	if n <= 0 {
		return 0
	}
	// Whole and half octaves are fine enough, and far cheaper than math.Log.
	l := bits.Len32(uint32(n))
	if l < 3 {
		return float32(n) / 2
	}
	return float32(l) + float32((n>>(l-3))&3)/4
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func (d *describer) own(v []float32, i int) []float32 {
	b := &d.pg.blocks[i]
	first, _ := utf8.DecodeRuneInString(b.text)
	return append(v,
		logOf(b.chars), float32(min(b.words, 400)), share(b.linkChars, b.chars), float32(min(b.links, 50)),
		share(b.commas, b.words), float32(min(b.ends, 50)), share(b.ends, b.words), flag(b.endsClosed), flag(b.endsColon),
		share(b.digits, b.chars), share(b.upper, b.letters), float32(min(b.symbols, 50)), share(b.symbols, b.chars),
		share(b.punct, b.chars), share(b.letters, b.chars), share(b.strong, b.chars), share(b.italic, b.chars),
		share(b.chars, b.words), flag(b.timeTag), flag(b.soft), flag(unicode.IsLower(first)),
		flag(!unicode.IsLetter(first) && !unicode.IsDigit(first)),
	)
}

func (d *describer) tag(v []float32, i int) []float32 {
	var t atom.Atom
	var depth, level float32
	if b := &d.pg.blocks[i]; b.el >= 0 {
		e := &d.pg.elements[b.el]
		t, depth, level = e.tag, float32(e.depth), float32(e.level)
	}
	return append(v,
		flag(t == atom.P), flag(t == atom.Div), flag(t == atom.Li), flag(t == atom.H1), flag(t == atom.H2),
		flag(t == atom.H3), flag(t == atom.H4 || t == atom.H5 || t == atom.H6), flag(t == atom.Td || t == atom.Th),
		flag(t == atom.Blockquote), flag(t == atom.Figcaption), flag(t == atom.Dd || t == atom.Dt),
		flag(t == 0), depth, level,
	)
}

func (d *describer) classes(v []float32, i int) []float32 {
	b := &d.pg.blocks[i]
	near, up, in := b.inner, classSet(0), ancestry(0)
	if b.el >= 0 {
		e := &d.pg.elements[b.el]
		up, in = e.up, e.in
		near |= e.own
		for k := 0; k < 2 && e.parent >= 0; k++ {
			e = &d.pg.elements[e.parent]
			near |= e.own
		}
	}
	for k := range classCount {
		v = append(v, float32(near>>k&1), float32(up>>k&1))
	}
	for k := range ancestryCount {
		v = append(v, float32(in>>k&1))
	}
	return v
}

func (d *describer) place(v []float32, i int) []float32 {
	b, n := &d.pg.blocks[i], len(d.pg.blocks)
	sinceH1, charsSinceH1 := float32(-999), float32(-999)
	if d.h1 >= 0 {
		sinceH1 = float32(i - d.h1)
		charsSinceH1 = float32(b.startChars-d.pg.blocks[d.h1].startChars) / 100
	}
	inTop := false
	if d.top >= 0 {
		e := &d.pg.elements[d.top]
		inTop = int32(i) >= e.first && int32(i) < e.last
	}
	return append(v,
		float32(i)/float32(n), share(b.startChars, d.pg.chars), float32(min(i, 500)), logOf(int32(n)), logOf(d.pg.chars),
		sinceH1, charsSinceH1, flag(inTop), float32(i-d.firstPara), float32(i-d.lastPara),
	)
}

func (d *describer) hints(v []float32, i int) []float32 {
	b := &d.pg.blocks[i]
	m := &d.matches[i]
	return append(v, m.inTitle, m.ofTitle, m.inAbstract, m.ofAbstract, m.inBody, float32(min(d.texts[b.text], 20)))
}

func (d *describer) path(v []float32, i int) []float32 {
	p := d.paths[d.pathOf(&d.pg.blocks[i])]
	return append(v,
		float32(min(p.blocks, 200)), share(p.chars, d.pg.chars), share(p.chars, p.blocks), share(p.linkChars, p.chars),
		share(p.ends, p.blocks),
	)
}

func (d *describer) enclosing(v []float32, i int) []float32 {
	el := d.pg.blocks[i].el
	for range enclosingLevels {
		if el < 0 {
			v = append(v, 1, 1, 0, 0, 0, 0, 0)
			continue
		}
		e := &d.pg.elements[el]
		n := e.last - e.first
		v = append(v,
			share(e.chars, d.pg.chars), share(e.linkChars, e.chars), share(e.paraChars, e.chars), logOf(n),
			share(e.chars, n), share(int32(i)-e.first, n), float32(min(d.alike[e.path], 100)),
		)
		// An element with nothing but the one below it says nothing new.
		for e.parent >= 0 && d.pg.elements[e.parent].last-d.pg.elements[e.parent].first == n {
			e = &d.pg.elements[e.parent]
		}
		el = e.parent
	}
	return v
}

func (d *describer) around(v []float32, i int) []float32 {
	self := &d.pg.blocks[i]
	for k := -neighbours; k <= neighbours; k++ {
		j := i + k
		if k == 0 {
			continue
		}
		if j < 0 || j >= len(d.pg.blocks) {
			v = append(v, -1, 1, 0, 0, 0, 0, 0)
			continue
		}
		b := &d.pg.blocks[j]
		heading := b.el >= 0 && isHeading(d.pg.elements[b.el].tag)
		v = append(v, logOf(b.chars), share(b.linkChars, b.chars), flag(b.endsClosed), flag(d.pathOf(b) == d.pathOf(self)),
			flag(b.el == self.el), flag(heading), d.matches[j].ofTitle)
	}
	return v
}

func (d *describer) windows(v []float32, i int) []float32 {
	for _, w := range [2]int{5, 15} {
		var chars, links, para [2]int32
		for k := 1; k <= w; k++ {
			for side, j := range [2]int{i - k, i + k} {
				if j < 0 || j >= len(d.pg.blocks) {
					continue
				}
				b := &d.pg.blocks[j]
				chars[side] += b.chars
				links[side] += b.linkChars
				if paragraphLike(b) {
					para[side]++
				}
			}
		}
		v = append(v, share(links[0], chars[0]), share(links[1], chars[1]), float32(para[0]), float32(para[1]))
	}
	return v
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// WithoutClasses returns a copy of a feature vector in which nothing is known of
// classes, ids and semantic elements.
func WithoutClasses(v []float32) []float32 {
	out := append([]float32(nil), v...)
	const from = ownFeatures + tagFeatures
	clear(out[from : from+2*classCount+ancestryCount])
	return out
}
