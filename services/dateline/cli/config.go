package cli

import (
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/up"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// allSettings are the settings of all programs, for the reference and for what
// may stand in a file that they share.
func allSettings() []any {
	return []any{&up.Config{}, &remote{}, &worker.Config[struct{}]{}}
}

func newConfig() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Show settings: what there is, and what is in force",
		Example: "  dateline config reference\n  dateline config show",
		Args:    subcommand,
		RunE:    showHelp,
	}
	cmd.AddCommand(newConfigReference(), newConfigShow())
	return cmd
}

func newConfigReference() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:     "reference",
		Short:   "Print every setting with its flag, variable, default and meaning",
		Example: "  dateline config reference --markdown > docs/configuration.md",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			format := config.Text
			if markdown {
				format = config.Markdown
			}
			return config.Reference(cmd.OutOrStdout(), format, allSettings()...)
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as a Markdown table")
	return cmd
}

func newConfigShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the settings of a program in force, and where each came from",
		Example: `  DATELINE_LOG_LEVEL=debug dateline config show
  dateline config show fetcher --config /etc/dateline/dateline.yaml`,
		Args: subcommand,
	}
	var everything up.Config
	bindConfig(cmd, &everything)
	cmd.RunE = showConfig(&everything, configFile)
	for _, program := range []struct {
		name, what string
		settings   any
		file       string // that is read unasked; services read none
	}{
		{"up", "'dateline up', as without a name", &up.Config{}, configFile},
		{"fetcher", "the fetcher service", serviceConfig[fetch.Settings]("127.0.0.1:8081"), ""},
		{"parser", "the parser service", serviceConfig[parse.Settings]("127.0.0.1:8082"), ""},
		{"enricher", "the enricher service", serviceConfig[enrich.Settings]("127.0.0.1:8083"), ""},
		{"command", "commands that connect to a server", &remote{}, configFile},
	} {
		sub := &cobra.Command{
			Use: program.name, Short: "Settings of " + program.what, Example: "  dateline config show " + program.name, Args: noArgs,
		}
		bindConfig(sub, program.settings)
		sub.RunE = showConfig(program.settings, program.file)
		cmd.AddCommand(sub)
	}
	return cmd
}

// serviceConfig is the configuration of a service with its own default of where its
// ops listener is.
func serviceConfig[C any](http string) *worker.Config[C] {
	cfg := &worker.Config[C]{}
	cfg.Telemetry.HTTP = http
	return cfg
}

func showConfig(target any, file string) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		sources, err := traceConfig(cmd, target, file)
		if err != nil {
			return err
		}
		return config.Print(cmd.OutOrStdout(), target, sources)
	}
}
