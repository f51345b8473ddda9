package stage_test

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// echo is a stage that passes an article on.
func echo(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
	return []stage.Out{parsed(a)}, nil
}

// TestInputTwice says that a message that is delivered twice has one output,
// because its id follows from it.
func TestInputTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	r.feed("a1")
	articles(r, echo)
	r.settled(topology.Parser, counts{"ok": 1, "duplicate": 1})
	require.Equal(t, 1, r.count(topology.StreamParsed))
}

// TestInputAgainAfterTheWindow is a message whose process was away, between publishing
// its output and acknowledging it, for longer than the server remembers ids.
func TestInputAgainAfterTheWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cfg := r.stream(topology.StreamParsed).CachedInfo().Config
	cfg.Duplicates = 100 * time.Millisecond
	_, err := r.bus.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	r.feed("a1")
	consumer, err := r.bus.JS.Consumer(t.Context(), topology.StreamFetched, topology.Parser.Name)
	require.NoError(t, err)
	msg, err := consumer.Next(jetstream.FetchMaxWait(patience))
	require.NoError(t, err)
	before := parsed(&datelinev1.Article{Id: "a1"})
	publish := func() uint64 {
		out, err := before.Encode()
		require.NoError(t, err)
		return r.publish(out).Sequence
	}
	first := publish()
	r.eventually(func() bool { return publish() > first }, "the server forgets the id")
	stored := r.count(topology.StreamParsed)
	require.NoError(t, msg.NakWithDelay(10*cfg.Duplicates))

	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{parsed(a)}, nil
	})
	r.settled(topology.Parser, counts{"duplicate": 1})
	require.Equal(t, stored, r.count(topology.StreamParsed))
}

// TestOutputOfARepeat says that the stages after one that worked twice are told.
func TestOutputOfARepeat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	consumer, err := r.bus.JS.Consumer(t.Context(), topology.StreamFetched, topology.Parser.Name)
	require.NoError(t, err)
	msg, err := consumer.Next(jetstream.FetchMaxWait(patience))
	require.NoError(t, err)
	require.NoError(t, msg.Nak())
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{parsed(a)}, nil
	})
	r.settled(topology.Parser, counts{"ok": 1})

	enriched := stage.Out{Subject: topology.ArticleEnriched("en", "", "a1"), ID: "a1:1:enricher", Message: &datelinev1.Article{Id: "a1"}}
	before, err := enriched.Encode()
	require.NoError(t, err)
	cfg := r.stream(topology.StreamEnriched).CachedInfo().Config
	cfg.Duplicates = 100 * time.Millisecond
	_, err = r.bus.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	first, last := r.publish(before).Sequence, time.Now()
	r.eventually(func() bool {
		again, err := enriched.Encode()
		require.NoError(t, err)
		last = time.Now()
		return r.publish(again).Sequence > first
	}, "the server forgets the id")
	stored := r.count(topology.StreamEnriched)
	r.eventually(func() bool { return time.Since(last) > 2*cfg.Duplicates }, "the server forgets the last one, too")
	run(r, topology.Enricher, stage.Decode[datelinev1.Article],
		func(context.Context, *datelinev1.Article) ([]stage.Out, error) { return []stage.Out{enriched}, nil })
	r.settled(topology.Enricher, counts{"duplicate": 1})
	require.Equal(t, stored, r.count(topology.StreamEnriched))
}

func TestExpectNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	r.feed("a1")
	r.feed("a2")
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{{Subject: topology.ArticleFound("news.example", a.GetId()), Expect: stage.New(), Message: a}}, nil
	})
	r.settled(topology.Parser, counts{"ok": 2, "duplicate": 1})
	require.Equal(t, 2, r.count(topology.StreamFetch))
}

func TestExpectSequence(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	subject := topology.ArticlePushed("a1")
	first := r.publish(&nats.Msg{Subject: subject}).Sequence
	second := r.publish(&nats.Msg{Subject: subject}).Sequence
	r.feed("a1")
	articles(r, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		expect := first // What was read before somebody else wrote.
		if stage.DeliveryFrom(ctx).Attempt > 1 {
			expect = second
		}
		return []stage.Out{{Subject: subject, Expect: &expect, Message: a}}, nil
	})
	r.settled(topology.Parser, counts{"retried/error": 1, "ok": 1})
	require.Greater(t, r.last(topology.StreamFetch, subject).Sequence, second)
}

// pages runs a stage at the page fetcher's place, whose outputs go to a stream
// that refuses the newest when it is full.
func pages(r *rig, fn stage.Func[*datelinev1.Article]) *running {
	r.Helper()
	return run(r, topology.Page, stage.Decode[datelinev1.Article], fn)
}

