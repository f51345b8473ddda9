package quote

// unnamed are nouns of sources that are not named, in all languages together: what
// follows them tells who they are ("two people familiar with the talks").
var unnamed = fields(`source sources people officials insiders personnes fuentes fuente personas persona fonti fonte persone fontes pessoas
quellen kreise personen insider bronnen mensen źródła osoby источники источник собеседник собеседники مصدر مصادر مسؤول مسؤولون`)

// maxWidened bounds the items by which a source that is not named is widened.
const maxWidened = 10

// widened gives the description of an unnamed source with what tells more of it,
// up to the verb or the next mark.
func (d *document) widened(s subject, k, limit int) subject {
	if s.text == "" || s.name != nil {
		return s
	}
	source := false
	for i := s.at.first; i < s.at.last && i < s.at.first+3; i++ {
		source = source || unnamed.has(d.ws[i].Lower)
	}
	if !source {
		return s
	}
	end := d.itemAt(s.at.last, k, limit)
	start := d.itemAt(s.at.first, k, limit)
	for end < limit && end-start < maxWidened && (d.lower(end) != "" || d.isMark(end, "-")) {
		if _, ok := d.verbAt(end); ok && d.inName(end) == nil || d.may(end, asThat|asAux|asRelative) || d.overTime(end, limit) > end {
			break
		}
		end++
	}
	return d.described(start, end)
}

// participial reads a German noun phrase with a clause before its noun: "mehrere
// mit der Sache vertraute Personen".
func (d *document) participial(k, end int) subject {
	if !d.lex.nouns || end-k < 4 || end-k > maxPhrase || !d.may(k, asDet) || !d.may(k+1, asPrep) {
		return subject{}
	}
	if w := d.word(end - 1); w == nil || !w.Capital() || !d.people.has(w.Lower, d.lang) {
		return subject{}
	}
	return d.described(k, end)
}

// hearsay finds the source of German "hieß es", which has no subject: "aus
// Regierungskreisen", "in einer Mitteilung der Bank".
func (d *document) hearsay(v verb, s sentence) subject {
	for k := max(s.first, v.first-maxClause); k < min(s.last, v.last+maxClause); k++ {
		if w := d.lower(k); w != "aus" && w != "bei" && w != "von" {
			continue
		}
		if t := d.phrase(k+1, s.last); t.found() && !t.pronoun && d.plausible(t) {
			return t
		}
	}
	return subject{}
}

// isHearsay tells whether the verb is "hieß es".
func (d *document) isHearsay(v verb) bool {
	w := d.lower(v.last - 1)
	return d.lang == "de" && (w == "hieß" || w == "heißt") && (d.lower(v.last) == "es" || d.lower(v.first-1) == "es")
}

// hisSaying are the Arabic nouns that report whom others quote: "نقلت الوكالة عن
// الوزير قوله إن".
var hisSaying = fields(`قوله قولها قولهم`)

// quotedBefore gives the item of "quoted" or "cited" in "was quoted by local radio
// as saying", where the gerund is item k, or -1.
func (d *document) quotedBefore(k int) int {
	for n := k - 2; n >= max(0, k-maxPhrase); n-- {
		switch d.lower(n) {
		case "quoted", "cited":
			return n
		}
		if d.isMark(n, ".") || d.isMark(n, ";") || d.isQuote(n) {
			return -1
		}
	}
	return -1
}

// quotedSubject finds whom others quote: the object of "quoted X as saying", the
// subject of "X was quoted as saying", and the name behind Arabic "عن".
func (d *document) quotedSubject(v verb) subject {
	switch {
	case d.lang == "ar" && hisSaying.has(d.lower(v.first)):
		for n := v.first - 1; n >= max(0, v.first-maxPhrase); n-- {
			if d.lower(n) == "عن" {
				return d.arabicAfter(n+1, v.first)
			}
		}
	case d.lang == "en" && d.lower(v.first-1) == "as":
		n := d.quotedBefore(v.first)
		if n < 0 || d.passive(n) {
			return subject{}
		}
		return d.after(n+1, v.first-1)
	}
	return subject{}
}

// passive tells whether a form of "to be" stands before the participle at item k.
func (d *document) passive(k int) bool {
	for n := k - 1; n >= max(0, k-3); n-- {
		switch d.lower(n) {
		case "was", "were", "is", "are", "been":
			return true
		}
	}
	return false
}

// maxQuotedName is the number of words of a name in quotation marks.
const maxQuotedName = 4

// isQuotedName tells whether the passage at item k looks like the name of a
// newspaper or a firm: "the „Morning Echo“ writes".
func (d *document) isQuotedName(k int) bool {
	p := d.passages[d.items[k].passage]
	if d.count(p) > maxQuotedName || p.open+1 >= p.close || d.pauses(k, p) {
		return false
	}
	w := &d.ws[p.open+1]
	return w.Capital() || d.lang == "ar"
}

// quotedName is the subject that the name in quotation marks at item k makes.
func (d *document) quotedName(k int) subject {
	p := d.passages[d.items[k].passage]
	return subject{text: d.between(p.open+1, p.close), at: piece{first: p.open + 1, last: p.close}, quoted: true}
}
