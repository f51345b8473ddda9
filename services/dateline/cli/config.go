package cli

import (
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/up"
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
	var cfg up.Config
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Print the settings of 'dateline up' in force and where each came from",
		Example: "  DATELINE_LOG_LEVEL=debug dateline config show",
		Args:    noArgs,
	}
	bindConfig(cmd, &cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		sources, err := traceConfig(cmd, &cfg)
		if err != nil {
			return err
		}
		return config.Print(cmd.OutOrStdout(), &cfg, sources)
	}
	return cmd
}
