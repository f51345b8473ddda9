package pagetype

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func page(title, text string) *Page {
	n := utf8.RuneCountInString(text)
	return &Page{Path: "/news/1", Title: title, Headline: title, Text: text, TextChars: n, PageChars: n + 200, Kept: 3}
}

func TestConsentWalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ title, text string }{
		"fr": {
			"Le respect de votre vie privée est notre priorité",
			"Avant de lire cet article, dites-nous si vous acceptez les cookies. Nous et nos partenaires les utilisons pour mesurer l'audience, afficher des annonces adaptées à vos goûts et améliorer nos services. Vous pouvez changer d'avis à tout moment dans la page de confidentialité du site ; vos choix seront gardés six mois.",
		},
		"fr, no telling title": {
			"La Gazette du Port",
			"En cliquant sur « Tout accepter », vous donnez votre consentement au dépôt de traceurs par nos partenaires. Les cookies nécessaires au fonctionnement du site restent actifs.",
		},
		"en": {
			"We care about your privacy",
			"We and our 214 partners store cookies on your device to count visits and to choose the advertisements that you see. You can accept all of them, reject them, or make your choice one by one. Your consent can be withdrawn at the foot of every page.",
		},
		"de": {
			"Ihre Privatsphäre ist uns wichtig",
			"Wir verwenden Cookies und ähnliche Techniken, um Inhalte zu messen und Werbung auszuspielen. Mit einem Klick auf „Alle akzeptieren“ erteilen Sie Ihre Einwilligung, auch für unsere Partner. Einzelheiten finden Sie im Abschnitt Datenschutz.",
		},
		"es": {
			"Tu privacidad nos importa",
			"Utilizamos cookies propias y de nuestros socios para analizar la navegación y mostrar publicidad personalizada. Puedes aceptar todo, rechazar todo o configurar tu consentimiento antes de seguir leyendo.",
		},
		"it": {
			"La tua privacy è importante per noi",
			"Noi e i nostri partner archiviamo cookie sul tuo dispositivo per misurare le visite e mostrare annunci. Puoi dare o negare il tuo consenso in ogni momento; le tue scelte valgono per tutto il sito.",
		},
		"pt": {
			"A sua privacidade é importante",
			"Utilizamos cookies para perceber como o jornal é lido. Os nossos parceiros podem mostrar publicidade à medida. Pode aceitar tudo ou gerir o consentimento antes de continuar a leitura.",
		},
		"nl": {
			"Uw privacy staat voorop",
			"Wij en onze partners plaatsen cookies om bezoek te tellen en advertenties te tonen. U kunt alles accepteren of per doel kiezen. Uw toestemming trekt u in via de link onderaan iedere pagina.",
		},
		"pl": {
			"Szanujemy Twoją prywatność",
			"Używamy plików cookie, aby mierzyć oglądalność i dobierać reklamy. Nasi partnerzy robią to samo. Możesz wyrazić zgodę, odmówić albo zmienić ustawienia prywatności w dowolnej chwili.",
		},
		"ru": {
			"Мы заботимся о вашей конфиденциальности",
			"Мы используем файлы cookie, чтобы считать посещения и подбирать рекламу. Наши партнёры делают то же самое. Вы можете принять все или отказаться; ваше согласие действует полгода.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, Consent, Of(page(tt.title, tt.text)))
		})
	}
}

// TestStoriesAboutConsent: news in brief about cookies and privacy law uses the
// walls' words, and stays news.
func TestStoriesAboutConsent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ title, text string }{
		"fr": {
			"Cookies : l'autorité inflige une amende de deux millions à un éditeur",
			"L'autorité de protection de la vie privée a condamné mardi un éditeur de presse qui déposait des traceurs sans le consentement de ses lecteurs. Ses partenaires publicitaires recevaient les données dès l'ouverture de la page, selon la décision. L'éditeur a annoncé un recours.",
		},
		"en": {
			"Regulator fines retailer over cookie banner",
			"The privacy regulator fined a furniture chain 1.2 million on Monday for setting tracking cookies before visitors had given consent, in breach of the GDPR. The chain shared the data with 40 advertising partners. It said it would appeal.",
		},
		"de": {
			"Gericht kippt Cookie-Hinweis",
			"Das Landgericht hat am Dienstag einem Versandhändler untersagt, die Einwilligung in Cookies voreinzustellen. Geklagt hatte ein Verein für Datenschutz. Eine Zustimmung sei nur wirksam, wenn sie ausdrücklich erteilt werde, sagte die Richterin.",
		},
		"es": {
			"Multa a una aerolínea por sus cookies",
			"La agencia de privacidad multó el lunes con 300.000 euros a una aerolínea que instalaba cookies sin el consentimiento de los viajeros. La compañía anunció que recurrirá la sanción ante los tribunales.",
		},
		"it": {
			"Cookie, il Garante multa un portale",
			"Il Garante per la privacy ha multato martedì un portale di annunci che installava cookie senza il consenso dei visitatori. I dati finivano a trenta partner commerciali, secondo l'istruttoria.",
		},
		"pt": {
			"Tribunal confirma multa por cookies sem consentimento",
			"O tribunal confirmou na segunda-feira a multa a um operador que guardava cookies sem consentimento. A comissão de privacidade tinha recebido duzentas queixas de clientes.",
		},
		"nl": {
			"Toezichthouder waarschuwt om cookies",
			"De toezichthouder op de privacy heeft dinsdag vijftig winkels gewaarschuwd die cookies plaatsen zonder toestemming. Zij delen gegevens met partners in de reclame. Wie volhardt, riskeert een boete.",
		},
		"pl": {
			"Kara za pliki cookie bez zgody",
			"Urząd ochrony prywatności nałożył we wtorek karę na sklep internetowy, który zapisywał pliki cookie bez zgody klientów i przekazywał dane partnerom. Sklep zapowiedział odwołanie.",
		},
		"ru": {
			"Магазин оштрафован за cookie",
			"Суд во вторник оштрафовал интернет-магазин, который сохранял файлы cookie без согласия покупателей и передавал партнёрам персональные данные. Защита конфиденциальности в стране регулируется законом 2019 года.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, Article, Of(page(tt.title, tt.text)))
		})
	}
}

// TestStoryThatQuotesAWall: a story that quotes a banner's words is news, and
// one that its structured data date may quote more of them.
func TestStoryThatQuotesAWall(t *testing.T) {
	t.Parallel()
	p := page("Ministers want to end cookie banners",
		"Browsers should ask for consent once, ministers said on Tuesday, so that nobody needs to press “accept all” on every page. Privacy groups welcomed the plan to change the rules on cookies; advertisers and their partners did not.")
	require.Equal(t, Article, Of(p))
	p = page("Cookie banners: the end of the dialogue",
		"“We and our partners value your privacy”, then “accept all”: ministers want to ask for consent to cookies once only. Advertisers warn of losses.")
	require.Equal(t, Consent, Of(p))
	p.Dated = true
	require.Equal(t, Article, Of(p))
}
