package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// shown has secrets in every place that is printed.
func shown() *settings {
	return &settings{
		NATS: broker{URL: "nats://token@a:4222,nats://user:hunter2@b:4222", Password: "hunter2"},
		note: "hunter2",
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	for format, name := range map[config.Format]string{
		config.Markdown: "reference.md",
		config.Text:     "reference.txt",
	} {
		var b strings.Builder
		require.NoError(t, config.Reference(&b, format, shown(), &ops{}))
		require.NotContains(t, b.String(), "hunter2")
		golden(t, name, b.String())
	}
	require.ErrorContains(t, config.Reference(&strings.Builder{}, "html", &ops{}), `unknown format "html"`)
}

func TestHelp(t *testing.T) {
	t.Parallel()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	require.NoError(t, config.Bind(fs, shown()))
	require.NotContains(t, fs.FlagUsages(), "hunter2")
	golden(t, "help.txt", fs.FlagUsages())
}

func TestPrint(t *testing.T) {
	t.Parallel()
	target := shown()
	sources, err := load(t, source{
		file: "fetcher: {max-page: 1500000, headers: {b: x, a: y}}",
		env:  []string{"DATELINE_LANGUAGES=fr,de"},
		args: []string{"--fetcher-host-delay=48h", "--sampling=1"},
	}, config.Options{}, target)
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, config.Print(&b, target, sources))
	require.NotContains(t, b.String(), "hunter2")
	golden(t, "print.txt", b.String())
}
