package name

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// titleEndings are the ends of German and Dutch compounds that are titles,
// such as "Verkehrsminister".
var titleEndings = []string{
	"minister", "ministerin", "präsident", "präsidentin", "sprecher", "sprecherin", "chef", "chefin", "leiter", "leiterin",
	"meister", "meisterin", "kanzler", "kanzlerin", "vorsitzende", "vorsitzender", "vorsitzenden", "direktor", "direktorin",
	"sekretär", "sekretärin", "anwalt", "anwältin", "trainer", "trainerin", "experte", "expertin", "forscher", "forscherin",
	"beauftragte", "beauftragter", "politiker", "politikerin", "woordvoerder", "woordvoerster", "voorzitter",
}

// splitPlaces are the second words of countries and cities of two words, which
// are no given names ("Burkina Faso").
var splitPlaces = fields(`faso leone lanka rica salvador zealand kong york africa korea arabia kingdom states sudan
unis unies unidos unidas uniti sud nord guinea guinée timor verde zélande zelanda angeles francisco aires paulo janeiro`)

// outlets are news outlets of one word: "told Reuters" runs into the name that
// comes after it where the verb stands first, as a word in capitals does.
var outlets = fields(`figaro parisien libération reuters ansa spiegel bild guardian mundo país repubblica corriere folha
globo efe tass тасс интерфакс рбк bloomberg politico`)

func (f *finder) isTitle(i int) bool {
	w := &f.ws[i]
	if f.lex.titles.has(w.Lower) || w.Capital() && f.lex.roles.has(w.Lower) {
		return true
	}
	if !f.lex.nouns && f.lang != "nl" {
		return false
	}
	for _, e := range titleEndings {
		if strings.HasSuffix(w.Lower, e) {
			return true
		}
	}
	return false
}

// run takes the run of capitals [i, j) apart into titles, complement of the
// title and name.
func (f *finder) run(i, j int) {
	if outlet := &f.ws[i]; (outlet.AllCaps() || outlets.has(outlet.Lower)) && f.capitals(i+1, j) >= 2 && !f.hasBody(i, j) && f.ws[i+1].Capital() && !f.hasTitle(i, j) {
		f.add(i, i, i+1, false)
		i++
	}
	at := i
	for k := i; k < j-1; k++ {
		if f.isTitle(k) && !f.bodyFollows(k+1, j) {
			at = k + 1
		}
	}
	if at > i && f.ws[at].Is(".") {
		at++
	}
	titled := at > i
	for titled && at+1 < j && f.ws[at].AllCaps() && f.ws[at+1].Capital() && f.capitals(at+1, j) >= 2 {
		at++
	}
	if titled || f.lowerTitleBefore(at) {
		at = f.overGenitive(at, j)
	}
	role := false
	switch {
	case titled && at < j && f.lex.of.has(f.ws[at].Lower) && !f.ws[at].Capital():
		role = true
		if c := f.complementEnd(at, j); f.capitals(c, j) >= 2 {
			at = c
		} else {
			f.add(at, at, j, false)
			return
		}
	case !titled:
		if start := f.roleBefore(i); start >= 0 {
			role = true
			if f.lex.of.has(f.ws[i-1].Lower) {
				if c := f.complementEnd(i, j); f.capitals(c, j) >= 2 {
					f.add(i, i, c, false)
					at = c
				} else {
					role = false
				}
			}
		}
	}
	if at >= j {
		f.add(i, i, j, false)
		return
	}
	f.finish(i, at, j, titled, role)
}

// finish adds the name [at, j) of the run that began at word i.
func (f *finder) finish(i, at, j int, titled, role bool) {
	capitals := f.capitals(at, j)
	lowerTitle := at
	if !titled && i > 0 && f.isTitle(i-1) {
		lowerTitle = i - 1
	} else if titled {
		lowerTitle = i
	}
	named := titled || role || lowerTitle < at
	if f.lex.nouns && capitals == 1 && !named && !f.ws[at].AllCaps() {
		f.add(at, at, j, false)
		f.doubtful[len(f.doubtful)-1] = true
		return
	}
	shape := capitals >= 2 && capitals <= 5 && !f.hasBody(at, j) && !f.hasCaps(at, j) && !f.articleBefore(at)
	if j-at == 1 && f.isTitle(at) && !named {
		return
	}
	f.add(lowerTitle, at, j, named && !f.hasBody(at, j) || shape)
	if capitals == 1 && !named && f.sentenceStart(i) && !f.ws[at].AllCaps() {
		f.doubtful[len(f.doubtful)-1] = true
	}
}

func (f *finder) lowerTitleBefore(i int) bool {
	return i > 0 && f.ws[i-1].Kind == words.Letters && (f.isTitle(i-1) || f.lex.roles.has(f.ws[i-1].Lower))
}

// overGenitive goes over the country between title and name in languages that
// need no preposition there: "президент Франции Жан Мартен". Three capitals
// are a name of their own only around a patronymic.
func (f *finder) overGenitive(at, j int) int {
	if f.lang != "ru" && f.lang != "pl" || j-at != 3 || f.capitals(at, j) != 3 {
		return at
	}
	for _, e := range []string{"вич", "вна", "вича", "вны", "ична"} {
		if strings.HasSuffix(f.ws[at+1].Lower, e) {
			return at
		}
	}
	return at + 1
}

func (f *finder) articleBefore(i int) bool {
	if i == 0 || f.ws[i-1].Kind != words.Letters {
		return false
	}
	switch f.ws[i-1].Lower {
	case "le", "la", "les", "l'", "the", "der", "die", "das", "el", "los", "las", "il", "lo", "gli", "o", "os", "as", "de", "het":
		return true
	}
	return false
}

func (f *finder) hasCaps(i, j int) bool {
	for ; i < j; i++ {
		if f.ws[i].AllCaps() {
			return true
		}
	}
	return false
}

func (f *finder) bodyFollows(k, j int) bool { return k < j && f.hasBody(k, j) }

// capitals counts the capital words in [i, j).
func (f *finder) capitals(i, j int) int {
	n := 0
	for ; i < j; i++ {
		if f.ws[i].Kind == words.Letters && f.ws[i].Capital() {
			n++
		}
	}
	return n
}

// complementEnd gives the end of the complement of an office that begins at
// word i: "de la République d'Égypte" before a name, one capital word after
// each preposition.
func (f *finder) complementEnd(i, j int) int {
	for i < j {
		for i < j && f.ws[i].Kind == words.Letters && !f.ws[i].Capital() {
			i++
		}
		if i < j {
			i++
		}
		for i < j && splitPlaces.has(f.ws[i].Lower) {
			i++
		}
		if i >= j || f.ws[i].Capital() || !f.lex.of.has(f.ws[i].Lower) {
			return i
		}
	}
	return i
}

// maxRole bounds the words between an office and the name it belongs to.
const maxRole = 14

// roleBefore gives the word of an office that leads without a stop to the name
// at word i, or -1: "président du Conseil européen" before "Charles Blanc".
func (f *finder) roleBefore(i int) int {
	for k := i - 1; k >= 0 && i-k <= maxRole; k-- {
		w := &f.ws[k]
		if w.Kind != words.Letters {
			return -1
		}
		if f.lex.roles.has(w.Lower) {
			return k
		}
		if f.lex.plain.has(w.Lower) && !f.lex.of.has(w.Lower) {
			return -1
		}
	}
	return -1
}
