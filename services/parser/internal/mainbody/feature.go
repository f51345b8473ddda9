package mainbody

import (
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
	ownFeatures       = 27
	tagFeatures       = 14
	placeFeatures     = 10
	hintFeatures      = 8
	pathFeatures      = 5
	enclosingLevels   = 4
	enclosingFeatures = 7
	neighbours        = 3
	neighbourFeatures = 7
	windowFeatures    = 8
	wordFeatures      = 16
	runFeatures       = 6
	hrefFeatures      = 6
	pageFeatures      = 5

	// featureCount is the number of features of the first stage.
	featureCount = ownFeatures + tagFeatures + 2*classCount + ancestryCount + placeFeatures + hintFeatures +
		pathFeatures + enclosingLevels*enclosingFeatures + 2*neighbours*neighbourFeatures + windowFeatures + wordFeatures + sceneFeatures +
		runFeatures + hrefFeatures + pageFeatures
)

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
		share(b.jumpChars, b.chars), flag(b.trails), flag(b.asks), flag(b.copyright), flag(b.at),
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
	m := &d.matches[i]
	return append(v, m.inTitle, m.ofTitle, m.inAbstract, m.ofAbstract, m.inAuthors, m.ofAuthors, m.inBody, float32(min(d.texts[d.textOf(i)], 20)))
}

func (d *describer) path(v []float32, i int) []float32 {
	p := &d.paths[d.pg.pathOf(&d.pg.blocks[i])]
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
			share(e.chars, n), share(int32(i)-e.first, n), float32(min(d.alike[e.pathID], 100)),
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
		v = append(v, logOf(b.chars), share(b.linkChars, b.chars), flag(b.endsClosed), flag(d.pg.pathOf(b) == d.pg.pathOf(self)),
			flag(b.el == self.el), flag(heading), d.matches[j].ofTitle)
	}
	return v
}

func (d *describer) windows(v []float32, i int) []float32 {
	s, n := d.scene, len(d.pg.blocks)
	for _, w := range [2]int{5, 15} {
		from, to := max(i-w, 0), min(i+1+w, n)
		v = append(v,
			share(s.linkChars[i]-s.linkChars[from], s.chars[i]-s.chars[from]), share(s.linkChars[to]-s.linkChars[i+1], s.chars[to]-s.chars[i+1]),
			float32(s.paras[i]-s.paras[from]), float32(s.paras[to]-s.paras[i+1]),
		)
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

// Hide makes a feature vector one of an old page: nothing is known of classes, ids
// and semantic elements, and no metadata beside the title.
func Hide(v []float32) {
	const (
		classes = ownFeatures + tagFeatures
		hints   = classes + 2*classCount + ancestryCount + placeFeatures
		hrefs   = featureCount - pageFeatures - hrefFeatures
	)
	clear(v[classes : classes+2*classCount+ancestryCount])
	clear(v[hints+2 : hints+6]) // of abstract and authors
	v[hints+6] = -1             // of the body
	clear(v[hrefs : hrefs+hrefFeatures])
	v[featureCount-2] = 0 // size of the hinted body
}
