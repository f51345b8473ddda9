package quote

// likened reads "Wie die Polizei mitteilte, …" and "…, wie die Polizei
// mitteilte", where the verb ends its clause.
func (d *document) likened(n int, s sentence) (statement, bool) {
	if !d.say.like.has(d.lower(n)) {
		return statement{}, false
	}
	head := d.clauseHead(s)
	if n != head && !d.isMark(n-1, ",") {
		return statement{}, false
	}
	if len(d.say.final) == 0 {
		return d.likenedFirst(n, head, s)
	}
	quoted := 0
	for k := n + 2; k < s.last && k-n < maxPhrase; k++ {
		if d.isQuote(k) && d.isQuotedName(k) {
			quoted = k
			continue
		}
		if d.isMark(k, ",") || d.isQuote(k) {
			return statement{}, false
		}
		if !d.say.final.has(d.lower(k)) || !d.atEnd(k+1, s.last) && !d.isMark(k+1, ",") {
			continue
		}
		f := frame{verb: d.piece(k, k+1), found: true, direct: true}
		if quoted > 0 {
			f.speaker = d.quotedName(quoted)
		} else {
			f.speaker = d.phrase(n+1, k)
		}
		if !f.speaker.found() || !d.plausible(f.speaker) {
			return statement{}, false
		}
		return d.likenedClause(f, n, head, k+1, s)
	}
	return statement{}, false
}

// likenedFirst reads "como informó la policía" and "как сообщили в полиции",
// where the verb stands first.
func (d *document) likenedFirst(n, head int, s sentence) (statement, bool) {
	for k := n + 1; k < min(s.last, n+maxAux); k++ {
		v, ok := d.verbAt(k)
		if !ok {
			if !d.may(k, asFiller|asAux) {
				break
			}
			continue
		}
		f := frame{verb: d.verbPiece(v), speaker: d.after(v.last, s.last), found: true, direct: true}
		if d.lang == "ru" && d.may(v.last, asPrep) {
			f.speaker = d.described(v.last+1, d.phraseEnd(v.last+1, d.nextMark(v.last+1, s.last)))
		}
		if !d.states(v) || v.mood != finite || !f.speaker.found() || f.speaker.pronoun || !d.plausible(f.speaker) {
			break
		}
		end := d.itemAt(f.speaker.at.last, v.last, s.last)
		if !d.atEnd(end, s.last) && !d.isMark(end, ",") {
			break
		}
		return d.likenedClause(f, n, head, end, s)
	}
	return statement{}, false
}

// nextMark gives the next item from k on that is no word.
func (d *document) nextMark(k, limit int) int {
	for n := 0; n < maxPhrase && k < limit && d.lower(k) != ""; n++ {
		k++
	}
	return k
}

// likenedClause makes the statement of a comparison from item n to end.
func (d *document) likenedClause(f frame, n, head, end int, s sentence) (statement, bool) {
	st := statement{frame: f, first: head, last: n - 1, sure: postposedSure}
	if n == head {
		st.first, st.last, st.open = end+1, s.last, true
	} else {
		st.first, st.last = d.around(head, n-1, end, s)
	}
	return st, st.first < st.last
}
