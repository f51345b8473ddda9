package mainbody

// maxPromo is the longest box, in runes, that advertises a newsletter and the
// like.
const maxPromo = 600

// dropPromos leaves out boxes that interrupt the text to advertise the
// publication: elements named so that hold a small part of the text. Above the
// text, the same names mark headlines and standfirsts.
func dropPromos(pg *page, kept []bool) {
	total, begun := keptChars(pg, kept), false
	for i, keep := range kept {
		if !keep {
			continue
		}
		b := &pg.blocks[i]
		if begun && promotes(pg, b, total) {
			kept[i] = false
			continue
		}
		begun = begun || paragraphLike(b)
	}
}

// promotes reports whether a block, or a box around it that is small beside the
// text, is named as an advertisement of the publication.
func promotes(pg *page, b *block, total int32) bool {
	if b.inner&classPromo != 0 && b.chars*3 < total {
		return true
	}
	for el := b.el; el >= 0; el = pg.elements[el].parent {
		e := &pg.elements[el]
		if e.chars > maxPromo || e.chars*3 > total {
			return false
		}
		// A heading's id is made of its words.
		if e.own&classPromo != 0 && !isHeading(e.tag) {
			return true
		}
	}
	return false
}
