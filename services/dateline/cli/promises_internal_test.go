package cli

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
)

// promised is what the doctor warns of, line by line.
func promised(t *testing.T, d *doctor) []string {
	t.Helper()
	var out bytes.Buffer
	d.out = &out
	d.promises(t.Context())
	lines := strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' })
	warned := 0
	for _, line := range lines {
		if strings.HasPrefix(line, "warn  ") {
			warned++
		}
	}
	require.Equal(t, warned, d.warnings)
	return lines
}

// TestPromises makes one setting worse after another.
func TestPromises(t *testing.T) {
	t.Parallel()
	stream := func(name string, change func(*jetstream.StreamConfig)) func(t *testing.T, b *bus.Bus) {
		return func(t *testing.T, b *bus.Bus) {
			s, err := b.JS.Stream(t.Context(), name)
			require.NoError(t, err)
			cfg := s.CachedInfo().Config
			change(&cfg)
			_, err = b.JS.UpdateStream(t.Context(), cfg)
			require.NoError(t, err)
		}
	}
	consumer := func(change func(*jetstream.ConsumerConfig)) func(t *testing.T, b *bus.Bus) {
		return func(t *testing.T, b *bus.Bus) {
			c, err := b.JS.Consumer(t.Context(), topology.StreamFetched, topology.Parser.Name)
			require.NoError(t, err)
			cfg := c.CachedInfo().Config
			change(&cfg)
			_, err = b.JS.UpdateConsumer(t.Context(), topology.StreamFetched, cfg)
			require.NoError(t, err)
		}
	}
	for name, test := range map[string]struct {
		worsen func(t *testing.T, b *bus.Bus)
		want   []string
	}{
		"as documented":     {worsen: func(*testing.T, *bus.Bus) {}},
		"ids are forgotten": {stream("ENRICHED", func(c *jetstream.StreamConfig) { c.Duplicates = time.Minute }), []string{"stream ENRICHED", "duplicate_window is 1m0s, not 4h0m0s: a repeat that comes later is taken for new; run 'dateline setup'"}},
		"events go early":   {stream("ENRICHED", func(c *jetstream.StreamConfig) { c.MaxAge = 24 * time.Hour }), []string{"max_age is 24h0m0s, not 720h0m0s: who is away for longer misses events"}},
		"little quarantine": {stream("QUARANTINE", func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 20 }), []string{"max_bytes is 1048576, not ", "what was given up on is dropped"}},
		"little archive":    {stream("ARCHIVE", func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 20 }), []string{"a replay reaches back less far"}},
		"a limit of queues": {stream("FEEDS", func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour }), []string{"max_age is 1h0m0s, not none: less of what is not done yet has room"}},
		"more than that":    {stream("PARSED", func(c *jetstream.StreamConfig) { c.MaxAge = 900 * time.Hour }), []string{"max_age is 900h0m0s, not 168h0m0s: it was changed by hand"}},
		"publishers out":    {stream("SUBMISSIONS", func(c *jetstream.StreamConfig) { c.MaxBytes = topology.RefusingBytes }), []string{"refuses what publishers send", "fetcher.min-free"}},
		"in memory": {func(t *testing.T, b *bus.Bus) {
			s, err := b.JS.Stream(t.Context(), "PARSED")
			require.NoError(t, err)
			cfg := s.CachedInfo().Config
			require.NoError(t, b.JS.DeleteStream(t.Context(), "PARSED"))
			cfg.Storage, cfg.MaxBytes = jetstream.MemoryStorage, 1<<20
			_, err = b.JS.CreateStream(t.Context(), cfg)
			require.NoError(t, err)
			require.NoError(t, topology.EnsureConsumer(t.Context(), b.JS, topology.Enricher, topology.Options{}))
		}, []string{"storage is Memory, not File: what it holds is gone when the server ends; back it up, delete it, and run 'dateline setup'"}},
		"impatient":      {consumer(func(c *jetstream.ConsumerConfig) { c.AckWait = time.Second }), []string{"stage parser", "ack_wait is 1s", "what takes longer is worked on twice at a time"}},
		"patient":        {consumer(func(c *jetstream.ConsumerConfig) { c.AckWait = time.Hour }), []string{"ack_wait is 1h0m0s", "waits for that long"}},
		"few deliveries": {consumer(func(c *jetstream.ConsumerConfig) { c.MaxDeliver = 3 }), []string{"max_deliver is 3, not -1: a message that is not done by then stays where it is"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bustest.Start(t)
			test.worsen(t, b)
			lines := promised(t, &doctor{bus: b})
			if test.want == nil {
				require.Empty(t, lines)
			}
			for _, want := range test.want {
				require.Contains(t, strings.Join(lines, "\n"), want)
			}
		})
	}
}

