// Package byline makes clean names of authors out of what pages print: lead
// words ("By", "Par", "Von"), roles, handles, addresses, dates and the site's
// own name are left out, and several names in one line are parted.
package byline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dateline-news/dateline/services/parser/internal/plain"
)

// Bounds: a byline is a line, a name a few words.
const (
	maxLine  = 400
	maxName  = 60
	maxNames = 20
)

// leads are the words that open a byline, lower case. Longer ones stand first.
var leads = []string{
	"article written by", "article by", "story by", "written by", "reported by", "posted by", "published by",
	"words by", "review by", "text by", "created by", "submitted by", "analysis by", "opinion by", "report by", "interview by",
	"edited by", "by:", "by", "author:", "authors:", "author", "from", "écrit par", "publié par", "propos recueillis par", "par:", "par",
	"auteur :", "auteur:", "auteur", "geschrieben von", "ein kommentar von", "eine analyse von", "ein gastbeitrag von", "ein interview von",
	"eine reportage von", "interview von", "ein artikel von", "kommentar von", "kolumne von", "gastbeitrag von", "von:", "von", "text:", "text von",
	"autor:", "autorin:", "autoren:", "autor", "redaktion:", "veröffentlicht von", "erstellt von", "eingestellt von", "interview:", "interview :", "zeige alle beiträge von", "alle beiträge von", "alle artikel von", "view all posts by", "posts by", "voir tous les articles de", "ver todas las entradas de", "reportage:", "bericht:", "vom", "escrito por", "publicado por", "por:", "por", "scritto da", "articolo di",
	"a cura di", "di:", "di", "da", "door:", "door", "skrevet av", "av:", "av", "af:", "af", "tekst:", "tekst", "texte", "teksti:", "autor tekstu:",
	"przez", "napisał", "opracowanie:", "автор:", "автор", "текст:", "от", "yazan:", "yazar:", "oleh:", "oleh", "penulis:", "reporter:", "szerző:", "írta:",
	"συντάκτης:", "του", "της", "بقلم:", "بقلم", "كتب:", "كتبت:", "كتب", "מאת:", "מאת", "文/", "文／", "記者", "记者", "作者：", "作者:", "作者", "撰文：", "bởi",
}

// joints part names inside a line.
var joints = []string{
	" and ", " und ", " et ", " y ", " e ", " och ", " og ", " en ", " ja ", " și ", " oraz ", " i ", " и ", " та ", " και ", " ve ", " dan ", " و ", " with ", " mit ", " avec ", " con ",
	";", "|", "•", "·", " / ", "&", "、", "，", "،", "\n", "\t", " – ", " — ", " - ", " for ", " in ",
}

// roleWords show that a phrase is a role, an instruction or a placeholder and
// not somebody's name.
var roleWords = wordSet(`
	editor editors reporter reporters correspondent correspondents writer writers contributor contributors columnist journalist journalists producer
	photographer staff desk newsroom team bureau chief senior junior deputy assistant managing executive associate director head analyst professor
	freelance freelancer intern updated published posted min read minutes ago comments comment share follow subscribe contact email twitter facebook
	linkedin instagram link copied copy view profile bio about more posts all articles by author authors admin administrator webmaster user guest
	anonymous unknown null undefined none default webteam redaktion redakteur redakteurin redakteure korrespondent korrespondentin autor autorin
	chefredakteur volontär volontärin reporterin ressortleiter ressort leiter journaliste journalistes correspondant correspondante rédaction
	redaction rédacteur rédactrice envoyé envoyée spécial spéciale redactor redactora redacción redaccion redação redacao periodista corresponsal
	enviado especial redattore redazione giornalista inviato corrispondente jornalista repórter redactie verslaggever redacteur correspondente
	redakcja dziennikarz redaktor редакция корреспондент журналист редактор newsletter
	president ceo founder co-founder minister secretary university institute department expert specialist manager consultant strategist
	contributing special writing reporting editing compiled additional photo photos photograph photographs fotos foto bild picture image illustration video
	images getty subscriber subscribers january february august september october november december monday tuesday wednesday thursday friday saturday sunday
	januar februar juli dezember janvier février décembre enero diciembre last first see here click read nachrichtenagentur online kommentar kommentare hinterlasse rubrik gmbh teilen drucken
	posted veröffentlicht kategorien kategorie category categories jobs eingestellt gepostet geschrieben publié publicado pubblicato written archiv
	montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves
	viernes sábado domingo wordpressadmin heute gestern today yesterday`)

