package quote

// frame is what reports a passage.
type frame struct {
	// verb is where the verb or phrase is printed.
	verb piece
	// speaker is the subject; it may have to be resolved yet, or be missing.
	speaker subject
	// direct tells that the frame touches the passage.
	direct bool
	// near tells that at most a preposition and an article part the passage
	// from the verb before it.
	near bool
	// behind tells that it stands behind the passage.
	behind bool
	// found tells that there is a frame at all.
	found bool
}

// frameOf finds the frame of the passage at item k: the direct ones first.
func (d *document) frameOf(k int) frame {
	s := d.sents[d.items[k].sentence]
	if f := d.eastFrame(k); f.found {
		return f
	}
	if f := d.verbAfter(k, s.last); f.found {
		f.behind = true
		return f
	}
	before := d.frameBefore(k, s.first)
	if before.found && before.direct {
		return before
	}
	if in := d.incise(k); in.found {
		return in
	}
	if f := d.subjectAfterFirst(k, s.last); f.found {
		f.behind = true
		return f
	}
	if before.found {
		return before
	}
	return d.laterFrame(k, s.last)
}

// interrupts tells whether the verb that ends at item last only interrupts what
// is quoted at item k: "I was told," Smith said, "that …".
func (d *document) interrupts(k, last int) bool {
	return d.isMark(last, ",") && d.pauses(k, d.passages[d.items[k].passage])
}

// frameBefore finds the nearest verb or source before the passage in its
// sentence. An infinitive that does not touch the passage counts only when
// there is nothing else: "elle permet de poursuivre le travail".
func (d *document) frameBefore(k, lo int) frame {
	from := max(lo, k-maxClause)
	var weak frame
	for n := k - 1; n >= from; n-- {
		if d.isMark(n, ";") && n < k-1 {
			from = n + 1
			break
		}
		if f := d.sourceBefore(n, k); f.found {
			return f
		}
		v, ok := d.verbAt(n)
		if !ok {
			continue
		}
		f := d.reported(v, k, from)
		if v.mood != borrowed || !d.may(v.last-1, asInfinitive) || d.adjoins(v.last, k) {
			return f
		}
		if !weak.found {
			weak = f
		}
	}
	if weak.found {
		return weak
	}
	return d.colonFrame(k, from)
}

// sourceBefore reads a source at item n that holds for the passage at item k:
// a comma or a colon parts them, else the passage is a part of the source.
func (d *document) sourceBefore(n, k int) frame {
	f := d.sourceAt(n, k, false)
	if !f.found || d.may(k-1, asThat) {
		return frame{}
	}
	colon := d.isMark(k-1, ":")
	parted := colon || d.lower(k-1) != "" && !d.ties(k-1) && !d.may(k-1, asDet)
	for m := n + 1; m < k && !parted; m++ {
		parted = d.isMark(m, ",") || d.isMark(m, "،")
	}
	if !parted {
		return frame{}
	}
	if segs := d.segments(n, k-1); colon && f.speaker.name == nil && len(segs) > 1 {
		if nm := d.pureName(d.trim(segs[len(segs)-1])); nm != nil {
			f.speaker = named(nm)
		}
	}
	f.direct = k-n <= maxPhrase || colon
	return f
}

// colonFrame takes the subject of the clause for the speaker where a colon
// alone leads to the passage.
func (d *document) colonFrame(k, lo int) frame {
	if !d.isMark(k-1, ":") && !(d.isBreak(k-1) && d.isMark(k-2, ":")) {
		return frame{}
	}
	s := d.leading(lo, k-1)
	return frame{speaker: s, direct: true, found: s.found()}
}

// reported makes the frame of the verb v before the passage at item k.
func (d *document) reported(v verb, k, lo int) frame {
	f := frame{verb: d.verbPiece(v), direct: d.touches(v.last, k), near: k-v.last <= 2, found: true}
	switch v.mood {
	case inverted:
		f.speaker = d.cliticSubject(v)
	case borrowed:
		if f.speaker = d.quotedSubject(v); !f.speaker.found() {
			f.speaker = d.borrowedSubject(v, lo)
		}
	case finite:
		f.speaker = d.finiteSubject(v, k, lo)
	}
	if !f.speaker.found() {
		f.speaker = subject{pronoun: true}
	}
	return f
}

