package mainbody

// findRuns finds the runs of blocks of one path.
func (d *describer) findRuns() {
	n := len(d.pg.blocks)
	d.runs, d.runEnds = make([]int32, n), make([]int32, n)
	for i := range n {
		d.runs[i] = int32(i)
		if i > 0 && d.pg.pathOf(&d.pg.blocks[i]) == d.pg.pathOf(&d.pg.blocks[i-1]) {
			d.runs[i] = d.runs[i-1]
		}
	}
	for i := n - 1; i >= 0; i-- {
		d.runEnds[i] = int32(i) + 1
		if i+1 < n && d.runs[i+1] == d.runs[i] {
			d.runEnds[i] = d.runEnds[i+1]
		}
	}
}

// run adds what the run of blocks of one path is made of that a block is in, and
// whether the heading above is a link.
func (d *describer) run(v []float32, i int) []float32 {
	from, to := d.runs[i], d.runEnds[i]
	s := d.scene
	chars := s.chars[to] - s.chars[from]
	headLink := float32(-1) // the headings of teasers are links
	if h := d.heading[i]; h >= 0 {
		headLink = share(d.pg.blocks[h].linkChars, d.pg.blocks[h].chars)
	}
	return append(v, headLink, float32(min(int32(i)-from, 60)), float32(min(to-int32(i), 60)), share(chars, d.pg.chars), share(s.linkChars[to]-s.linkChars[from], chars),
		share(s.paras[to]-s.paras[from], to-from))
}

// hrefRoles are the roles whose names are telling in addresses.
var hrefRoles = [...]classSet{classComment, classShare, classTags, classAuthor, classForm, classAd}

// hrefs adds what the addresses of a block's links name.
func (d *describer) hrefs(v []float32, i int) []float32 {
	for _, role := range hrefRoles {
		v = append(v, flag(d.linkRoles[i]&role != 0))
	}
	return v
}

// whole adds what the page as a whole is made of.
func (d *describer) whole(v []float32, i int) []float32 {
	s, n := d.scene, len(d.pg.blocks)
	return append(v, share(s.linkChars[n], s.chars[n]), logOf(s.homeChars), float32(min(s.paras[n], 200)), share(d.bodyWords, int32(len(d.pg.words))),
		share(s.paraChars[n], s.chars[n]))
}
