package dateline

import (
	"strings"
	"unicode"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// agencyNames are news agencies and wire services as datelines print them.
const agencyNames = `AP|The Associated Press|Associated Press|AFP|Agence France-Presse|Reuters|UPI|PA|PA Media|
dpa|dpa-AFX|dpa/tmn|epd|KNA|sid|AFX|APA|SDA|ATS|Keystone-ATS|Keystone-SDA|awp|EFE|Agencia EFE|Europa Press|Servimedia|Colpisa|
ANSA|AGI|Adnkronos|askanews|LaPresse|Italpress|Lusa|Agência Lusa|Agência Brasil|Folhapress|Estadão Conteúdo|ANGOP|ANP|Belga|
PAP|ČTK|TASR|SITA|MTI|Agerpres|Mediafax|BTA|БТА|Tanjug|Танјуг|Hina|STA|Beta|Fena|MIA|ATA|ANA|AMNA|ΑΠΕ-ΜΠΕ|ΑΠΕ|CNA|
TT|NTB|Ritzau|STT|LETA|BNS|ELTA|TASS|ТАСС|ИТАР-ТАСС|Интерфакс|Interfax|РИА Новости|RIA Novosti|Спутник|Sputnik|Прайм|
УНИАН|UNIAN|Укринформ|Укрінформ|Ukrinform|УНН|Интерфакс-Украина|Інтерфакс-Україна|БЕЛТА|BelTA|Xinhua|新华社|新華社|中新社|中新网|中央社|人民网|央视网|
Kyodo|Kyodo News|共同|共同通信|時事|時事通信|ロイター|AFP時事|Jiji|Yonhap|연합뉴스|뉴시스|뉴스1|로이터|KCNA|
AA|Anadolu|DHA|İHA|ANKA|MAP|APS|TAP|WAFA|SPA|WAM|QNA|KUNA|MENA|NNA|SANA|Petra|ONA|BNA|SABA|SUNA|LANA|
أ ش أ|واس|وام|رويترز|أ ف ب|أف ب|فرانس برس|د ب أ|الأناضول|وفا|سانا|بترا|كونا|قنا|بنا|واج|وات|وكالات|أ ب|أسوشيتد برس|سونا|
PTI|ANI|IANS|UNI|भाषा|वार्ता|APP|BSS|UNB|Antara|Bernama|TNA|VNA|TTXVN|PNA|IRNA|ISNA|Fars|Tasnim|Mehr|ایرنا|ایسنا|فارس|مهر|
The Canadian Press|Canadian Press|La Presse Canadienne|AAP|PR Newswire|PRNewswire|Business Wire|GlobeNewswire|Globe Newswire|
ACCESSWIRE|Newsfile|APO|APO Group|APANEWS|PANA|IPS|Thomson Reuters Foundation|Bloomberg|CNN|CNN Business|NAN|GNA|AIP|AIB|Notimex|Télam|
Prensa Latina|Andina|ABI|AVN|Agencias|Agences|Agenturen|Agenzie|Agências`

// agencies are the keys of agencyNames, without spaces, so that "أ.ف.ب" and
// "أ ف ب" are one.
var agencies = readAgencies()

func readAgencies() map[string]bool {
	m := map[string]bool{}
	for name := range strings.SplitSeq(agencyNames, "|") {
		m[agencyKey(name)] = true
	}
	return m
}

func agencyKey(name string) string { return strings.ReplaceAll(spelling.Key(name), " ", "") }

// knownAgency tells whether name is an agency, several ("AP/dpa"), or one with its
// desk ("dpa/lni").
func knownAgency(name string) bool {
	if agencies[agencyKey(name)] {
		return true
	}
	first, rest, ok := strings.Cut(name, "/")
	if !ok {
		first, rest, ok = strings.Cut(name, ", ")
	}
	return ok && agencies[agencyKey(first)] && len(rest) <= 20
}

// initials tells whether name is a short form in capitals, as agencies' names are.
func initials(name string) bool {
	n := 0
	for _, r := range name {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 8
}
