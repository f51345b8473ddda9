package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

func TestTemplates(t *testing.T) {
	t.Parallel()
	rows, err := filledTemplates()
	require.NoError(t, err)
	require.Greater(t, len(rows), 1000)
	for _, r := range rows {
		require.Len(t, r.Tags, len(r.Tokens))
		require.NotContains(t, strings.Join(r.Tokens, " "), "{")
		for _, tag := range r.Tags {
			require.Contains(t, numbers, tag)
		}
	}
	again, err := filledTemplates()
	require.NoError(t, err)
	require.Equal(t, rows, again)
}

func TestClean(t *testing.T) {
	t.Parallel()
	r := row{Tokens: []string{"http://x", "Der", "minister", "Ana", "Ruiz"}, Tags: []string{"O", "O", "B-PER", "B-PER", "I-PER"}}
	r.clean()
	require.Equal(t, []string{"Der", "minister", "Ana", "Ruiz"}, r.Tokens)
	require.Equal(t, []string{"O", "O", "B-PER", "I-PER"}, r.Tags)
	r = row{Lang: "pt", Tokens: []string{"em", "o", "Porto"}, Tags: []string{"O", "O", "B-LOC"}}
	r.contract()
	require.Equal(t, []string{"no", "Porto"}, r.Tokens)
}

// TestTrain learns a tiny language, with some tags unknown, and tags it.
func TestTrain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var lines strings.Builder
	for range 30 {
		for _, r := range []row{
			{Doc: "1", Lang: "xx", Tokens: strings.Fields("ka Bolu da Meri ."), Tags: strings.Fields("O B-PER O B-LOC O")},
			{Doc: "2", Lang: "xx", Tokens: strings.Fields("ka Timo da Suri ."), Tags: strings.Fields("O B-PER O ? O")},
		} {
			raw, err := json.Marshal(r)
			require.NoError(t, err)
			lines.Write(append(raw, '\n'))
		}
	}
	path := filepath.Join(dir, "a.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(lines.String()), 0o600))
	docs, err := readFile(path)
	require.NoError(t, err)
	model := tagger.Encode(train(docs, options{epochs: 5, runs: 2, averaged: 2, least: 2, rate: 0.1, drop: 0.1}), 256)
	tag, err := tagger.With(model)
	require.NoError(t, err)
	d, _ := tagger.Read(story.Read("ka Bolu da Suri .", "xx"))
	spans := tag(d)
	require.Len(t, spans, 2)
	require.Equal(t, tagger.Person, spans[0].Kind)
	require.Equal(t, tagger.Place, spans[1].Kind)

	require.NoError(t, run("", "", path, options{}))
	require.Error(t, run("", "", "", options{}))
	require.Error(t, run(t.TempDir(), "", "", options{}))
}

func TestFreeTexts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(`{"lang":"en","text":"The mayor Sarah Whitfield left Paris."}`+"\n"), 0o600))
	texts, err := readTexts(dir)
	require.NoError(t, err)
	require.Len(t, texts, 1)
	got, ok := labelled(texts[0], func(*tagger.Document) []tagger.Span {
		return []tagger.Span{{First: 2, Last: 4, Kind: tagger.Person, Confidence: 0.9}, {First: 5, Last: 6, Kind: tagger.Place, Confidence: 0.5}}
	})
	require.True(t, ok)
	require.Equal(t, []int{0, 0, 1, 2, 0, unknown, 0}, got.tags)
	_, ok = labelled(text{Lang: "fi", Text: "Pariisi on kaukana."}, nil)
	require.False(t, ok, "no annotated text")
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = readTexts(dir)
	require.Error(t, err)
}

func TestRussianNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		family      string
		female      bool
		grammatical byte
		want        string
	}{
		{"Волков", false, 'n', "Волков"},
		{"Волков", false, 'i', "Волковым"},
		{"Волков", true, 'd', "Волковой"},
		{"Покровский", false, 'g', "Покровского"},
		{"Покровский", true, 'n', "Покровская"},
		{"Шевченко", false, 'g', "Шевченко"},
		{"Миллер", false, 'i', "Миллером"},
		{"Миллер", true, 'i', "Миллер"},
	} {
		require.Equal(t, c.want, russianFamily(c.family, c.female, c.grammatical))
	}
	require.Equal(t, "Ольги", declined("Ольга", 'g'))
	require.Equal(t, "Марии", declined("Мария", 'd'))
	require.Equal(t, "Андреем", declined("Андрей", 'i'))
}
