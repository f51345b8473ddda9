// Package up is all of Dateline in one process: broker, three services, ops
// listener and console.
package up

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/console"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// Config is the configuration of the process.
type Config struct {
	Telemetry telemetry.Config
	Data      string          `config:"data" default:"dateline-data" help:"directory of the streams"`
	NATS      embedded.Config `config:"nats"`
	Demo      DemoConfig      `config:"demo"`
	Console   console.Settings
	Fetch     fetch.Settings
	Parse     parse.Settings
	Enrich    enrich.Settings
}

// Options are what one start may ask for.
type Options struct {
	// Demo serves the bundled news site and prints its events.
	Demo bool
	// Feeds are submitted at the start.
	Feeds []*datelinev1.Feed
	// Out is where people read; Err is where the log goes.
	Out, Err io.Writer
	// Load, if not nil, reads the configuration again, and returns it with the log's
	// level.
	Load func() (Config, string, error)
	// Attach, if not nil, runs beside the stages; the process ends when it returns.
	Attach func(ctx context.Context, c *client.Client, metrics prometheus.Gatherer) error
}

const (
	// grace is how long all parts may take to finish what they have in hand.
	grace = 30 * time.Second
	// drain is how long the stages may. Four parts share the grace, and what has
	// not ended by then, such as a request to a slow host, is given back in time.
	drain = grace / 6
)

// Run starts everything, serves until ctx ends, and drains.
func Run(ctx context.Context, cfg Config, o Options) error {
	started := time.Now()
	var site *demoRun
	if o.Demo {
		var err error
		if site, err = newDemo(cfg.Demo.Listen, o.Out); err != nil {
			return err
		}
		defer func() { _ = site.listener.Close() }()
		cfg.forDemo(site.addr())
	}
	log, logLevel, err := telemetry.NewLogger(cfg.Telemetry, o.Err, "dateline")
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()

	tracing, err := telemetry.StartTracing(ctx, cfg.Telemetry.Traces, "dateline", log)
	if err != nil {
		return err
	}
	defer tracing.Close()
	registry := telemetry.NewRegistry(telemetry.Version())
	ops := telemetry.NewOps(telemetry.OpsConfig{Addr: cfg.Telemetry.HTTP, Registry: registry, Log: log})
	if err := ops.Listen(); err != nil {
		return err
	}
	cfg.NATS.Data, cfg.NATS.Log = filepath.Join(cfg.Data, "nats"), log.Named("nats")
	if site != nil {
		// The server warns of what it mends by itself after every restart.
		cfg.NATS.Log = cfg.NATS.Log.WithOptions(zap.IncreaseLevel(zap.ErrorLevel))
	}
	server, err := embedded.Start(cfg.NATS)
	if err != nil {
		return err
	}
	defer stopServer(server, log)

	registry.MustRegister(level.Disk{Dir: cfg.NATS.Data})

	b, err := bus.Connect("up", bus.Config{Options: []bus.Option{server.InProcess()}}, log)
	if err != nil {
		return err
	}
	defer worker.CloseBus(b, log)
	ops.AddReadiness("nats", b.Ready)

	topo := topology.Options{MaxStore: int64(cfg.NATS.MaxStore)}
	if err := worker.Provision(ctx, b, topo, log); err != nil {
		return err
	}
	env := worker.NewEnv(b, log, registry, &topo)
	env.Settings.Drain, env.Settings.Tracer = drain, tracing
	env.Left = level.OnDisk(cfg.NATS.Data)
	stages, closed, err := build(ctx, env, cfg)
	if err != nil {
		return err
	}
	defer closed()

	view, err := console.New(b, registry, cfg.Console, log)
	if err != nil {
		return err
	}
	if err := view.Mount(ops); err != nil {
		return err
	}

	group := &service.Group{Log: log, Grace: grace}
	group.Add(service.Part{Name: "ops listener", Run: ops.Run})
	group.Add(service.Part{Name: "console", Run: view.Run})
	if site != nil {
		// Before the stages, and so stopped after them: they finish their requests.
		group.Add(service.Part{Name: "demo site", Run: site.serve})
	}
	if o.Load != nil {
		group.Add(worker.Reload(log, logLevel, cfg, o.Load))
	}
	worker.AddStages(group, ops, append(stages, level.New(b, topo, registry)))

	banner := banner{started: started, ops: ops, server: server, data: cfg.Data, demo: site}
	if site != nil {
		site.client = client.New(b)
		group.Add(service.Part{Name: "demo printer", Run: site.print, Ready: site.printing})
		group.Add(service.Part{Name: "demo feeds", Run: func(ctx context.Context) error { return site.submit(ctx, log) }})
	}
	group.Add(service.Part{Name: "start", Run: func(ctx context.Context) error {
		banner.print(o.Out)
		submit(ctx, client.New(b), o.Feeds, log)
		if o.Attach != nil {
			return o.Attach(ctx, client.New(b), registry)
		}
		<-ctx.Done()
		return nil
	}})
	hint := context.AfterFunc(ctx, func() {
		fmt.Fprintln(o.Out, "\nDraining; a second Ctrl-C ends at once.")
	})
	defer hint()
	if err := group.Run(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		fmt.Fprintln(o.Out, "Drained: all that was in hand is finished, and the next start goes on here.")
	}
	return nil
}

