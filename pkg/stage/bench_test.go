package stage_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// BenchmarkStage is the runner's own cost: an article of 1 KB in, decoded,
// passed on, confirmed and acknowledged, with a handler that does nothing.
func BenchmarkStage(b *testing.B) {
	for _, inFlight := range []int{8, 64, 256} {
		b.Run(fmt.Sprintf("in-flight-%d", inFlight), func(b *testing.B) { benchmarkStage(b, inFlight) })
	}
}

func benchmarkStage(b *testing.B, inFlight int) {
	conn := bustest.Start(b)
	text := strings.Repeat("Les vannes du barrage. ", 43)
	for i := range b.N {
		id := fmt.Sprintf("a%d", i)
		msg, err := bus.Encode(topology.ArticleFetched("news.example", id),
			&datelinev1.Article{Id: id, Document: &datelinev1.Document{Text: text}}, bus.Protobuf)
		require.NoError(b, err)
		_, err = conn.JS.PublishMsg(b.Context(), msg)
		require.NoError(b, err)
	}
	var handled atomic.Int64
	all := make(chan struct{})
	runner, err := stage.NewRunner(topology.Parser, stage.Decode[datelinev1.Article],
		func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
			if handled.Add(1) == int64(b.N) {
				close(all)
			}
			return []stage.Out{parsed(a)}, nil
		},
		stage.Settings{Bus: conn, Metrics: stage.NewMetrics(prometheus.NewRegistry()), MaxInFlight: inFlight})
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ReportAllocs()
	b.ResetTimer()
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	<-all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
	cancel()
	require.NoError(b, <-done)
}
