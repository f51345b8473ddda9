package quote_test

import (
	"bufio"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// labelledText is one text of testdata, with ¶ for the end of a paragraph, and what is
// said in it: a line "= text | speaker | verb" for what stands in quotation
// marks, "~ kind | text | speaker | verb" for the rest.
type labelledText struct {
	text string
	said []string
}

func stories(t *testing.T, path string) []labelledText {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var out []labelledText
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "= "), strings.HasPrefix(line, "~ "):
			out[len(out)-1].said = append(out[len(out)-1].said, line)
		case line != "":
			out = append(out, labelledText{text: strings.ReplaceAll(line, "¶", "\n\n")})
		}
	}
	require.NoError(t, lines.Err())
	return out
}

func said(quotes []*datelinev1.Quote) []string {
	var out []string
	for _, q := range quotes {
		line := q.GetText() + " | " + q.GetSpeaker() + " | " + q.GetVerb()
		if q.GetKind() == "direct" {
			out = append(out, "= "+line)
		} else {
			out = append(out, "~ "+q.GetKind()+" | "+line)
		}
	}
	return out
}

func TestFindByLanguage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 10)
	for _, path := range files {
		lang := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			cases := stories(t, path)
			require.GreaterOrEqual(t, len(cases), 2)
			var golden strings.Builder
			for _, c := range cases {
				got := quote.Find(story.Read(c.text, lang))
				requireSpans(t, c.text, got)
				golden.WriteString(strings.Join(append([]string{strings.ReplaceAll(c.text, "\n\n", "¶")}, said(got)...), "\n") + "\n\n")
				if !*update {
					require.Equal(t, c.said, said(got), c.text)
				}
			}
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(strings.TrimSuffix(golden.String(), "\n")), 0o600))
			}
		})
	}
}

const wire = `Agadir — La gestion de l'eau exige des investissements communs et une solidarité entre les régions, a affirmé mardi, à Agadir, la directrice générale de l'Agence nationale des bassins hydrauliques (ANBH) pour le Sud et l'Oriental, Salma Tazi.

S'exprimant lors d'une rencontre tenue par le Conseil économique avec l'appui de l'ANBH, en marge de la 5ème session de la Conférence des maires du littoral, Mme Tazi a relevé que les nappes reculent depuis vingt ans, soulignant que "les prélèvements dépassent de loin les apports, et sont faits sans aucun contrôle dans plusieurs provinces".

Dans ce cadre, elle a fait savoir que l'agence prépare un plan de dix ans.

Pour sa part, le ministre de l'Agriculture de la République du Sénégal Ousmane Diop Fall a indiqué que les récoltes baissent, alors que les besoins augmentent.

"Ces pertes menacent la vie de millions de familles, leur santé, et leur avenir", a-t-il ajouté, notant que les projets communs avancent.

Placée sous le thème "Les villes de la côte face au manque d'eau : dessalement, réserves et partage - Enjeux et solutions", cette conférence réunit 300 élus.`

func TestFindInAWireStory(t *testing.T) {
	t.Parallel()
	got := quote.Find(story.Read(wire, "fr"))
	require.Equal(t, []string{
		"~ indirect | La gestion de l'eau exige des investissements communs et une solidarité entre les régions | Salma Tazi | a affirmé",
		"~ indirect | les nappes reculent depuis vingt ans | Salma Tazi | a relevé",
		"= les prélèvements dépassent de loin les apports, et sont faits sans aucun contrôle dans plusieurs provinces | Salma Tazi | soulignant",
		"~ indirect | l'agence prépare un plan de dix ans | Salma Tazi | a fait savoir",
		"~ indirect | les récoltes baissent, alors que les besoins augmentent | Ousmane Diop Fall | a indiqué",
		"= Ces pertes menacent la vie de millions de familles, leur santé, et leur avenir | Ousmane Diop Fall | a-t-il ajouté",
		"~ indirect | les projets communs avancent | Ousmane Diop Fall | notant",
	}, said(got))
	runes := []rune(wire)
	for _, q := range got {
		require.Equal(t, q.GetKind() == "indirect", q.GetIndirect())
		require.Equal(t, q.GetVerb(), string(runes[q.GetVerbSpan().GetStart():q.GetVerbSpan().GetEnd()]))
	}
	require.Equal(t, "il", string(runes[got[5].GetSpeakerSpan().GetStart():got[5].GetSpeakerSpan().GetEnd()]))
	requireSpans(t, wire, got)
}

