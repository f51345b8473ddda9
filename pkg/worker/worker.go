// Package worker is a process that runs the stages of one service against one
// NATS: configuration, log, ops listener, connection, topology, stages.
package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Stage is one of a service's stages, or whatever else it keeps running.
type Stage interface {
	// Name stands in logs, checks and errors.
	Name() string
	// Run works until ctx ends, and then finishes what is in hand.
	Run(ctx context.Context) error
	// Ready returns an error while it cannot work.
	Ready() error
}

// Env is what a service's stages get of their process.
type Env struct {
	Bus      *bus.Bus
	Log      *zap.Logger
	Registry prometheus.Registerer
	// Settings are the runner's, filled but for what the service decides: workers
	// and bounds.
	Settings stage.Settings
	// Now is the clock of what is scheduled; nil means time.Now.
	Now func() time.Time
	// Left is what is left where the streams are.
	Left level.Left
}

// Build makes a service's stages. The function that it returns is called when
// all of them have ended.
type Build[C any] func(ctx context.Context, env Env, cfg C) (stages []Stage, closed func(), err error)

// Config is the configuration of a worker process.
type Config[C any] struct {
	Telemetry telemetry.Config
	NATS      bus.Config   `config:"nats"`
	MaxStore  config.Bytes `config:"nats.max-store" default:"10GiB" help:"disk that all streams together may take; each gets its share"`
	Service   C
}

// Main runs the program name and returns its exit code. Its ops listener is at
// http unless configured otherwise.
func Main[C any](name, http string, build Build[C]) int {
	return service.Main(name, func(ctx context.Context) error {
		var cfg Config[C]
		cfg.Telemetry.HTTP = http
		fs := pflag.NewFlagSet(name, pflag.ContinueOnError)
		fs.Usage = func() { usage(name, fs) }
		version := fs.Bool("version", false, "print the version and exit")
		health := fs.Bool("health", false, "ask the running process whether it is ready, and exit")
		if err := config.Bind(fs, &cfg); err != nil {
			return err
		}
		if err := fs.Parse(os.Args[1:]); err != nil {
			if errors.Is(err, pflag.ErrHelp) {
				return nil
			}
			return service.Usagef("%w", config.FlagError(fs, err))
		}
		if fs.NArg() > 0 {
			return service.Usagef("%s takes no argument %q", name, fs.Arg(0))
		}
		if *version {
			fmt.Println(name, telemetry.Version(), telemetry.Revision())
			return nil
		}
		load := func() (Config[C], string, error) {
			var cfg Config[C]
			_, err := config.Load(fs, config.Options{Known: shared}, &cfg)
			return cfg, cfg.Telemetry.LogLevel, err
		}
		cfg, _, err := load()
		if err != nil {
			return err
		}
		if *health {
			return Health(ctx, cfg.Telemetry.HTTP)
		}
		return run(ctx, name, cfg, load, build)
	})
}

// shared are the settings of programs that read the same file and environment.
var shared = []string{
	"fetcher.*", "parser.*", "enricher.*", "languages", "demo.*", "data", "nats.listen", "nats.sync-interval",
	"http-token", "http-read-only",
}

func usage(name string, fs *pflag.FlagSet) {
	fmt.Fprintf(os.Stdout, "%s runs the %s's stages of Dateline against a NATS server.\n\nExample:\n  %s --nats-url nats://127.0.0.1:4222\n\nFlags:\n%s",
		name, name, name, fs.FlagUsages())
}

