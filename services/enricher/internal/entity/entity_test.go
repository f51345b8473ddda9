package entity_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/acronym"
	"github.com/dateline-news/dateline/services/enricher/internal/dateline"
	"github.com/dateline-news/dateline/services/enricher/internal/entity"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
	"github.com/dateline-news/dateline/services/enricher/internal/when"
)

var update = flag.Bool("update", false, "write the golden files")

func find(text, lang string) entity.Found {
	s := story.Read(text, lang)
	return entity.Find(entity.Article{Story: s, Dateline: dateline.Parse(text, lang, when.Date{}), Acronyms: acronym.Find(s)})
}

// describe writes what was found, a line an entity and a line a place.
func describe(f entity.Found) string {
	var b strings.Builder
	for _, e := range f.Entities {
		fmt.Fprintf(&b, "%s %s | %s", e.GetId(), e.GetKind(), e.GetName())
		if len(e.GetAliases()) > 0 {
			fmt.Fprintf(&b, " = %s", strings.Join(e.GetAliases(), " = "))
		}
		if e.GetRole() != "" {
			fmt.Fprintf(&b, " | role %s", e.GetRole())
		}
		if e.GetCountryCode() != "" {
			fmt.Fprintf(&b, " | %s", e.GetCountryCode())
		}
		if e.GetLocatedKnown() {
			fmt.Fprintf(&b, " (%.1f, %.1f)", e.GetLat(), e.GetLon())
		}
		for _, m := range e.GetMentions() {
			fmt.Fprintf(&b, " | %d %s", m.GetSpan().GetStart(), m.GetText())
		}
		b.WriteByte('\n')
	}
	for _, p := range f.Places {
		fmt.Fprintf(&b, "place %s %s %s\n", p.GetEntityId(), p.GetName(), p.GetCountryCode())
	}
	return b.String()
}

func TestFindByLanguage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 15)
	for _, path := range files {
		lang := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			found := find(string(raw), lang)
			check(t, string(raw), found)
			golden := filepath.Join("testdata", lang+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(describe(found)), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), describe(found))
		})
	}
}

// check holds what is true of every result.
func check(t *testing.T, text string, f entity.Found) {
	t.Helper()
	runes := []rune(text)
	ids := map[string]bool{}
	for _, e := range f.Entities {
		require.NotEmpty(t, e.GetName())
		require.Contains(t, []string{"person", "organisation", "place"}, e.GetKind())
		require.False(t, ids[e.GetId()], e.GetId())
		ids[e.GetId()] = true
		require.NotEmpty(t, e.GetMentions())
		require.Greater(t, e.GetConfidence(), 0.0)
		require.LessOrEqual(t, e.GetConfidence(), 1.0)
		last := uint32(0)
		for _, m := range e.GetMentions() {
			start, end := m.GetSpan().GetStart(), m.GetSpan().GetEnd()
			require.LessOrEqual(t, last, start)
			require.Less(t, start, end)
			require.LessOrEqual(t, int(end), len(runes))
			require.Equal(t, string(runes[start:end]), m.GetText())
			last = end
		}
	}
	for _, p := range f.Places {
		require.True(t, ids[p.GetEntityId()])
	}
}

// entityNamed gives the entity of that name, nil if there is none.
func entityNamed(f entity.Found, name string) *datelinev1.Entity {
	for _, e := range f.Entities {
		if e.GetName() == name {
			return e
		}
	}
	return nil
}

func TestTitlesAreNoPartOfTheName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, text, name, role string }{
		{"fr", "Le juge a entendu mardi le directeur adjoint de la Banque centrale, Karim Lahlou.", "Karim Lahlou", "directeur adjoint de la Banque centrale"},
		{"fr", "De son côté, le Procureur général de la République du Mali Awa Traoré a pris la parole.", "Awa Traoré", "Procureur général de la République du Mali"},
		{"en", "Foreign Minister Grace Mwangi met reporters.", "Grace Mwangi", "Foreign Minister"},
		{"de", "Das sagte Bundesinnenministerin Sabine Vogt am Montag.", "Sabine Vogt", "Bundesinnenministerin"},
		{"es", "Lo dijo el presidente del tribunal, Andrés Robles, en Lima.", "Andrés Robles", "presidente del tribunal"},
	} {
		e := entityNamed(find(c.text, c.lang), c.name)
		require.NotNil(t, e, c.text)
		require.Equal(t, "person", e.GetKind(), c.text)
		require.Equal(t, c.role, e.GetRole(), c.text)
	}
}

func TestShortFormsAreJoined(t *testing.T) {
	t.Parallel()
	f := find("Selon l'Agence méditerranéenne de l'eau (AME), les barrages sont vides. L'AME a alerté Rabat. "+
		"Sa directrice, Salma Idrissi, a reçu M. Paul Favier. M. Favier a remercié Mme Idrissi.", "fr")
	agency := entityNamed(f, "Agence méditerranéenne de l'eau")
	require.NotNil(t, agency)
	require.Equal(t, []string{"AME"}, agency.GetAliases())
	require.Len(t, agency.GetMentions(), 3)
	woman := entityNamed(f, "Salma Idrissi")
	require.NotNil(t, woman)
	require.Contains(t, woman.GetAliases(), "Idrissi")
	require.Len(t, woman.GetMentions(), 2)
	require.Equal(t, "Mme Idrissi", woman.GetMentions()[1].GetText())
	man := entityNamed(f, "Paul Favier")
	require.NotNil(t, man)
	require.Len(t, man.GetMentions(), 2)
}

