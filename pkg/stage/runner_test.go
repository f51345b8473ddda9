package stage_test

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// TestSlowHandler says that the server hears of a message that takes longer than
// the ack wait, and does not deliver it to somebody else.
func TestSlowHandler(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	spec := topology.Parser
	spec.AckWait = time.Second
	require.NoError(t, topology.EnsureConsumer(t.Context(), r.bus.JS, spec, topologyOptions))
	r.feed("a1")
	var calls atomic.Int64
	run(r, spec, stage.Decode[datelinev1.Article], func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		calls.Add(1)
		select {
		case <-time.After(2500 * time.Millisecond):
		case <-ctx.Done():
		}
		return []stage.Out{parsed(a)}, nil
	})
	r.settled(spec, counts{"ok": 1})
	require.EqualValues(t, 1, calls.Load())
	require.EqualValues(t, 1, r.consumer(spec).Delivered.Consumer, "delivered once")
}

// TestStopFinishesWhatIsInHand is the usual stop.
func TestStopFinishesWhatIsInHand(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	entered, release := make(chan struct{}), make(chan struct{})
	running := articles(r, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		close(entered)
		<-release
		return []stage.Out{parsed(a)}, ctx.Err()
	})
	<-entered
	running.stop()
	close(release)
	require.NoError(t, running.end())
	r.settled(topology.Parser, counts{"ok": 1})
	require.Equal(t, 1, r.count(topology.StreamParsed))
}

// TestStopGivesBackWhatDoesNotEnd says that another replica need not wait for
// the ack wait, which is a minute here.
func TestStopGivesBackWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		handler func(ctx context.Context, release <-chan struct{})
		err     string
	}{
		{"a handler that heeds its context", func(ctx context.Context, _ <-chan struct{}) { <-ctx.Done() }, ""},
		{
			"a handler that does not",
			func(_ context.Context, release <-chan struct{}) { <-release },
			"stage parser: 1 handlers did not end when their context did",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.settings.Drain = 10 * time.Millisecond
			r.feed("a1")
			entered, release, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
			running := articles(r, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
				defer close(left)
				close(entered)
				tt.handler(ctx, release)
				return []stage.Out{parsed(a)}, ctx.Err()
			})
			<-entered
			if err := running.end(); tt.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tt.err)
			}
			require.Equal(t, counts{"retried/shutdown": 1}, r.outcomes("parser"))

			other := rigOn(t, r.bus)
			var attempt atomic.Int64
			articles(other, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
				attempt.Store(int64(stage.DeliveryFrom(ctx).Attempt))
				return []stage.Out{parsed(a)}, nil
			})
			other.settled(topology.Parser, counts{"ok": 1})
			require.EqualValues(t, 2, attempt.Load())

			close(release)
			<-left
			require.Equal(t, 1, other.count(topology.StreamParsed))
			require.Equal(t, counts{"retried/shutdown": 1}, r.outcomes("parser"), "an end that comes too late counts for nothing")
		})
	}
}

// TestConsumerIsDeleted says that work goes on when somebody deletes the stage's
// consumer.
func TestConsumerIsDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	articles(r, echo)
	r.feed("a1")
	r.settled(topology.Parser, counts{"ok": 1})
	require.NoError(t, r.bus.JS.DeleteConsumer(t.Context(), topology.StreamFetched, topology.Parser.Name))
	r.feed("a2")
	r.eventually(func() bool { return r.outcomes("parser")["ok"] == 2 }, "the consumer is made again")
	r.settled(topology.Parser, counts{"ok": 2})
}

// TestConsumerIsMissing says that a process which may not create it waits for
// the one which may, and says that it is not ready.
func TestConsumerIsMissing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.settings.Topology = nil
	require.NoError(t, r.bus.JS.DeleteConsumer(t.Context(), topology.StreamFetched, topology.Parser.Name))
	runner, err := stage.NewRunner(topology.Parser, stage.Decode[datelinev1.Article], echo, r.settings)
	require.NoError(t, err)
	require.Equal(t, "parser", runner.Name())
	require.ErrorContains(t, runner.Ready(), "starting")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- runner.Run(ctx) }()
	r.eventually(func() bool { return r.logged("cannot get messages, trying again") }, "it is logged")
	require.ErrorContains(t, runner.Ready(), "bind to consumer parser of FETCHED")

	require.NoError(t, topology.EnsureConsumer(ctx, r.bus.JS, topology.Parser, topologyOptions))
	r.feed("a1")
	r.settled(topology.Parser, counts{"ok": 1})
	require.NoError(t, runner.Ready())
	cancel()
	require.NoError(t, <-done)
}

