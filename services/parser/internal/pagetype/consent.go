package pagetype

import "strings"

// consentWords are what dialogues about cookies speak of; so do stories about
// privacy law.
var consentWords = []string{
	"cookie", "consent", "gdpr", "datenschutz", "einwilligung", "zustimm", "confidentialité", "consentement", "traceurs", "partenaires",
	"privacy", "consentimiento", "consenso", "privacidad", "personalis", "personaliz", "our partners", "partners", "partner", "socios", "parceiros",
	"toestemming", "akzeptieren", "advertising id", "vie privée", "privatsphäre", "privacidade", "consentimento", "riservatezza", "tracciamento",
	"ciasteczk", "prywatnoś", "zgod", "partnerz", "конфиденциальност", "согласи", "партнёр", "партнер", "персональн", "файлы cookie",
}

// consentActs are what only the dialogues say: they speak of themselves as we,
// and tell the reader what to press.
var consentActs = []string{
	"we use", "we and our", "we value", "we need your", "you can", "your choice", "your consent", "your device", "by clicking", "accept all", "reject all", "manage options",
	"nous utilisons", "nous et nos", "nos partenaires", "vous pouvez", "vous demand", "vos choix", "votre choix", "votre consentement", "votre terminal", "tout accepter", "continuer sans accepter", "en cliquant",
	"wir verwenden", "wir nutzen", "wir und unsere", "wir benötigen", "unsere partner", "sie können", "ihre einwilligung", "ihre zustimmung", "ihre auswahl", "ihrem gerät", "alle akzeptieren", "alle ablehnen",
	"utilizamos", "usamos", "nosotros y nuestros", "nuestros socios", "puede ", "puedes ", "su consentimiento", "tu consentimiento", "aceptar todo", "rechazar todo", "su dispositivo", "al hacer clic",
	"utilizziamo", "usiamo", "noi e i nostri", "nostri partner", "puoi ", "il tuo consenso", "le tue scelte", "tuo dispositivo", "accetta tutt", "rifiuta tutt",
	"nós e os nossos", "nossos parceiros", "pode ", "seu consentimento", "suas escolhas", "seu dispositivo", "aceitar tudo", "recusar tudo", "aceitar todos",
	"wij gebruiken", "we gebruiken", "wij en onze", "onze partners", "u kunt", "je kunt", "uw toestemming", "je toestemming", "uw keuze", "je keuze", "alles accepteren", "alles weigeren",
	"używamy", "my i nasi", "nasi partnerzy", "naszych partnerów", "możesz", "twoja zgoda", "twojej zgody", "twoje urządzeni", "twoim urządzeniu", "akceptuj", "odrzuć wszystk",
	"мы используем", "мы и наши", "наши партнёры", "наши партнеры", "наших партнёров", "вы можете", "ваше согласие", "вашего согласия", "ваш выбор", "вашем устройстве", "принять все", "отклонить все",
}

// consentTitles name the dialogue, not a story.
var consentTitles = []string{
	"cookie", "consent", "privacy settings", "before you continue", "datenschutz", "zustimmung", "einwilligung",
	"vie privée", "your privacy", "privatsphäre", "privacidad", "la tua privacy", "uw privacy", "je privacy", "prywatnoś", "конфиденциальност",
}

// How many of the words above make a wall. A page with a publication time in its
// structured data must say more of them: it is a story before it is a wall.
const (
	wallWords      = 3
	wallActs       = 2
	wallActsDated  = 3
	wallWordsDated = 4
)

// isConsent asks for several of the words that only such dialogues gather, and
// for their way of speaking to the reader.
func isConsent(p *Page, title, text string) bool {
	words, acts := count(text, consentWords), count(text, consentActs)
	if has(title, consentTitles...) {
		words++
	}
	if p.Dated {
		return words >= wallWordsDated && acts >= wallActsDated
	}
	return words >= wallWords && acts >= wallActs
}

// count is how many of the words occur.
func count(s string, words []string) int {
	n := 0
	for _, w := range words {
		if strings.Contains(s, w) {
			n++
		}
	}
	return n
}
