package quote

import (
	"slices"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
	"github.com/dateline-news/dateline/services/enricher/internal/name/words"
)

// discourse is what a reader has in mind: who was spoken of last.
type discourse struct {
	// recent are the last speakers and subjects, the latest first.
	recent []voice
	// genders are those that titles and pronouns have told.
	genders map[string]gender
	// roles are the offices of the names in the text.
	roles []office
	// known are the speakers so far, in the order of their first words.
	known []string
}

type voice struct {
	speaker string
	// body tells that it is a name without a sign of a person.
	body bool
}

type office struct {
	speaker string
	words   set
}

const (
	// maxRecent bounds the speakers in mind.
	maxRecent = 6
	// maxOffices bounds the names whose offices are kept.
	maxOffices = 64
)

func (c *discourse) remember(speaker string, g gender, body bool) {
	if speaker == "" {
		return
	}
	if c.genders == nil {
		c.genders = map[string]gender{}
	}
	if g != unknown {
		c.genders[speaker] = g
	}
	if len(c.known) < maxKnown && !slices.Contains(c.known, speaker) {
		c.known = append(c.known, speaker)
	}
	kept := []voice{{speaker, body}}
	for _, v := range c.recent {
		if v.speaker != speaker && len(kept) < maxRecent {
			kept = append(kept, v)
		}
	}
	c.recent = kept
}

// last gives the latest speaker whom a pronoun of this gender may mean; a
// pronoun that tells its gender means a person sooner than a body.
func (c *discourse) last(g gender) string {
	body := ""
	for _, v := range c.recent {
		switch {
		case g != unknown && c.genders[v.speaker] != unknown && c.genders[v.speaker] != g:
		case g != unknown && v.body:
			if body == "" {
				body = v.speaker
			}
		default:
			return v.speaker
		}
	}
	return body
}

// isBody tells whether the name is one of a body or a place rather than of a
// person.
func (d *document) isBody(n *name.Name) bool {
	if n.Person {
		return false
	}
	return n.Last-n.First > 1 || d.ws[n.First].AllCaps() || n.First > 0 && d.lex.det.has(d.ws[n.First-1].Lower)
}

// collectives are nouns of bodies, in all languages together: a pronoun that
// tells its gender rather means a person.
var collectives = fields(`police polizei policía polizia polícia politie policja полиция полиции ministry ministère ministerium
ministerio ministero ministério ministerie ministerstwo министерство министерства government gouvernement regierung gobierno governo regering
rząd правительство company entreprise société unternehmen empresa azienda bedrijf firma компания court cour tribunal gericht corte
rechtbank sąd суд union syndicat gewerkschaft sindicato sindacato vakbond профсоюз party parti partei partido partito partij partia
партия association agency agence behörde agencia agenzia agência council conseil rat consejo consiglio conselho raad parquet army armée
armee firm club ligue league lega liga società compañía companhia federazione federación federação verband prefettura prefectura prefeitura
préfecture procura fiscalía procuradoria charity ong`)

// collective tells whether the head of the description is a body.
func (d *document) collective(s subject) bool {
	for i := s.at.first; i < s.at.last && i < s.at.first+3; i++ {
		if w := d.ws[i].Lower; collectives.has(w) || unnamed.has(w) {
			return true
		}
	}
	return false
}

func (c *discourse) isBody(speaker string) bool {
	for _, v := range c.recent {
		if v.speaker == speaker {
			return v.body
		}
	}
	return false
}

// Titles that tell the gender, in all languages together.
var (
	menTitles   = fields(`m mm monsieur mr sir lord herr herrn sr señor don sig signor senhor dhr meneer heer pan г-н господин король king prince السيد`)
	womenTitles = fields(`mme mmes madame mlle mrs ms miss lady dame frau sra srta señora doña signora senhora mevrouw mevr pani г-жа госпожа queen princess السيدة`)
)

func titleGender(n *name.Name) gender {
	for _, w := range strings.Fields(strings.ToLower(n.Title)) {
		w = strings.TrimSuffix(w, ".")
		if menTitles.has(w) {
			return masculine
		}
		if womenTitles.has(w) {
			return feminine
		}
	}
	return unknown
}

// speaker gives the fullest form of the subject found at item k, and makes it
// the latest one in mind.
func (d *document) speaker(s subject, k int) string {
	switch {
	case s.name != nil:
		full := d.fullest(d.shown(s.name))
		d.state.remember(full, titleGender(s.name), d.isBody(s.name))
		return full
	case s.text != "":
		full := d.linked(s.text)
		if full == s.text {
			if known := d.anaphor(s.text); known != "" {
				return known
			}
			full = d.fullest(full)
		}
		d.state.remember(full, unknown, d.collective(s))
		return full
	case s.pronoun:
		full := d.referent(s.gender, k)
		d.state.remember(full, s.gender, d.state.isBody(full))
		return full
	}
	return ""
}

