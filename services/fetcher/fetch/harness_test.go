package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// fetchers runs n fetchers on one bus until the test ends, or until the function
// that it returns is called.
func fetchers(t *testing.T, b *bus.Bus, cfg fetch.Config, n int, change func(*fetch.Deps)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for i := range n {
		env := worker.NewEnv(b, zaptest.NewLogger(t).Named(fmt.Sprint("fetcher-", i)), prometheus.NewRegistry(), nil)
		deps, err := fetch.Open(ctx, b)
		require.NoError(t, err)
		deps.Log, deps.Registry = env.Log, env.Registry
		if change != nil {
			change(&deps)
		}
		f, err := fetch.New(cfg, deps)
		require.NoError(t, err)
		stages, err := f.Stages(env)
		require.NoError(t, err)
		for _, s := range stages {
			wg.Go(func() {
				if err := s.Run(ctx); err != nil {
					t.Errorf("%s: %v", s.Name(), err)
				}
			})
		}
		t.Cleanup(f.Close)
	}
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

// fetched waits for n pages on their way to the parser.
func fetched(t *testing.T, b *bus.Bus, n int) []*datelinev1.Page {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	consumer, err := b.JS.OrderedConsumer(ctx, topology.StreamArchive, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	messages, err := consumer.Messages()
	require.NoError(t, err)
	defer messages.Stop()
	var pages []*datelinev1.Page
	for len(pages) < n {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		require.NoError(t, err, "got %d of %d pages", len(pages), n)
		page := &datelinev1.Page{}
		require.NoError(t, bus.Decode(msg.Headers(), msg.Data(), page))
		pages = append(pages, page)
	}
	return pages
}

// settled waits until nothing is waiting or in hand, but for schedules. It asks the
// streams, not the consumers' counts, which lag behind what was stored.
func settled(t *testing.T, b *bus.Bus) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, s := range []topology.Stage{topology.Registry, topology.Push, topology.Deliver, topology.Poll, topology.Page} {
			for _, subject := range s.Filters {
				if !none(t, b, s.Stream, subject) {
					return false
				}
			}
			if s.Name == topology.Poll.Name && !admitted(t, b) {
				return false
			}
		}
		return true
	}, time.Minute, 20*time.Millisecond)
}

// none says whether a stream holds no message on a subject.
func none(t *testing.T, b *bus.Bus, name, subject string) bool {
	t.Helper()
	stream, err := b.JS.Stream(t.Context(), name)
	require.NoError(t, err)
	info, err := stream.Info(t.Context(), jetstream.WithSubjectFilter(subject))
	require.NoError(t, err)
	return len(info.State.Subjects) == 0
}

// admitted says whether all articles found are admitted, or refused.
func admitted(t *testing.T, b *bus.Bus) bool {
	t.Helper()
	stream, err := b.JS.Stream(t.Context(), topology.Admit.Stream)
	require.NoError(t, err)
	last, err := stream.GetLastMsgForSubject(t.Context(), "articles.found.>")
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return true
	}
	require.NoError(t, err)
	consumer, err := b.JS.Consumer(t.Context(), topology.Admit.Stream, topology.Admit.Name)
	return err == nil && consumer.CachedInfo().AckFloor.Stream >= last.Sequence
}

func quarantined(t *testing.T, b *bus.Bus) []quarantine.Message {
	t.Helper()
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	var all []quarantine.Message
	require.NoError(t, q.Each(t.Context(), "", func(m quarantine.Message) error {
		all = append(all, m)
		return nil
	}))
	return all
}

func count(t *testing.T, b *bus.Bus, name string) uint64 {
	t.Helper()
	stream, err := b.JS.Stream(t.Context(), name)
	require.NoError(t, err)
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	return info.State.Msgs
}

func busConfig(o *origin) fetch.Config {
	cfg := testConfig()
	cfg.AllowHosts, cfg.Robots = []string{o.host}, true
	return cfg
}