func TestTheArticleDecidesAmongPlacesOfOneName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, name, country string }{
		{"The mayor of Tripoli said the port of Tripoli in Lebanon will open. Beirut agreed.", "Tripoli", "LB"},
		{"The mayor of Tripoli said the port of Tripoli in Libya will open. Benghazi agreed.", "Tripoli", "LY"},
		{"The council of London met on Monday.", "London", "GB"},
		{"The river rose in Valencia, Venezuela, and in Caracas on Monday.", "Valencia", "VE"},
	} {
		e := entityNamed(find(c.text, "en"), c.name)
		require.NotNil(t, e, c.text)
		require.Equal(t, c.country, e.GetCountryCode(), c.text)
		require.True(t, e.GetLocatedKnown())
	}
}

func TestWhatIsNoEntity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, text string }{
		{"fr", "Toutefois, les prix ont baissé. Ces mesures seront revues en janvier."},
		{"fr", "Le colloque a pour thème \"La forêt : usages et partage - Constats et pistes\"."},
		{"en", "However, prices fell on Monday. Nobody knows why."},
		{"de", "Die Preise sind im Januar gesunken. Trotzdem bleibt die Lage angespannt."},
		{"es", "Sin embargo, los precios bajaron el lunes. Nadie sabe por qué."},
		{"en", "See https://news.example/Berlin/Angela for more."},
		{"xx", ""},
		{"en", "😀😀😀"},
	} {
		require.Empty(t, describe(find(c.text, c.lang)), c.text)
	}
}

func TestFindIsBounded(t *testing.T) {
	t.Parallel()
	var names strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&names, "Mr. Adam%c%c%c Brown%c%c said so. ", 'a'+rune(i%26), 'a'+rune(i/26%26), 'a'+rune(i/676%26), 'a'+rune(i%23), 'a'+rune(i/23%23))
	}
	for name, text := range map[string]string{
		"names":       names.String(),
		"one line":    strings.Repeat("Paris and London Bank of ", 8_000),
		"capitals":    strings.Repeat("A", 1<<20),
		"one name":    strings.Repeat("John Smith ", 18_000),
		"emoji":       strings.Repeat("😀", 200_000),
		"chinese":     strings.Repeat("北京发言人王", 33_000),
		"brackets":    strings.Repeat("Bank (B) ", 20_000),
		"not UTF-8":   strings.Repeat("Paris\xff\xfe ", 10_000),
		"apostrophes": strings.Repeat("L'Union d'", 20_000),
	} {
		f := entity.Find(entity.Article{Story: story.Read(text, "fr")})
		require.LessOrEqual(t, len(f.Entities), 2000, name)
		if utf8.ValidString(text) {
			check(t, text, f)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Tanger — M. Benali (OPD) a vu l'Égypte, a dit Karim Benali.", "fr")
	f.Add("\"U.S.'s A. B. of the — 'Mr. X's", "en")
	f.Add("王建国说北京 東京の田中さん 서울에서", "zh")
	f.Add("والقاهرة وزير الرئيس بن", "ar")
	f.Add("Москвы Ивановым 1-й", "ru")
	f.Fuzz(func(t *testing.T, text, lang string) {
		found := find(text, lang)
		if utf8.ValidString(text) {
			check(t, text, found)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	raw, err := os.ReadFile("testdata/fr.txt")
	require.NoError(b, err)
	text := string(raw)
	for len(text) < 3000 {
		text += "\n\n" + string(raw)
	}
	text = strings.ToValidUTF8(text[:3000], "")
	line, acronyms := dateline.Parse(text, "fr", when.Date{}), acronym.Find(story.Read(text, "fr"))
	b.ReportAllocs()
	for b.Loop() {
		entity.Find(entity.Article{Story: story.Read(text, "fr"), Dateline: line, Acronyms: acronyms})
	}
}

func TestKindsFollowTheWordsAround(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, text, name, kind string }{
		{"sv", "Enligt Stockholms universitet ökar exporten till Norge.", "Stockholms universitet", "organisation"},
		{"fr", "Le Procureur général de la République d'Égypte Mohamed Chawki a pris la parole.", "Égypte", "place"},
		{"hr", "Razgovarao je u četvrtak s povjerenicom Europske komisije Martom Schulz.", "Europske komisije", "organisation"},
		{"hr", "Razgovarao je u četvrtak s povjerenicom Europske komisije Martom Schulz.", "Martom Schulz", "person"},
		{"pt", "A ponte sobre o rio Tejo foi reaberta ontem, disse Paulo Reis Jr., da Câmara.", "rio Tejo", "place"},
		{"pt", "A ponte sobre o rio Tejo foi reaberta ontem, disse Paulo Reis Jr., da Câmara.", "Paulo Reis Jr.", "person"},
		{"de", "Die Hafenverwaltung kündigte an, dass Richard Herrnsteins Buch in Nenndorf erscheint.", "Nenndorf", "place"},
		{"en", "It was Germany's Siemens that won the contract.", "Siemens", "organisation"},
		{"zh", "外交部发言人王建国说。", "外交部", "organisation"},
	} {
		e := entityNamed(find(c.text, c.lang), c.name)
		require.NotNil(t, e, c.text)
		require.Equal(t, c.kind, e.GetKind(), c.text)
	}
}
