package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/parser/parse"
)

// TestRulesAreDocumented holds the table in docs/parser.md to the code.
func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../docs/parser.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(raw), "\n### Rules\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n#")
	var rows []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	var want []string
	for _, r := range parse.Rules() {
		want = append(want, fmt.Sprintf("| `%s` | %s |", r.Name, r.Meaning))
	}
	require.Equal(t, want, rows)
}

func TestRuleOf(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"jsonld.headline": "jsonld.<property>", "jsonld.other.datePublished": "jsonld.other.<property>", "meta.og:title": "meta.<name>",
		"h1.supported": "h1.supported", "wire.firstSentence": "wire.firstSentence", "wire.byline": "wire.<field>", "charset.valid": "charset.valid",
		"jsonld.": "", "": "", "guess": "", "h1.guessed": "",
	}
	for name, want := range tests {
		rule, ok := parse.RuleOf(name)
		require.Equal(t, want, rule.Name, name)
		require.Equal(t, want != "", ok, name)
	}
}