func TestFindIsNotFooled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lang, text string }{
		"empty":             {"en", ""},
		"scare quotes":      {"en", `The "experts" had erred in the "report".`},
		"denied":            {"en", "The minister did not say that the road was open."},
		"wished":            {"fr", "Le ministre devrait dire que la route est ouverte. Il ne dit pas que tout va bien."},
		"no speaker":        {"en", "The report on the table said that the work was done."},
		"object clause":     {"fr", "Le ministre a annoncé la loi que prépare la commission."},
		"of two kinds":      {"de", "Er kam, sah und ging, wie es hieß. Sie fragte, ob das stimme."},
		"title":             {"en", `She read from her novel "The Long Way Home From Sea" on Monday.`},
		"theme":             {"fr", "Le forum, organisé sous le thème « L'eau et la ville de demain », a dit son but."},
		"inches":            {"en", `The 27" screen and the 32" screen were sold.`},
		"apostrophes":       {"en", "The workers' union and the players' club said 'tis all the boys' fault."},
		"unpaired":          {"en", `The minister said: "We will never know what they wanted to`},
		"only marks":        {"en", `"" «» “” "`},
		"emoji":             {"en", "😀 \"😀 😀\" 😀"},
		"unknown language":  {"xx", `Foo bar "baz qux" quux.`},
		"motto":             {"de", "Die Messe steht unter dem Motto „Gemeinsam für eine gute Zukunft“."},
		"name of operation": {"es", "La operación «Escudo del norte y del sur» terminó ayer."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, quote.Find(story.Read(c.text, c.lang)))
		})
	}
}

func TestFindTakesTheSubjectBehindATime(t *testing.T) {
	t.Parallel()
	for lang, c := range map[string]struct{ text, speaker string }{
		"en": {`"The road will open in May," said on Friday the minister, Ann Lee.`, "Ann Lee"},
		"fr": {"La route ouvrira en mai, a annoncé ce mardi 12 mars la préfecture.", "la préfecture"},
		"de": {"Die Straße sei bald offen, sagte am späten Freitagabend der Minister.", "der Minister"},
		"es": {"La ruta abrirá en mayo, informó este viernes 14 de marzo la Policía de Caminos.", "Policía de Caminos"},
		"it": {"La strada aprirà a maggio, ha detto ieri sera il ministro.", "il ministro"},
		"pt": {"A estrada abre em maio, disse na quinta-feira (12) o ministro.", "o ministro"},
		"ru": {"Дорогу откроют в мае, сообщило в прошлую пятницу министерство.", "министерство"},
		"ar": {"قال يوم الجمعة الوزير سامر الخطيب إن الطريق سيفتح قريبا.", "سامر الخطيب"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			got := quote.Find(story.Read(c.text, lang))
			require.Len(t, got, 1)
			require.Equal(t, c.speaker, got[0].GetSpeaker())
		})
	}
}

func TestFindTakesNoHeadOfASentenceForTheSpeaker(t *testing.T) {
	t.Parallel()
	text := `Repairs were put at £310,000, a sum that the charity, which had £9,000 in the bank, described at the time as "somewhere beyond the horizon".`
	got := quote.Find(story.Read(text, "en"))
	require.Equal(t, []string{"= somewhere beyond the horizon | the charity | described"}, said(got))
}

func TestFindReadsDoubledMarks(t *testing.T) {
	t.Parallel()
	text := `"Scientists call these plateaus ""vidde"", a wide, open space.","""We saw no tree for days,"" said Ann Lee."`
	got := quote.Find(story.Read(text, "en"))
	require.Equal(t, []string{"= We saw no tree for days, | Ann Lee | said"}, said(got))
}