// touches tells whether nothing but a connective, a comma or a colon stands
// between the verb and the passage.
func (d *document) touches(last, k int) bool {
	if d.isMark(k-1, ":") || d.isBreak(k-1) || d.may(k-1, asThat) {
		return true
	}
	return d.adjoins(last, k)
}

// adjoins tells whether no other word than a connective or an adverb stands
// between the verb and the passage.
func (d *document) adjoins(last, k int) bool {
	for n := last; n < k; n++ {
		if w := d.lower(n); w != "" && !d.may(n, asThat|asFiller) {
			return false
		}
		if d.isQuote(n) {
			return false
		}
	}
	return true
}

// finiteSubject finds the subject of a verb that stands before the passage at
// item k.
func (d *document) finiteSubject(v verb, k, lo int) subject {
	start := lo
	for n := v.first - 1; n >= lo; n-- {
		if d.isQuote(n) {
			start = n + 1
			break
		}
	}
	if first := d.skipMarks(start, v.first); d.lex.verbFirst || first >= v.first {
		if s := d.immediate(v.last, k, first >= v.first); s.found() && !d.subjectLeft(start, v.first) {
			return s
		}
	}
	s := d.before(start, v.first)
	if !s.found() && start > lo {
		s = d.before(lo, v.first)
	}
	if !s.found() && !d.may(v.last, asThat) {
		s = d.immediate(v.last, k, true)
	}
	return s
}

// subjectLeft tells whether a name or a pronoun stands right before the verb.
func (d *document) subjectLeft(lo, v int) bool {
	k := v - 1
	for k >= lo && d.may(k, asFiller) && d.inName(k) == nil {
		k--
	}
	if k < lo {
		return false
	}
	if d.isPronoun(k) {
		return true
	}
	n := d.lastName(segment{lo, k + 1})
	return n != nil && d.lang != "ar"
}

// immediate finds the subject right behind a verb; far lets it look beyond
// complements.
func (d *document) immediate(k, limit int, far bool) subject {
	if d.lang == "ar" || far {
		return d.after(k, limit)
	}
	for k < limit {
		over := d.overTime(k, limit)
		if over == k && d.may(k, asFiller) && !d.may(k, asDet) && !d.isPronoun(k) {
			over++
		}
		if over == k {
			break
		}
		k = over
	}
	if k >= limit || d.word(k) == nil || d.may(k, asThat) {
		return subject{}
	}
	w := d.word(k)
	if d.name(k) != nil || d.isPronoun(k) || d.lex.det.has(w.Lower) || d.lex.nouns && w.Capital() || d.titleAt(k) {
		return d.after(k, limit)
	}
	return subject{}
}

// titleAt tells whether the words at item k are the office of a name.
func (d *document) titleAt(k int) bool {
	for n := k + 1; n < len(d.items) && n < k+4; n++ {
		if nm := d.name(n); nm != nil {
			return d.leftEdge(nm, n) <= k
		}
	}
	return false
}

// borrowedSubject finds the subject of a gerund or an infinitive: that of the
// verb of speech before it, or of the sentence.
func (d *document) borrowedSubject(v verb, lo int) subject {
	for n := v.first - 1; n >= lo; n-- {
		w, ok := d.verbAt(n)
		if !ok || w.mood == borrowed {
			continue
		}
		if w.mood == inverted {
			return d.cliticSubject(w)
		}
		if s := d.finiteSubject(w, v.first, lo); s.found() {
			return s
		}
		break
	}
	if d.may(v.first, asInfinitive) {
		return d.before(lo, v.first)
	}
	return d.leading(lo, v.first)
}

// laterFrame finds the frame behind a later passage of the same sentence.
func (d *document) laterFrame(k, limit int) frame {
	for n := k + 1; n < limit && n-k < maxClause; n++ {
		if !d.isQuote(n) {
			continue
		}
		if f := d.verbAfter(n, limit); f.found {
			f.direct = false
			return f
		}
	}
	return frame{}
}