func wordSet(list string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// Names parts a byline into clean names. site is the publication's name; it is
// no author.
func Names(line, site string) []string {
	return appendNames(nil, line, site, false)
}

// FromList cleans names that come one by one, as structured data gives them.
// A single word may then be a name, such as a desk's or an agency's.
func FromList(list []string, site string) []string {
	var out []string
	for _, s := range list {
		out = appendNames(out, s, site, true)
	}
	return out
}

func appendNames(out []string, line, site string, single bool) []string {
	line = plain.Line(line)
	if len(line) > maxLine {
		return out
	}
	line = TrimLead(dropBrackets(line))
	for k, part := range split(line) {
		name := clean(part)
		if len(out) >= maxNames {
			break
		}
		// What follows a comma is a role as often as a name: it must look like one.
		if name != "" && isName(name, single && k == 0) && !strings.EqualFold(squash(name), squash(site)) && !contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// MayOpen is a cheap test that every byline and every label passes: its first
// letter is one that a lead word has.
func MayOpen(line string) bool {
	return line != "" && openers[line[0]]
}

// openers are the first bytes of the lead words in either case.
var openers = func() (set [256]bool) {
	for _, leads := range [...][]string{strictLeads, labels} {
		for _, lead := range leads {
			set[lead[0]] = true
			set[strings.ToUpper(lead)[0]] = true
		}
	}
	return set
}()

// Opens reports whether a line is nothing but a byline: a lead word that hardly
// opens anything else, and names in capitals behind it.
func Opens(line string) bool {
	if len(line) < 8 || len(line) > 120 {
		return false
	}
	for _, lead := range strictLeads {
		rest, ok := cutPrefixFold(line, lead)
		if !ok {
			continue
		}
		names := Names(rest, "")
		first := strings.Fields(rest)
		if len(names) == 0 || len(first) < 2 || !capitalised(first[0]) {
			return false
		}
		// Nothing but names, commas and a role may follow.
		return len(first) <= 3*len(names)+5
	}
	return false
}

// Label reports whether a text is a lead word and nothing else.
func Label(text string) bool {
	if len(text) > 40 {
		return false
	}
	return slices.Contains(labels, strings.ToLower(strings.TrimRight(text, " :")))
}

// Joint reports whether a text is a word or sign between two names and nothing else.
func Joint(text string) bool {
	if text == "," || text == "&" {
		return true
	}
	text = " " + strings.ToLower(text) + " "
	return len(text) < 8 && slices.Contains(joints[:andJoints], text)
}

// andJoints is how many of the joints mean "and".
const andJoints = 18

// labels are the lead words that stand alone over or beside a name.
var labels = []string{
	"by", "written by", "author", "authors", "article by", "story by", "posted by", "words by", "von", "autor", "autorin", "autoren", "geschrieben von",
	"text", "par", "auteur", "écrit par", "por", "escrito por", "scritto da", "autore", "di", "door", "auteurs", "автор", "tekst", "av", "reported by", "text von",
}

// strictLeads open a byline and hardly anything else.
var strictLeads = []string{
	"by", "written by", "posted by", "words by", "story by", "von", "text:", "text von", "geschrieben von", "interview:", "par", "por", "escrito por", "door",
	"autor:", "autorin:", "author:", "auteur :", "auteur:", "autore:", "di", "a cura di", "przez", "автор:", "текст:", "av", "af", "بقلم:", "بقلم",
}

// TrimLead drops the words that open a byline.
func TrimLead(s string) string {
	for range 3 {
		before := s
		s = strings.TrimLeft(s, " :–—-|•·,.")
		for _, lead := range leads {
			if rest, ok := cutPrefixFold(s, lead); ok {
				s = rest
				break
			}
		}
		if s == before {
			return s
		}
	}
	return s
}

// cutPrefixFold cuts a lead word that ends at a word's end.
func cutPrefixFold(s, lead string) (string, bool) {
	if len(s) <= len(lead) {
		return s, false
	}
	i := 0
	for _, want := range lead {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.ToLower(r) != want {
			return s, false
		}
		i += n
		if i >= len(s) {
			return s, false
		}
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	last, _ := utf8.DecodeLastRuneInString(lead)
	if unicode.IsLetter(last) && !unicode.Is(unicode.Han, last) && !plain.Space(next) && next != ':' {
		return s, false
	}
	return strings.TrimLeft(s[i:], " :"), true
}

// dropBrackets removes what stands in brackets: agencies, handles, roles.
func dropBrackets(s string) string {
	if !strings.ContainsAny(s, "([（【<") {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', '（', '【', '<':
			depth++
		case ')', ']', '）', '】', '>':
			depth = max(depth-1, 0)
			b.WriteByte(' ')
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return plain.Line(b.String())
}

// split parts a line at joints and commas.
func split(line string) []string {
	capitals := strings.ToUpper(line) == line
	for _, j := range joints {
		if capitals {
			j = strings.ToUpper(j)
		}
		line = strings.ReplaceAll(line, j, "\x00")
	}
	var out []string
	for part := range strings.SplitSeq(line, "\x00") {
		pieces := strings.Split(part, ",")
		if len(pieces) == 2 && invertedName(pieces[0], pieces[1]) {
			out = append(out, strings.TrimSpace(pieces[1])+" "+strings.TrimSpace(pieces[0]))
			continue
		}
		out = append(out, pieces...)
	}
	return out
}

// invertedName recognises "Doe, Jane": one word on each side.
func invertedName(last, first string) bool {
	last, first = strings.TrimSpace(last), strings.TrimSpace(first)
	return last != "" && first != "" && !strings.Contains(last, " ") && !strings.Contains(first, " ") &&
		capitalised(last) && capitalised(first) && strings.ToUpper(first) != first
}

// trailing are the small words that lead from a name to a date or a section.
var trailing = wordSet("am on at in um le vom under unter el il à dne op den the")

// jobs are what a name's owner does, where it follows the name with no comma.
var jobs = wordSet("writer reporter editor correspondent columnist journalist photographer contributor redakteur redakteurin korrespondent korrespondentin journaliste periodista giornalista redacteur")

// agencies sign beside the author, with no comma either.
var agencies = []string{"the associated press", "associated press", "reuters", "agence france-presse", "press association", "the canadian press", "bloomberg news"}

// dropAgency drops an agency's name behind the name of a person.
func dropAgency(words []string) []string {
	for _, agency := range agencies {
		n := strings.Count(agency, " ") + 1
		if keep := len(words) - n; keep >= 2 && strings.EqualFold(strings.Join(words[keep:], " "), agency) {
			return words[:keep]
		}
	}
	return words
}

// Firm reports whether a name is rather an organisation's than a person's.
func Firm(name string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(name)) {
		if firms[strings.Trim(w, ".,")] {
			return true
		}
	}
	return false
}

// firms are words of organisations' names, in the languages that name legal forms.
var firms = wordSet(`
	gmbh ag e.v verein stiftung verband verlag magazin zeitung redaktion inc llc ltd corp corporation company association foundation institute university
	ministry agency media magazine news press publishing services group network team staff editorial desk s.a s.l s.r.l srl sarl sas b.v fundación
	fundacion asociación asociacion redacción redaccion fondation association rédaction redazione fondazione associazione redactie stichting`)

// Desk is the name of a desk that signs a line, with the paper's where that follows:
// a newsroom.
func Desk(line string) string {
	words := strings.Fields(TrimLead(dropBrackets(plain.Line(line))))
	n := 0
	for n < min(len(words), 5) {
		w := strings.Trim(words[n], ",.:;|-–")
		if n == 0 && !desks[strings.ToLower(w)] || n > 0 && (!capitalised(w) || strings.Trim(words[n-1], ",.:;|-–") != words[n-1]) {
			break
		}
		n++
	}
	return strings.Trim(strings.Join(words[:n], " "), " ,.:;|-–")
}

var desks = wordSet("redaktion redacción redaccion redazione redactie rédaction redação redacao redakcja newsroom редакция")

// clean trims a part: lead words, addresses, handles, trailing roles.
func clean(s string) string {
	s = TrimLead(strings.TrimSpace(s))
	words := strings.Fields(s)
	kept := words[:0]
	for _, w := range words {
		if strings.ContainsAny(w, "@#/\\") || strings.Contains(w, "www.") || strings.HasPrefix(w, "http") {
			break
		}
		kept = append(kept, w)
	}
	for len(kept) > 1 && (trailing[kept[len(kept)-1]] || len(kept) > 2 && jobs[strings.ToLower(kept[len(kept)-1])]) {
		kept = kept[:len(kept)-1]
	}
	kept = dropAgency(kept)
	s = strings.Trim(strings.Join(kept, " "), " ,:;|•·-–—*\"“”„»«")
	if degree(s) {
		return ""
	}
	if dot := strings.TrimSuffix(s, "."); dot != s && !endsInInitial(dot) {
		s = dot
	}
	return recase(s)
}

// degree reports whether a part is an academic degree or rank behind a name.
func degree(s string) bool {
	switch strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), " ", "")) {
	case "PHD", "MD", "JD", "MBA", "MSC", "BSC", "MS", "MA", "BA", "RN", "RD", "RDN", "LLM", "DDS", "DO", "CPA", "ESQ", "MPH", "JR", "SR", "DPT", "DVM", "CFP", "LCSW", "PSYD", "EDD":
		return true
	}
	return false
}

// endsInInitial reports whether the last word is an initial or an abbreviation
// that keeps its full stop: "Martin Luther K", "John Doe Jr".
func endsInInitial(s string) bool {
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return utf8.RuneCountInString(last) == 1 || last == "Jr" || last == "Sr" || len(last) <= 5 && strings.Contains(last, ".")
}

// recase turns a name in capitals into one with capital initials.
func recase(s string) string {
	if !strings.Contains(s, " ") || strings.ToUpper(s) != s || strings.ToLower(s) == s || len(s) < 6 {
		return s
	}
	prev := ' '
	return strings.Map(func(r rune) rune {
		inside := unicode.IsLetter(prev)
		prev = r
		if inside {
			return unicode.ToLower(r)
		}
		return r
	}, s)
}

// isName reports whether a phrase can be somebody's name.
func isName(s string, single bool) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > maxName {
		return false
	}
	words := strings.Fields(s)
	if len(words) > 6 {
		return false
	}
	capitals, cased, letters := 0, 0, 0
	for _, w := range words {
		if roleWords[strings.ToLower(strings.Trim(w, ".:"))] && !(single && len(words) > 1 && len(words) < 4 && capitalised(w) && !firmWords[strings.ToLower(w)]) {
			return false
		}
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(r) || unicode.IsLower(r) {
			cased++
		}
		if !unicode.IsLower(r) {
			capitals++
		}
	}
	for _, r := range s {
		switch {
		case unicode.IsDigit(r), r == '?', r == '!', r == '=', r == '{', r == '%', r == '©':
			return false
		case unicode.IsLetter(r):
			letters++
		}
	}
	if letters < 2 || slices.Contains(leads, strings.ToLower(s)) || strings.Contains(s, ":") {
		return false
	}
	if cased == 0 { // a script without capitals
		return n <= 30
	}
	if len(words) == 1 {
		return single && n > 2 && strings.Count(strings.Trim(s, "."), ".") < 2
	}
	return capitals*2 >= len(words) || single
}

// firmWords rule a name out even in structured data, where a role's word may be
// somebody's name.
var firmWords = wordSet(`
	admin administrator wordpressadmin webmaster anonymous unknown author copied profile posts posted articles updated published share follow email
	comment comments kommentar kommentare rubrik kategorie kategorien category categories veröffentlicht eingestellt jobs montag dienstag mittwoch
	donnerstag freitag samstag sonntag monday tuesday wednesday thursday friday saturday sunday`)

func capitalised(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func contains(list []string, name string) bool {
	for _, n := range list {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// squash folds a site's name for comparison: "www.Example.com" is "example".
func squash(s string) string {
	s = strings.ToLower(strings.TrimPrefix(s, "www."))
	if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 5 {
		s = s[:i]
	}
	return plain.Fold(s)
}
