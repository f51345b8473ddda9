package replay_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/replay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	patience = 30 * time.Second
	tick     = 10 * time.Millisecond
)

// document publishes what a parser made of an article.
func document(t *testing.T, b *bus.Bus, id, text string) {
	t.Helper()
	a := &datelinev1.Article{Id: id, Revision: 1, Document: &datelinev1.Document{Text: text}}
	out := stage.Out{
		Subject: topology.ArticleParsed(id), ID: stage.ID(id, 1, topology.Parser.Name), Message: a,
		Header: map[string]string{stage.HeaderArticle: id},
	}
	msg, err := out.Encode()
	require.NoError(t, err)
	require.NoError(t, b.SetAside(t.Context(), msg))
	_, err = b.JS.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
}

// enricher runs at the enricher's place until the function that it returns is called, and
// drops what has no text.
func enricher(t *testing.T, b *bus.Bus) (stop func()) {
	t.Helper()
	return run(t, b, enrich)
}

func enrich(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
	if a.GetDocument().GetText() == "" {
		return nil, stage.Drop("empty")
	}
	return []stage.Out{{
		Subject: topology.ArticleEnriched("en", "", a.GetId()), Among: topology.EventsOf(a.GetId()), Message: a,
		ID: stage.ID(a.GetId(), a.GetRevision(), topology.Enricher.Name), Header: map[string]string{stage.HeaderArticle: a.GetId()},
	}}, nil
}

func run(t *testing.T, b *bus.Bus, fn stage.Func[*datelinev1.Article]) (stop func()) {
	t.Helper()
	runner, err := stage.NewRunner(topology.Enricher, stage.Decode[datelinev1.Article], fn,
		stage.Settings{Bus: b, Metrics: stage.NewMetrics(prometheus.NewRegistry())})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return stop
}

// came counts the events of a run, by article.
func came(t *testing.T, b *bus.Bus, run string) map[string]int {
	t.Helper()
	s, err := b.JS.Stream(context.Background(), topology.StreamEnriched)
	require.NoError(t, err)
	n := map[string]int{}
	for sequence := uint64(1); sequence <= s.CachedInfo().State.LastSeq; sequence++ {
		msg, err := s.GetMsg(context.Background(), sequence)
		require.NoError(t, err)
		if msg.Header.Get(stage.HeaderReplay) == run {
			n[msg.Header.Get(stage.HeaderArticle)]++
			require.True(t, strings.HasSuffix(msg.Header.Get(jetstream.MsgIDHeader), ":enricher"+strings.Repeat(":"+run, min(1, len(run)))))
		}
	}
	return n
}

func options(run string) replay.Options {
	return replay.Options{From: topology.Enricher, Run: run, Window: 100}
}

func quiet(replay.Progress) {}

// idle waits until the enricher has nothing left to do.
func idle(t *testing.T, b *bus.Bus) {
	t.Helper()
	looks := 0
	require.Eventually(t, func() bool {
		c, err := b.JS.Consumer(context.Background(), topology.StreamParsed, topology.Enricher.Name)
		require.NoError(t, err)
		if looks++; c.CachedInfo().NumPending > 0 || c.CachedInfo().NumAckPending > 0 {
			looks = 0
		}
		return looks == 20
	}, patience, tick)
}

// TestNewsAreNotHeldUp: no more is sent than the window lets wait.
func TestNewsAreNotHeldUp(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	for i := range 20 {
		document(t, b, fmt.Sprintf("a%d", i), "text")
	}
	stop := enricher(t, b)
	idle(t, b)
	stop()
	o := options("r1")
	o.Window = 3
	plan, err := replay.Make(t.Context(), b, o)
	require.NoError(t, err)
	require.Equal(t, 20, plan.Articles)
	var full sync.Once
	var most atomic.Int64
	waits := make(chan struct{})
	sent := make(chan *replay.Summary, 1)
	go func() {
		summary, err := plan.Send(t.Context(), func(p replay.Progress) {
			most.Store(max(most.Load(), int64(p.Waiting)))
			if p.Waiting == 3 {
				full.Do(func() { close(waits) })
			}
		})
		if err == nil {
			sent <- summary
		}
	}()
	<-waits
	require.Empty(t, came(t, b, "r1"), "nobody takes them")
	enricher(t, b)
	summary := <-sent
	require.Equal(t, &replay.Summary{Events: 20, Dropped: map[string]int{}}, summary)
	// The server may count what it hands to the stage at that moment twice.
	require.LessOrEqual(t, most.Load(), int64(2*o.Window))
	require.Len(t, came(t, b, "r1"), 20)
}

// TestGoneOnWith: the command is interrupted and the enricher ends again and again; the run
// that is gone on with brings each article once.
func TestGoneOnWith(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	const articles = 60
	for i := range articles {
		text := "text"
		if i == 7 {
			text = ""
		}
		document(t, b, fmt.Sprintf("a%d", i), text)
	}
	stop := enricher(t, b)
	idle(t, b)
	o := options("r1")
	o.Window = 8
	for n := 10; n < articles; n += 10 {
		plan, err := replay.Make(t.Context(), b, o)
		require.NoError(t, err)
		ctx, interrupt := context.WithCancel(t.Context())
		before := plan.Messages
		_, err = plan.Send(ctx, func(p replay.Progress) {
			if before-p.Sent < articles-n {
				interrupt()
			}
		})
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
		interrupt()
		stop()
		stop = enricher(t, b)
		o.Resume = true
	}
	plan, err := replay.Make(t.Context(), b, o)
	require.NoError(t, err)
	_, err = plan.Send(t.Context(), quiet)
	require.NoError(t, err)
	want := map[string]int{}
	for i := range articles {
		if i != 7 {
			want[fmt.Sprintf("a%d", i)] = 1
		}
	}
	require.Equal(t, want, came(t, b, "r1"))

	plan, err = replay.Make(t.Context(), b, o)
	require.NoError(t, err)
	require.Equal(t, articles, plan.Done, "what was dropped came to its end, too")
	require.Zero(t, plan.Messages)
	// Another run brings all of them.
	plan, err = replay.Make(t.Context(), b, options("r2"))
	require.NoError(t, err)
	summary, err := plan.Send(t.Context(), quiet)
	require.NoError(t, err)
	require.Equal(t, &replay.Summary{Events: articles - 1, Dropped: map[string]int{"enricher: empty": 1}}, summary)
	require.Equal(t, want, came(t, b, "r2"))
}

