package summary

import (
	"strings"
	"unicode"
)

func fields(list string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		m[word] = true
	}
	return m
}

// leaners are the words, by language, with which a sentence begins that points
// back: pronouns, demonstratives, conjunctions. Written for this package.
var leaners = map[string]map[string]bool{
	"en": fields(`he she it they this that these those his her their its him them such both neither but and or however also then
there meanwhile moreover furthermore instead so yet still thus therefore nevertheless otherwise we i you`),
	"fr": fields(`il elle ils elles ce cet cette ces cela ceci ça celui-ci celle-ci ceux-ci celles-ci celui-là son sa ses leur leurs lui
eux mais et ou or donc ainsi alors toutefois cependant néanmoins pourtant aussi puis ensuite enfin dernier dernière c' en y nous je`),
	"de": fields(`er sie es dies diese dieser dieses diesen diesem das sein seine seiner ihr ihre ihrer ihm ihn ihnen dabei damit dazu
daher deshalb darum dadurch dafür dagegen danach darauf davon aber und oder doch auch jedoch allerdings zudem außerdem dennoch
trotzdem dort hier so dann beide solche wir ich`),
	"es": fields(`él ella ellos ellas ello esto este esta estos estas eso ese esa esos esas aquel su sus pero y o sin también además
así entonces luego asimismo ambos tal dicho dicha nosotros yo`),
	"pt": fields(`ele ela eles elas isso isto este esta estes estas esse essa esses essas seu sua seus suas mas e ou também além
assim então porém contudo entretanto ambos tal nós eu`),
	"it": fields(`egli lui lei loro esso essa essi esse ciò questo questa questi queste quello quella suo sua suoi sue ma e o anche
inoltre così quindi poi tuttavia però entrambi tale noi io`),
	"nl": fields(`hij zij ze het dit dat deze die zijn haar hun hem hen maar en of ook daarom daarmee daarna daarbij echter toch dus
bovendien daar hier beide zulke wij we ik`),
	"sv": fields(`han hon den det de detta denna dessa hans hennes deras men och eller också dock dessutom därför då där sedan båda vi jag`),
	"da": fields(`han hun den det de dette denne disse hans hendes deres men og eller også dog desuden derfor da der så begge vi jeg`),
	"nb": fields(`han hun den det de dette denne disse hans hennes deres men og eller også dog dessuten derfor da der så begge vi jeg`),
	"pl": fields(`on ona ono oni one to ten ta te ci jego jej ich ale i a oraz lub także też jednak ponadto dlatego tak tam wtedy my ja`),
	"cs": fields(`on ona ono oni to ten ta ti ty tento tato toto jeho její jejich ale a i nebo také však proto navíc tak tam my já`),
	"hr": fields(`on ona ono oni to taj ta te ti ovaj ova ovo njegov njezin njihov ali i a ili također no ipak stoga tako tamo mi ja`),
	"ru": fields(`он она оно они это этот эта эти тот та те его её ее их но и а или также однако кроме поэтому так там тогда при мы я`),
	"uk": fields(`він вона воно вони це цей ця ці той та ті його її їх їхній але і й а або також однак крім тому так там тоді при ми я`),
	"tr": fields(`o bu şu onlar bunlar bunun onun ve ama ancak fakat ayrıca böylece biz ben`),
	"ro": fields(`el ea ei ele acesta aceasta acestea aceștia acest această acel acea său sa dar și sau de-asemenea însă totuși astfel noi eu`),
	"hu": fields(`ő ők ez az ezek azok ezt azt és de vagy is azonban emellett ezért így mi én`),
	"el": fields(`αυτός αυτή αυτό αυτοί αυτές αυτά του της τους και αλλά ή όμως επίσης ωστόσο έτσι εμείς εγώ`),
	"fi": fields(`hän he se ne tämä nämä tuo ja mutta tai myös kuitenkin lisäksi siksi niin me minä`),
	"ar": fields(`هو هي هم هذا هذه هؤلاء ذلك تلك لكن ولكن كما وكما وهو وهي وهم وهذا وهذه وذلك أيضا لذلك نحن أنا`),
	"fa": fields(`او آنها این آن وی اما و ولی همچنین بنابراین ما من`),
	"he": fields(`הוא היא הם הן זה זו זאת אלה אבל אך גם כמו אנחנו אני`),
	"hi": fields(`वह वे यह ये इस उस इन उन लेकिन और या भी इसके उसके हम मैं`),
	"id": fields(`ia dia mereka ini itu tetapi namun dan atau juga selain kami kita saya`),
}

// leanersOf gives the words of a language, or of its next kin.
func leanersOf(lang string) map[string]bool {
	switch lang {
	case "no", "nn":
		return leaners["nb"]
	case "bs", "sr", "sl":
		return leaners["hr"]
	case "sk":
		return leaners["cs"]
	case "ms":
		return leaners["id"]
	}
	return leaners[lang]
}

// eastern are the beginnings of such sentences in languages without spaces.
var eastern = map[string][]string{
	"zh": {"他", "她", "它", "这", "這", "那", "该", "該", "此", "其", "但", "而", "并", "也", "同时", "另", "因此", "我"},
	"ja": {"彼", "これ", "それ", "この", "その", "あの", "しかし", "また", "そして", "一方", "だが", "同", "私"},
	"ko": {"그는", "그녀", "이는", "이것", "그것", "그들", "이에", "하지만", "그러나", "또", "그리고", "한편", "이어"},
}

// leaning tells whether a sentence, in lower case, points back to the one before.
func leaning(lang, lower string) bool {
	lower = strings.TrimLeftFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, start := range eastern[lang] {
		if strings.HasPrefix(lower, start) {
			return true
		}
	}
	end := strings.IndexFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '-' })
	if end < 0 {
		return false
	}
	word := lower[:end]
	if strings.HasPrefix(lower[end:], "'") || strings.HasPrefix(lower[end:], "’") {
		if known := leanersOf(lang); known[word+"'"] {
			return true
		}
	}
	return leanersOf(lang)[word]
}

// pointers are the beginnings of lines that lead to other articles or speak of the
// page, in lower case.
var pointers = []string{
	"read also", "read more", "also read", "see also", "related:", "watch:", "click here", "sign up", "subscribe", "follow us",
	"lire aussi", "à lire", "lire également", "voir aussi", "lisez aussi", "abonnez-vous", "suivez-nous",
	"lesen sie", "mehr zum thema", "lesen sie auch", "siehe auch", "abonnieren sie",
	"lea también", "lee también", "leer también", "ver también", "te puede interesar", "suscríbete",
	"leia também", "leia mais", "veja também", "leggi anche", "leggi tutto", "lees ook", "lees meer",
	"läs också", "läs mer", "les også", "læs også", "lue myös", "czytaj także", "czytaj też", "zobacz też", "zobacz także",
	"čtěte také", "pročitajte i", "citește și", "olvassa el", "читайте также", "читайте також", "смотрите также",
	"διαβάστε επίσης", "اقرأ أيضا", "اقرأ أيضًا", "إقرأ أيضا", "قراءة المزيد", "קראו גם", "यह भी पढ़ें", "baca juga",
	"相关阅读", "延伸阅读", "相關閱讀", "【関連記事】", "関連記事", "관련기사",
}

func pointer(lower string) bool {
	lower = strings.TrimLeftFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && r != '【' })
	for _, p := range pointers {
		if strings.HasPrefix(lower, p) {
			return true
		}
	}
	return false
}
