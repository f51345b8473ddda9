// Package name finds the names of people, bodies and places in news text by
// capitals, titles and roles.
//
// It is a grammar, not a model: a run of words in capitals with the particles
// between them, less the titles before it. In Arabic script, which has no
// capitals, the words for titles and offices announce a name.
package name

import (
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// Name is one naming in a text.
type Name struct {
	// Text is the name as printed, without its title.
	Text string
	// Full is the fullest form of the same name in the text.
	Full string
	// Title is what stands right before the name and is no part of it, such
	// as "M.", "Dr" or "President".
	Title string
	// Role is the office that the text gives beside the name, such as
	// "directeur régional de l'Agence".
	Role string
	// Start and End are the code points of Text, half open.
	Start, End int
	// First and Last are the words of Text in the slice given to In, half
	// open.
	First, Last int
	// Person tells that a title, a role or the name's shape speaks for a
	// human being. False is no proof of the contrary.
	Person bool
	// Possessive tells that an English 's was cut off.
	Possessive bool
}

// maxRun bounds the words of one name; what is longer is a headline in
// capitals.
const maxRun = 12

// Find gives the names in text, in order, for a text in the language with this
// ISO 639-1 code. Text that is not UTF-8 is read with U+FFFD for each bad byte.
func Find(text, lang string) []Name {
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	return In(words.Split(text, lang), text, lang)
}

// In is Find for a text that is cut into words already; ws must be
// words.Split(text, lang).
func In(ws []words.Word, text, lang string) []Name {
	f := &finder{ws: ws, text: text, lang: lang, lex: lexiconOf(lang)}
	if f.lex == arabic {
		f.findArabic()
	} else {
		f.findCapitals()
		f.dropDoubtful()
	}
	f.resolve()
	return f.names
}

type finder struct {
	ws    []words.Word
	text  string
	lang  string
	lex   *lexicon
	names []Name
	// doubtful are the names whose capital may only begin a sentence.
	doubtful []bool
}

func (f *finder) findCapitals() {
	for i := 0; i < len(f.ws); {
		if !f.begins(i) {
			i++
			continue
		}
		end := f.runEnd(i)
		f.run(i, end)
		i = f.extendBody(end)
	}
}

// begins tells whether a run of capitals may begin at word i.
func (f *finder) begins(i int) bool {
	w := &f.ws[i]
	if w.Kind != words.Letters || !w.Capital() {
		return false
	}
	if !f.lex.plain.has(w.Lower) || f.isInitial(i) {
		return true
	}
	// "Le Pen" and "La Poste" within a sentence are names, "Le" at its head
	// is an article.
	return !f.sentenceStart(i) && !f.lex.nouns && f.lang != "en" && f.capitalAt(i+1) && len(w.Text) > 1
}

// isInitial tells whether word i is the initial of a given name: "A. Morel".
func (f *finder) isInitial(i int) bool {
	return i+2 < len(f.ws) && utf8.RuneCountInString(f.ws[i].Text) == 1 && f.ws[i+1].Is(".") && !f.ws[i+1].Space && f.capitalAt(i+2)
}

func (f *finder) capitalAt(i int) bool {
	return i < len(f.ws) && f.ws[i].Kind == words.Letters && f.ws[i].Capital()
}

// sentenceStart tells whether word i may owe its capital to its place.
func (f *finder) sentenceStart(i int) bool {
	if i == 0 {
		return true
	}
	p := &f.ws[i-1]
	if p.Kind == words.Break {
		return true
	}
	if p.Kind != words.Mark {
		return false
	}
	switch p.Text {
	case ",", "(", ")", "&", "/", "'", "%", ";":
		return false
	case ".":
		return i < 2 || !f.abbreviation(i-2)
	}
	return true
}

// abbreviation tells whether word i, before a full stop, is an initial or a
// title such as "M" or "Dr".
func (f *finder) abbreviation(i int) bool {
	w := &f.ws[i]
	return w.Kind == words.Letters && ((w.Capital() && utf8.RuneCountInString(w.Text) == 1) || (len(w.Text) <= 6 && f.lex.titles.has(w.Lower)))
}

// runEnd gives the end of the run of capitals that begins at word i.
func (f *finder) runEnd(i int) int {
	end, capitals := i+1, 1
	for j := i + 1; j < len(f.ws) && j-i < maxRun; {
		w := &f.ws[j]
		switch {
		case w.Is(".") && !w.Space && f.abbreviation(j-1) && f.capitalAt(j+1):
			j++
		case w.Is("&") && f.capitalAt(j+1):
			j++
		case w.Kind == words.Letters && w.Capital():
			if f.lex.plain.has(w.Lower) && (f.lex.nouns || !f.capitalAt(j+1)) {
				return end
			}
			j++
			end = j
			capitals++
		default:
			next := f.overParticles(i, j, capitals)
			if next == j {
				return end
			}
			j = next
		}
	}
	return end
}

// overParticles gives the capital word behind the particles at word j of the
// run that began at first, or j if there is none.
func (f *finder) overParticles(first, j, capitals int) int {
	k := j
	for k < len(f.ws) && k-j < 3 && f.ws[k].Kind == words.Letters && f.lex.particles.has(f.ws[k].Lower) {
		k++
	}
	if k == j && f.hasBody(first, j) {
		k = f.overBodyTies(j)
	}
	if k == j || !f.capitalAt(k) {
		return j
	}
	if capitals >= 2 && f.tiesComplement(j, k) && !f.hasBody(first, j) && !f.hasTitle(first, j) {
		return j
	}
	return k
}

// bodyTies go on the name of a body in languages that set it in capitals:
// "Office for National Statistics", "Organisation für Migration".
var bodyTies = map[string]set{"en": fields(`for on the of`), "de": fields(`für der des`), "nl": fields(`voor de`)}

func (f *finder) overBodyTies(j int) int {
	for k := j; k < len(f.ws); k++ {
		if !bodyTies[f.lang].has(f.ws[k].Lower) || k-j == 2 {
			return k
		}
	}
	return j
}

// tiesComplement tells whether the particles of words [j, k) tie a complement
// rather than belong to a personal name: in "Anne Blanc de l'Institut" they
// do, in "Luis Pérez de la Rosa" and "Ana Souza da Silva" they do not.
func (f *finder) tiesComplement(j, k int) bool {
	switch f.lang {
	case "en":
		return f.ws[j].Lower == "of"
	case "fr":
		w := f.ws[j].Lower
		return k-j > 1 || w == "du" || w == "des" || w == "la" || w == "le" || w == "l'"
	case "it":
		return f.ws[j].Lower != "de" && f.ws[j].Lower != "di" && f.ws[j].Lower != "da"
	}
	return false
}

func (f *finder) hasBody(i, j int) bool {
	for ; i < j; i++ {
		if f.lex.bodies.has(f.ws[i].Lower) {
			return true
		}
	}
	return false
}

func (f *finder) hasTitle(i, j int) bool {
	for ; i < j; i++ {
		if f.isTitle(i) {
			return true
		}
	}
	return false
}

// add keeps words [i, j) as a name, with the title that stands in words
// [title, i).
func (f *finder) add(title, i, j int, person bool) {
	for i < j && (f.ws[i].Kind != words.Letters || !f.ws[i].Capital()) && f.lex != arabic {
		i++
	}
	if i >= j {
		return
	}
	first, last := &f.ws[i], &f.ws[j-1]
	n := Name{
		Text: f.text[first.Start:last.End], Start: int(first.Rune), End: int(last.RuneEnd),
		First: i, Last: j, Person: person,
	}
	if title < i {
		n.Title = f.text[f.ws[title].Start:f.ws[i-1].End]
	}
	if f.lang == "en" {
		n.cutPossessive()
	}
	n.Full = n.Text
	f.names = append(f.names, n)
	f.doubtful = append(f.doubtful, false)
}

func (n *Name) cutPossessive() {
	for _, suffix := range []string{"'s", "’s"} {
		if len(n.Text) > len(suffix)+1 && n.Text[len(n.Text)-len(suffix):] == suffix {
			n.Text = n.Text[:len(n.Text)-len(suffix)]
			n.End -= 2
			n.Possessive = true
			return
		}
	}
}
