package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/cli"
)

const root = "../../.."

// pages are what people read.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md", "deploy/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			texts[file] = string(text)
		}
	}
	return texts
}

// TestLinks: what a page links to in this repository is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^()\s]+)\)`)
	checked := 0
	for file, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(file), target))
			require.NoError(t, err, "%s links to %s", file, m[1])
			checked++
		}
	}
	require.NotZero(t, checked)
}

// TestDocumentedCommands: the commands and flags of the examples exist.
func TestDocumentedCommands(t *testing.T) {
	command := regexp.MustCompile(`(?m)^bin/dateline ([^#\n]+)`)
	checked := 0
	for file, text := range pages(t) {
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			var out bytes.Buffer
			err := cli.Run(t.Context(), append(strings.Fields(m[1]), "--help"), nil, &out, io.Discard)
			require.NoError(t, err, "%s: %s", file, m[0])
			require.NotContains(t, out.String(), "Available Commands", "%s: %s", file, m[0])
			checked++
		}
	}
	require.NotZero(t, checked)
}

// TestConfigurationIsDocumented: make config-doc writes the page.
func TestConfigurationIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/configuration.md"))
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, cli.Run(t.Context(), []string{"config", "reference", "--markdown"}, nil, &out, io.Discard))
	require.Equal(t, string(page), out.String(), "run: make config-doc")
}

// TestSettingsOfTheReadme: the variables that the README picks have the defaults
// that it names.
func TestSettingsOfTheReadme(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, cli.Run(t.Context(), []string{"config", "reference", "--markdown"}, nil, &out, io.Discard))
	row := regexp.MustCompile("(?m)^\\| `(DATELINE_[A-Z_]+)` \\| (.*?) \\|")
	rows := row.FindAllStringSubmatch(pages(t)[filepath.Join(root, "README.md")], -1)
	require.NotEmpty(t, rows)
	for _, m := range rows {
		require.Contains(t, out.String(), "`"+m[1]+"`")
		if plain := strings.Trim(m[2], "`"); m[2] != plain && !strings.Contains(plain, " ") {
			require.Regexp(t, fmt.Sprintf("`%s` .*\\| `%s` \\|", m[1], regexp.QuoteMeta(plain)), out.String())
		}
	}
}

// TestGoSnippet: the README's Go is an example that compiles.
func TestGoSnippet(t *testing.T) {
	example, err := os.ReadFile(filepath.Join(root, "pkg/client/example_test.go"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(pages(t)[filepath.Join(root, "README.md")], "```go\n")
	require.True(t, found)
	snippet, _, _ := strings.Cut(rest, "```")
	require.Contains(t, unindented(string(example)), unindented(snippet))
}

func unindented(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}
