package language_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dateline-news/dateline/services/enricher/internal/language"
)

func TestDetectHeadlines(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	for _, c := range []struct{ title, code, script string }{
		{"Ministers meet in Geneva to discuss flood relief", "en", "Latn"},
		{"Les pompiers luttent toujours contre l'incendie près de Marseille", "fr", "Latn"},
		{"Bundestag stimmt über das neue Klimagesetz ab", "de", "Latn"},
		{"El Gobierno anuncia ayudas para los pueblos afectados por la sequía", "es", "Latn"},
		{"Il sindaco annuncia la chiusura del ponte per lavori urgenti", "it", "Latn"},
		{"Governo português aprova novo orçamento para a saúde", "pt", "Latn"},
		{"Kabinet wil meer geld voor dijken langs de grote rivieren", "nl", "Latn"},
		{"Rząd zapowiada podwyżki dla nauczycieli od września", "pl", "Latn"},
		{"Правительство обсудит новый бюджет на следующей неделе", "ru", "Cyrl"},
		{"Уряд розгляне новий бюджет наступного тижня", "uk", "Cyrl"},
		{"الحكومة تعلن عن خطة جديدة لدعم المزارعين", "ar", "Arab"},
		{"دولت برنامه تازه\u200cای برای حمایت از کشاورزان اعلام کرد", "fa", "Arab"},
		{"सरकार ने किसानों के लिए नई योजना की घोषणा की", "hi", "Deva"},
		{"政府宣布新的农业支持计划", "zh", "Hani"},
		{"政府は農家を支援する新しい計画を発表した", "ja", "Jpan"},
		{"정부가 농민을 위한 새로운 지원 계획을 발표했다", "ko", "Kore"},
		{"Η κυβέρνηση ανακοίνωσε νέα μέτρα στήριξης", "el", "Grek"},
		{"Hükümet çiftçiler için yeni bir destek planı açıkladı", "tr", "Latn"},
		{"LES POMPIERS LUTTENT TOUJOURS CONTRE L'INCENDIE", "fr", "Latn"},
	} {
		got := d.Detect(c.title, "")
		require.Equal(t, c.code, got.GetCode(), c.title)
		require.Equal(t, c.script, got.GetScript(), c.title)
		require.Greater(t, got.GetConfidence(), 0.5, c.title)
		require.LessOrEqual(t, got.GetConfidence(), 1.0, c.title)
	}
}

// TestDetectShortTexts holds short texts, where the pruned n-grams matter, to
// the truth.
func TestDetectShortTexts(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	right, all := 0, 0
	for _, decl := range declarations(t) {
		for i := range 10 {
			all++
			if d.Detect("", decl.joined(4*i, 70)).GetCode() == decl.Language {
				right++
			}
		}
	}
	t.Logf("%d of %d texts of 70 characters are right", right, all)
	require.GreaterOrEqual(t, float64(right), 0.95*float64(all))
}

func TestDetectSeesTheTextThroughNoise(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	for _, c := range []struct{ name, title, text, code string }{
		{"markup", "", `<p>Der Rat <b class="x">tagte</b> gestern.</p>&nbsp;<a href="https://example.org/read/more/about/this/story">mehr</a>`, "de"},
		{"address", "", "Le maire a démissionné https://www.example.org/news/2023/12/read-more-about-the-story?utm_source=rss", "fr"},
		{"bare host", "", "Le maire a démissionné (WWW.EXAMPLE.ORG/READ/MORE/ABOUT/THE/STORY)", "fr"},
		{"mail", "", "Le maire a démissionné, écrivez à theweatherdesk@newsroom.example.com", "fr"},
		{"handles and tickers", "", "Bursa güne yükselişle başladı @thestockmarket @breakingnews $AAPL $GOOG", "tr"},
		{"figures", "", "12,345.67 +3.4% 2023-12-07 18:32:11 — курс акцій знову зріс", "uk"},
		{"open tag", "", "5 < 7 e a cidade espera pela decisão do tribunal <a", "pt"},
		{"agency in capitals", "", "PARIS (REUTERS) - Коктейль из антител показал хорошие результаты", "ru"},
		{"title elsewhere", "Live", "Die Feuerwehr hat den Brand in der Altstadt am Abend gelöscht, verletzt wurde niemand.", "de"},
	} {
		require.Equal(t, c.code, d.Detect(c.title, c.text).GetCode(), c.name)
	}
}

func TestDetectNothing(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	for _, c := range []struct{ name, title, text, script string }{
		{"empty", "", "", ""},
		{"spaces", " \n\t", "\u00a0", ""},
		{"emoji", "🎉🎉", "👩‍👩‍👧 🇫🇷 🚀", ""},
		{"figures", "2023-12-07", "18:32:11 +3.4%", ""},
		{"address alone", "", "https://www.example.org/a/b", ""},
		{"invalid UTF-8", "\xff\xfe", "\xc3\x28\xa0\xa1", ""},
		{"one letter", "", "a", "Latn"},
		{"no language here", "", "ព្រះរាជាណាចក្រកម្ពុជា ប្រទេសកម្ពុជា ខេត្តសៀមរាប news", "Khmr"},
	} {
		got := d.Detect(c.title, c.text)
		require.Equal(t, language.Undetermined, got.GetCode(), c.name)
		require.Equal(t, c.script, got.GetScript(), c.name)
		require.Zero(t, got.GetConfidence(), c.name)
	}
}

