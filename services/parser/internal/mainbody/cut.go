package mainbody

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// cutter walks the tree once. The text of all blocks is gathered in one buffer.
type cutter struct {
	pg      page
	buf     []byte
	bounds  []int // start of each block's text in buf
	classes map[string]classSet
	paths   map[uint64]int32 // by hash
	names   map[uint64]int32

	el       int32 // innermost open element
	linkOpen int32 // link being read, or -1
	inStrong int
	inItalic int
	inJump   int // links within the page
	figure   int32
	stop     func() bool
	visited  int

	cur      block
	start    int // of the open block in buf; -1 if none is open
	space    bool
	last     rune
	boundary uint8 // what stands before the next block: 0 nothing, 1 a line break, 2 more
	inner    [8]innerMark
	innerN   int
}

// innerMark is an inline element inside the open block that has hints.
type innerMark struct {
	set   classSet
	chars int32
}

// cut cuts the page. stop is asked now and then whether to give up; what was
// read so far is returned then.
func cut(root *html.Node, stop func() bool) *page { return new(cutter).cut(root, stop) }

func (c *cutter) cut(root *html.Node, stop func() bool) *page {
	c.begin(stop)
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		c.node(n)
	}
	c.flush()
	all := string(c.buf)
	for i := range c.pg.blocks {
		end := len(all)
		if i+1 < len(c.bounds) {
			end = c.bounds[i+1]
		}
		c.pg.blocks[i].text = strings.TrimRight(all[c.bounds[i]:end], " ")
	}
	for i := range c.pg.links {
		l := &c.pg.links[i]
		l.text = strings.TrimSpace(all[l.from:l.to])
	}
	c.pg.split()
	c.pg.paths, c.pg.names = len(c.paths)+1, len(c.names)+1
	return &c.pg
}

// begin makes the cutter ready for a page, with what memory it has.
func (c *cutter) begin(stop func() bool) {
	if c.classes == nil {
		c.pg.elements, c.pg.blocks, c.buf = make([]element, 0, 512), make([]block, 0, 256), make([]byte, 0, 32<<10)
		c.classes, c.paths, c.names = make(map[string]classSet, 128), make(map[uint64]int32, 256), make(map[uint64]int32, 128)
	}
	c.el, c.linkOpen, c.figure, c.start, c.stop = -1, -1, -1, -1, stop
}

// forget drops everything of the page but the memory.
func (c *cutter) forget() {
	pg := &c.pg
	clear(pg.blocks)
	clear(pg.links)
	clear(pg.images)
	clear(c.classes)
	clear(c.paths)
	clear(c.names)
	*c = cutter{
		pg: page{
			blocks: pg.blocks[:0], elements: pg.elements[:0], links: pg.links[:0], images: pg.images[:0], words: pg.words[:0], bounds: pg.bounds[:0],
		},
		buf: c.buf[:0], bounds: c.bounds[:0], classes: c.classes, paths: c.paths, names: c.names,
	}
}

// idOf numbers hashes from 1.
func idOf(ids map[uint64]int32, hash uint64) int32 {
	id, ok := ids[hash]
	if !ok {
		id = int32(len(ids)) + 1
		ids[hash] = id
	}
	return id
}

func (c *cutter) full() bool {
	if c.pg.truncated {
		return true
	}
	c.visited++
	if len(c.pg.blocks) >= maxBlocks || len(c.buf) >= maxText || (c.visited&1023 == 0 && c.stop()) {
		c.pg.truncated = true
	}
	return c.pg.truncated
}

func (c *cutter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		c.text(n.Data)
	case html.ElementNode:
		if c.full() {
			return
		}
		c.elementNode(n)
	}
}

func (c *cutter) children(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		c.node(k)
	}
}

func (c *cutter) elementNode(n *html.Node) {
	switch {
	case n.DataAtom == atom.Br:
		c.breakLine()
	case n.DataAtom == atom.Hr:
		c.breakBlock()
	case n.DataAtom == atom.Img:
		c.picture(n)
	case skipped(n.DataAtom) || (n.Namespace != "" && n.Namespace != "html"):
	case n.DataAtom == atom.A:
		c.anchor(n)
	case inline(n.DataAtom):
		c.inlineNode(n)
	default:
		c.blockNode(n)
	}
}

func (c *cutter) breakLine() {
	c.flush()
	c.boundary = min(c.boundary+1, 2)
}

func (c *cutter) breakBlock() {
	c.flush()
	c.boundary = 2
}

func (c *cutter) classSet(a *attrs) classSet {
	return c.rolesOf(a.class) | c.rolesOf(a.id)
}

func (c *cutter) rolesOf(attr string) classSet {
	if attr == "" {
		return 0
	}
	set, ok := c.classes[attr]
	if !ok {
		set = classOf(attr)
		c.classes[attr] = set
	}
	return set
}

func (c *cutter) inlineNode(n *html.Node) {
	a := readAttrs(n)
	switch n.DataAtom {
	case atom.B, atom.Strong:
		c.inStrong++
		defer func() { c.inStrong-- }()
	case atom.I, atom.Em, atom.Cite:
		c.inItalic++
		defer func() { c.inItalic-- }()
	case atom.Time:
		c.cur.timeTag = true
	}
	set := c.classSet(&a)
	if set == 0 {
		c.children(n)
		return
	}
	before, blocks := c.cur.chars, len(c.pg.blocks)
	c.children(n)
	if len(c.pg.blocks) == blocks && c.innerN < len(c.inner) && c.cur.chars > before {
		c.inner[c.innerN] = innerMark{set, c.cur.chars - before}
		c.innerN++
	}
}

func (c *cutter) anchor(n *html.Node) {
	a := readAttrs(n)
	if strings.HasPrefix(a.href, "#") {
		c.inJump++
		c.inlineNode(n)
		c.inJump--
		return
	}
	if a.href == "" || c.linkOpen >= 0 || len(c.pg.links) >= maxLinks {
		c.inlineNode(n)
		return
	}
	c.linkOpen = int32(len(c.pg.links))
	c.pg.links = append(c.pg.links, link{block: -1, href: a.href, rel: a.rel, from: int32(len(c.buf)), to: int32(len(c.buf))})
	c.inlineNode(n)
	l := &c.pg.links[c.linkOpen]
	l.to = int32(len(c.buf))
	c.linkOpen = -1
}

func (c *cutter) blockNode(n *html.Node) {
	c.breakBlock()
	a := readAttrs(n)
	set := c.classSet(&a)
	e := element{parent: c.el, first: int32(len(c.pg.blocks)), tag: n.DataAtom, own: set, up: set}
	e.in = ancestryOf[n.DataAtom] | roleOf(&a)
	h := uint64(hashOffset)
	if c.el >= 0 {
		up := &c.pg.elements[c.el]
		e.up |= up.up
		e.in |= up.in
		e.depth = up.depth + 1
		e.level = up.level
		h = up.path
	}
	if n.DataAtom == atom.Ul || n.DataAtom == atom.Ol {
		e.level++
	}
	name := hashName(n.Data, a.class)
	e.path = (h ^ name) * hashPrime
	e.pathID, e.nameID = idOf(c.paths, e.path), idOf(c.names, name)
	outer, outerFigure := c.el, c.figure
	c.el = int32(len(c.pg.elements))
	if n.DataAtom == atom.Figure {
		c.figure = c.el
	}
	c.pg.elements = append(c.pg.elements, e)
	if n.DataAtom == atom.Pre {
		c.preformatted(n)
	} else {
		c.children(n)
	}
	c.breakBlock()
	c.close(c.el)
	c.el, c.figure = outer, outerFigure
}

// close ends an element and adds what it holds to its parent.
func (c *cutter) close(i int32) {
	e := &c.pg.elements[i]
	e.last = int32(len(c.pg.blocks))
	e.sub = int32(len(c.pg.elements))
	if e.parent >= 0 {
		up := &c.pg.elements[e.parent]
		up.chars += e.chars
		up.linkChars += e.linkChars
		up.paraChars += e.paraChars
		up.commas += e.commas
	}
}

// preformatted reads the content of a pre element, where line ends count.
func (c *cutter) preformatted(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type != html.TextNode {
			c.node(k)
			continue
		}
		for i, line := range strings.Split(k.Data, "\n") {
			if i > 0 {
				c.breakLine()
			}
			c.text(line)
		}
	}
}

// maxHashed bounds what is read of a class attribute, in bytes.
const maxHashed = 512

// The parameters of the FNV-1a hash.
const (
	hashOffset = 14695981039346656037
	hashPrime  = 1099511628211
)

// hashName is an FNV-1a hash of an element's tag and classes; digits are left
// out, since they number what is alike.
func hashName(tag, class string) uint64 {
	h := uint64(hashOffset)
	for i := range len(tag) {
		h = (h ^ uint64(tag[i])) * hashPrime
	}
	h = (h ^ '.') * hashPrime
	for i := range min(len(class), maxHashed) {
		if ch := class[i]; ch < '0' || ch > '9' {
			h = (h ^ uint64(ch)) * hashPrime
		}
	}
	return (h ^ '>') * hashPrime
}

func (c *cutter) picture(n *html.Node) {
	if len(c.pg.images) >= maxImages {
		return
	}
	img := image{block: int32(len(c.pg.blocks)), figure: c.figure}
	if c.start >= 0 {
		img.block++
	}
	var lazy string
	for i := range n.Attr {
		at := &n.Attr[i]
		switch at.Key {
		case "src":
			img.src = at.Val
		case "data-src", "data-original", "data-lazy-src":
			lazy = at.Val
		case "alt":
			img.alt = at.Val
		case "width":
			img.width, _ = strconv.Atoi(strings.TrimSuffix(at.Val, "px"))
		case "height":
			img.height, _ = strconv.Atoi(strings.TrimSuffix(at.Val, "px"))
		case "class":
			img.class = c.rolesOf(at.Val)
		}
	}
	if lazy != "" {
		img.src = lazy
	}
	if c.el >= 0 {
		img.in = c.pg.elements[c.el].in
		img.class |= c.pg.elements[c.el].up
	}
	c.pg.images = append(c.pg.images, img)
}