// shown gives the name in full; a Russian surname in the nominative whose full form
// is another case has that put into the nominative.
func (d *document) shown(n *name.Name) string {
	if d.lang != "ru" || n.Text == n.Full || strings.HasSuffix(n.Full, " "+n.Text) {
		return n.Full
	}
	if full := nominativeOf(n.Full); strings.HasSuffix(full, " "+n.Text) {
		return full
	}
	return n.Full
}

// referent finds whom the pronoun at item k means: the subject of its own
// sentence before it, or the latest one in mind.
func (d *document) referent(g gender, k int) string {
	lo := d.sents[d.items[k].sentence].first
	if s := d.leading(lo, k); s.name != nil && s.name.Person {
		if tg := titleGender(s.name); g == unknown || tg == unknown || tg == g {
			return s.name.Full
		}
	}
	return d.state.last(g)
}

// follow updates the mind with a sentence in which no quotation was
// attributed: with the subject of its verb of speech, or its first person.
func (d *document) follow(s sentence) {
	last := min(s.last, s.first+maxClause)
	for k := s.first; k < last; k++ {
		if v, ok := d.verbAt(k); ok && v.mood == finite {
			subj := d.finiteSubject(v, last, s.first)
			if subj.name != nil || subj.text != "" && d.lex.det.has(d.firstWord(subj.text)) && (d.plausible(subj) || d.isDocument(subj)) || d.lang == "ar" && subj.text != "" {
				d.speaker(subj, k)
				return
			}
			break
		}
	}
	subj := d.leading(s.first, last)
	if subj.pronoun {
		return
	}
	if subj.name == nil || !subj.name.Person {
		subj.name = d.freePerson(segment{s.first, last})
	}
	switch {
	case subj.name != nil:
		d.speaker(named(subj.name), s.first)
	case subj.text != "" && len(d.state.recent) == 0 && (d.plausible(subj) || d.isDocument(subj)):
		d.speaker(subj, s.first)
	}
}

func (d *document) freePerson(s segment) *name.Name {
	for k := s.first; k < s.last; k++ {
		if n := d.name(k); n != nil && n.Person && !n.Possessive && !d.governed(k) {
			return n
		}
	}
	return nil
}

func (d *document) firstWord(text string) string {
	w, _, _ := strings.Cut(strings.ToLower(text), " ")
	if i := strings.IndexAny(w, "'’"); i >= 0 {
		w = w[:i] + "'"
	}
	return w
}

// linked gives the name of the person whose office the description is, if one
// in the text has it: "la ministre" after "la ministre de la Santé, Eva Roux".
func (d *document) linked(text string) string {
	if d.state.roles == nil {
		d.collectRoles()
	}
	ws := words.Split(text, d.lang)
	if len(ws) < 2 || !definite.has(ws[0].Lower) && d.lang != "ru" && d.lang != "ar" {
		return text
	}
	var found []string
	for _, r := range d.state.roles {
		if d.within(ws, r.words) {
			found = append(found, r.speaker)
		}
	}
	if len(found) == 0 {
		return text
	}
	for _, v := range d.state.recent {
		for _, f := range found {
			if v.speaker == f {
				return f
			}
		}
	}
	if len(found) > 1 {
		return text
	}
	return found[0]
}

// definite are the articles that point at somebody who is known.
var definite = fields(`le la l' the der die el il o a de het lo`)

func (d *document) within(ws []words.Word, role set) bool {
	content := 0
	for i := range ws {
		w := ws[i].Lower
		if ws[i].Kind != words.Letters || d.lex.det.has(w) || d.lex.of.has(w) {
			continue
		}
		if !role.has(w) && !(d.lex.nouns && endsIn(role, w)) {
			return false
		}
		content++
	}
	return content > 0
}

// endsIn tells whether the word is the last part of a compound in the set: German
// "Minister" of "Finanzminister".
func endsIn(role set, w string) bool {
	for r := range role {
		if len(w) > 3 && strings.HasSuffix(r, w) {
			return true
		}
	}
	return false
}

func (d *document) collectRoles() {
	d.state.roles = []office{}
	seen := map[string]int{}
	for i := range d.names {
		n := &d.names[i]
		if n.Role == "" && n.Title == "" || !n.Person {
			continue
		}
		at, ok := seen[n.Full]
		if !ok {
			if len(d.state.roles) == maxOffices {
				return
			}
			at = len(d.state.roles)
			seen[n.Full] = at
			d.state.roles = append(d.state.roles, office{speaker: n.Full, words: set{}})
		}
		for _, w := range words.Split(n.Role+" "+n.Title, d.lang) {
			if w.Kind == words.Letters {
				d.state.roles[at].words[w.Lower] = struct{}{}
			}
		}
	}
}
