package sentence_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
)

func parts(text, lang string) []string {
	var out []string
	for _, s := range sentence.Split(text, lang) {
		out = append(out, text[s.Start:s.End])
	}
	return out
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, text string }{
		{"en", "Mr. Hale met J. R. Moss in the U.S. on Monday.|The talks went on.|\"Will it last?\" he asked."},
		{"en", "It costs 3.5 million.|He works for Acme Inc.|They left."},
		{"fr", "M. Benali a parlé.|« Nous partons. »|Il a cité l'art. 3 du code."},
		{"de", "Am 3. Oktober tagt der Rat.|Das gilt z. B. für Dr. Weber.|Er kommt."},
		{"hr", "Sud je 25. siječnja odlučio.|Tvrtka d.o.o. radi."},
		{"es", "El Sr. Ruiz habló.|¿Quién viene?|Nadie."},
		{"pt", "O Dr. Lima saiu.|A reunião acabou."},
		{"ru", "Это г. Москва.|Дождь идёт."},
		{"zh", "市长说：“我们会来。”|会议结束了。"},
		{"ja", "会議は終わった。|市長は「行きます。」と述べた。"},
		{"ar", "وصل الوفد أمس.|هل يعود؟|لا."},
		{"hi", "बैठक समाप्त हुई।|सब लौट गए।"},
		{"en", "A heading without a stop\n|The story begins."},
	} {
		want := strings.Split(c.text, "|")
		sep := " "
		if c.lang == "zh" || c.lang == "ja" {
			sep = ""
		}
		got := parts(strings.Join(want, sep), c.lang)
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		require.Equal(t, want, got, c.lang)
	}
}

func TestHostileTextsTakeLinearTime(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{". ) ", ".", "? ", "a. ", "« ", ". »", "1. ", "\n", "Mr. "} {
		require.NotPanics(t, func() { sentence.Split("a"+strings.Repeat(piece, 200_000), "fr") })
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Mr. Hale left. He came\xff back.\n« Non. »", "en")
	f.Add("会議。「はい。」と", "ja")
	f.Fuzz(func(t *testing.T, text, lang string) {
		last, lastRune := 0, 0
		for _, s := range sentence.Split(text, lang) {
			if s.Start < last || s.Start >= s.End || s.Rune < lastRune {
				t.Fatalf("%+v out of order", s)
			}
			if n := utf8.RuneCountInString(text[:s.Start]); n != s.Rune || s.RuneEnd != n+utf8.RuneCountInString(text[s.Start:s.End]) {
				t.Fatalf("%+v: wrong code points", s)
			}
			if strings.TrimSpace(text[last:s.Start]) != "" && strings.Trim(text[last:s.Start], "\u200b\ufeff \n\r\t") != "" {
				t.Fatalf("text before %+v is lost", s)
			}
			last, lastRune = s.End, s.RuneEnd
		}
	})
}
