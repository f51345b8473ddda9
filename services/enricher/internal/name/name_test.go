package name_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/name"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, text string
		// want are the names as "text/full/title/role", with "+" before a
		// person.
		want []string
	}{
		{"fr", "Le Procureur général de la République d'Égypte Hassan Nour Ali a parlé.", []string{"République d'Égypte/République d'Égypte//", "+Hassan Nour Ali/Hassan Nour Ali//Procureur général de la République d'Égypte"}},
		{"fr", "la directrice de l'Agence nationale des eaux (ANE), Salma Tazi, est là. Mme Tazi sort.", []string{"Agence nationale des eaux/Agence nationale des eaux//", "ANE/ANE//", "+Salma Tazi/Salma Tazi//directrice de l'Agence nationale des eaux (ANE)", "+Tazi/Salma Tazi/Mme/"}},
		{"fr", "M. Roy arrive avec A. Morel et Anne Morel, maire de Lyon.", []string{"+Roy/Roy/M./", "+A. Morel/Anne Morel//", "+Anne Morel/Anne Morel//maire de Lyon", "Lyon/Lyon//"}},
		{"en", "US Secretary of State Ann Blake met Foreign Secretary Bob Lamb. Mr Lamb's aides left.", []string{"+Ann Blake/Ann Blake/US Secretary of State/Secretary of State", "+Bob Lamb/Bob Lamb/Foreign Secretary/Foreign Secretary", "+Lamb/Bob Lamb/Mr/"}},
		{"en", "The Office for National Statistics and the World Health Organization agree.", []string{"Office for National Statistics/Office for National Statistics//", "World Health Organization/World Health Organization//"}},
		{"de", "Verkehrsminister Volker Winter und Herr Meier trafen die Polizei in Ruhe. Winter ging.", []string{"+Volker Winter/Volker Winter/Verkehrsminister/", "+Meier/Meier/Herr/", "+Winter/Volker Winter//"}},
		{"es", "El presidente del Gobierno, Luis Herrera, y el Sr. García hablaron.", []string{"Gobierno/Gobierno//", "+Luis Herrera/Luis Herrera//presidente del Gobierno", "+García/García/Sr./"}},
		{"it", "Il ministro della Salute Anna Bruni ha parlato.", []string{"Salute/Salute//", "+Anna Bruni/Anna Bruni//ministro della Salute"}},
		{"pt", "O ministro da Saúde, Pedro Lima da Silva, falou.", []string{"Saúde/Saúde//", "+Pedro Lima da Silva/Pedro Lima da Silva//ministro da Saúde"}},
		{"nl", "Premier Jan de Boer sprak met wethouder Karin Smit.", []string{"+Jan de Boer/Jan de Boer/Premier/Premier", "+Karin Smit/Karin Smit/wethouder/wethouder"}},
		{"ru", "Президент Франции Жан Мартен и г-н Орлов. Встреча с Мартеном прошла.", []string{"+Жан Мартен/Жан Мартен/Президент Франции/Президент Франции", "+Орлов/Орлов/г-н/", "+Мартеном/Жан Мартен//"}},
		{"ar", "قال الرئيس المصري سامي عبد الله إن المتحدث باسم الوزارة خالد سعيد، غائب.", []string{"+سامي عبد الله/سامي عبد الله/الرئيس المصري/", "+خالد سعيد/خالد سعيد/المتحدث باسم الوزارة/"}},
		{"en", "", nil},
		{"xx", "Ana Bel", []string{"+Ana Bel/Ana Bel//"}},
	} {
		var got []string
		for _, n := range name.Find(c.text, c.lang) {
			s := n.Text + "/" + n.Full + "/" + n.Title + "/" + n.Role
			if n.Person {
				s = "+" + s
			}
			got = append(got, s)
		}
		require.Equal(t, c.want, got, c.text)
	}
}

func TestFindLeavesSentenceHeads(t *testing.T) {
	t.Parallel()
	require.Empty(t, name.Find("Malgré la pluie, elle vient. Intervenant ici, il parle. Dans ce cas, rien.", "fr"))
	require.Empty(t, name.Find("Die Polizei sucht das Auto. Der Wagen ist weg.", "de"))
}

func FuzzFind(f *testing.F) {
	f.Add("M. Jean-Luc d'Arc, maire de l'Union (UN)", "fr")
	f.Add(strings.Repeat("Jean ", 300), "fr")
	f.Add(strings.Repeat("de la ", 300)+"Jean", "fr")
	f.Add(strings.Repeat("الرئيس ", 100)+"سامي", "ar")
	f.Add("Mr. . . A. 😀", "en")
	f.Add("Президент Франции Жан Мартен", "ru")
	f.Fuzz(func(t *testing.T, text, lang string) {
		runes := []rune(text)
		end := 0
		for _, n := range name.Find(text, lang) {
			require.GreaterOrEqual(t, n.Start, end)
			require.Less(t, n.Start, n.End)
			require.LessOrEqual(t, n.End, len(runes))
			require.Equal(t, string(runes[n.Start:n.End]), n.Text)
			end = n.End
		}
	})
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"5KB", strings.Repeat("La directrice de l'Agence nationale de la mer (ANM), Salma Tazi, a dit mardi que tout va bien, selon M. Roy. ", 48)},
		{"10,000 names", strings.Repeat("Jean Dupont et Marie Durand, ", 5000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				name.Find(c.text, "fr")
			}
		})
	}
}