func TestDetectHugeTexts(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	sentence := "Le conseil municipal se réunira jeudi pour examiner le budget. "
	for name, text := range map[string]string{
		"five megabytes":     strings.Repeat(sentence+"\n", 5<<20/len(sentence)),
		"one line":           strings.Repeat(sentence, 1<<20/len(sentence)),
		"one word":           strings.Repeat("anticonstitutionnellement", 1<<20/25),
		"tags never closed":  sentence + strings.Repeat("<a", 1<<19),
		"references":         sentence + strings.Repeat("&a", 1<<19),
		"handles":            sentence + strings.Repeat("x@", 1<<19),
		"text after letters": sentence + strings.Repeat(".", 5<<20),
	} {
		require.Equal(t, "fr", d.Detect("", text).GetCode(), name)
		require.Empty(t, sectionsOf(t, d, text), name)
	}
	require.Equal(t, language.Undetermined, d.Detect("", strings.Repeat(".", 5<<20)).GetCode())
}

func TestDetectDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector empties the pool of working memory")
	}
	d := newDetector(t)
	text := declarations(t)[21].joined(0, 3000)
	d.Detect("", text)
	// The answer itself is one allocation; the collector may empty the pool
	// of working memory once in a while.
	require.Less(t, testing.AllocsPerRun(100, func() { d.Detect("Les droits de tous", text) }), 2.0)
}

func TestNewRejectsUnknownLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, offer string }{
		{"french", "fr (French)"},
		{"fra", "fr (French)"},
		{"en-GB", "en (English)"},
		{"norw", "nb (Bokmal)"},
		{"xx", "xh (Xhosa)"},
		{"", "af (Afrikaans)"},
		{strings.Repeat("z", 1<<20), "zh (Chinese)"},
	} {
		_, err := language.New(language.Config{Languages: []string{"en", c.code}})
		require.Error(t, err, c.code)
		if c.code != "norw" {
			require.ErrorContains(t, err, c.offer)
		}
		require.Less(t, len(err.Error()), 300+len(c.code))
	}
}

func TestSubsets(t *testing.T) {
	t.Parallel()
	german := "Die Feuerwehr hat den Brand in der Altstadt am Abend gelöscht, verletzt wurde dabei nach Angaben der Stadt niemand."
	d := newDetector(t, " EN ", "fr", "fr")
	require.Equal(t, "fr", d.Detect("Le maire a démissionné hier soir", "").GetCode())
	require.Less(t, d.Detect("", german).GetConfidence(), 0.1, "the language is none of the configured")
	require.Equal(t, language.Undetermined, d.Detect("Правительство обсудит новый бюджет", "").GetCode())

	one := newDetector(t, "fr")
	got := one.Detect("Le maire a démissionné hier soir après le vote", "")
	require.Equal(t, "fr", got.GetCode())
	require.Greater(t, got.GetConfidence(), 0.8)
	require.Less(t, one.Detect("", german).GetConfidence(), 0.1)

	croatian := "Vlada je danas usvojila novi zakon o zaštiti prirode i okoliša u našoj zemlji."
	require.Greater(t, newDetector(t, "hr", "en").Detect("", croatian).GetConfidence(), 0.9, "Bosnian is not in question")
	require.Equal(t, "ja", newDetector(t, "ja", "en").Detect("政府は農家を支援する計画を発表した", "").GetCode())
	require.Equal(t, "zh", newDetector(t, "zh", "en").Detect("政府宣布新的农业支持计划", "").GetCode())
	require.Equal(t, language.Undetermined, newDetector(t, "de", "en").Detect("政府宣布新的农业支持计划", "").GetCode())
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	lead := "Le conseil municipal se réunira jeudi pour examiner le budget de la ville et la construction de deux écoles dans les quartiers nord."
	require.Greater(t, d.Detect("", lead).GetConfidence(), 0.98)
	require.Less(t, d.Detect("", "les").GetConfidence(), 0.9)
	alike := "Vlada je danas usvojila novi zakon o zaštiti prirode i okoliša u našoj zemlji."
	require.Less(t, d.Detect("", alike).GetConfidence(), 0.9, "Bosnian and Croatian at once")
}

func TestWarm(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, d.Warm(ctx), context.Canceled)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := d.Warm(context.Background()); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			for range 20 {
				if got := d.Detect("Bundestag stimmt über das neue Klimagesetz ab", "").GetCode(); got != "de" {
					t.Error("got", got)
				}
			}
		})
	}
	wg.Wait()
}

func TestDetectHoldsItsRange(t *testing.T) {
	t.Parallel()
	d := newDetector(t)
	rapid.Check(t, func(t *rapid.T) {
		title, text := rapid.String().Draw(t, "title"), rapid.String().Draw(t, "text")
		got := d.Detect(title, text)
		require.GreaterOrEqual(t, got.GetConfidence(), 0.0)
		require.LessOrEqual(t, got.GetConfidence(), 1.0)
		require.Equal(t, got.GetCode(), d.Detect(title, text).GetCode(), "the answer is always the same")
	})
}

func FuzzDetect(f *testing.F) {
	f.Add("", "")
	f.Add("Titre", "Le conseil municipal se réunira jeudi.")
	f.Add("<p>", "&nbsp;<a href='x'>@user a@b.c $AAPL https://x/y")
	f.Add("\xff", "政府は\u3007計画ー발표 वर्ष \U00020000\U0001D7D9")
	f.Add("İıſK", "ẞßŉ")
	d := newDetector(f)
	f.Fuzz(func(t *testing.T, title, text string) {
		got := d.Detect(title, text)
		if c := got.GetConfidence(); c < 0 || c > 1 || (got.GetCode() == language.Undetermined) != (c == 0) {
			t.Fatalf("%v", got)
		}
		sectionsOf(t, d, text)
	})
}
