package tagger_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

// names tags a text and gives its names, each with its kind.
func names(text, lang string) []string {
	d, pieces := tagger.Read(story.Read(text, lang))
	kinds := [...]string{"", "person", "organisation", "place"}
	var out []string
	for _, s := range tagger.Tag(d) {
		out = append(out, text[pieces[s.First].Start:pieces[s.Last-1].End]+"/"+kinds[s.Kind])
	}
	return out
}

func TestTag(t *testing.T) {
	t.Parallel()
	require.NoError(t, tagger.Warm(t.Context()))
	for _, c := range []struct{ lang, text, want string }{
		{"hr", "Ministar Ivan Horvat stigao je u Zagreb.", "Ivan Horvat/person Zagreb/place"},
		{"pt", "A ministra Teresa Vilela chegou ontem a Lisboa.", "Teresa Vilela/person Lisboa/place"},
		{"da", "Statsminister Karen Holm besøgte København i går.", "Karen Holm/person København/place"},
		{"en", "Sarah Whitfield flew to Nairobi on Monday.", "Sarah Whitfield/person Nairobi/place"},
		{"zh", "他出生于巴黎。", "巴黎/place"},
		{"en", "nothing is named here.", ""},
	} {
		require.Equal(t, c.want, strings.Join(names(c.text, c.lang), " "), c.text)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, text, want string
		starts           []int
	}{
		{"en", "Dr. J. Smith left the U.S. today. He won.", "Dr.|J.|Smith|left|the|U.S.|today|.|He|won|.", []int{0, 8}},
		{"fr", "L'Égypte, a dit M. Favier.", "L'|Égypte|,|a|dit|M.|Favier|.", []int{0}},
		{"zh", "他来。她走", "他|来|。|她|走", []int{0, 3}},
		{"ar", "مصر وفرنسا", "مصر|و|فرنسا", []int{0}},
		{"ko", "서울에서 열린", "서울|에서|열린", []int{0}},
		{"tr", "Paris'te kaldı", "Paris|'te|kaldı", []int{0}},
		{"en", "see https://news.example/A-B?c=D and @name", "see|https://news.example/A-B?c=D|and|@name", []int{0}},
		{"en", "One\n\nTwo", "One|Two", []int{0, 1}},
	} {
		d, pieces := tagger.Read(story.Read(c.text, c.lang))
		var got []string
		for i := range d.Tokens {
			got = append(got, d.Tokens[i].Text)
			require.Equal(t, d.Tokens[i].Text, c.text[pieces[i].Start:pieces[i].End])
		}
		require.Equal(t, c.want, strings.Join(got, "|"))
		require.Equal(t, c.starts, d.Starts, c.text)
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, forms := range [][]string{
		{"ru", "иванов", "иванова", "иванову"},
		{"hr", "zagreb", "zagrebu", "zagreba"},
		{"hu", "budapest", "budapesten", "budapestre"},
	} {
		for _, form := range forms[2:] {
			require.Equal(t, tagger.Stem(forms[0], forms[1]), tagger.Stem(forms[0], form))
		}
	}
	require.Equal(t, "paris", tagger.Stem("fr", "paris"))
	found := tagger.Nominatives("ru", "германию", func(form string) bool { return form == "германия" })
	require.True(t, found)
}

func TestWithRefusesWhatIsNoModel(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("model.bin")
	require.NoError(t, err)
	require.Less(t, len(raw), 6<<20)
	_, err = tagger.With(raw)
	require.NoError(t, err)
	raw[len(raw)/2] ^= 1
	for _, bad := range [][]byte{nil, []byte("DLTAG001"), raw[:len(raw)-1], raw} {
		_, err := tagger.With(bad)
		require.Error(t, err)
	}
}

func TestEncodeKeepsTheWeights(t *testing.T) {
	t.Parallel()
	d, _ := tagger.Read(story.Read("Abcd efgh", "xx"))
	var w tagger.Weights
	for i := range d.Tokens {
		keys, lexical := d.Features(i, 0, 2, nil)
		require.Greater(t, len(keys), lexical)
		w.Keys = append(w.Keys, keys[0])
		w.Rows = append(w.Rows, [tagger.Tags]float32{})
	}
	w.Rows[0][5], w.Rows[1][0] = 3, 3
	tag, err := tagger.With(tagger.Encode(w, 16))
	require.NoError(t, err)
	spans := tag(d)
	require.Len(t, spans, 1)
	require.Equal(t, tagger.Place, spans[0].Kind)
	require.Equal(t, 1, spans[0].Last)
	require.Greater(t, spans[0].Confidence, 0.5)
}

func FuzzRead(f *testing.F) {
	f.Add("Dr. J. Smith, U.S. 1.2 @x https://a", "en")
	f.Add("وفرنسا 서울에서 Paris'te 王。", "ar")
	f.Fuzz(func(t *testing.T, text, lang string) {
		if !utf8.ValidString(text) {
			return
		}
		d, pieces := tagger.Read(story.Read(text, lang))
		runes := []rune(text)
		end := int32(0)
		for i, p := range pieces {
			require.GreaterOrEqual(t, p.Start, end)
			require.Equal(t, d.Tokens[i].Text, string(runes[p.Rune:p.RuneEnd]))
			end = p.End
		}
		for _, s := range tagger.Tag(d) {
			require.Less(t, s.First, s.Last)
			require.LessOrEqual(t, s.Last, len(pieces))
		}
	})
}
