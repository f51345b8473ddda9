package summary_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
	"github.com/dateline-news/dateline/services/enricher/internal/summary"
)

const harbour = `Tangier - The harbour of the city reopened on Tuesday after the storm. He said that ships would enter by noon.

Read also: what the storm has cost the fishermen of the northern coast.

The storm had closed the harbour for two days and sunk three boats. Repairs of the quay will cost four million, the office said. "We are glad," said a captain who waited outside. Passengers return from Wednesday on, the ferry line announced.`

func texts(text string, extracts []*datelinev1.Extract) []string {
	var out []string
	for _, e := range extracts {
		out = append(out, string([]rune(text)[e.GetSpan().GetStart():e.GetSpan().GetEnd()]))
	}
	return out
}

func TestFind(t *testing.T) {
	t.Parallel()
	got := summary.Find(summary.Article{
		Story: story.Read(harbour, "en"), Dateline: &datelinev1.Span{Start: 0, End: 10},
		Keyphrases: []*datelinev1.Keyphrase{{Text: "harbour", Score: 1}, {Text: "storm", Score: 0.8}},
	})
	require.Equal(t, []string{
		"The harbour of the city reopened on Tuesday after the storm.",
		"The storm had closed the harbour for two days and sunk three boats.",
	}, texts(harbour, got))
	require.Equal(t, 1.0, got[0].GetScore())
}

func TestShortTexts(t *testing.T) {
	t.Parallel()
	text := "The harbour of the city reopened on Tuesday. Ships wait outside for their turn to enter."
	require.Len(t, summary.Find(summary.Article{Story: story.Read(text, "en")}), 1)
	require.Len(t, summary.Find(summary.Article{Story: story.Read("Brief", "en")}), 1)
	require.Empty(t, summary.Find(summary.Article{Story: story.Read(" \n", "")}))
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"The harbour reopened on Tuesday after a storm. ", "word ", "\"", "港", ". "} {
		summary.Find(summary.Article{Story: story.Read(strings.Repeat(piece, 200_000/len([]rune(piece))), "en")})
	}
}

func FuzzFind(f *testing.F) {
	f.Add(harbour, "en", uint32(0), uint32(10))
	f.Add("«\xff", "th", uint32(3), uint32(1))
	f.Fuzz(func(t *testing.T, text, lang string, start, end uint32) {
		n, last := uint32(len([]rune(text))), uint32(0)
		for _, e := range summary.Find(summary.Article{Story: story.Read(text, lang), Dateline: &datelinev1.Span{Start: start, End: end}}) {
			s := e.GetSpan()
			if s.GetStart() < last || s.GetEnd() <= s.GetStart() || s.GetEnd() > n || !(e.GetScore() >= 0 && e.GetScore() <= 1) {
				t.Fatalf("%v", e)
			}
			last = s.GetEnd()
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat(harbour+"\n", 5)
	for b.Loop() {
		summary.Find(summary.Article{Story: story.Read(text, "en")})
	}
}
