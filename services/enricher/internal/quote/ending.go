package quote

// partings are verbs of speech in the past that go on with the sentence behind a
// reported clause, and so end it: "said that the road was shut and denied that …".
var partings = map[string]set{
	"en": fields(`denied declined refused urged called demanded pledged vowed thanked apologised apologized rejected accused criticised criticized`),
	"fr": fields(`nié refusé demandé appelé démenti critiqué rejeté exhorté remercié accusé dénoncé salué`),
	"de": fields(`forderte forderten bestritt bestritten kritisierte kritisierten rief lehnte dankte fügte warnte verlangte verwies nannte`),
	"es": fields(`negó negaron pidió pidieron llamó exigió rechazó evitó instó criticó acusó agradeció desmintió pedido negado exigido rechazado`),
	"it": fields(`smentito chiesto negato invitato rifiutato criticato ringraziato accusato esortato respinto smentì chiese negò invitò`),
	"pt": fields(`negou negaram pediu pediram recusou criticou evitou rejeitou cobrou agradeceu acusou exigiu apelou`),
	"ru": fields(`отрицал отрицала опроверг опровергла призвал призвала попросил попросила отказался отказалась потребовал потребовала
раскритиковал обвинил обвинила поблагодарил поблагодарила`),
	"nl": fields(`ontkende weigerde eiste vroeg bekritiseerde bedankte`),
	"pl": fields(`zaprzeczył zaprzeczyła odmówił zaapelował zaapelowała wezwał wezwała skrytykował podziękował`),
	"ar": fields(`دعا دعت نفى نفت طالب طالبت رفض رفضت ناشد حث انتقد اتهم شكر`),
}

// afterwards open a clause that tells when something was said, at the end of a
// sentence: "…, after losing the cup".
var afterwards = map[string]set{
	"en": fields(`after`), "fr": fields(`après`), "es": fields(`tras`), "it": fields(`dopo`), "pt": fields(`após`), "de": fields(`nachdem`),
}

// clauseEnd gives the item at which the clause from item at on ends, within its
// sentence: where a relative clause that holds the verb ends, where the sentence
// goes on with what the speaker did besides, or where it tells when.
func (d *document) clauseEnd(v verb, at, limit int) int {
	relative := d.inRelative(v)
	for k := at + minStated; k < min(limit, at+maxClause); k++ {
		switch {
		case d.isQuote(k):
		case d.isMark(k, ",") && relative && d.isPredicate(k+1):
			return k
		case d.isMark(k, ",") && d.may(k+1, asAfterwards) && d.lastPart(k+1, limit):
			return k
		case d.may(k, asAnd) && d.parts(k+1):
			if d.isMark(k-1, ",") {
				return k - 1
			}
			return k
		case d.lang == "ar" && partings["ar"].has(d.speech(d.lower(k))) && d.speech(d.lower(k)) != d.lower(k):
			return k
		}
	}
	return limit
}

// inRelative tells whether the verb stands in a relative clause that a comma
// sets off: ", which had warned that …".
func (d *document) inRelative(v verb) bool {
	for k := v.first - 1; k > v.first-maxAux; k-- {
		switch {
		case d.may(k, asRelative):
			return d.isMark(k-1, ",")
		case !d.may(k, asFiller|asAux):
			return false
		}
	}
	return false
}

// isPredicate tells whether the verb of the clause around a relative one may
// stand at item k.
func (d *document) isPredicate(k int) bool {
	w := d.lower(k)
	if d.may(k, asAux|asMarker) || d.say.not.has(w) && !d.may(k, asPrep) {
		return true
	}
	_, ok := d.verbAt(k)
	return ok
}

// parts tells whether the words from item k on begin with a verb that ends a
// reported clause, auxiliaries and small words aside; so does a verb of speech
// that leads to what is said next.
func (d *document) parts(k int) bool {
	for n := k; n < k+4; n++ {
		if d.may(n, asParting) {
			return true
		}
		if v, ok := d.verbAt(n); ok && v.mood == finite && v.first <= n {
			return v.first <= k+1 && d.isMark(v.last, ":")
		}
		if !d.may(n, asFiller|asAux) {
			return false
		}
	}
	return false
}

// lastPart tells whether no comma stands from item k on.
func (d *document) lastPart(k, limit int) bool {
	for ; k < limit; k++ {
		if d.isMark(k, ",") || d.isMark(k, ";") || d.isQuote(k) {
			return false
		}
	}
	return true
}
