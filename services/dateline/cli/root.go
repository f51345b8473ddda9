// Package cli is the dateline command: one file a subcommand.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Run runs the command with its arguments until it is done or ctx ends.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "dateline",
		Short: "Turn news feeds into a stream of clean, enriched article events",
		Long: `Dateline turns the world's news feeds into a durable stream of clean, enriched
article events on NATS JetStream.

  dateline up --demo      see it work, with no network
  dateline up             run everything in this process, broker included
  dateline feeds add URL  have a feed read
  dateline tail           see the events`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          subcommand,
		RunE:          showHelp,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return service.Usagef("%w\nSee '%s --help'", config.FlagError(cmd.Flags(), err), cmd.CommandPath())
	})
	root.AddCommand(newUp(), newFeeds(), newSubmit(), newTail(), newExplain(), newTrace(), newAccounting(), newWatch(), newQuarantine(), newReplay(),
		newDoctor(), newSetup(), newMigrate(), newPermissions(), newKeys(), newHealth(), newConfig(), newVersion())
	return root
}

// remote is how a command reaches the server.
type remote struct {
	NATS bus.Config `config:"nats"`
}

// connected makes a command's RunE of a function that needs a connection.
func connected(cmd *cobra.Command, run func(cmd *cobra.Command, b *bus.Bus, args []string) error) {
	var cfg remote
	bindConfig(cmd, &cfg)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		return withBus(cmd, cfg.NATS, topology.RoleOperator, func(ctx context.Context, b *bus.Bus) error {
			cmd.SetContext(ctx)
			return run(cmd, b, args)
		})
	}
	// They are for those who make the streams.
	hideFlags(cmd, "nats-provision", "nats-replicas")
}

// withBus calls run with a connection, as a role: its inboxes are those that the
// role's permissions know. What the server forbids ends it.
func withBus(cmd *cobra.Command, cfg bus.Config, role string, run func(context.Context, *bus.Bus) error) error {
	if cfg.Inbox == "" {
		cfg.Inbox = topology.Inbox(role)
	}
	b, err := connect(cmd.ErrOrStderr(), cfg)
	if err != nil {
		return err
	}
	defer closeSoon(b)
	return explainAbsence(b.WhileAllowed(cmd.Context(), func(ctx context.Context) error { return run(ctx, b) }))
}

// closeSoon closes a connection whose command has its answers.
func closeSoon(b *bus.Bus) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = b.Close(ctx)
}

// connect tells on stderr when the connection goes and comes: a tail waits for
// it as long as it takes.
func connect(stderr io.Writer, cfg bus.Config) (*bus.Bus, error) {
	cfg.Options = append(cfg.Options,
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				fmt.Fprintf(stderr, "dateline: lost the connection to NATS (%v); waiting for it to come back\n", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { fmt.Fprintln(stderr, "dateline: connected again") }))
	b, err := bus.Connect("cli", cfg, zap.NewNop())
	var network *net.OpError
	if errors.Is(err, nats.ErrNoServers) || errors.As(err, &network) {
		return nil, errors.Join(err, errors.New("is Dateline running? start it with 'dateline up', or name its server with --nats-url"))
	}
	return b, err
}

// explainAbsence tells what it means that a server answers and knows nothing of
// Dateline.
func explainAbsence(err error) error {
	for _, absent := range []error{
		jetstream.ErrStreamNotFound, jetstream.ErrBucketNotFound, jetstream.ErrNoStreamResponse,
		jetstream.ErrJetStreamNotEnabled, jetstream.ErrJetStreamNotEnabledForAccount, nats.ErrNoResponders,
	} {
		if errors.Is(err, absent) {
			return errors.Join(err, errors.New("this NATS server has no Dateline on it: start 'dateline up' or the services, or name another with --nats-url; in a cluster that has just lost a server, try again in some seconds; 'dateline doctor' tells more"))
		}
	}
	return err
}

// hideFlags leaves settings out of a command's help that it takes and does not
// use, since its section of the configuration has them.
func hideFlags(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		cmd.Flags().Lookup(name).Hidden = true
	}
}

// errInterrupted means that a signal ended a command before it was done, and is a
// failure: what a script takes for all would be a part.
var errInterrupted = errors.New("interrupted")

// interrupted returns the error of a command that a signal ended when done of
// total things were done; nil if it did not.
func interrupted(ctx context.Context, done, total int) error {
	if ctx.Err() == nil || done == total {
		return nil
	}
	return fmt.Errorf("%w: %d of %d done", errInterrupted, done, total)
}

// bindConfig registers the flags of a command's settings. Settings are constant
// types, so a fault is a fault of the program.
func bindConfig(cmd *cobra.Command, target any) {
	if err := config.Bind(cmd.Flags(), target); err != nil {
		panic("bind settings of " + cmd.Name() + ": " + err.Error())
	}
}

func loadConfig(cmd *cobra.Command, target any) error {
	_, err := traceConfig(cmd, target, configFile)
	return err
}

// traceConfig is loadConfig that tells where each value came from.
func traceConfig(cmd *cobra.Command, target any, file string) (config.Sources, error) {
	known, err := config.Keys(allSettings()...)
	if err != nil {
		return nil, err
	}
	return config.Load(cmd.Flags(), config.Options{File: file, Known: known}, target)
}

// configFile is read if it is there.
const configFile = "dateline.yaml"

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  dateline version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.Println("dateline", telemetry.Version(), telemetry.Revision())
			return nil
		},
	}
}

// showHelp is what a command does that only groups others.
func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// subcommand is the check of such a command: whatever is left is the name of no
// command.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("; did you mean %q?", near[0])
	}
	return service.Usagef("%s has no command %q%s\nSee '%s --help'", cmd.CommandPath(), args[0], hint, cmd.CommandPath())
}

// noArgs and minArgs are cobra's checks with errors that count as wrong usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return service.Usagef("%s takes no arguments, but got %q\nSee '%s --help'", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

func minArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return service.Usagef("%s needs %s\nSee '%s --help'", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return service.Usagef("%s needs %s\nSee '%s --help'", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}