func TestFindReadsBadBytes(t *testing.T) {
	t.Parallel()
	text := "\xff\xfe \"We are \xf0 ready to go,\" said Ann Lee."
	got := quote.Find(story.Read(text, "en"))
	require.Len(t, got, 1)
	require.Equal(t, "Ann Lee", got[0].GetSpeaker())
	requireSpans(t, text, got)
}

// requireSpans holds that spans are in bounds and of their text, in order, and
// overlap only where words in quotation marks are a part of a mixed statement.
func requireSpans(t require.TestingT, text string, quotes []*datelinev1.Quote) {
	runes := []rune(text)
	start, end, mixed := uint32(0), uint32(0), uint32(0)
	for _, q := range quotes {
		s := q.GetSpan()
		require.GreaterOrEqual(t, s.GetStart(), start)
		require.Greater(t, s.GetEnd(), s.GetStart())
		require.LessOrEqual(t, int(s.GetEnd()), len(runes))
		require.Equal(t, string(runes[s.GetStart():s.GetEnd()]), q.GetText())
		require.True(t, s.GetStart() >= end || q.GetKind() == "direct" && s.GetEnd() <= mixed, q)
		for _, at := range []*datelinev1.Span{q.GetVerbSpan(), q.GetSpeakerSpan()} {
			if at != nil {
				require.Less(t, at.GetStart(), at.GetEnd())
				require.LessOrEqual(t, int(at.GetEnd()), len(runes))
			}
		}
		start, end = s.GetStart(), max(end, s.GetEnd())
		if q.GetKind() != "direct" {
			mixed = s.GetEnd()
		}
	}
}

var languages = []string{"en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "ar", "zh", ""}

func TestFindSpansHold(t *testing.T) {
	t.Parallel()
	pieces := []string{
		`"`, "“", "”", "„", "«", "»", "‹", "›", "‘", "’", "'", "—", "–", ":", ",", ".", "!", "?", ";", "(", ")", " ", " ", " ", "\n", "\n\n",
		"said", "a", "dit", "dit-il", "a-t-il", "ajouté", "Jean", "Dupont", "M.", "le ministre", "que", "selon", "qui", "sagte", "dijo", "сказал",
		"Иванов", "قال", "الرئيس", "😀", "l'", "d’", "thème", "he", "il", "et", "\xff", "\u200f", "「", "」", "さん", "12", "de la",
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 200).Draw(t, "pieces") {
			b.WriteString(p)
			if rapid.Bool().Draw(t, "space") {
				b.WriteByte(' ')
			}
		}
		lang := rapid.SampledFrom(languages).Draw(t, "lang")
		got := quote.Find(story.Read(b.String(), lang))
		requireSpans(t, b.String(), got)
		require.Len(t, quote.Find(story.Read(b.String(), lang)), len(got))
	})
}

func FuzzFind(f *testing.F) {
	f.Add(wire, "fr")
	f.Add(`"`+strings.Repeat("word ", 2000), "en")
	f.Add(strings.Repeat(`"a b c d", said Jean Dupont, `, 300), "en")
	f.Add(strings.Repeat("M. Dupont ", 1000), "fr")
	f.Add(strings.Repeat("« ", 500)+strings.Repeat("» ", 500), "fr")
	f.Add(strings.Repeat("— a — dijo ", 200), "es")
	f.Add(strings.Repeat("“x y z w\n", 200), "en")
	f.Add("😀 “😀😀😀 😀 😀 😀,” said 😀", "en")
	f.Add("قال الرئيس \"a\" و", "ar")
	f.Fuzz(func(t *testing.T, text, lang string) {
		requireSpans(t, text, quote.Find(story.Read(text, lang)))
	})
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"5KB", strings.Repeat(wire+"\n\n", 5)[:5000]},
		{"1MB line", strings.Repeat(`Le ministre Jean Dupont a dit que "tout va bien ici", et M. Dupont, `, 15000)},
		{"unpaired", strings.Repeat(`" x « y ' z `, 80000)},
		{"10,000 names", strings.Repeat("Jean Dupont et Marie Durand, ", 5000) + `"Nous sommes tous ici", a dit M. Dupont.`},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				quote.Find(story.Read(c.text, "fr"))
			}
		})
	}
}
