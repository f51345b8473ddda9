package topology_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/topology"
)

const maxStore = 1 << 30

var options = topology.Options{MaxStore: maxStore}

// startServer runs a server that has exactly the disk that the streams may take.
func startServer(t *testing.T) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(embedded.Config{Data: t.TempDir(), MaxStore: config.Bytes(maxStore), SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

func connect(t *testing.T, s *embedded.Server) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect("", s.InProcess())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

func TestEnsureIsIdempotent(t *testing.T) {
	t.Parallel()
	js := connect(t, startServer(t))
	changes, err := topology.Ensure(t.Context(), js, options)
	require.NoError(t, err, "a store of exactly MaxStore accepts every stream")
	objects := len(topology.Streams(options)) + len(topology.Stages()) + len(topology.Buckets(options)) + 1
	require.Len(t, changes, objects)
	for _, c := range changes {
		require.Equal(t, "created", c.Action, c.Object)
	}

	changes, err = topology.Ensure(t.Context(), js, options)
	require.NoError(t, err)
	require.Empty(t, changes)
}

func TestEnsureBySeveralProcessesAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	var group errgroup.Group
	for range 4 {
		js := connect(t, s)
		group.Go(func() error {
			_, err := topology.Ensure(t.Context(), js, options)
			return err
		})
	}
	require.NoError(t, group.Wait())
	changes, err := topology.Ensure(t.Context(), connect(t, s), options)
	require.NoError(t, err)
	require.Empty(t, changes)
}

func TestEnsureUpdatesWhatMayChange(t *testing.T) {
	t.Parallel()
	js := connect(t, startServer(t))
	_, err := topology.Ensure(t.Context(), js, options)
	require.NoError(t, err)

	stream, err := js.Stream(t.Context(), topology.StreamParsed)
	require.NoError(t, err)
	cfg := stream.CachedInfo().Config
	cfg.MaxAge, cfg.MaxMsgs = time.Hour, 1000
	cfg.Compression = jetstream.S2Compression
	_, err = js.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)

	consumer, err := js.Consumer(t.Context(), topology.StreamParsed, topology.Enricher.Name)
	require.NoError(t, err)
	want := consumer.CachedInfo().Config
	want.AckWait, want.MaxDeliver = time.Second, 3
	_, err = js.UpdateConsumer(t.Context(), topology.StreamParsed, want)
	require.NoError(t, err)

	bucket := topology.Buckets(options)[1]
	bucket.TTL = time.Hour
	_, err = js.UpdateKeyValue(t.Context(), bucket)
	require.NoError(t, err)

	objects := topology.LargePayloads(options)
	objects.TTL = time.Hour
	_, err = js.UpdateObjectStore(t.Context(), objects)
	require.NoError(t, err)

	changes, err := topology.Ensure(t.Context(), js, options)
	require.NoError(t, err)
	require.Equal(t, []topology.Change{
		{Object: "stream PARSED", Action: "updated", Differences: []string{"max_msgs: 1000 → none", "max_age: 1h0m0s → 168h0m0s"}},
		{Object: "consumer PARSED/enricher", Action: "updated", Differences: []string{"ack_wait: 1s → 30s", "max_deliver: 3 → -1"}},
		{Object: "bucket hosts", Action: "updated", Differences: []string{"ttl: 1h0m0s → 48h0m0s"}},
		{Object: "object store large", Action: "updated", Differences: []string{"max_age: 1h0m0s → 744h0m0s"}},
	}, changes)

	stream, err = js.Stream(t.Context(), topology.StreamParsed)
	require.NoError(t, err)
	require.Equal(t, jetstream.S2Compression, stream.CachedInfo().Config.Compression, "what the topology does not speak of stays")
	require.EqualValues(t, -1, stream.CachedInfo().Config.MaxMsgs)

	changes, err = topology.Ensure(t.Context(), js, options)
	require.NoError(t, err)
	require.Empty(t, changes)
}

func TestEnsureNamesWhatTheServerRefuses(t *testing.T) {
	t.Parallel()
	js := connect(t, startServer(t))
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: topology.StreamFetched, Subjects: []string{"articles.fetched.>"}, Retention: jetstream.LimitsPolicy,
	})
	require.NoError(t, err)

	_, err = topology.Ensure(t.Context(), js, options)
	require.ErrorContains(t, err, "stream FETCHED differs")
	require.ErrorContains(t, err, "retention: Limits → WorkQueue")
	var api *jetstream.APIError
	require.ErrorAs(t, err, &api)
}

func TestEnsureConsumerRefused(t *testing.T) {
	t.Parallel()
	js := connect(t, startServer(t))
	_, err := topology.Ensure(t.Context(), js, options)
	require.NoError(t, err)
	require.NoError(t, js.DeleteConsumer(t.Context(), topology.StreamParsed, topology.Enricher.Name))
	cfg := topology.Enricher.Consumer(options)
	cfg.DeliverPolicy = jetstream.DeliverNewPolicy
	_, err = js.CreateConsumer(t.Context(), topology.StreamParsed, cfg)
	require.NoError(t, err)

	err = topology.EnsureConsumer(t.Context(), js, topology.Enricher, options)
	require.ErrorContains(t, err, "consumer PARSED/enricher differs")
	require.ErrorContains(t, err, "deliver_policy: new → all")
}

func TestEnsureNeedsJetStream(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	nc, err := nats.Connect("", s.InProcess())
	require.NoError(t, err)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	nc.Close()
	_, err = topology.Ensure(t.Context(), js, options)
	require.ErrorContains(t, err, "ask the server for its JetStream account")
}

// TestShares says that a small store is shared out, too: a share of nothing
// would be no limit.
func TestShares(t *testing.T) {
	t.Parallel()
	for _, store := range []int64{1 << 26, 1 << 30, topology.DefaultMaxStore, 1 << 40} {
		var sum int64
		for _, cfg := range topology.Streams(topology.Options{MaxStore: store}) {
			sum += cfg.MaxBytes
		}
		require.LessOrEqual(t, sum, store)
		require.Greater(t, sum, store/100*90)
	}
}
