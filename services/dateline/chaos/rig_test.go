package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// patience is how long a run may go without any progress before what is missing
// counts as lost: longer than any wait for another delivery.
const patience = 3 * time.Minute

// options are in what a fault's rig differs from the usual one.
type options struct {
	broker   process.BrokerOptions
	brokers  int // 1, or 3 for a cluster
	maxStore int64
	// ackWait, if not 0, is how long the server waits for a sign of life of a
	// message. The services believe that it is the usual time.
	ackWait time.Duration
	// window, if not 0, is how long the server remembers message ids.
	window time.Duration
	// limits are the sizes of streams, in bytes, where they are not the usual ones.
	limits map[string]int64
	// refetch has pages looked at again.
	refetch bool
	env     []string
	// url, if not "", is where the services connect, such as a proxy.
	url string
	// third, if not nil, is where the third node of a cluster stands.
	third *netns
	// wrap are the words before a service's command.
	wrap map[string][]string
	// allInOne has everything in one process, dateline up.
	allInOne bool
}

// rig is a running Dateline whose parts are processes of their own, with its
// origin, its broker, and the ledger of what was given to it.
type rig struct {
	t       *testing.T
	dir     string
	seed    uint64
	random  *rand.Rand
	o       options
	origin  *origin
	ledger  *ledger
	brokers []*process.Broker
	running map[string]*process.Process
	bus     *bus.Bus
	// events is poked when an event may have come.
	events chan struct{}
}

// newRig starts everything.
func newRig(ctx context.Context, t *testing.T, o options) *rig {
	t.Helper()
	dir, err := os.MkdirTemp("", "dateline-chaos-")
	require.NoError(t, err)
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("seed %d, logs and streams in %s", s, dir)
	r := &rig{
		t: t, dir: dir, seed: s, random: rand.New(rand.NewPCG(s, 1)), o: o,
		origin: newOrigin(s), ledger: newLedger(), running: map[string]*process.Process{}, events: make(chan struct{}, 1),
	}
	t.Cleanup(r.close)
	require.NoError(t, r.startBrokers(ctx))
	require.NoError(t, r.connect(ctx))
	if !o.allInOne {
		for _, service := range process.Services() {
			require.NoError(t, r.run(ctx, service))
		}
	}
	require.NoError(t, r.shorten(ctx))
	return r
}

func (r *rig) close() {
	if r.t.Failed() {
		for name, p := range r.running {
			r.t.Logf("end of the log of %s:\n%s", name, p.Tail(15))
		}
	}
	for _, p := range r.running {
		p.Kill()
	}
	if r.bus != nil {
		r.bus.Conn.Close()
	}
	for _, b := range r.brokers {
		if b.Process != nil {
			b.Kill()
		}
	}
	r.origin.server.Close()
	if !*keep && !r.t.Failed() {
		_ = os.RemoveAll(r.dir)
	}
}

func (r *rig) startBrokers(ctx context.Context) error {
	o := r.o.broker
	if r.o.brokers <= 1 {
		b, err := process.NewBroker(r.dir, o)
		if err != nil {
			return err
		}
		if r.o.allInOne {
			b.Settings = r.settings()
		}
		r.brokers = []*process.Broker{b}
		return b.Run(ctx)
	}
	hosts := []string{"127.0.0.1", "127.0.0.1", "127.0.0.1"}
	if n := r.o.third; n != nil {
		hosts = []string{n.here, n.here, n.there}
	}
	var routes []string
	for _, host := range hosts {
		port, err := process.FreePort()
		if err != nil {
			return err
		}
		routes = append(routes, fmt.Sprintf("%s:%d", host, port))
	}
	for i, route := range routes {
		if o.Host = hosts[i]; r.o.third != nil && i == 2 {
			o.Wrap = r.o.third.within()
		}
		o.Name, o.Cluster, o.Routes = fmt.Sprintf("node%d", i+1), route, routes
		b, err := process.NewBroker(r.dir, o)
		if err != nil {
			return err
		}
		r.brokers = append(r.brokers, b)
	}
	return r.eachBroker(func(b *process.Broker) error { return b.Run(ctx) })
}

