package level_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/topology"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	patience = 20 * time.Second
	step     = 10 * time.Millisecond
)

// options are those that bustest makes the streams with.
var options = topology.Options{MaxStore: 1 << 30}

// gathered are the values of a registry by name and label.
func gathered(t *testing.T, reg prometheus.Gatherer) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	require.NoError(t, err)
	values := map[string]float64{}
	for _, f := range families {
		require.NotEmpty(t, f.GetHelp())
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += "/" + l.GetValue()
			}
			values[key] = m.GetGauge().GetValue()
		}
	}
	return values
}

// watch runs a watch and stops it with the test.
func watch(t *testing.T, b *bus.Bus) *prometheus.Registry {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	w := level.New(b, options, reg)
	require.NoError(t, w.Ready())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	return reg
}

func eventually(t *testing.T, reg prometheus.Gatherer, enough func(map[string]float64) bool) map[string]float64 {
	t.Helper()
	var last map[string]float64
	require.Eventually(t, func() bool {
		last = gathered(t, reg)
		return enough(last)
	}, patience, step, "%v", &last)
	return last
}

// TestTheWholeBrokerIsTold: also of stages that no process runs.
func TestTheWholeBrokerIsTold(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	for _, subject := range []string{"articles.fetched.news.a1", "articles.fetched.news.a2"} {
		_, err := b.JS.Publish(t.Context(), subject, data)
		require.NoError(t, err)
	}
	consumer, err := b.JS.Consumer(t.Context(), topology.Parser.Stream, topology.Parser.Name)
	require.NoError(t, err)
	batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(patience))
	require.NoError(t, err)
	for range batch.Messages() {
		break
	}
	got := eventually(t, watch(t, b), func(v map[string]float64) bool { return v["dateline_stage_ack_pending/parser"] == 1 })
	require.EqualValues(t, 1, got["dateline_stage_pending/parser"])
	for _, stage := range topology.Stages() {
		require.Contains(t, got, "dateline_stage_pending/"+stage.Name)
	}
	require.EqualValues(t, 1, got["dateline_nats_connected"])
	require.EqualValues(t, 2, got["dateline_stream_messages/FETCHED"])
	require.Greater(t, got["dateline_stream_bytes/FETCHED"], float64(2<<20))
	require.EqualValues(t, options.MaxStore/100*20, got["dateline_stream_max_bytes/FETCHED"])
	require.NotContains(t, got, "dateline_stream_max_bytes/FEEDS", "it has no limit")
	require.Contains(t, got, "dateline_stream_bytes/KV_feeds")
	require.Contains(t, got, "dateline_stream_bytes/OBJ_large")
	require.EqualValues(t, options.MaxStore, got["dateline_store_max_bytes"])
	// The archive has a copy of each page.
	require.Greater(t, got["dateline_store_bytes"], float64(4<<20))
}

// TestNoOldFigures: what is not known any more is not told.
func TestNoOldFigures(t *testing.T) {
	t.Parallel()
	b, server := bustest.StartAt(t, t.TempDir(), "")
	reg := watch(t, b)
	eventually(t, reg, func(v map[string]float64) bool { return v["dateline_nats_connected"] == 1 && len(v) > 10 })
	require.NoError(t, b.JS.DeleteConsumer(t.Context(), topology.Parser.Stream, topology.Parser.Name))
	eventually(t, reg, func(v map[string]float64) bool { _, told := v["dateline_stage_pending/parser"]; return !told })
	require.NoError(t, server.Stop())
	got := eventually(t, reg, func(v map[string]float64) bool { return v["dateline_nats_connected"] == 0 })
	require.Len(t, got, 2, "but for the setting: %v", got)
}

func TestDisk(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(level.Disk{Dir: t.TempDir()})
	got := gathered(t, reg)
	require.Positive(t, got["dateline_disk_free_bytes"])
	require.Greater(t, got["dateline_disk_size_bytes"], got["dateline_disk_free_bytes"])

	nowhere := prometheus.NewPedanticRegistry()
	nowhere.MustRegister(level.Disk{Dir: "/no/such/directory"})
	require.Empty(t, gathered(t, nowhere))
}
