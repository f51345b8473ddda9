package parse_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// requireSound checks what every document promises, whatever the page.
func requireSound(t *testing.T, d *datelinev1.Document) {
	t.Helper()
	require.NotEmpty(t, d.PageType)
	require.NotEmpty(t, strings.TrimSpace(d.Text))
	for _, s := range []string{d.Text, d.Headline, d.Abstract, d.Byline, d.SiteName, d.Section, d.Language, d.Slugline} {
		require.True(t, utf8.ValidString(s))
		require.True(t, norm.NFC.IsNormalString(s))
		for _, r := range s {
			// By hand, since texts may have millions of characters.
			if r < 0x20 && r != '\n' && r != '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				require.Failf(t, "control or override", "%U", r)
			}
		}
	}
	requireBlocks(t, d)
	for field, o := range d.Origins {
		require.NotEmpty(t, o.Source, field)
		_, known := parse.RuleOf(o.Rule)
		require.True(t, known, "%s by rule %q", field, o.Rule)
		require.Greater(t, o.Confidence, 0.0, field)
		require.LessOrEqual(t, o.Confidence, 1.0, field)
	}
	require.Equal(t, d.Headline != "", d.Origins["headline"] != nil)
	require.Equal(t, d.PublishedAt != nil, d.PublishedPrecision != "")
	require.NotNil(t, d.Origins["text"])
	for _, u := range append(urls(d), d.CanonicalUrl) {
		require.True(t, u == "" || strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://"), u)
	}
	_, err := proto.Marshal(d)
	require.NoError(t, err)
}

// requireBlocks checks that the blocks tile the text: each is a paragraph of it,
// in order, and one empty line parts them.
func requireBlocks(t *testing.T, d *datelinev1.Document) {
	t.Helper()
	runes := []rune(d.Text)
	at := 0
	for i, b := range d.Blocks {
		if i > 0 {
			require.Equal(t, "\n\n", string(runes[at:at+2]))
			at += 2
		}
		require.Equal(t, at, int(b.Span.Start))
		require.Greater(t, b.Span.End, b.Span.Start)
		require.LessOrEqual(t, int(b.Span.End), len(runes))
		require.NotContains(t, string(runes[b.Span.Start:b.Span.End]), "\n\n")
		at = int(b.Span.End)
	}
	require.Equal(t, len(runes), at)
}

func urls(d *datelinev1.Document) []string {
	var out []string
	for _, l := range d.Links {
		out = append(out, l.Url)
	}
	for _, m := range d.Images {
		out = append(out, m.Url)
	}
	return out
}