// build makes the stages of all three services, in the order of the pipeline.
func build(ctx context.Context, env worker.Env, cfg Config) ([]worker.Stage, func(), error) {
	var (
		all     []worker.Stage
		closers []func()
		errs    []error
	)
	add := func(stages []worker.Stage, closed func(), err error) {
		all = append(all, stages...)
		errs = append(errs, err)
		if closed != nil {
			closers = append(closers, closed)
		}
	}
	add(fetch.Build(ctx, env, cfg.Fetch))
	add(parse.Build(ctx, env, cfg.Parse))
	add(enrich.Build(ctx, env, cfg.Enrich))
	return all, func() {
		for _, c := range closers {
			c()
		}
	}, errors.Join(errs...)
}

// submit publishes feeds on feeds.submit, as any publisher would. One that is
// refused is no reason to end.
func submit(ctx context.Context, c *client.Client, feeds []*datelinev1.Feed, log *zap.Logger) {
	refused := 0
	for _, feed := range feeds {
		receipt, err := c.SubmitFeed(ctx, feed)
		if ctx.Err() != nil {
			return
		}
		if err == nil && receipt.GetStatus() == "rejected" {
			err = errors.New(receipt.GetMessage())
		}
		if err != nil {
			refused++
			log.Error("feed not submitted", zap.String("url", feed.GetUrl()), zap.Error(err))
		}
	}
	if len(feeds) > 0 {
		log.Info("feeds submitted", zap.Int("feeds", len(feeds)), zap.Int("refused", refused))
	}
}

func stopServer(s *embedded.Server, log *zap.Logger) {
	if err := s.Stop(); err != nil {
		log.Warn("stopping the embedded server", zap.Error(err))
	}
}

// banner is what a person reads when all is running.
type banner struct {
	started time.Time
	ops     *telemetry.Ops
	server  *embedded.Server
	data    string
	demo    *demoRun
}

func (b banner) print(w io.Writer) {
	line := func(name, value string) { fmt.Fprintf(w, "  %-9s %s\n", name, value) }
	fmt.Fprintf(w, "Dateline %s is ready after %.1f s.\n", telemetry.Version(), time.Since(b.started).Seconds())
	if addr := b.ops.Addr(); addr != "" {
		line("console", "http://"+addr+"/")
		line("metrics", "http://"+addr+"/metrics")
	}
	url := b.server.URL()
	if url != "" {
		line("nats", url)
	}
	line("data", b.data)
	feed := "https://example.org/feed.xml"
	if b.demo != nil {
		line("demo site", b.demo.url())
		feed = b.demo.extraFeed()
	}
	if url != "" {
		reach := ""
		if url != defaultURL {
			reach = " --nats-url " + url
		}
		fmt.Fprintf(w, "\nIn another terminal:\n  %[1]s feeds add%[2]s %[3]s\n  %[1]s tail%[2]s\n", os.Args[0], reach, feed)
	}
	fmt.Fprint(w, "\nCtrl-C drains and ends.")
	if b.demo != nil {
		fmt.Fprint(w, " Events as they arrive:")
	}
	fmt.Fprint(w, "\n\n")
}

// defaultURL is where other commands look by themselves.
const defaultURL = "nats://127.0.0.1:4222"
