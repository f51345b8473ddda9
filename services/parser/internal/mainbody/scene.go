package mainbody

import "golang.org/x/net/html/atom"

// scene is what a page's structure says of where its text is: sums over blocks,
// the element that holds most paragraphs directly, and the parts that the page
// is made of.
type scene struct {
	chars     []int32 // prefix sums over blocks
	linkChars []int32
	paraChars []int32
	paras     []int32
	linked    []int32
	heads     []int32 // h1 elements before each block
	home      int32   // element that holds most paragraphs directly; -1
	homeChars int32   // its paragraphs
	first     int     // first and last paragraph in home
	last      int
	articles  []int32 // innermost article element of each element; -1
	h1Article int32
	longest   int32
}

// sceneFeatures is the number of features that scene adds.
const sceneFeatures = 37

func newScene(d *describer) *scene {
	pg, n := d.pg, len(d.pg.blocks)
	s := &scene{home: -1, first: -1, last: -1, articles: make([]int32, len(pg.elements)), h1Article: -1}
	sums := make([]int32, 6*(n+1))
	for k, p := range [...]*[]int32{&s.chars, &s.linkChars, &s.paraChars, &s.paras, &s.linked, &s.heads} {
		*p = sums[k*(n+1) : (k+1)*(n+1)]
	}
	s.sum(pg)
	s.findHome(pg)
	for i := range pg.elements {
		e := &pg.elements[i]
		switch {
		case e.tag == atom.Article:
			s.articles[i] = int32(i)
		case e.parent >= 0:
			s.articles[i] = s.articles[e.parent]
		default:
			s.articles[i] = -1
		}
	}
	if d.h1 >= 0 && pg.blocks[d.h1].el >= 0 {
		s.h1Article = s.articles[pg.blocks[d.h1].el]
	}
	return s
}

// sum fills the sums over blocks and finds the element with most paragraphs.
func (s *scene) sum(pg *page) {
	direct := make([]int32, len(pg.elements))
	for i := range pg.blocks {
		b := &pg.blocks[i]
		para, linked, head := int32(0), int32(0), int32(0)
		if paragraphLike(b) {
			para = 1
			if b.el >= 0 {
				direct[b.el] += b.chars
				if up := pg.elements[b.el].parent; up >= 0 {
					direct[up] += b.chars
				}
			}
		}
		if b.linkChars*2 > b.chars {
			linked = 1
		}
		if b.el >= 0 {
			e := &pg.elements[b.el]
			if e.tag == atom.H1 {
				head = 1
			}
		}
		s.chars[i+1] = s.chars[i] + b.chars
		s.linkChars[i+1] = s.linkChars[i] + b.linkChars
		s.paras[i+1] = s.paras[i] + para
		s.paraChars[i+1] = s.paraChars[i] + para*b.chars
		s.linked[i+1] = s.linked[i] + linked
		s.heads[i+1] = s.heads[i] + head
		s.longest = max(s.longest, b.chars)
	}
	for i := range direct {
		if direct[i] > s.homeChars {
			s.home, s.homeChars = int32(i), direct[i]
		}
	}
}

// findHome finds the first and last paragraph directly in the home.
func (s *scene) findHome(pg *page) {
	if s.home < 0 {
		return
	}
	e := &pg.elements[s.home]
	for i := e.first; i < e.last; i++ {
		b := &pg.blocks[i]
		if !paragraphLike(b) || (b.el != s.home && (b.el < 0 || pg.elements[b.el].parent != s.home)) {
			continue
		}
		if s.first < 0 {
			s.first = int(i)
		}
		s.last = int(i)
	}
}

// steps counts the elements from one up to the one that holds block i; bounded.
func steps(pg *page, el int32, i int32) (int, int32) {
	n := 0
	for el >= 0 && n < 24 {
		e := &pg.elements[el]
		if i >= e.first && i < e.last {
			return n, el
		}
		el = e.parent
		n++
	}
	return n, el
}

func clamp(n, limit int) float32 { return float32(max(-limit, min(n, limit))) }