// eachBroker runs fn for all brokers side by side: one of a cluster alone is not ready.
func (r *rig) eachBroker(fn func(*process.Broker) error) error {
	errs := make(chan error, len(r.brokers))
	for _, b := range r.brokers {
		go func() { errs <- fn(b) }()
	}
	var all []error
	for range r.brokers {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}

func (r *rig) url() string {
	addresses := make([]string, len(r.brokers))
	for i, b := range r.brokers {
		addresses[i] = "nats://" + b.Address
	}
	return strings.Join(addresses, ",")
}

func (r *rig) topology() topology.Options {
	o := topology.Options{Replicas: 1, MaxStore: 1 << 30}
	if len(r.brokers) > 1 {
		o.Replicas = 3
	}
	if r.o.maxStore > 0 {
		o.MaxStore = r.o.maxStore
	}
	return o
}

// connect opens the tests' own connection, which always goes straight to the
// broker, and makes the streams.
func (r *rig) connect(ctx context.Context) error {
	b, err := bus.Connect("chaos", bus.Config{URL: r.url()}, zap.NewNop())
	if err != nil {
		return err
	}
	r.bus = b
	// What is published on a stream's subject reaches plain subscribers, too.
	_, err = b.Conn.Subscribe(topology.EnrichedFilter("", ""), func(*nats.Msg) {
		select {
		case r.events <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return fmt.Errorf("subscribe to events: %w", err)
	}
	for {
		// A cluster that has just started may have no leader yet.
		try, cancel := context.WithTimeout(ctx, 30*time.Second)
		_, err = topology.Ensure(try, b.JS, r.topology())
		cancel()
		if err == nil || ctx.Err() != nil {
			break
		}
		pause(ctx, 200*time.Millisecond)
	}
	return err
}

// shorten gives the streams and consumers the shorter times and lower limits that a
// fault asks for.
func (r *rig) shorten(ctx context.Context) error {
	for _, cfg := range topology.Streams(r.topology()) {
		if r.o.window == 0 && r.o.limits[cfg.Name] == 0 {
			continue
		}
		if r.o.window > 0 {
			cfg.Duplicates = r.o.window
		}
		if limit := r.o.limits[cfg.Name]; limit > 0 {
			cfg.MaxBytes = limit
		}
		if _, err := r.bus.JS.UpdateStream(ctx, cfg); err != nil {
			return fmt.Errorf("change stream %s: %w", cfg.Name, err)
		}
	}
	if r.o.ackWait == 0 {
		return nil
	}
	for _, s := range topology.Stages() {
		s.AckWait = r.o.ackWait
		if err := topology.EnsureConsumer(ctx, r.bus.JS, s, r.topology()); err != nil {
			return err
		}
	}
	return nil
}

// run starts a service, and waits until it has started.
func (r *rig) run(ctx context.Context, service string) error {
	url := r.o.url
	if url == "" {
		url = r.url()
	}
	env := append(r.settings(),
		"DATELINE_NATS_URL="+url,
		fmt.Sprintf("DATELINE_NATS_REPLICAS=%d", r.topology().Replicas),
		fmt.Sprintf("DATELINE_NATS_PROVISION=%t", r.o.ackWait == 0))
	p, err := process.Start(service, r.dir, env, r.o.wrap[service])
	if err != nil {
		return err
	}
	r.running[service] = p
	return p.AwaitUp(ctx)
}

// settings are the services' own.
func (r *rig) settings() []string {
	return append([]string{
		fmt.Sprintf("DATELINE_NATS_MAX_STORE=%d", r.topology().MaxStore),
		"DATELINE_HTTP=127.0.0.1:0",
		"DATELINE_LOG_FORMAT=json",
		"DATELINE_FETCHER_ALLOW_HOSTS=" + r.origin.host(),
		// One origin serves all pages.
		"DATELINE_FETCHER_HOST_DELAY=0s", "DATELINE_FETCHER_HOST_CONNECTIONS=0",
		"DATELINE_FETCHER_REFETCH=" + map[bool]string{true: "1h", false: "never"}[r.o.refetch],
	}, r.o.env...)
}

// done is how many messages have come to an end: events and entries in quarantine.
func (r *rig) done(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	events, err := r.count(ctx, topology.StreamEnriched)
	if err != nil {
		return 0, err
	}
	entries, err := r.count(ctx, topology.StreamQuarantine)
	return events + entries, err
}

// awaitDone waits until as many have come to an end, and returns how many have. It
// gives up after a time without any progress.
func (r *rig) awaitDone(ctx context.Context, want int, stall time.Duration) (int, error) {
	last, since := -1, time.Now()
	for {
		n, err := r.done(ctx)
		switch {
		case err == nil && n >= want:
			return n, nil
		case err == nil && n > last:
			last, since = n, time.Now()
		case time.Since(since) > stall:
			return last, fmt.Errorf("%d of %d are done, and none more for %s", last, want, stall)
		case ctx.Err() != nil:
			return last, context.Cause(ctx)
		}
		r.awaitEvent(ctx)
	}
}

// awaitEvent waits until an event may have come, or a moment has passed: a stream
// may also come to its end by what is no event.
func (r *rig) awaitEvent(ctx context.Context) {
	t := time.NewTimer(200 * time.Millisecond)
	defer t.Stop()
	select {
	case <-r.events:
	case <-t.C:
	case <-ctx.Done():
	}
}

// awaitBacklog waits until no more than window are on their way; 0 does not wait.
func (r *rig) awaitBacklog(ctx context.Context, window int) error {
	if window == 0 {
		return nil
	}
	_, err := r.awaitDone(ctx, r.ledger.ends()-window, patience)
	return err
}

// awaitCount waits until a stream holds as many messages.
func (r *rig) awaitCount(ctx context.Context, stream string, want int) error {
	for since := time.Now(); time.Since(since) < patience; {
		if n, err := r.count(ctx, stream); err == nil && n >= want {
			return nil
		}
		r.awaitEvent(ctx)
	}
	return fmt.Errorf("%s does not come to hold %d messages", stream, want)
}

// settle waits until all that the ledger holds is done and nothing is left in hand.
func (r *rig) settle(ctx context.Context) error {
	if _, err := r.awaitDone(ctx, r.ledger.ends(), patience); err != nil {
		return err
	}
	for since := time.Now(); ; {
		left, err := r.left(ctx)
		if err == nil && len(left) == 0 {
			return nil
		}
		if time.Since(since) > patience {
			return fmt.Errorf("not everything is done after %s: %s (%w)", patience, strings.Join(left, "; "), err)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r.awaitEvent(ctx)
	}
}