// TestConnectionIsClosed says that a runner does not idle for ever on a
// connection that will not come back.
func TestConnectionIsClosed(t *testing.T) {
	t.Parallel()
	b, s := bustest.StartAt(t, t.TempDir(), "")
	own, err := bus.Connect("own", bus.Config{Options: []bus.Option{s.InProcess()}}, zap.NewNop())
	require.NoError(t, err)
	r := rigOn(t, b)
	r.settings.Bus = own
	entered := make(chan struct{})
	running := articles(r, func(ctx context.Context, _ *datelinev1.Article) ([]stage.Out, error) {
		close(entered)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	r.feed("a1")
	<-entered
	own.Conn.Close()
	<-running.done
	require.ErrorContains(t, running.err, "connection closed")
}

// TestServerRestarts says that each article comes out exactly once when the
// server is stopped and started again in the middle of the work.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	const messages = 300
	dir, address := t.TempDir(), freeAddress(t)
	_, server := bustest.StartAt(t, dir, address)
	b, err := bus.Connect("restart", bus.Config{URL: server.URL()}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	r := rigOn(t, b)
	r.settings.MaxInFlight = 32
	// What the server sent into the broken connection comes again after this.
	spec := topology.Parser
	spec.AckWait = 2 * time.Second
	require.NoError(t, topology.EnsureConsumer(t.Context(), b.JS, spec, topologyOptions))
	r.settings.Backoff.Max = 50 * time.Millisecond

	var handled atomic.Int64
	half := make(chan struct{})
	run(r, spec, stage.Decode[datelinev1.Article], func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		if handled.Add(1) == messages/2 {
			close(half)
		}
		return []stage.Out{parsed(a)}, nil
	})
	fed := make(chan error, 1)
	go func() { fed <- feedThroughRestart(t.Context(), b, messages) }()

	<-half
	require.NoError(t, server.Stop())
	again, err := embedded.Start(embedded.Config{Data: dir, Listen: address, SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, again.Stop()) })

	require.NoError(t, <-fed)
	r.eventually(func() bool {
		stream, err := b.JS.Stream(context.Background(), topology.StreamParsed)
		return err == nil && stream.CachedInfo().State.NumSubjects == messages
	}, "every article comes out")
	r.eventually(func() bool {
		info := r.consumer(spec)
		return info.NumPending == 0 && info.NumAckPending == 0
	}, "every article is acknowledged")
	require.Equal(t, messages, r.count(topology.StreamParsed), "and none twice")
	require.Zero(t, r.count(topology.StreamQuarantine))
	require.Zero(t, r.count(topology.StreamFetched))
}

// feedThroughRestart publishes articles one after another, each until it is
// confirmed.
func feedThroughRestart(ctx context.Context, b *bus.Bus, messages int) error {
	for i := range messages {
		id := fmt.Sprintf("a%03d", i)
		for {
			msg, err := bus.Encode(topology.ArticleFetched("news.example", id), &datelinev1.Article{Id: id}, bus.Protobuf)
			if err != nil {
				return err
			}
			msg.Header.Set("Nats-Msg-Id", id+":1:fetcher")
			try, cancel := context.WithTimeout(ctx, time.Second)
			_, err = b.JS.PublishMsg(try, msg)
			cancel()
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// TestPauseBehindASlowStage says that a stage stops pulling while the next one's
// backlog fills more than half of a stream that would drop its oldest.
func TestPauseBehindASlowStage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cfg := r.stream(topology.StreamParsed).CachedInfo().Config
	cfg.MaxBytes = 10 << 10
	_, err := r.bus.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	for i := range 6 { // More than half of it.
		_, err := r.bus.JS.Publish(t.Context(), topology.ArticleParsed(fmt.Sprintf("old%d", i)), make([]byte, 1<<10))
		require.NoError(t, err)
	}
	running := articles(r, echo)
	r.eventually(func() bool { return r.logged("back-pressure") }, "it notices")
	r.eventually(func() bool { return r.consumer(topology.Parser).NumWaiting == 0 }, "its last pull ends")
	r.feed("a1")
	require.Equal(t, counts{}, r.outcomes("parser"))

	require.NoError(t, r.stream(topology.StreamParsed).Purge(t.Context()))
	r.settled(topology.Parser, counts{"ok": 1})
	require.NoError(t, running.end())
}

// TestHold: nothing new is taken while it is said so, and what waits is taken then.
func TestHold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var hold atomic.Bool
	hold.Store(true)
	r.settings.Hold = hold.Load
	running := articles(r, echo)
	r.eventually(func() bool { return r.consumer(topology.Parser).NumWaiting == 0 }, "its last pull ends")
	r.feed("a1")
	require.Equal(t, counts{}, r.outcomes("parser"))
	hold.Store(false)
	r.settled(topology.Parser, counts{"ok": 1})
	require.NoError(t, running.end())
}

func TestHandlerHasADeadline(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.settings.Deadline, r.settings.MaxAttempts = 10*time.Millisecond, 1
	r.feed("a1")
	articles(r, func(ctx context.Context, _ *datelinev1.Article) ([]stage.Out, error) {
		<-ctx.Done()
		return nil, fmt.Errorf("read the page: %w", ctx.Err())
	})
	r.settled(topology.Parser, counts{"quarantined/exhausted": 1})
	require.Contains(t, r.quarantined().GetError(), "read the page: context deadline exceeded")
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	require.Zero(t, stage.DeliveryFrom(t.Context()))
	r := newRig(t)
	r.feed("a1")
	got := make(chan stage.Delivery, 1)
	articles(r, func(ctx context.Context, _ *datelinev1.Article) ([]stage.Out, error) {
		got <- stage.DeliveryFrom(ctx)
		return nil, nil
	})
	d := <-got
	require.Equal(t, "parser", d.Stage)
	require.Equal(t, 1, d.Attempt)
	require.EqualValues(t, 1, d.Sequence)
	require.False(t, d.Started.Before(d.Stored))
}
