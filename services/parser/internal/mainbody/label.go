package mainbody

// sumElements counts elements that are alike, and notes pictures and headings.
func (d *describer) sumElements() {
	for i := range d.pg.elements {
		if e := &d.pg.elements[i]; e.chars > 0 {
			d.alike[e.pathID]++
		}
	}
	d.pictures = make([]bool, len(d.pg.blocks)+2)
	for i := range d.pg.images {
		d.pictures[d.pg.images[i].block] = true
	}
	d.heading = make([]int32, len(d.pg.blocks))
	d.roles = make([]classSet, len(d.pg.blocks))
	last := int32(-1)
	for i := range d.pg.blocks {
		d.heading[i] = last
		b := &d.pg.blocks[i]
		d.roles[i] = wordsRole(b)
		if b.el >= 0 && isHeading(d.pg.elements[b.el].tag) {
			last = int32(i)
		}
	}
}

// sumTimes counts the blocks that are marked as dates or authors.
func (d *describer) sumTimes() {
	const role = classDate | classAuthor
	d.times = make([]int32, len(d.pg.blocks)+1)
	for i := range d.pg.blocks {
		b := &d.pg.blocks[i]
		d.times[i+1] = d.times[i]
		if b.timeTag || b.inner&role != 0 || (b.el >= 0 && d.pg.elements[b.el].own&role != 0) {
			d.times[i+1]++
		}
	}
}

// maxLabel is the longest text, in runes, whose words are taken for a label.
const maxLabel = 60

// wordsRole reads the words of a short text as it reads those of class names:
// "Comments", "Related stories", "Newsletter".
func wordsRole(b *block) classSet {
	if b.chars > maxLabel {
		return 0
	}
	return classOf(b.text)
}

// labelRoles are the roles whose names are telling as words on the page.
var labelRoles = [...]classSet{classComment, classShare, classRelated, classForm, classAd | classConsent, classAuthor | classDate}

// words adds what the block's own words and those of the heading above it call
// it, and whether a picture is next to it.
func (d *describer) words(v []float32, i int) []float32 {
	own := d.roles[i]
	for _, role := range labelRoles {
		v = append(v, flag(own&role != 0))
	}
	distance, level, above := float32(-1), float32(0), classSet(0)
	if h := d.heading[i]; h >= 0 {
		distance = float32(min(int32(i)-h, 60))
		level = float32(headingLevel(d.pg.elements[d.pg.blocks[h].el].tag))
		if distance < 40 {
			above = d.roles[h]
		}
	}
	v = append(v, distance, level)
	for _, role := range labelRoles[:4] {
		v = append(v, flag(above&role != 0))
	}
	return append(v, flag(d.pictures[i]), flag(d.pictures[i+1]), flag(i > 0 && d.pictures[i-1]), flag(above&(classAd|classAuthor) != 0))
}
