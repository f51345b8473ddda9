package quote

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// skipMarks goes over the comma and dashes between a quotation and its verb.
func (d *document) skipMarks(k, limit int) int {
	for n := 0; k < limit && n < 4; n++ {
		w := d.word(k)
		if w == nil {
			return k
		}
		switch w.Text {
		case ",", "—", "–", "-", "―", "\"", "»", "”", "،", "'", "’":
			k++
		default:
			return k
		}
	}
	return k
}

// verbAfter finds a verb or source right behind the passage: "…", said X.
func (d *document) verbAfter(k, limit int) frame {
	at := k
	k = d.skipMarks(k+1, limit)
	if k >= limit || d.word(k) == nil {
		return frame{}
	}
	if f := d.cliticAfter(k, limit); f.found {
		return f
	}
	if f := d.sourceAt(k, limit, true); f.found {
		f.direct = true
		return d.throughDocument(f, at)
	}
	for n := k; n < limit && n < k+5; n++ {
		v, ok := d.verbAt(n)
		switch {
		case ok && v.mood == inverted:
			return frame{verb: d.verbPiece(v), speaker: d.cliticSubject(v), direct: true, found: true}
		case ok && v.mood == finite:
			f := frame{verb: d.verbPiece(v), speaker: d.after(v.last, limit), direct: true, found: true}
			if !f.speaker.found() {
				f.speaker = subject{pronoun: true}
				f.found = !d.leadsToQuote(v.last) || d.lex.verbFirst
			}
			return f
		case ok:
			return frame{}
		}
		w := d.lower(n)
		if !d.may(n, asFiller|asAux) && !d.lex.selfAux.has(w) && !d.may(n, asParticiple) || d.isPronoun(n) && !d.may(n, asDet) && w != "lui" {
			return d.unknownVerb(n, k, limit)
		}
	}
	return frame{}
}

// unknownVerb takes any word behind a comma that a name follows for a verb of
// speech: "…", tonne Paul Marchand. Before a noun of people it needs that the
// passage begins the sentence.
func (d *document) unknownVerb(n, start, limit int) frame {
	w := d.word(n)
	if w == nil || w.Kind != words.Letters || w.Capital() || w.RuneEnd-w.Rune < 3 || n >= limit-1 || n > start+3 || d.lang == "ar" {
		return frame{}
	}
	if !d.isMark(start-1, ",") || d.isPronoun(n) || d.lex.det.has(w.Lower) || d.endsPhrase(n) || d.lex.and.has(w.Lower) || d.lex.of.has(w.Lower) {
		return frame{}
	}
	v := verb{first: start, last: n + 1}
	s := d.after(n+1, min(limit, n+maxPhrase))
	nm := d.name(n + 1)
	if nm == nil || nm.Possessive {
		if !d.may(n+1, asDet) || !d.speakerWithin(n+1, min(limit, n+6)) {
			return frame{}
		}
	}
	return frame{verb: d.verbPiece(v), speaker: s, direct: true, found: s.found()}
}

// cliticAfter takes any verb with its subject tied to it for a frame, also
// those that are no verbs of speech by themselves: "tente-t-il de corriger".
func (d *document) cliticAfter(k, limit int) frame {
	base, g := d.clitic(d.lower(k))
	if base == "" {
		return frame{}
	}
	f := frame{speaker: subject{pronoun: true, gender: g, at: d.piece(k, k+1), clitic: true}, direct: true, found: true}
	if v, ok := d.verbAt(k); ok {
		f.verb = d.piece(v.first, v.last)
		return f
	}
	end := k + 1
	if d.may(end, asOf) && d.may(end+1, asInfinitive) && end+1 < limit {
		end += 2
	}
	if strings.HasSuffix(d.lower(k), "-on") && d.lower(end) == "lire" {
		// "peut-on lire dans le communiqué": the document speaks.
		end++
		f.speaker = subject{}
		if d.may(end, asPrep) {
			f.speaker = d.phrase(end+1, limit)
		}
	}
	f.verb = d.piece(k, end)
	return f
}

// documents are what a body speaks through, in all languages together.
var documents = fields(`programm bericht berichten medienbericht
medienberichten studie umfrage statistik gesetz documentaire documentary rapport report communiqué communiqués texte document statement release comunicado comunicato nota mitteilung
erklärung verklaring persbericht заявлении заявлению сообщении بيان تقرير التقرير دراسة الدراسة الدراسات دراسات
artículo articolo artigo article articles study statistic poll survey sondage étude estudio informe encuesta sondeo relatório estudo pesquisa rapporto studio sondaggio statuto
statute constitution charter constitución costituzione constituição`)

// isDocumentWord tells whether the word, or its singular, means a document.
func isDocumentWord(w string) bool {
	return documents.has(w) || documents.has(strings.TrimSuffix(w, "s"))
}

// throughDocument gives the quotation at item k that ends with "selon un
// communiqué" to the subject before it, if there is one.
func (d *document) throughDocument(f frame, k int) frame {
	if f.speaker.name != nil {
		return f
	}
	if d.isDocument(f.speaker) {
		if s := d.before(d.sents[d.items[k].sentence].first, k); s.found() {
			f.speaker = s
		}
	}
	return f
}

// isDocument tells whether the description is one of a document.
func (d *document) isDocument(s subject) bool {
	for i := s.at.first; i < s.at.last; i++ {
		if isDocumentWord(d.ws[i].Lower) {
			return true
		}
	}
	return false
}

// maxSubjectFirst bounds the items between a passage and a verb behind it
// that has its subject before it.
const maxSubjectFirst = 24

// subjectAfterFirst finds "…", X said, where the subject stands first.
func (d *document) subjectAfterFirst(k, limit int) frame {
	start := d.skipMarks(k+1, limit)
	if d.may(start, asAnd|asThat|asRelative) {
		return frame{}
	}
	for n := start; n < limit && n-start < maxSubjectFirst; n++ {
		if d.isQuote(n) || d.isMark(n, ":") || d.isMark(n, ";") {
			return frame{}
		}
		v, ok := d.verbAt(n)
		if !ok || v.mood != finite {
			continue
		}
		if v.first == start || d.leadsToQuote(v.last) && !d.interrupts(k, v.last) {
			return frame{}
		}
		s := d.before(start, v.first)
		if d.lang == "ar" {
			s = d.after(v.last, limit)
		}
		return frame{verb: d.verbPiece(v), speaker: s, direct: n-start < 12, found: s.found()}
	}
	return frame{}
}
