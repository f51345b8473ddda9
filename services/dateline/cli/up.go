package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/opml"
	"github.com/dateline-news/dateline/services/dateline/up"
)

func newUp() *cobra.Command {
	var (
		cfg     up.Config
		options up.Options
		feeds   string
	)
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run everything in this process: broker, three services, console, metrics",
		Long: `Up runs Dateline whole: a NATS server with JetStream, the fetcher, the parser and
the enricher, the console and the ops listener. Other terminals reach it by the
NATS address that it prints.

With --demo it also serves a small news site on loopback, submits its feeds and
prints the events as they arrive; it needs no network.`,
		Example: `  dateline up --demo
  dateline up --feeds feeds.opml --data /var/lib/dateline
  dateline up --nats-listen 127.0.0.1:14222 --http 127.0.0.1:18080`,
		Args: noArgs,
	}
	bindConfig(cmd, &cfg)
	cmd.Flags().BoolVar(&options.Demo, "demo", false, "serve the bundled news site, submit its feeds, print events")
	cmd.Flags().StringVar(&feeds, "feeds", "", "OPML file of feeds to submit at the start")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		var err error
		if options.Feeds, err = readOPML(feeds); err != nil {
			return err
		}
		options.Load = func() (up.Config, string, error) {
			var again up.Config
			err := loadConfig(cmd, &again)
			return again, again.Telemetry.LogLevel, err
		}
		options.Out, options.Err = cmd.OutOrStdout(), cmd.ErrOrStderr()
		return up.Run(cmd.Context(), cfg, options)
	}
	return cmd
}

// readOPML reads a file of feeds; no name, no feeds.
func readOPML(name string) ([]*datelinev1.Feed, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the list of feeds: %w", err)
	}
	defer func() { _ = file.Close() }()
	feeds, err := opml.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return feeds, nil
}
