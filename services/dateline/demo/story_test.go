package demo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseStoryRefusesBrokenFiles(t *testing.T) {
	t.Parallel()
	const head = "title: A\nsummary: B\nsection: C\n"
	tests := []struct{ name, file, content, want string }{
		{"file name", "articles/courier/slug.md", head + "---\nText", "file name is not SLUG.LANG.md"},
		{"unknown paper", "articles/bugle/slug.en.md", head + "---\nText", `no paper "bugle"`},
		{"language of another paper", "articles/courier/slug.fr.md", head + "---\nText", `The Harbour Courier does not publish in "fr"`},
		{"no body", "articles/courier/slug.en.md", head, "no line --- before the body"},
		{"no value", "articles/courier/slug.en.md", "title\n---\nText", "is not key: value"},
		{"unknown key", "articles/courier/slug.en.md", "titel: A\n---\nText", `unknown key "titel"`},
		{"offset", "articles/courier/slug.en.md", head + "published: yesterday\n---\nText", "key published"},
		{"comment", "articles/courier/slug.en.md", head + "comment: nice\n---\nText", "is not AUTHOR | TEXT"},
		{"missing summary", "articles/courier/slug.en.md", "title: A\nsection: C\n---\nText", "title, summary or section is missing"},
		{"unknown day function", "articles/courier/slug.en.md", head + "---\n{{year 1}}", "not defined"},
	}
	all, err := papers()
	require.NoError(t, err)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parseStory(tt.file, tt.content, all)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestParseBodyKnowsItsMarks(t *testing.T) {
	t.Parallel()
	blocks := parseBody("One & **two** [three](https://x.example/).\n\n## Four\n\n> Five\n\n- six\n- <seven>\n")
	require.Len(t, blocks, 4)
	require.Equal(t, `One &amp; <strong>two</strong> <a href="https://x.example/">three</a>.`, string(blocks[0].HTML))
	require.Equal(t, "One & two three.\n\nFour\n\nFive\n\nsix\n\n<seven>", plainText(blocks))
	require.Equal(t, []string{"paragraph", "heading", "quotation", "list"},
		[]string{blocks[0].Kind, blocks[1].Kind, blocks[2].Kind, blocks[3].Kind})
}

func TestSlugsAreUnique(t *testing.T) {
	t.Parallel()
	site, err := New(Options{})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, st := range append(site.stories, site.reserve...) {
		require.False(t, seen[st.slug], "pictures are named for slugs: %s", st.slug)
		seen[st.slug] = true
	}
}