func (r *rig) feedPage(id string) {
	r.Helper()
	msg, err := bus.Encode(topology.PageDue("news.example", id), &datelinev1.Article{Id: id}, bus.Protobuf)
	require.NoError(r, err)
	r.publish(msg)
}

// page is an output of 64 KiB.
func page(a *datelinev1.Article) stage.Out {
	return stage.Out{
		Subject: topology.ArticleFetched("news.example", a.GetId()), ID: a.GetId() + ":1:fetcher",
		Message: &datelinev1.Article{Id: a.GetId(), Document: &datelinev1.Document{Text: string(bytes.Repeat([]byte("x"), 64<<10))}},
	}
}

// limit lets the stream of fetched pages hold n of them.
func (r *rig) limit(n int64) {
	r.Helper()
	cfg := r.stream(topology.StreamFetched).CachedInfo().Config
	cfg.MaxBytes = n * 66 << 10
	_, err := r.bus.JS.UpdateStream(context.Background(), cfg)
	require.NoError(r, err)
}

// TestBackPressure says that a full stream makes messages wait in hand, and is
// no failure of theirs.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limit(2)
	for _, id := range []string{"a1", "a2", "a3", "a4", "a5"} {
		r.feedPage(id)
	}
	pages(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{page(a)}, nil
	})
	r.eventually(func() bool { return r.logs.FilterMessage("cannot publish, waiting").Len() > 20 }, "messages wait")
	require.Equal(t, counts{"ok": 2}, r.outcomes(topology.Page.Name))
	require.Equal(t, 2, r.count(topology.StreamFetched))
	require.Equal(t, 3, r.count(topology.StreamPages), "the others are in hand")

	r.limit(100)
	r.settled(topology.Page, counts{"ok": 5})
	require.Equal(t, 5, r.count(topology.StreamFetched))
	require.Zero(t, r.count(topology.StreamQuarantine))
}

// TestStopUnderBackPressure says that a stop does not wait for space: what waits
// is given back for whoever comes next.
func TestStopUnderBackPressure(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limit(0)
	cfg := r.stream(topology.StreamFetched).CachedInfo().Config
	cfg.MaxBytes = 1
	_, err := r.bus.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	r.settings.Drain = time.Hour
	r.feedPage("a1")
	fn := func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) { return []stage.Out{page(a)}, nil }
	first := pages(r, fn)
	r.eventually(func() bool { return r.logged("cannot publish, waiting") }, "the message waits")
	require.NoError(t, first.end())
	require.Equal(t, counts{"retried/shutdown": 1}, r.outcomes(topology.Page.Name))

	r.limit(100)
	second := rigOn(t, r.bus)
	pages(second, fn)
	second.settled(topology.Page, counts{"ok": 1})
}

// TestLastWave says that what is marked as last is not there before all others
// are.
func TestLastWave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cfg := r.stream(topology.StreamFetched).CachedInfo().Config
	cfg.MaxBytes = 1
	_, err := r.bus.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	r.feedPage("a1")
	pages(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		last := parsed(a)
		last.Last = true
		return []stage.Out{last, page(a)}, nil
	})
	r.eventually(func() bool { return r.logged("cannot publish, waiting") }, "the page waits")
	require.Zero(t, r.count(topology.StreamParsed))
	r.limit(10)
	r.settled(topology.Page, counts{"ok": 1})
	require.Equal(t, 1, r.count(topology.StreamParsed))
}

func TestScheduledOutput(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.feed("a1")
	target := topology.PageDue("news.example", "a1")
	at := time.Now().Add(300 * time.Millisecond)
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{{
			Subject: topology.PageWait("news.example", a.GetId()), Target: target, At: at,
			Message: a, Header: map[string]string{stage.HeaderArticle: a.GetId()},
		}}, stage.Defer("slot-taken")
	})
	r.settled(topology.Parser, counts{"retried/slot-taken": 1})
	var due *jetstream.RawStreamMsg
	r.eventually(func() bool {
		msg, err := r.stream(topology.StreamPages).GetLastMsgForSubject(context.Background(), target)
		due = msg
		return err == nil
	}, "it becomes due")
	require.False(t, due.Time.Before(at), "not a moment too early: due %s, came %s", at, due.Time)
	require.Equal(t, "a1", due.Header.Get(stage.HeaderArticle))
	got := &datelinev1.Article{}
	require.NoError(t, bus.Decode(due.Header, due.Data, got))
	require.Equal(t, "a1", got.GetId())
}

func TestTraceGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.settings.Tracer = trace.NewTracerProvider()
	const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	msg, err := bus.Encode(topology.ArticleFetched("news.example", "a1"), &datelinev1.Article{Id: "a1"}, bus.Protobuf)
	require.NoError(t, err)
	msg.Header["traceparent"] = []string{"00-" + traceID + "-00f067aa0ba902b7-01"}
	r.publish(msg)
	articles(r, echo)
	r.settled(topology.Parser, counts{"ok": 1})

	parent := r.last(topology.StreamParsed, topology.ArticleParsed("a1")).Header["traceparent"]
	require.Len(t, parent, 1)
	require.Contains(t, parent[0], traceID)
	require.NotContains(t, parent[0], "00f067aa0ba902b7", "the parent is the stage's own span")
}

func TestLargePayloads(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	text := string(bytes.Repeat([]byte("Les vannes du barrage. "), int(r.bus.Conn.MaxPayload())/20))
	in := &datelinev1.Article{Id: "a1", Document: &datelinev1.Document{Text: text}}
	msg, err := bus.Encode(topology.ArticleFetched("news.example", "a1"), in, bus.Protobuf)
	require.NoError(t, err)
	msg.Header.Set(jetstream.MsgIDHeader, "a1:1:fetcher")
	require.NoError(t, r.bus.SetAside(t.Context(), msg))
	require.NotEmpty(t, msg.Header.Get(bus.HeaderLarge))
	r.publish(msg)
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		a.Document.Headline = "Barrage"
		return []stage.Out{parsed(a)}, nil
	})
	r.settled(topology.Parser, counts{"ok": 1})

	out := r.last(topology.StreamParsed, topology.ArticleParsed("a1"))
	require.Empty(t, out.Data)
	data, err := r.bus.Payload(t.Context(), out.Header, out.Data)
	require.NoError(t, err)
	got := &datelinev1.Article{}
	require.NoError(t, bus.Decode(out.Header, data, got))
	require.Equal(t, "Barrage", got.GetDocument().GetHeadline())
	require.Equal(t, len(text), len(got.GetDocument().GetText()))
}

func TestLargePayloadInQuarantine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	msg := nats.NewMsg(topology.ArticleFetched("news.example", "a1"))
	msg.Data = bytes.Repeat([]byte{0xff}, int(r.bus.Conn.MaxPayload())+1)
	msg.Header.Set(jetstream.MsgIDHeader, "a1:1:fetcher")
	want := len(msg.Data)
	require.NoError(t, r.bus.SetAside(t.Context(), msg))
	r.publish(msg)
	articles(r, echo)
	r.settled(topology.Parser, counts{"quarantined/undecodable": 1})
	require.Len(t, r.quarantined().GetPayload(), want)
}

func TestStoredPayloadIsLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	msg := nats.NewMsg(topology.ArticleFetched("news.example", "a1"))
	msg.Header.Set(bus.HeaderLarge, "never-stored")
	r.publish(msg)
	articles(r, echo)
	r.settled(topology.Parser, counts{"quarantined/undecodable": 1})
	q := r.quarantined()
	require.Contains(t, q.GetError(), "stored payload is gone")
	require.Equal(t, []string{"never-stored"}, q.GetHeaders()[bus.HeaderLarge].GetValues())
}

// TestMaxInFlight says that no more handlers run than there are workers, and
// that no more messages are pulled than there are places for.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	const workers, places, messages = 2, 5, 60
	r := newRig(t)
	r.settings.Workers, r.settings.MaxInFlight = workers, places
	for i := range messages {
		r.feed(string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	inFlight := func() int64 {
		families, err := r.registry.Gather()
		require.NoError(t, err)
		for _, f := range families {
			if f.GetName() == "dateline_stage_in_flight" {
				return int64(f.GetMetric()[0].GetGauge().GetValue())
			}
		}
		return -1
	}
	var running, mostRunning, mostInHand atomic.Int64
	highest := func(mark *atomic.Int64, n int64) {
		for m := mark.Load(); n > m && !mark.CompareAndSwap(m, n); m = mark.Load() {
		}
	}
	var once sync.Once
	full, release := make(chan struct{}), make(chan struct{})
	articles(r, func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		defer running.Add(-1)
		highest(&mostRunning, running.Add(1))
		if running.Load() == workers {
			once.Do(func() { close(full) })
		}
		<-release
		highest(&mostInHand, inFlight())
		return []stage.Out{parsed(a)}, nil
	})
	<-full
	r.eventually(func() bool { return inFlight() == places }, "all places are taken")
	require.Equal(t, places, r.consumer(topology.Parser).NumAckPending, "and no more is pulled")
	close(release)
	r.settled(topology.Parser, counts{"ok": messages})
	require.EqualValues(t, workers, mostRunning.Load())
	require.LessOrEqual(t, mostInHand.Load(), int64(places))
}
