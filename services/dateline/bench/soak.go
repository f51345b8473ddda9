package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// soakOptions say for how long an even load is offered, and where the figures go.
type soakOptions struct {
	lasts     time.Duration
	share     float64
	document  string
	plot      string
	kilobytes int
}

func (o *soakOptions) flags(fs *flag.FlagSet) {
	fs.DurationVar(&o.lasts, "soak", 0, "offer an even load for this long, and fail if memory, files or latency grow")
	fs.Float64Var(&o.share, "share", .7, "with -soak: part of the sustainable rate that is offered")
	fs.StringVar(&o.document, "report", "", "with -soak: document whose table is written anew")
	fs.StringVar(&o.plot, "plot", "", "with -soak: SVG file for the course of the run")
}

const (
	// soakStore is what the streams may take, in bytes: so little that they reach
	// their limits within a run.
	soakStore = 1 << 30
	// soakIndex is how many articles near-duplicates are looked for among: so few, too,
	// that the index is full when growth begins to be judged.
	soakIndex = 20_000
	// soakPoll is how often the feeds are polled.
	soakPoll = 5 * time.Second
	// soakPatience is how long nothing may come out before what is missing counts as
	// lost: longer than any wait for another delivery.
	soakPatience = 2 * time.Minute
)

// soak is a running Dateline under an even load: broker and services are processes of
// their own.
type soak struct {
	soakOptions
	out    io.Writer
	dir    string
	broker *process.Broker
	// running are all processes in the order of the report; the broker is the last.
	running []*process.Process
	bus     *bus.Bus
	ledger  *ledger
	origin  *newsroom
	// rate is the sustainable one, in articles a second.
	rate    float64
	samples []sample
	// warmed is how many articles went through before the samples.
	warmed int
	// from and to are how busy the machine was at the ends of the samples.
	from, to machineLoad
}

func (o soakOptions) run(ctx context.Context) error {
	_, err := o.runTo(ctx, os.Stdout)
	return err
}

// runTo measures and reports.
func (o soakOptions) runTo(ctx context.Context, out io.Writer) (s *soak, err error) {
	dir, err := os.MkdirTemp("", "dateline-soak-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the run: %w", err)
	}
	s = &soak{soakOptions: o, out: out, dir: dir, ledger: newLedger()}
	defer func() {
		s.close()
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			err = fmt.Errorf("%w (logs in %s)", err, dir)
		}
	}()
	if s.origin, err = newNewsroom(o.kilobytes<<10, s.ledger); err != nil {
		return s, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := s.start(ctx); err != nil {
		return s, err
	}
	following := make(chan struct{})
	go func() {
		defer close(following)
		if err := s.follow(ctx); err != nil {
			cancel(fmt.Errorf("follow the events: %w", err))
		}
	}()
	err = s.measure(ctx)
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	cancel(nil)
	<-following
	if err != nil {
		return s, err
	}
	return s, s.report()
}

// measure finds the sustainable rate and then offers a part of it.
func (s *soak) measure(ctx context.Context) error {
	saturated := min(max(s.lasts/20, 5*time.Second), time.Minute)
	s.say("%d cores, %s, nats-server %s; pages of %d KB", runtime.GOMAXPROCS(0), runtime.Version(), server.VERSION, s.kilobytes)
	rate, err := s.saturate(ctx, saturated)
	if err != nil {
		return err
	}
	s.rate, s.warmed = rate, s.ledger.given()
	s.say("sustainable %.1f articles/s, measured for %s; offering %.1f/s for %s", rate, saturated, s.share*rate, s.lasts)
	sampling, stop := context.WithCancel(ctx)
	sampled := make(chan error, 1)
	go func() { sampled <- s.watch(sampling) }()
	s.from = readMachine()
	err = s.offer(ctx, s.share*rate, s.lasts)
	s.to = readMachine()
	stop()
	return errors.Join(err, <-sampled, s.settle(ctx))
}

// start starts the broker and the services.
func (s *soak) start(ctx context.Context) (err error) {
	if s.broker, err = process.NewBroker(s.dir, process.BrokerOptions{}); err != nil {
		return err
	}
	if err := s.broker.Run(ctx); err != nil {
		return err
	}
	if s.bus, err = bus.Connect("soak", bus.Config{URL: "nats://" + s.broker.Address}, zap.NewNop()); err != nil {
		return err
	}
	if _, err := topology.Ensure(ctx, s.bus.JS, topology.Options{MaxStore: soakStore}); err != nil {
		return err
	}
	for _, name := range process.Services() {
		p, err := process.Start(name, s.dir, []string{
			"DATELINE_NATS_URL=nats://" + s.broker.Address,
			fmt.Sprintf("DATELINE_NATS_MAX_STORE=%d", soakStore),
			fmt.Sprintf("DATELINE_ENRICHER_CLUSTER_MAX=%d", soakIndex),
			"DATELINE_HTTP=127.0.0.1:0",
			"DATELINE_LOG_FORMAT=json",
			"DATELINE_FETCHER_ALLOW_HOSTS=" + s.origin.host(),
			// One origin serves all pages: the measure is the pipeline, not its manners.
			"DATELINE_FETCHER_HOST_DELAY=0s", "DATELINE_FETCHER_HOST_CONNECTIONS=0",
			"DATELINE_FETCHER_MIN_INTERVAL=" + soakPoll.String(),
			"DATELINE_FETCHER_MAX_INTERVAL=" + soakPoll.String(),
		}, nil)
		if err != nil {
			return err
		}
		s.running = append(s.running, p)
		if err := p.AwaitUp(ctx); err != nil {
			return err
		}
	}
	s.running = append(s.running, s.broker.Process)
	return s.origin.register(ctx, client.New(s.bus))
}

// close ends all processes, the services first.
func (s *soak) close() {
	for _, p := range s.running {
		p.Terminate()
	}
	if s.bus != nil {
		s.bus.Conn.Close()
	}
	if s.broker != nil && s.broker.Process != nil {
		s.broker.Terminate()
	}
	if s.origin != nil {
		s.origin.server.Close()
	}
}

// follow notes every event.
func (s *soak) follow(ctx context.Context) error {
	return client.New(s.bus).Events(ctx, client.EventOptions{Since: time.Hour}, func(e client.Event) error {
		s.ledger.came(e.GetFetch().GetUrl(), time.Now())
		return nil
	})
}

func (s *soak) say(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }
