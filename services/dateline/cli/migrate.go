package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/migrate"
)

// origin is where a migration comes from.
type origin struct {
	place string // a directory of data, or an address
	nats  bus.Config
}

func (o *origin) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.place, "from", "", "directory of data of 'dateline up', or the address of a NATS server")
	flags.StringVar(&o.nats.Creds, "from-creds", "", "credentials file for the source")
	flags.StringVar(&o.nats.NKey, "from-nkey", "", "file with an nkey seed for the source")
	flags.StringVar(&o.nats.User, "from-user", "", "user name at the source")
	flags.StringVar(&o.nats.PasswordFile, "from-password-file", "", "file with the user's password at the source")
	flags.StringVar(&o.nats.CA, "from-ca", "", "file with the certificate authorities to trust for the source")
	flags.StringVar(&o.nats.Cert, "from-cert", "", "client certificate file for the source")
	flags.StringVar(&o.nats.Key, "from-key", "", "client key file for the source")
}

func newMigrate() *cobra.Command {
	var (
		cfg     provisioning
		from    origin
		to      string
		options migrate.Options
	)
	cmd := &cobra.Command{
		Use:   "migrate --from DIR|URL --to URL",
		Short: "Move everything from one NATS server to another, such as from a laptop to a cluster",
		Long: `Migrate copies what Dateline holds: the registry of feeds with the state of their
polls, the seen-set, host budgets, pages on their way, documents, events, quarantine.
Each stream comes as it is, with its sequences, times and message ids, and with what
each consumer has acknowledged, so that the services go on at the destination where
they ended: no article is fetched twice, and no event comes twice.

Stop the services at both sides first; 'dateline up' is stopped by its data being
opened here. Consumers and publishers may stay connected. What is there already is
left alone, so an interrupted migration is simply run again. At the end both sides are
compared message by message. The source is never changed.

The settings --nats-… are for the destination, --from-… for the source.`,
		Example: `  dateline migrate --from dateline-data --to nats://nats.example.org:4222 --dry-run
  dateline migrate --from dateline-data --to tls://nats-1:4222 --nats-replicas 3 --nats-nkey admin.nk --nats-ca ca.pem
  dateline migrate --from nats://old:4222 --to nats://new:4222`,
		Args: noArgs,
	}
	bindConfig(cmd, &cfg)
	from.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&to, "to", "", "address of the destination")
	flags.StringSliceVar(&options.Skip, "skip", nil, "stream to leave behind, such as ARCHIVE; may be repeated")
	flags.BoolVar(&options.DryRun, "dry-run", false, "look, and change nothing")
	flags.BoolVar(&options.Running, "running", false, "go on although services run at the source")
	flags.BoolVar(&options.Quick, "quick", false, "compare counts only at the end")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if from.place == "" || to == "" {
			return service.Usagef("%s needs --from and --to\nSee '%s --help'", cmd.CommandPath(), cmd.CommandPath())
		}
		if err := loadConfig(cmd, &cfg); err != nil {
			return err
		}
		cfg.NATS.URL, options.Topology = to, cfg.options()
		options.Tell = func(line string) { fmt.Fprintln(cmd.OutOrStdout(), line) }
		return withBus(cmd, cfg.NATS, topology.RoleAdmin, func(ctx context.Context, target *bus.Bus) error {
			return from.open(ctx, cmd, cfg.MaxStore, func(ctx context.Context, source *bus.Bus) error {
				return migrate.Run(ctx, source, target, options)
			})
		})
	}
	hideFlags(cmd, "nats-provision", "nats-url")
	return cmd
}

// open calls fn with a connection to the source, which is started first where it is
// a directory.
func (o *origin) open(ctx context.Context, cmd *cobra.Command, maxStore config.Bytes, fn func(context.Context, *bus.Bus) error) error {
	info, err := os.Stat(o.place)
	switch {
	case err == nil && info.IsDir():
		return o.openData(ctx, maxStore, fn)
	case strings.Contains(o.place, "://") || strings.Contains(o.place, ":"):
		cfg := o.nats
		cfg.URL, cfg.Inbox = o.place, topology.Inbox(topology.RoleAdmin)
		source, err := connect(cmd.ErrOrStderr(), cfg)
		if err != nil {
			return fmt.Errorf("the source: %w", err)
		}
		defer closeSoon(source)
		return source.WhileAllowed(ctx, func(ctx context.Context) error { return fn(ctx, source) })
	default:
		return service.Usagef("--from %s is neither a directory nor an address such as nats://127.0.0.1:4222", o.place)
	}
}

func (o *origin) openData(ctx context.Context, maxStore config.Bytes, fn func(context.Context, *bus.Bus) error) (err error) {
	data := filepath.Join(o.place, "nats")
	if _, err := os.Stat(filepath.Join(data, "jetstream")); err != nil {
		return fmt.Errorf("%s has no data of 'dateline up': %w", o.place, err)
	}
	server, err := embedded.Start(embedded.Config{Data: data, MaxStore: maxStore, SyncInterval: time.Minute})
	if err != nil {
		return fmt.Errorf("open the source: %w", err)
	}
	defer func() {
		if stopped := server.Stop(); err == nil {
			err = stopped
		}
	}()
	source, err := bus.Connect("migrate", bus.Config{Options: []bus.Option{server.InProcess()}}, zap.NewNop())
	if err != nil {
		return err
	}
	defer closeSoon(source)
	return fn(ctx, source)
}