// sceneOf adds the features of the page's structure around a block.
func (d *describer) sceneOf(v []float32, i int) []float32 {
	s, pg := d.scene, d.pg
	b := &pg.blocks[i]
	down, common := steps(pg, s.home, int32(i))
	up := 0
	for el := b.el; el >= 0 && el != common && up < 24; el = pg.elements[el].parent {
		up++
	}
	all := s.paraChars[len(pg.blocks)]
	v = append(v,
		flag(down == 0 && s.home >= 0), float32(down), float32(up), share(s.homeChars, all),
		clamp(i-s.first, 100), clamp(i-s.last, 100),
		share(s.paraChars[i], all), share(s.paraChars[i+1], all), share(b.chars, s.longest),
		float32(min(s.heads[i], 20)), float32(min(s.heads[len(pg.blocks)], 20)),
		share(b.words, max(b.ends, 1)), flag(b.digits > 2 && hasClock(b.text)), flag(b.digits > 3 && hasYear(b.text)),
	)
	article, inOne, sameOne, articleShare := int32(-1), false, false, float32(0)
	var name *pathSum
	if b.el >= 0 {
		article = s.articles[b.el]
		name = &d.names[pg.elements[b.el].nameID]
	}
	if article >= 0 {
		inOne, sameOne = true, article == s.h1Article
		articleShare = share(pg.elements[article].paraChars, all)
	}
	v = append(v, flag(inOne), flag(sameOne), articleShare, flag(s.h1Article >= 0))
	if name == nil {
		v = append(v, 0, 0, 0, 0, 0)
	} else {
		v = append(v, float32(min(name.blocks, 200)), share(name.chars, pg.chars), share(name.chars, name.blocks),
			share(name.linkChars, name.chars), share(name.ends, name.blocks))
	}
	v = d.record(v, i)
	return d.boxes(v, i)
}

// record adds what the nearest of the elements around a block that repeats says,
// such as a comment or a teaser.
func (d *describer) record(v []float32, i int) []float32 {
	pg := d.pg
	el := d.pg.blocks[i].el
	for k := 0; el >= 0 && k < 8; k++ {
		e := &pg.elements[el]
		if n := e.last - e.first; n > 1 && d.alike[e.pathID] >= 3 {
			timed := d.times[e.last]-d.times[e.first] > 0
			return append(v, float32(min(d.alike[e.pathID], 100)), float32(k), share(e.chars, n), float32(min(n, 100)), flag(timed),
				share(e.linkChars, e.chars))
		}
		el = e.parent
	}
	return append(v, 0, -1, 0, 0, 0, 0)
}

// boxes adds what the two elements around a block's own are made of.
func (d *describer) boxes(v []float32, i int) []float32 {
	pg, s := d.pg, d.scene
	el := pg.blocks[i].el
	for range 2 {
		for el >= 0 && pg.elements[el].last-pg.elements[el].first == 1 {
			el = pg.elements[el].parent
		}
		if el < 0 {
			v = append(v, 0, 0, 0, 0)
			continue
		}
		e := &pg.elements[el]
		n := e.last - e.first
		v = append(v, share(s.paras[e.last]-s.paras[e.first], n), share(s.linked[e.last]-s.linked[e.first], n),
			share(e.chars, e.sub-el), float32(i-int(e.first)))
		el = e.parent
	}
	return v
}

// hasClock reports whether a text has digits, a colon and digits.
func hasClock(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if s[i] == ':' && isDigit(s[i-1]) && isDigit(s[i+1]) && isDigit(s[i+2]) {
			return true
		}
	}
	return false
}

// hasYear reports whether a text has a year of our time.
func hasYear(s string) bool {
	for i := 0; i+3 < len(s); i++ {
		if (s[i] == '2' && s[i+1] == '0' || s[i] == '1' && s[i+1] == '9') && isDigit(s[i+2]) && isDigit(s[i+3]) &&
			(i+4 == len(s) || !isDigit(s[i+4])) && (i == 0 || !isDigit(s[i-1])) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
