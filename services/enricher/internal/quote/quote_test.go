package quote_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
)

// story is one text of testdata and what is said in it: "text | speaker |
// verb", a line each.
type story struct {
	text string
	said []string
}

// stories reads a file of testdata: a line is a text, with ¶ for the end of a
// paragraph; the lines after it that begin with "=" are its quotations.
func stories(t *testing.T, path string) []story {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var out []story
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch said, ok := strings.CutPrefix(line, "= "); {
		case ok:
			out[len(out)-1].said = append(out[len(out)-1].said, said)
		case line != "":
			out = append(out, story{text: strings.ReplaceAll(line, "¶", "\n\n")})
		}
	}
	require.NoError(t, lines.Err())
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
			for _, c := range cases {
				var got []string
				for _, q := range quote.Find(c.text, lang) {
					got = append(got, q.GetText()+" | "+q.GetSpeaker()+" | "+q.GetVerb())
				}
				require.Equal(t, c.said, got, c.text)
				requireSpans(t, c.text, quote.Find(c.text, lang))
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
	got := quote.Find(wire, "fr")
	require.Len(t, got, 2)
	require.Equal(t, "Salma Tazi", got[0].GetSpeaker())
	require.Equal(t, "soulignant", got[0].GetVerb())
	require.Equal(t, "Ousmane Diop Fall", got[1].GetSpeaker())
	require.Equal(t, "a-t-il ajouté", got[1].GetVerb())
	for _, q := range got {
		require.False(t, q.GetIndirect())
		require.Greater(t, q.GetConfidence(), 0.9)
	}
	requireSpans(t, wire, got)
}

func TestFindIsNotFooled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lang, text string }{
		"empty":             {"en", ""},
		"no marks":          {"en", "The minister said that all was well."},
		"scare quotes":      {"en", `The minister said the "experts" had erred.`},
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
			require.Empty(t, quote.Find(c.text, c.lang))
		})
	}
}

func TestFindReadsBadBytes(t *testing.T) {
	t.Parallel()
	text := "\xff\xfe \"We are \xf0 ready to go,\" said Ann Lee."
	got := quote.Find(text, "en")
	require.Len(t, got, 1)
	require.Equal(t, "Ann Lee", got[0].GetSpeaker())
	requireSpans(t, text, got)
}

// requireSpans holds that spans are in bounds, in order and of their text.
func requireSpans(t require.TestingT, text string, quotes []*datelinev1.Quote) {
	runes := []rune(text)
	end := uint32(0)
	for _, q := range quotes {
		s := q.GetSpan()
		require.GreaterOrEqual(t, s.GetStart(), end)
		require.Greater(t, s.GetEnd(), s.GetStart())
		require.LessOrEqual(t, int(s.GetEnd()), len(runes))
		require.Equal(t, string(runes[s.GetStart():s.GetEnd()]), q.GetText())
		end = s.GetEnd()
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
		got := quote.Find(b.String(), lang)
		requireSpans(t, b.String(), got)
		require.Len(t, quote.Find(b.String(), lang), len(got))
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
		requireSpans(t, text, quote.Find(text, lang))
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
				quote.Find(c.text, "fr")
			}
		})
	}
}
