package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// counting counts what is asked of a bucket.
type counting struct {
	inner interface {
		Get(context.Context, string) (*datelinev1.HostBudget, uint64, error)
		Put(context.Context, string, *datelinev1.HostBudget, uint64) (uint64, error)
	}
	gets, puts, conflicts atomic.Int64
}

func (c *counting) Get(ctx context.Context, key string) (*datelinev1.HostBudget, uint64, error) {
	c.gets.Add(1)
	return c.inner.Get(ctx, key)
}

func (c *counting) Put(ctx context.Context, key string, host *datelinev1.HostBudget, revision uint64) (uint64, error) {
	next, err := c.inner.Put(ctx, key, host, revision)
	if errors.Is(err, bus.ErrConflict) {
		c.conflicts.Add(1)
	} else {
		c.puts.Add(1)
	}
	return next, err
}

func (c *counting) report(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(c.gets.Load())/float64(b.N), "looks/page")
	b.ReportMetric(float64(c.puts.Load())/float64(b.N), "writes/page")
	b.ReportMetric(float64(c.conflicts.Load())/float64(b.N), "conflicts/page")
}

// BenchmarkAdmit gives each of the pages that wait its slot: a fifth of them are of
// one host, the others of 999. Run it with -benchtime=50000x.
func BenchmarkAdmit(b *testing.B) {
	for _, replicas := range []int{1, 3} {
		b.Run(fmt.Sprintf("replicas-%d", replicas), func(b *testing.B) { benchmarkAdmit(b, replicas) })
	}
}

func benchmarkAdmit(b *testing.B, replicas int) {
	conn := bustest.Start(b)
	for i := range b.N {
		name := "h0.example"
		if i%5 != 0 {
			name = fmt.Sprintf("h%d.example", 1+rand.N(999))
		}
		url := fmt.Sprintf("https://%s/%d", name, i)
		out := stage.Out{
			Subject: topology.ArticleFound(name, urlnorm.ID("a", url)), Message: article(url, text), Expect: stage.New(),
		}
		msg, err := out.Encode()
		require.NoError(b, err)
		_, err = conn.JS.PublishMsgAsync(msg, jetstream.WithStallWait(time.Minute))
		require.NoError(b, err)
	}
	<-conn.JS.PublishAsyncComplete()

	slots := &counting{}
	var admits []worker.Stage
	for range replicas {
		deps, err := fetch.Open(b.Context(), conn)
		require.NoError(b, err)
		slots.inner = deps.Slots
		deps.Slots = slots
		cfg := testConfig()
		cfg.HostDelay, cfg.HostConnections = time.Second, 2
		f, err := fetch.New(cfg, deps)
		require.NoError(b, err)
		b.Cleanup(f.Close)
		stages, err := f.Stages(worker.NewEnv(conn, zap.NewNop(), prometheus.NewRegistry(), nil))
		require.NoError(b, err)
		for _, s := range stages {
			if s.Name() == topology.Admit.Name {
				admits = append(admits, s)
			}
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var wg sync.WaitGroup
	b.ResetTimer()
	for _, s := range admits {
		wg.Go(func() {
			if err := s.Run(ctx); err != nil {
				b.Error(err)
			}
		})
	}
	pages, err := conn.JS.Stream(b.Context(), topology.StreamPages)
	require.NoError(b, err)
	require.Eventually(b, func() bool {
		info, err := pages.Info(b.Context())
		return err == nil && info.State.Msgs >= uint64(b.N)
	}, 10*time.Minute, 10*time.Millisecond)
	b.StopTimer()
	slots.report(b)
	cancel()
	wg.Wait()
}

// BenchmarkTurn takes turns on as many hosts as there are workers, and gives them back.
func BenchmarkTurn(b *testing.B) {
	conn := bustest.Start(b)
	deps, err := fetch.Open(b.Context(), conn)
	require.NoError(b, err)
	slots := &counting{inner: deps.Slots}
	budget := fetch.NewBudget(slots, time.Nanosecond, 2, 30*time.Second)
	b.ResetTimer()
	var workers atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		name := fmt.Sprintf("h%d.example", workers.Add(1))
		for pb.Next() {
			turn, _, err := budget.Take(b.Context(), name, time.Second)
			if err == nil {
				err = turn.Answered(b.Context(), time.Millisecond, 0)
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	slots.report(b)
}
