package acronym_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/acronym"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, text string
		want       []string
	}{
		{"en", "The World Food Programme (WFP) and the Office for National Statistics (ONS) met.", []string{"WFP = World Food Programme", "ONS = Office for National Statistics"}},
		{"en", "NATO (North Atlantic Treaty Organization) and the Bank of England (BoE) agreed.", []string{"NATO = North Atlantic Treaty Organization", "BoE = Bank of England"}},
		{"en", "Several non-governmental organisations (NGOs) protested.", []string{"NGOs = non-governmental organisations"}},
		{"en", "Senator John Lee (R-Texas) spoke in London (UK) on Monday (see page 3).", nil},
		{"en", "The Road Safety Council (“RSC”) replied.", []string{"RSC = Road Safety Council"}},
		{"fr", "l'Agence nationale de sécurité routière (ANSR) et l'Institut national de la statistique et des études (INSE)", []string{"ANSR = Agence nationale de sécurité routière", "INSE = Institut national de la statistique et des études"}},
		{"fr", "l'Université arabe Farabi des sciences de la mer (FAUMS) et l'Agence de l'Union européenne pour la pêche maritime (Europesca)", []string{"FAUMS = Université arabe Farabi des sciences de la mer", "Europesca = Agence de l'Union européenne pour la pêche maritime"}},
		{"fr", "Le FLM (Front de libération de la montagne) et la SNR, Jean-Luc Morel (PSF), l'Université de Lille (France), Paris (AFP)", []string{"FLM = Front de libération de la montagne"}},
		{"fr", "des experts de l'Agence régionale de garde sur les forêts (Sylvagarde), dit Paul Morel (Landerneau)", []string{"Sylvagarde = Agence régionale de garde sur les forêts"}},
		{"fr", "Électricité de Bretagne (EDB) a coupé le courant.", []string{"EDB = Électricité de Bretagne"}},
		{"fr", "La CTM, dite aussi Compagnie des transports maritimes (CTM), et de nouveau Compagnie des transports maritimes (CTM).", []string{"CTM = Compagnie des transports maritimes"}},
		{"de", "Die Deutsche Flussbank (DFB), das Bundesamt für Wasser und Hafen (BAWH) und die Grüne Liste Nord (GLN)", []string{"DFB = Deutsche Flussbank", "BAWH = Bundesamt für Wasser und Hafen", "GLN = Grüne Liste Nord"}},
		{"es", "la Organización Mundial del Agua (OMA) y el Instituto Nacional de Pesca (INP)", []string{"OMA = Organización Mundial del Agua", "INP = Instituto Nacional de Pesca"}},
		{"it", "l'Organizzazione mondiale dei fiumi (Omf) e la Banca centrale (BC)", []string{"Omf = Organizzazione mondiale dei fiumi", "BC = Banca centrale"}},
		{"pt", "o Instituto Brasileiro de Rios e Lagos (IBRL)", []string{"IBRL = Instituto Brasileiro de Rios e Lagos"}},
		{"nl", "het Centraal Bureau voor de Waterstaat (CBW)", []string{"CBW = Centraal Bureau voor de Waterstaat"}},
		{"ru", "Международная организация по рекам (МОР) и Всемирный фонд природы (ВФП)", []string{"МОР = Международная организация по рекам", "ВФП = Всемирный фонд природы"}},
		{"ar", "قالت منظمة الأنهار العالمية (WRO) إن حركة الشباب الوطنية (حشو) وافقت.", []string{"WRO = منظمة الأنهار العالمية", "حشو = حركة الشباب الوطنية"}},
		{"zh", "世界河流组织（WRO）表示", []string{"WRO = 世界河流组织"}},
		{"", "", nil},
		{"en", "((((", nil},
		{"en", "(A) (B", nil},
	} {
		got := acronym.Find(story.Read(c.text, c.lang))
		var pairs []string
		for _, a := range got {
			pairs = append(pairs, a.GetShort()+" = "+a.GetLong())
		}
		require.Equal(t, c.want, pairs, c.text)
		requireSpans(t, c.text, got)
	}
}

func TestFindRatesItsMatches(t *testing.T) {
	t.Parallel()
	got := acronym.Find(story.Read("l'Agence nationale de la mer (ANM) et l'Université Farabi des sciences de la mer (FAUMS)", "fr"))
	require.Len(t, got, 2)
	require.Greater(t, got[0].GetConfidence(), got[1].GetConfidence())
}

// requireSpans holds that spans are in bounds and of their text, and that each
// short form comes once.
func requireSpans(t require.TestingT, text string, found []*datelinev1.Acronym) {
	runes := []rune(text)
	seen := map[string]bool{}
	for _, a := range found {
		for _, p := range []struct {
			text string
			span *datelinev1.Span
		}{{a.GetShort(), a.GetSpan()}, {a.GetLong(), a.GetLongSpan()}} {
			require.Less(t, p.span.GetStart(), p.span.GetEnd())
			require.LessOrEqual(t, int(p.span.GetEnd()), len(runes))
			require.Equal(t, string(runes[p.span.GetStart():p.span.GetEnd()]), p.text)
		}
		require.False(t, seen[a.GetShort()])
		seen[a.GetShort()] = true
	}
}

var languages = []string{"en", "fr", "de", "ru", "ar", "zh", ""}

func TestFindSpansHold(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"(", ")", "[", "]", "（", "）", "OIM", "A", "AB", "Ab", "ab", "-", "Agence", "nationale", "de la", "mer", "l'", ",", ".", "\n", "😀",
		"منظمة", "العالمية", "世界", "Всемирный", "ВФП", "\"", "a-b-c-d-e-f-g", "12", "\xff",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 120).Draw(t, "pieces"), " ")
		requireSpans(t, text, acronym.Find(story.Read(text, rapid.SampledFrom(languages).Draw(t, "lang"))))
	})
}

func FuzzFind(f *testing.F) {
	f.Add("l'Agence nationale de la mer (ANM)", "fr")
	f.Add(strings.Repeat("(AB", 400), "en")
	f.Add(strings.Repeat("a-", 500)+" (AAAA)", "en")
	f.Add(strings.Repeat("Agence Bleue (AB) ", 200), "fr")
	f.Add("NATO (😀 😀)", "en")
	f.Add("منظمة (حشو)", "ar")
	f.Fuzz(func(t *testing.T, text, lang string) {
		requireSpans(t, text, acronym.Find(story.Read(text, lang)))
	})
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"5KB", strings.Repeat("La directrice de l'Agence nationale de la mer (ANM), Salma Tazi, a dit mardi (le 3 mai) que tout va bien. ", 48)},
		{"1MB line", strings.Repeat("l'Agence nationale de la mer (ANM) ", 28000)},
		{"brackets", strings.Repeat("( AB ", 200000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				acronym.Find(story.Read(c.text, "fr"))
			}
		})
	}
}