// TestRetriedFromQuarantine: what a version with a fault gave up comes out as a part of its
// run, once it is mended.
func TestRetriedFromQuarantine(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	document(t, b, "a1", "text")
	stop := enricher(t, b)
	idle(t, b)
	stop()
	stop = run(t, b, func(context.Context, *datelinev1.Article) ([]stage.Out, error) {
		return nil, stage.Permanent(errors.New("a fault"))
	})
	plan, err := replay.Make(t.Context(), b, options("r1"))
	require.NoError(t, err)
	summary, err := plan.Send(t.Context(), quiet)
	require.NoError(t, err)
	require.Equal(t, &replay.Summary{Quarantined: 1, Dropped: map[string]int{}}, summary)
	stop()
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	require.NoError(t, q.Each(t.Context(), topology.Enricher.Name, func(m quarantine.Message) error { return q.Retry(t.Context(), m) }))
	enricher(t, b)
	idle(t, b)
	require.Equal(t, map[string]int{"a1": 1}, came(t, b, "r1"))
}

func TestWhatIsChosen(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	began := time.Now()
	document(t, b, "a1", "text")
	document(t, b, "a2", strings.Repeat("x", 9<<20))
	document(t, b, "a1", "text")
	enricher(t, b)
	idle(t, b)
	plan := func(change func(*replay.Options)) (int, error) {
		o := options("r1")
		change(&o)
		p, err := replay.Make(t.Context(), b, o)
		if err != nil {
			return 0, err
		}
		return p.Messages, nil
	}
	for name, tt := range map[string]struct {
		change func(*replay.Options)
		want   int
		err    string
	}{
		"all":              {func(*replay.Options) {}, 2, ""},
		"one":              {func(o *replay.Options) { o.IDs = []string{"a2"} }, 1, ""},
		"in English":       {func(o *replay.Options) { o.Language = "en" }, 2, ""},
		"in French":        {func(o *replay.Options) { o.Language = "fr" }, 0, "nothing to replay: no document is kept that was asked for"},
		"unknown":          {func(o *replay.Options) { o.IDs = []string{"a1", "a9"} }, 0, "no document is kept of a9"},
		"since":            {func(o *replay.Options) { o.Since = began.Add(-time.Minute) }, 2, ""},
		"of earlier":       {func(o *replay.Options) { o.Until = began.Add(-time.Minute) }, 0, "reaches back to"},
		"of other hosts":   {func(o *replay.Options) { o.Host = "courier.example" }, 0, "nothing to replay"},
		"no archived page": {func(o *replay.Options) { o.From = topology.Parser }, 0, "ARCHIVE is empty"},
	} {
		n, err := plan(tt.change)
		if tt.err != "" {
			require.ErrorIs(t, err, replay.ErrNothing, name)
			require.ErrorContains(t, err, tt.err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, tt.want, n, name)
	}

	objects, err := b.JS.ObjectStore(t.Context(), topology.BucketLarge)
	require.NoError(t, err)
	require.NoError(t, objects.Delete(t.Context(), "a2:1:parser"))
	p, err := replay.Make(t.Context(), b, options("r1"))
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{p.Messages, p.Lost})
}

// TestStreamsOfAnEarlierVersion say what to do, and take replays after that.
func TestStreamsOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	document(t, b, "a1", "text")
	for _, spec := range []topology.Stage{topology.Parser, topology.Enricher} {
		news := slices.DeleteFunc(slices.Clone(spec.Filters), func(f string) bool { return strings.HasPrefix(f, "replay.") })
		consumer, err := b.JS.Consumer(t.Context(), spec.Stream, spec.Name)
		require.NoError(t, err)
		cfg := consumer.CachedInfo().Config
		cfg.FilterSubjects, cfg.FilterSubject = nil, news[0]
		_, err = b.JS.UpdateConsumer(t.Context(), spec.Stream, cfg)
		require.NoError(t, err)
		stream, err := b.JS.Stream(t.Context(), spec.Stream)
		require.NoError(t, err)
		of := stream.CachedInfo().Config
		of.Subjects = news
		_, err = b.JS.UpdateStream(t.Context(), of)
		require.NoError(t, err)
	}
	_, err := replay.Make(t.Context(), b, options("r1"))
	require.ErrorContains(t, err, "run 'dateline setup'")
	_, err = topology.Ensure(t.Context(), b.JS, topology.Options{MaxStore: 1 << 30})
	require.NoError(t, err)
	enricher(t, b)
	plan, err := replay.Make(t.Context(), b, options("r1"))
	require.NoError(t, err)
	summary, err := plan.Send(t.Context(), quiet)
	require.NoError(t, err)
	require.Equal(t, 1, summary.Events)
}
