package cli

import (
	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/worker"
)

func newHealth() *cobra.Command {
	var cfg telemetry.Config
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running process whether it is ready: for probes of containers",
		Example: `  dateline health
  dateline health --http 127.0.0.1:8081`,
		Args: noArgs,
	}
	bindConfig(cmd, &cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		return worker.Health(cmd.Context(), cfg.HTTP)
	}
	hideFlags(cmd, "log-level", "log-format")
	return cmd
}