// serve runs a server with options of its own and connects to host.
func serve(t *testing.T, o *server.Options, host string) *bus.Bus {
	t.Helper()
	o.Port, o.NoSigs, o.NoLog = server.RANDOM_PORT, true, true
	s, err := server.NewServer(o)
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(time.Minute))
	_, port, err := net.SplitHostPort(s.Addr().String())
	require.NoError(t, err)
	b, err := bus.Connect("test", bus.Config{URL: "nats://" + net.JoinHostPort(host, port)}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	if addr := s.MonitorAddr(); addr != nil {
		o.HTTPPort = addr.Port
	}
	return b
}

func TestPromisesOfTheServer(t *testing.T) {
	t.Parallel()
	o := &server.Options{
		Host: "127.0.0.1", HTTPHost: "127.0.0.1", HTTPPort: server.RANDOM_PORT, MaxPayload: 512 << 10,
		JetStream: true, StoreDir: t.TempDir(), SyncInterval: 2 * time.Minute, JetStreamMaxMemory: 1 << 20, JetStreamMaxStore: 1 << 30,
	}
	b := serve(t, o, "127.0.0.1")
	text := strings.Join(promised(t, &doctor{bus: b, monitor: "http://" + fmt.Sprintf("127.0.0.1:%d/", o.HTTPPort)}), "\n")
	require.Contains(t, text, "max_payload                  is 512 KiB: publishers cannot push longer documents")
	require.Contains(t, text, "sync_interval                is 2m0s: so much of what was confirmed is lost")
	require.Contains(t, text, "ok    health")

	var out bytes.Buffer
	d := &doctor{bus: b, out: &out, monitor: "http://127.0.0.1:1"}
	d.monitored(t.Context())
	require.Equal(t, 1, d.failed, "asked for, and not there: %s", &out)
}

func TestPromisesOfACluster(t *testing.T) {
	t.Parallel()
	b := serve(t, &server.Options{Host: "127.0.0.1", Cluster: server.ClusterOpts{Name: "east", Host: "127.0.0.1", Port: server.RANDOM_PORT}}, "127.0.0.1")
	var out bytes.Buffer
	d := &doctor{bus: b, out: &out}
	d.copies(topology.Options{Replicas: 3})
	require.Zero(t, d.warnings)
	d.copies(topology.Options{Replicas: 1})
	require.Contains(t, out.String(), "streams have 1 of 3 copies on cluster east")
}

// TestPromisesOffLoopback connects by an address of this machine that others reach, too.
func TestPromisesOffLoopback(t *testing.T) {
	t.Parallel()
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, address := range addresses {
		ip, _, err := net.ParseCIDR(address.String())
		if err != nil || ip.To4() == nil || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		b := serve(t, &server.Options{Host: ip.String()}, ip.String())
		var out bytes.Buffer
		d := &doctor{bus: b, out: &out}
		d.wire()
		require.Contains(t, out.String(), "there is no TLS on the way to "+ip.String())
		require.Contains(t, out.String(), "knows no users")
		return
	}
	t.Skip("this machine has no address but loopback")
}

func TestPromisesOfADisk(t *testing.T) {
	t.Parallel()
	if why := bustest.NoDisk(); why != "" {
		t.Skip(why)
	}
	disk := bustest.Disk(t, 4<<20)
	var out bytes.Buffer
	d := &doctor{out: &out, dir: disk}
	d.disk()
	require.Contains(t, out.String(), "is on tmpfs")
	require.Equal(t, 1, d.warnings)
	_, err := bustest.Fill(disk, 1<<18)
	require.NoError(t, err)
	d.disk()
	require.Contains(t, out.String(), "of 4 MiB are free")
	d.dir = "/no/such/directory"
	d.disk()
	require.Equal(t, 1, d.failed)
}
