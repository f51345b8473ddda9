package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/demo"
	"github.com/dateline-news/dateline/services/dateline/migrate"
	"github.com/dateline-news/dateline/services/dateline/up"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// origin is the demo site, which counts what is asked for.
type origin struct {
	*httptest.Server
	feeds []*datelinev1.Feed
	// articles are the paths of the pages that give events.
	articles map[string]bool

	mu   sync.Mutex
	hits map[string]int
}

func newOrigin(t *testing.T) *origin {
	t.Helper()
	site, err := demo.New(demo.Options{})
	require.NoError(t, err)
	o := &origin{articles: map[string]bool{}, hits: map[string]int{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.hits[r.URL.Path]++
		o.mu.Unlock()
		site.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	for _, path := range site.FeedPaths() {
		o.feeds = append(o.feeds, &datelinev1.Feed{Url: o.URL + path})
	}
	for _, a := range site.Articles() {
		if a.Feed != site.ExtraFeedPath() && a.Text != "" && a.Kind != demo.KindDisallowed && a.Kind != demo.KindPaywall && a.Kind != demo.KindConsent {
			o.articles[a.Path] = true
		}
	}
	return o
}

// eventsOf counts events by id and revision until there are n of them.
func eventsOf(ctx context.Context, b *client.Client, n int) (map[string]int, error) {
	got, enough := map[string]int{}, errors.New("enough")
	err := b.Events(ctx, client.EventOptions{Since: 24 * time.Hour}, func(e client.Event) error {
		got[e.Header.Get("ce-id")]++
		if len(got) >= n {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return got, err
}

// runUp runs everything in one process until n events are there, with articles still
// on their way.
func runUp(t *testing.T, data string, o *origin, n int) {
	t.Helper()
	var cfg up.Config
	_, err := config.Load(nil, config.Options{Environ: []string{}}, &cfg)
	require.NoError(t, err)
	cfg.Data, cfg.Telemetry.HTTP, cfg.NATS.Listen = data, "127.0.0.1:0", ""
	cfg.Fetch.Fetcher.AllowPrivate, cfg.Fetch.Fetcher.HostDelay = true, 100*time.Millisecond
	require.NoError(t, up.Run(t.Context(), cfg, up.Options{
		Feeds: o.feeds, Out: io.Discard, Err: io.Discard,
		Attach: func(ctx context.Context, c *client.Client, _ prometheus.Gatherer) error {
			_, err := eventsOf(ctx, c, n)
			return err
		},
	}))
}

// startCluster runs three servers and returns their addresses.
func startCluster(t *testing.T) string {
	t.Helper()
	const size = 3
	var routes, urls []string
	ports := make([]int, size)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		ports[i] = l.Addr().(*net.TCPAddr).Port
		routes = append(routes, "nats-route://"+l.Addr().String())
		require.NoError(t, l.Close())
	}
	servers := make([]*server.Server, size)
	for i := range servers {
		ns, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("nats-%d", i+1), Host: "127.0.0.1", Port: server.RANDOM_PORT,
			JetStream: true, StoreDir: t.TempDir(), JetStreamMaxStore: 2 << 30, MaxPayload: 8 << 20,
			Cluster: server.ClusterOpts{Name: "dateline", Host: "127.0.0.1", Port: ports[i]},
			Routes:  server.RoutesFromStr(strings.Join(routes, ",")), NoSigs: true, NoLog: true,
		})
		require.NoError(t, err)
		ns.Start()
		t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
		servers[i] = ns
	}
	for _, ns := range servers {
		require.True(t, ns.ReadyForConnections(time.Minute))
		urls = append(urls, ns.ClientURL())
	}
	require.Eventually(t, func() bool {
		for _, ns := range servers {
			if ns.JetStreamIsLeader() {
				return len(ns.JetStreamClusterPeers()) == size
			}
		}
		return false
	}, time.Minute, 50*time.Millisecond)
	return strings.Join(urls, ",")
}

func connect(t *testing.T, cfg bus.Config) *bus.Bus {
	t.Helper()
	b, err := bus.Connect("test", cfg, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	return b
}

// openData opens the data of up.
func openData(t *testing.T, data string) (*bus.Bus, *embedded.Server) {
	t.Helper()
	s, err := embedded.Start(embedded.Config{Data: filepath.Join(data, "nats"), SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return connect(t, bus.Config{Options: []bus.Option{s.InProcess()}}), s
}

// serve runs the three services on a server until stop is called.
func serve(t *testing.T, b *bus.Bus, topo topology.Options) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	env := worker.NewEnv(b, zap.NewNop(), prometheus.NewRegistry(), &topo)
	var running errgroup.Group
	var closers []func()
	add := func(stages []worker.Stage, closed func(), err error) {
		require.NoError(t, err)
		closers = append(closers, closed)
		for _, s := range stages {
			running.Go(func() error { return s.Run(ctx) })
		}
	}
	load := func(target any) {
		_, err := config.Load(nil, config.Options{Environ: []string{}}, target)
		require.NoError(t, err)
	}
	var (
		f fetch.Settings
		p parse.Settings
		e enrich.Settings
	)
	load(&f)
	load(&p)
	load(&e)
	f.Fetcher.AllowPrivate, f.Fetcher.HostDelay = true, time.Millisecond
	add(fetch.Build(ctx, env, f))
	add(parse.Build(ctx, env, p))
	add(enrich.Build(ctx, env, e))
	return func() {
		cancel()
		require.NoError(t, running.Wait())
		for _, c := range closers {
			c()
		}
	}
}

// TestFromOneProcessToACluster stops everything in the middle of its work and goes on
// with it on three servers: each page is fetched once, and each event comes once.
func TestFromOneProcessToACluster(t *testing.T) {
	o := newOrigin(t)
	data := t.TempDir()
	runUp(t, data, o, 4)
	source, _ := openData(t, data)
	cluster := startCluster(t)
	target := connect(t, bus.Config{URL: cluster})
	topo := topology.Options{Replicas: 3, MaxStore: 1 << 30}

	var told []string
	options := migrate.Options{Topology: topo, Tell: func(line string) { told = append(told, line) }}
	dry := options
	dry.DryRun = true
	require.NoError(t, migrate.Run(t.Context(), source, target, dry))
	_, err := target.JS.Stream(t.Context(), topology.StreamEnriched)
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound, "a dry run changes nothing")

	require.NoError(t, migrate.Run(t.Context(), source, target, options))
	t.Log(strings.Join(told, "\n"))
	stream, err := target.JS.Stream(t.Context(), topology.StreamEnriched)
	require.NoError(t, err)
	require.Equal(t, 3, stream.CachedInfo().Config.Replicas)
	changes, err := topology.Ensure(t.Context(), target.JS, topo)
	require.NoError(t, err)
	require.Empty(t, changes)

	ack, err := target.JS.PublishMsg(t.Context(), aCopy(t, stream))
	require.NoError(t, err)
	require.True(t, ack.Duplicate, "the destination knows the ids")

	// Once more is no harm.
	told = nil
	require.NoError(t, migrate.Run(t.Context(), source, target, options))
	require.Contains(t, strings.Join(told, "\n"), "there already")

	stop := serve(t, target, topo)
	events, err := eventsOf(t.Context(), client.New(target), len(o.articles))
	require.NoError(t, err)
	require.Len(t, events, len(o.articles))
	// While they run, and after they have worked, it is refused.
	require.ErrorContains(t, migrate.Run(t.Context(), source, target, options), "runs at the destination")
	stop()
	require.ErrorContains(t, migrate.Run(t.Context(), source, target, options), "the destination has streams in use")

	for id, times := range events {
		require.Equal(t, 1, times, "event %s", id)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for path := range o.articles {
		require.Equal(t, 1, o.hits[path], "%s was fetched more than once, or never", path)
	}
}

// aCopy is a message of a stream as it was published.
func aCopy(t *testing.T, stream jetstream.Stream) *nats.Msg {
	t.Helper()
	raw, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	msg := nats.NewMsg(raw.Subject)
	msg.Data = raw.Data
	msg.Header.Set(jetstream.MsgIDHeader, raw.Header.Get(jetstream.MsgIDHeader))
	return msg
}

// TestGoesOnWhereItWas moves what came at the source after a first migration.
func TestGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := bustest.Start(t)
	target, server := bustest.StartAt(t, dir, "")
	var told strings.Builder
	options := migrate.Options{Topology: topology.Options{MaxStore: 1 << 30}, Tell: func(line string) { told.WriteString(line + "\n") }}
	publish := func(id string) {
		_, err := source.JS.Publish(t.Context(), topology.ArticleEnriched("fr", "", id), []byte(id), jetstream.WithMsgID(id))
		require.NoError(t, err)
	}
	publish("a1")
	// A team has its consumer at the destination already.
	_, err := target.JS.CreateConsumer(t.Context(), topology.StreamEnriched, jetstream.ConsumerConfig{Durable: "newsroom", AckPolicy: jetstream.AckExplicitPolicy})
	require.NoError(t, err)
	require.NoError(t, migrate.Run(t.Context(), source, target, options))
	publish("a2")
	require.NoError(t, migrate.Run(t.Context(), source, target, options))
	consumer, err := target.JS.Consumer(t.Context(), topology.StreamEnriched, "newsroom")
	require.NoError(t, err)
	require.EqualValues(t, 2, consumer.CachedInfo().NumPending)

	require.Contains(t, told.String(), "restart the destination's NATS server")
	require.NoError(t, server.Stop())
	target, _ = bustest.StartAt(t, dir, "")
	ack, err := target.JS.Publish(t.Context(), topology.ArticleEnriched("fr", "", "a2"), []byte("a2"), jetstream.WithMsgID("a2"))
	require.NoError(t, err)
	require.True(t, ack.Duplicate, "the destination knows the ids")

	_, err = target.JS.Publish(t.Context(), topology.ArticleEnriched("fr", "", "a3"), nil)
	require.NoError(t, err)
	require.ErrorContains(t, migrate.Run(t.Context(), source, target, options), "ENRICHED (3 messages")
	options.Skip = []string{"ENRICHD"}
	require.ErrorContains(t, migrate.Run(t.Context(), source, target, options), "no stream \"ENRICHD\"")
}

// TestRefusesAtWork refuses while a stage pulls at the source.
func TestRefusesAtWork(t *testing.T) {
	t.Parallel()
	source, target := bustest.Start(t), bustest.Start(t)
	consumer, err := source.JS.Consumer(t.Context(), topology.Enricher.Stream, topology.Enricher.Name)
	require.NoError(t, err)
	pulling, err := consumer.Consume(func(jetstream.Msg) {})
	require.NoError(t, err)
	t.Cleanup(func() { pulling.Stop(); <-pulling.Closed() })
	options := migrate.Options{Topology: topology.Options{MaxStore: 1 << 30}, Quick: true}
	require.ErrorContains(t, migrate.Run(t.Context(), source, target, options), "stage enricher runs at the source")
	options.Running = true
	require.NoError(t, migrate.Run(t.Context(), source, target, options))
}
