package quote

import "github.com/dateline-news/dateline/services/enricher/internal/name/words"

// incise finds the verb within the passage: "Moi, dit-il, je pars".
func (d *document) incise(k int) frame {
	p := d.passages[d.items[k].passage]
	for n := p.open + 2; n < p.close-1 && n < p.open+maxClause; n++ {
		if isDash(&d.ws[n-1]) && d.ws[n-2].Kind == words.Mark {
			if f := d.inciseDashed(n, p.close); f.found {
				return f
			}
		}
		if d.ws[n].Kind != words.Letters || !d.ws[n-1].Is(",") {
			continue
		}
		if f := d.inciseClitic(n, p.close); f.found {
			return f
		}
		if f := d.inciseNamed(n, p.close); f.found {
			return f
		}
	}
	return frame{}
}

func (d *document) inciseClitic(n, limit int) frame {
	base, g := d.clitic(d.ws[n].Lower)
	end := n + 1
	switch {
	case base == "":
		return frame{}
	case d.lex.finite.has(base):
	case d.lex.aux.has(base) && end < limit && d.lex.participle.has(d.ws[end].Lower):
		end++
	default:
		return frame{}
	}
	return frame{verb: piece{first: n, last: end}, speaker: subject{pronoun: true, gender: g, at: piece{first: n, last: n + 1}, clitic: true}, direct: true, found: true}
}

// inciseNamed reads "…, a dit Mme Petit, …".
func (d *document) inciseNamed(n, limit int) frame {
	end := n + 1
	switch {
	case d.lex.aux.has(d.ws[n].Lower) && end < limit && d.lex.participle.has(d.ws[end].Lower):
		end++
	case !d.lex.finite.has(d.ws[n].Lower):
		return frame{}
	}
	for k := end; k < limit && k < end+4; k++ {
		i := d.nameAt[k]
		if i < 0 {
			continue
		}
		nm := &d.names[i]
		if nm.Last < limit && (d.ws[nm.Last].Is(",") || d.ws[nm.Last].Is(".")) {
			return frame{verb: piece{first: n, last: end}, speaker: named(nm), direct: true, found: true}
		}
		break
	}
	return frame{}
}

// inciseDashed reads "…, — отметил министр, — …".
func (d *document) inciseDashed(n, limit int) frame {
	if !d.lex.finite.has(d.ws[n].Lower) {
		return frame{}
	}
	end := n + 1
	for end < limit && end < n+maxPhrase && !isDash(&d.ws[end]) {
		if i := d.nameAt[end]; i >= 0 {
			return frame{verb: piece{first: n, last: n + 1}, speaker: named(&d.names[i]), direct: true, found: true}
		}
		end++
	}
	if end >= limit || !isDash(&d.ws[end]) {
		return frame{}
	}
	for end > n+1 && d.ws[end-1].Kind == words.Mark {
		end--
	}
	f := frame{verb: piece{first: n, last: n + 1}, speaker: subject{pronoun: true}, direct: true, found: true}
	if g, ok := d.lex.pronouns[d.ws[end-1].Lower]; ok {
		f.speaker.gender, f.speaker.at = g, piece{first: end - 1, last: end}
	} else if end > n+1 {
		f.speaker = subject{text: d.between(n+1, end), at: piece{first: n + 1, last: end}}
	}
	return f
}

// between gives the text of words [i, j).
func (d *document) between(i, j int) string { return d.text[d.ws[i].Start:d.ws[j-1].End] }
