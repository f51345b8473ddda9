package language_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/pemistahl/lingua-go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/language"
)

// sameShare is the share of texts that must get lingua's own answer.
const sameShare = 0.995

// linguaOf returns raw lingua in low accuracy mode, whose answers are those of
// the high accuracy mode from 120 letters on.
func linguaOf(codes ...string) lingua.LanguageDetector {
	b := lingua.NewLanguageDetectorBuilder()
	if len(codes) == 0 {
		return b.FromAllLanguages().WithLowAccuracyMode().Build()
	}
	var languages []lingua.Language
	for _, l := range lingua.AllLanguages() {
		for _, c := range codes {
			if strings.EqualFold(l.IsoCode639_1().String(), c) {
				languages = append(languages, l)
			}
		}
	}
	return b.FromLanguages(languages...).WithLowAccuracyMode().Build()
}

// oneAtATime guards lingua's calls: its decimal arithmetic grows a table that all
// detectors share, without a lock.
var oneAtATime sync.Mutex

func linguaCode(d lingua.LanguageDetector, text string) string {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	l, ok := d.DetectLanguageOf(text)
	if !ok {
		return language.Undetermined
	}
	return strings.ToLower(l.IsoCode639_1().String())
}

// compare holds the detector to lingua on the given texts.
func compare(t *testing.T, d *language.Detector, raw lingua.LanguageDetector, texts []string) {
	t.Helper()
	if raceEnabled {
		texts = texts[:len(texts)/10]
	}
	same := 0
	for _, text := range texts {
		got, want := d.Detect("", text).GetCode(), linguaCode(raw, text)
		if got == want {
			same++
			continue
		}
		t.Logf("%q: %s, lingua says %s", text[:min(60, len(text))], got, want)
	}
	t.Logf("%d of %d texts as lingua has them", same, len(texts))
	require.GreaterOrEqual(t, float64(same), sameShare*float64(len(texts)))
}

func TestSameAnswersAsLingua(t *testing.T) {
	t.Parallel()
	raw, all := linguaOf(), declarations(t)
	require.Len(t, all, 75)
	kinds := []struct {
		name          string
		count, length int
	}{{"leads", 6, 300}, {"articles", 2, 3500}}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			var texts []string
			for _, d := range all {
				for i := range kind.count {
					texts = append(texts, d.joined(3*i, kind.length))
				}
			}
			compare(t, newDetector(t), raw, texts)
		})
	}
}

// TestSameAnswersAsLinguaForMixedTexts puts two languages into each text, so
// that words of several scripts and letters of both languages meet.
func TestSameAnswersAsLinguaForMixedTexts(t *testing.T) {
	t.Parallel()
	all := declarations(t)
	var texts []string
	for i, d := range all {
		for _, step := range []int{1, 7, 31} {
			other := all[(i+step)%len(all)]
			texts = append(texts, d.joined(i, 200)+" "+other.joined(step, 100+step))
		}
	}
	compare(t, newDetector(t), linguaOf(), texts)
}

func TestSameAnswersAsLinguaInSubsets(t *testing.T) {
	t.Parallel()
	all := declarations(t)
	for _, codes := range [][]string{
		{"en", "fr", "de", "es", "ru", "ar"},
		{"hr", "sr", "bs", "sl", "mk"},
		{"zh", "en", "hi"},
		{"ja", "ko", "fa"},
		{"nb", "nn", "da", "sv", "is"},
	} {
		t.Run(strings.Join(codes, "-"), func(t *testing.T) {
			t.Parallel()
			var texts []string
			for _, d := range all {
				texts = append(texts, d.joined(5, 300))
			}
			compare(t, newDetector(t, codes...), linguaOf(codes...), texts)
		})
	}
}

func benchmarkTexts(b *testing.B) []struct{ name, title, text string } {
	d := declarations(b)[21]
	require.Equal(b, "fr", d.Language)
	return []struct{ name, title, text string }{
		{"headline", d.joined(0, 70), ""},
		{"title and lead", d.joined(0, 70), d.joined(1, 300)},
		{"article", d.joined(0, 70), d.joined(1, 3000)},
	}
}

func BenchmarkDetect(b *testing.B) {
	d := newDetector(b)
	require.NoError(b, d.Warm(context.Background()))
	for _, c := range benchmarkTexts(b) {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Detect(c.title, c.text)
			}
		})
	}
}

func BenchmarkLingua(b *testing.B) {
	raw := linguaOf()
	for _, c := range benchmarkTexts(b) {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				raw.DetectLanguageOf(c.title + "\n" + c.text)
			}
		})
	}
}

// TestSameAnswersAsLinguaForArticlesInTwoLanguages changes the language within the
// article, so that a sample has to do justice to both.
func TestSameAnswersAsLinguaForArticlesInTwoLanguages(t *testing.T) {
	t.Parallel()
	all := declarations(t)
	var texts []string
	for i, d := range all {
		for _, c := range []struct{ step, first, second int }{{1, 1000, 2000}, {7, 1800, 1400}} {
			texts = append(texts, d.joined(i, c.first)+"\n\n"+all[(i+c.step)%len(all)].joined(c.step, c.second))
		}
	}
	compare(t, newDetector(t), linguaOf(), texts)
}