func run[C any](ctx context.Context, name string, cfg Config[C], load func() (Config[C], string, error), build Build[C]) error {
	log, logLevel, err := telemetry.NewLogger(cfg.Telemetry, os.Stderr, name)
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	tracing, err := telemetry.StartTracing(ctx, cfg.Telemetry.Traces, name, log)
	if err != nil {
		return err
	}
	defer tracing.Close()
	registry := telemetry.NewRegistry(telemetry.Version())
	ops := telemetry.NewOps(telemetry.OpsConfig{Addr: cfg.Telemetry.HTTP, Registry: registry, Log: log})
	if err := ops.Listen(); err != nil {
		return err
	}
	b, err := bus.Connect(name, cfg.NATS, log)
	if err != nil {
		return err
	}
	defer CloseBus(b, log)
	ops.AddReadiness("nats", b.Ready)

	topo := topology.Options{Replicas: cfg.NATS.Replicas, MaxStore: int64(cfg.MaxStore)}
	env := NewEnv(b, log, registry, nil)
	env.Settings.Tracer = tracing
	if cfg.NATS.Provision {
		env.Settings.Topology = &topo
	}
	var (
		stages []Stage
		closed func()
	)
	err = b.WhileAllowed(ctx, func(ctx context.Context) error {
		if err := prepare(ctx, name, b, topo, cfg.NATS.Provision, log); err != nil {
			return err
		}
		var err error
		stages, closed, err = build(ctx, env, cfg.Service)
		return err
	})
	if closed != nil {
		defer closed()
	}
	if err != nil {
		return err
	}

	group := &service.Group{Log: log}
	group.Add(service.Part{Name: "ops listener", Run: ops.Run})
	group.Add(Reload(log, logLevel, cfg, load))
	AddStages(group, ops, append(stages, level.New(b, topo, registry)))
	log.Info("started", zap.String("version", telemetry.Version()), zap.String("nats", bus.Redact(cfg.NATS.URL)), zap.String("http", ops.Addr()))
	return group.Run(ctx)
}

// prepare makes what the stages need on the server, or looks whether it is there.
func prepare(ctx context.Context, name string, b *bus.Bus, topo topology.Options, provision bool, log *zap.Logger) error {
	if provision {
		return Provision(ctx, b, topo, log)
	}
	ctx, cancel := context.WithTimeout(ctx, provisionTimeout)
	defer cancel()
	for _, role := range topology.Roles() {
		if role.Name != name {
			continue
		}
		differing, err := topology.Check(ctx, b.JS, role, topo)
		for _, d := range differing {
			log.Warn("topology is not what this version makes; 'dateline setup' would change it",
				zap.String("object", d.Object), zap.Strings("differences", d.Differences))
		}
		return err
	}
	return nil
}

// drain is how long stages may finish what they have in hand. They share a
// group's grace with the ops listener, and giving back what did not end takes a
// moment: half of it would be too much.
const drain = service.DefaultGrace / 3

// NewEnv makes the environment of stages in a process. topo is nil where the
// process may not create consumers.
func NewEnv(b *bus.Bus, log *zap.Logger, registry prometheus.Registerer, topo *topology.Options) Env {
	return Env{
		Bus: b, Log: log, Registry: registry, Left: level.Granted(b),
		Settings: stage.Settings{
			Bus: b, Log: log, Metrics: stage.NewMetrics(registry), Topology: topo,
			Version: telemetry.Version(),
			Drain:   drain,
		},
	}
}

// provisionTimeout is generous: a cluster elects a leader for each stream.
const provisionTimeout = time.Minute

// Provision makes the server look like the topology says, and logs what it did.
func Provision(ctx context.Context, b *bus.Bus, o topology.Options, log *zap.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, provisionTimeout)
	defer cancel()
	changes, err := topology.Ensure(ctx, b.JS, o)
	for _, c := range changes {
		log.Info("topology", zap.String("object", c.Object), zap.String("action", c.Action), zap.Strings("differences", c.Differences))
	}
	return err
}

// AddStages adds stages to a group as one part. They stop side by side: what
// each has published is safe whether or not the next one still runs.
func AddStages(group *service.Group, ops *telemetry.Ops, stages []Stage) {
	for _, s := range stages {
		ops.AddReadiness(s.Name(), s.Ready)
	}
	group.Add(service.Part{Name: "stages", Run: func(ctx context.Context) error {
		running, ctx := errgroup.WithContext(ctx)
		for _, s := range stages {
			running.Go(func() error {
				if err := s.Run(ctx); err != nil {
					return fmt.Errorf("%s: %w", s.Name(), err)
				}
				return nil
			})
		}
		return running.Wait()
	}})
}

const closeTimeout = 5 * time.Second

// CloseBus flushes and closes a connection when its process ends.
func CloseBus(b *bus.Bus, log *zap.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := b.Close(ctx); err != nil {
		log.Warn("closing the connection", zap.Error(err))
	}
}
