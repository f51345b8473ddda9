package keyphrase_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/keyphrase"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

func found(text, lang string) []string {
	var out []string
	for _, k := range keyphrase.Find(keyphrase.Article{Story: story.Read(text, lang)}) {
		out = append(out, strings.ToLower(k.GetText()))
	}
	return out
}

func TestFindInManyLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, text, want string }{
		{"fr", "Le port de Tanger a rouvert. La tempête avait fermé le port. Les navires attendent devant le port.", "port"},
		{"en", "The harbour reopened on Tuesday. Ships waited outside the harbour. The harbour serves the region.", "harbour"},
		{"de", "Der Hafen ist wieder offen. Schiffe warten vor dem Hafen. Der Hafen dient der Region.", "hafen"},
		{"es", "El puerto reabrió el martes. Los barcos esperan ante el puerto. El puerto sirve a la región.", "puerto"},
		{"it", "Il porto ha riaperto martedì. Le navi aspettano davanti al porto. Il porto serve la regione.", "porto"},
		{"pt", "O porto reabriu na terça. Os navios esperam diante do porto. O porto serve a região.", "porto"},
		{"nl", "De haven is weer open. Schepen wachten voor de haven. De haven dient de regio.", "haven"},
		{"sv", "Hamnen öppnade i tisdags. Fartyg väntar utanför hamnen. Hamnen är viktig.", "hamnen"},
		{"pl", "Port otwarto we wtorek. Statki czekają przed portem. Port służy regionowi.", "port"},
		{"ru", "Порт открыли во вторник. Суда ждут у порта. Порт важен для региона.", "порт"},
		{"tr", "Liman salı günü açıldı. Gemiler limanda bekliyor. Liman bölgeye hizmet ediyor.", "liman"},
		{"ar", "فتح الميناء أبوابه أمس. السفن تنتظر أمام الميناء. الميناء يخدم المنطقة.", "الميناء"},
		{"zh", "港口重新开放。船只在港口外等候。港口服务整个地区。", "港口"},
		{"ja", "台風で港湾が閉まった。船は港湾の外で待つ。港湾は地域を支える。", "港湾"},
	} {
		got := found(c.text, c.lang)
		require.NotEmpty(t, got, c.lang)
		require.Contains(t, got[:min(3, len(got))], c.want, "%s: %q", c.lang, got)
	}
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"Port de ", "port ", "a1 ", "港", "カ", "Le Pen. ", "x\n"} {
		require.LessOrEqual(t, len(found(strings.Repeat(piece, 200_000/len([]rune(piece))), "fr")), 10)
		require.LessOrEqual(t, len(found(strings.Repeat(piece, 200_000/len([]rune(piece))), "zh")), 10)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Port", "Le port de Tanger. Le port\xff.", "fr")
	f.Add("", "港口开放。港口", "zh")
	f.Add("", "정부는 정부가 정부의", "ko")
	f.Fuzz(func(t *testing.T, title, text, lang string) {
		runes := []rune(text)
		for _, k := range keyphrase.Find(keyphrase.Article{Title: title, Story: story.Read(text, lang)}) {
			if got := string(runes[k.GetSpan().GetStart():k.GetSpan().GetEnd()]); got != k.GetText() || k.GetScore() < 0 || k.GetScore() > 1 {
				t.Fatalf("%v stands for %q", k, got)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("Le port de Tanger a rouvert mardi, a annoncé Karim Benali devant 40 journalistes.\n", 38)
	for b.Loop() {
		keyphrase.Find(keyphrase.Article{Story: story.Read(text, "fr")})
	}
}
