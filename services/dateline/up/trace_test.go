package up_test

import (
	"context"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/account"
	"github.com/dateline-news/dateline/services/dateline/demo"
	"github.com/dateline-news/dateline/services/dateline/trace"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// connect connects to the server of a Dateline whose greeting was read.
func connect(t *testing.T, greeting string) *bus.Bus {
	t.Helper()
	m := regexp.MustCompile(`nats://\S+`).FindString(greeting)
	require.NotEmpty(t, m, greeting)
	closed := make(chan struct{})
	b, err := bus.Connect("test", bus.Config{URL: m, Options: []bus.Option{nats.ClosedHandler(func(*nats.Conn) { close(closed) })}}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() {
		b.Conn.Close()
		<-closed
	})
	return b
}

// books are the accounts of a process, which close at every look.
func books(t *testing.T, metrics prometheus.Gatherer) map[string]account.Stage {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	stages := map[string]account.Stage{}
	for _, s := range account.Books(families) {
		require.True(t, s.Closed(), "%+v", s)
		require.Equal(t, s.In, s.OK+s.Dropped+s.Duplicate+s.Quarantined+s.InFlight, "%+v", s)
		stages[s.Name] = s
	}
	return stages
}

// poison is what the parser cannot read, and what it can and must not take.
func poison(ctx context.Context, b *bus.Bus) error {
	garbage := nats.NewMsg(topology.ArticleFetched("poison.example", "garbage1"))
	garbage.Data = []byte("\x00\xff no page")
	garbage.Header.Set(stage.HeaderArticle, "garbage1")
	nameless, err := bus.Encode(topology.ArticleFetched("poison.example", "nameless1"), &datelinev1.Page{Content: []byte("x")}, bus.Protobuf)
	if err != nil {
		return err
	}
	for _, msg := range []*nats.Msg{garbage, nameless} {
		if _, err := b.JS.PublishMsg(ctx, msg); err != nil {
			return err
		}
	}
	return nil
}

// TestBooksClose runs Dateline over pages that go through, are dropped, come twice,
// can never be read, and are interrupted by an end of the process and delivered again.
// At every look at the metrics the books close; and what all runs together took in is
// what the streams say that there was.
func TestBooksClose(t *testing.T) {
	data, site := t.TempDir(), freeAddr(t)
	total := map[string]account.Stage{}
	var metrics prometheus.Gatherer
	run := func(attach func(ctx context.Context, c *client.Client, b *bus.Bus) error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		out := &transcript{}
		require.NoError(t, up.Run(ctx, testConfig(t, data, site), up.Options{
			Demo: true, Out: out, Err: io.Discard,
			Attach: func(ctx context.Context, c *client.Client, registry prometheus.Gatherer) error {
				metrics = registry
				return attach(ctx, c, connect(t, out.String()))
			},
		}))
		for name, s := range books(t, metrics) {
			require.Zero(t, s.InFlight, "a process that has ended has nothing in hand")
			sum := total[name]
			sum.In += s.In
			sum.OK += s.OK
			sum.Dropped += s.Dropped
			sum.Duplicate += s.Duplicate
			sum.Quarantined += s.Quarantined
			total[name] = sum
		}
	}
	run(func(ctx context.Context, c *client.Client, b *bus.Bus) error {
		for range 2 {
			if _, err := c.SubmitArticle(ctx, &datelinev1.Submission{Content: pushed}); err != nil {
				return err
			}
		}
		if err := poison(ctx, b); err != nil {
			return err
		}
		_, err := collect(ctx, c, 3)
		return err
	})
	var state map[string]uint64
	run(func(ctx context.Context, _ *client.Client, b *bus.Bus) error {
		require.Eventually(t, func() bool {
			books(t, metrics)
			state = streams(ctx, t, b)
			return state["waiting"] == 0 && state["quarantined"] == 2 && len(expected(t)) <= int(state[topology.StreamEnriched])
		}, limit, 50*time.Millisecond)
		q, err := quarantine.Open(ctx, b)
		require.NoError(t, err)
		var held []quarantine.Message
		require.NoError(t, q.Each(ctx, "", func(m quarantine.Message) error { held = append(held, m); return nil }))
		require.NoError(t, q.Retry(ctx, held[0]))
		require.Eventually(t, func() bool {
			state = streams(ctx, t, b)
			return state["waiting"] == 0 && books(t, metrics)[topology.Parser.Name].Quarantined > 0 && state["quarantined"] == 2
		}, limit, 50*time.Millisecond)
		return nil
	})
	parser, enricher := total[topology.Parser.Name], total[topology.Enricher.Name]
	require.Equal(t, state[topology.StreamArchive], parser.In, "each page is kept once, and was taken in once")
	require.Equal(t, state[topology.StreamParsed], enricher.In)
	require.Equal(t, state[topology.StreamParsed], parser.OK)
	require.Equal(t, uint64(3), parser.Quarantined, "two, and one of them again")
	require.NotZero(t, parser.Dropped)
	require.Equal(t, uint64(1), total[topology.Push.Name].Duplicate)
	require.NotZero(t, total[topology.Page.Name].Dropped, "robots.txt forbids one")
}

// expected are the articles of the demo site that become events.
func expected(t *testing.T) []demo.Article {
	t.Helper()
	site, err := demo.New(demo.Options{})
	require.NoError(t, err)
	var want []demo.Article
	for _, a := range site.Articles() {
		if a.Feed != site.ExtraFeedPath() && a.Text != "" && a.Kind != demo.KindDisallowed && a.Kind != demo.KindPaywall && a.Kind != demo.KindConsent {
			want = append(want, a)
		}
	}
	return want
}

// streams are how many messages each stream has had, how many wait for a stage or are
// in its hands, and how many are in quarantine.
func streams(ctx context.Context, t *testing.T, b *bus.Bus) map[string]uint64 {
	t.Helper()
	state := map[string]uint64{}
	for _, name := range []string{topology.StreamArchive, topology.StreamParsed, topology.StreamEnriched, topology.StreamQuarantine} {
		s, err := b.JS.Stream(ctx, name)
		require.NoError(t, err)
		state[name] = s.CachedInfo().State.LastSeq
		if name == topology.StreamQuarantine {
			state["quarantined"] = s.CachedInfo().State.Msgs
		}
	}
	for _, spec := range topology.Stages() {
		c, err := b.JS.Consumer(ctx, spec.Stream, spec.Name)
		require.NoError(t, err)
		if spec.Name != topology.Poll.Name {
			state["waiting"] += c.CachedInfo().NumPending + uint64(c.CachedInfo().NumAckPending)
		}
	}
	return state
}

// TestTraceOfEachFate traces articles of the demo site that met different ends.
func TestTraceOfEachFate(t *testing.T) {
	addr := freeAddr(t)
	site, err := demo.New(demo.Options{})
	require.NoError(t, err)
	byKind := map[demo.Kind]string{}
	for _, a := range site.Articles() {
		if a.Feed != site.ExtraFeedPath() {
			byKind[a.Kind] = "http://" + addr + a.Path
		}
	}
	runUp(t, testConfig(t, t.TempDir(), addr), up.Options{Demo: true}, func(ctx context.Context, _ *client.Client, out *transcript) error {
		b := connect(t, out.String())
		of := func(query string) *trace.Trace {
			tr, err := trace.Of(ctx, b, query)
			require.NoError(t, err, query)
			return tr
		}
		becomes := func(query, state string) *trace.Trace {
			var tr *trace.Trace
			require.Eventually(t, func() bool { tr = of(query); return tr.State == state }, limit, 50*time.Millisecond, "%s: %s", query, state)
			return tr
		}
		event := becomes(byKind[demo.KindArticle], trace.StateEnriched)
		var stages []string
		for _, s := range event.Steps {
			if !s.Ahead {
				stages = append(stages, s.Stage+" "+s.Outcome)
			}
		}
		require.Equal(t, []string{"fetcher-poll found", "fetcher-page fetched", "parser parsed", "enricher enriched"}, stages)
		require.Len(t, event.Events, 1)
		require.NotNil(t, event.Kept)
		require.Equal(t, "healthy", event.Feed.State)
		require.NotEmpty(t, event.Headline)
		require.Equal(t, event.ID, of(event.ID).ID, "by id as by address")
		require.Equal(t, event.Steps, of(event.ID).Steps)

		for kind, reason := range map[demo.Kind]string{demo.KindConsent: "consent", demo.KindPaywall: "paywall", demo.KindDisallowed: "robots"} {
			dropped := becomes(byKind[kind], trace.StateDropped)
			require.Contains(t, dropped.Summary, reason)
			require.NotEmpty(t, dropped.Headline, "the feed's title")
		}

		require.NoError(t, poison(ctx, b))
		held := becomes("garbage1", trace.StateQuarantined)
		id := held.Steps[len(held.Steps)-1].Quarantine
		require.Equal(t, "garbage1", of(id).ID, "by the id of its message")
		q, err := quarantine.Open(ctx, b)
		require.NoError(t, err)
		m, err := q.Get(ctx, id)
		require.NoError(t, err)
		require.NoError(t, q.Drop(ctx, m))
		require.Equal(t, trace.StateReleased, of("garbage1").State)

		require.Equal(t, trace.StateFeed, of(event.Feed.URL).State)
		never := of("http://" + addr + "/never")
		require.False(t, never.Known())
		require.NotEmpty(t, never.Expected)
		require.Contains(t, of("https://nowhere.example/x").Summary, "no feed of nowhere.example is registered")
		_, err = trace.Of(ctx, b, "ftp://x/")
		require.ErrorContains(t, err, "http")
		return nil
	})
}
