package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/topology"
)

// setupTimeout is generous: a cluster elects a leader for each stream.
const setupTimeout = 2 * time.Minute

// provisioning is how a command reaches the server that makes streams there.
type provisioning struct {
	NATS     bus.Config   `config:"nats"`
	MaxStore config.Bytes `config:"nats.max-store" default:"10GiB" help:"disk that all streams together may take; each gets its share"`
}

func (p provisioning) options() topology.Options {
	return topology.Options{Replicas: p.NATS.Replicas, MaxStore: int64(p.MaxStore)}
}

func newSetup() *cobra.Command {
	var cfg provisioning
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Make the streams, consumers and buckets on a NATS server, or bring them up to this version",
		Long: `Setup makes the server look like this version needs it: it creates what is missing,
changes what differs, and leaves alone what is the same. Where the server knows
users, it is the admin's: services then run with --nats-provision=false and hold no
rights to make or change streams.`,
		Example: `  dateline setup --nats-url tls://nats-1:4222 --nats-nkey keys/admin.nk --nats-ca keys/ca.pem --nats-replicas 3 --nats-max-store 200GiB`,
		Args:    noArgs,
	}
	bindConfig(cmd, &cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		return withBus(cmd, cfg.NATS, topology.RoleAdmin, func(ctx context.Context, b *bus.Bus) error {
			return setup(ctx, cmd, b, cfg.options())
		})
	}
	hideFlags(cmd, "nats-provision")
	return cmd
}

func setup(ctx context.Context, cmd *cobra.Command, b *bus.Bus, o topology.Options) error {
	ctx, cancel := context.WithTimeout(ctx, setupTimeout)
	defer cancel()
	changes, err := topology.Ensure(ctx, b.JS, o)
	out := cmd.OutOrStdout()
	for _, c := range changes {
		fmt.Fprintf(out, "%s  %s", c.Action, c.Object)
		if len(c.Differences) > 0 {
			fmt.Fprintf(out, "  %s", strings.Join(c.Differences, ", "))
		}
		fmt.Fprintln(out)
	}
	if err == nil && len(changes) == 0 {
		fmt.Fprintln(out, "all is as it should be")
	}
	return err
}
