package parse_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/parser/earlier"
	"github.com/dateline-news/dateline/services/parser/parse"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// plant is a running parser with what it publishes.
type plant struct {
	t      *testing.T
	bus    *bus.Bus
	parsed <-chan *datelinev1.Article
}

func startPlant(t *testing.T) *plant {
	t.Helper()
	b := bustest.Start(t)
	return startPlantOn(t, b, worker.NewEnv(b, zaptest.NewLogger(t), prometheus.NewRegistry(), nil), parse.Settings{})
}

func startPlantOn(t *testing.T, b *bus.Bus, env worker.Env, settings parse.Settings) *plant {
	t.Helper()
	stages, closed, err := parse.Build(t.Context(), env, settings)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- stages[0].Run(ctx) }()

	consumer, err := b.JS.OrderedConsumer(t.Context(), topology.StreamParsed, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	parsed := make(chan *datelinev1.Article, 16)
	following, err := consumer.Consume(func(msg jetstream.Msg) {
		a := &datelinev1.Article{}
		if bus.Decode(msg.Headers(), msg.Data(), a) == nil {
			parsed <- a
		}
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		following.Stop()
		cancel()
		require.NoError(t, <-done)
		closed()
	})
	return &plant{t: t, bus: b, parsed: parsed}
}

func (p *plant) fetched(page *datelinev1.Page) {
	p.t.Helper()
	msg, err := bus.Encode(topology.ArticleFetched("courier.example", page.GetArticle().GetId()), page, bus.Zstd)
	require.NoError(p.t, err)
	_, err = p.bus.JS.PublishMsg(p.t.Context(), msg)
	require.NoError(p.t, err)
}

func (p *plant) next() *datelinev1.Article {
	p.t.Helper()
	select {
	case a := <-p.parsed:
		return a
	case <-time.After(20 * time.Second):
		require.FailNow(p.t, "nothing was published")
		return nil
	}
}

func TestStageMakesRevisions(t *testing.T) {
	t.Parallel()
	p := startPlant(t)
	p.fetched(look(0, harbourPage(harbourHead, harbourText)))
	require.EqualValues(t, 1, p.next().GetRevision())

	p.fetched(look(1, harbourPage(harbourHead, harbourText)))
	p.fetched(look(2, harbourPage("Harbour opens, piano found", harbourText)))
	second := p.next()
	require.EqualValues(t, 2, second.GetRevision(), "what is unchanged was dropped")
	require.Equal(t, []string{"headline"}, second.GetChange().GetFields())

	// A redelivery is known to the stream, and what comes next is not held up.
	p.fetched(look(2, harbourPage("Harbour opens, piano found", harbourText)))
	p.fetched(gone(3))
	third := p.next()
	require.EqualValues(t, 3, third.GetRevision())
	require.Equal(t, []string{"vanished"}, third.GetChange().GetFields())
	require.True(t, proto.Equal(second.GetDocument(), third.GetDocument()))
}

// Looks that are parsed at one time do not share a revision, and none is lost.
func TestLooksAtOneTime(t *testing.T) {
	t.Parallel()
	p := startPlant(t)
	p.fetched(look(0, harbourPage(harbourHead, harbourText)))
	require.EqualValues(t, 1, p.next().GetRevision())
	const pushes = 5
	for i := range pushes {
		page := pushedAgain(2, harbourPage(fmt.Sprintf("Harbour opens, bulletin %d", i), harbourText))
		page.Article.Fetch.Sha256 = fmt.Sprintf("%064d", i)
		page.Article.Fetch.Sha256 = page.Article.Fetch.Sha256[60:] + page.Article.Fetch.Sha256[:60]
		p.fetched(page)
	}
	for i := range pushes {
		a := p.next()
		require.EqualValues(t, i+2, a.GetRevision())
		require.EqualValues(t, i+1, a.GetChange().GetSince())
	}
}

func TestEarlierRevisions(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	documents, err := earlier.Open(t.Context(), b)
	require.NoError(t, err)
	last := func() earlier.Found {
		t.Helper()
		found, err := documents.Last(t.Context(), "a1", firstSeen)
		require.NoError(t, err)
		return found
	}
	store := func(subject string, a *datelinev1.Article, f bus.Format) uint64 {
		t.Helper()
		msg, err := bus.Encode(subject, a, f)
		require.NoError(t, err)
		ack, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
		return ack.Sequence
	}
	require.Equal(t, earlier.Found{Complete: true}, last(), "nothing was ever published")

	// The event is found whatever its language and topic, and nobody else's.
	store(topology.ArticleEnriched("fr", "conflict", "a2"), &datelinev1.Article{Id: "a2", Revision: 9}, bus.JSON)
	store(topology.ArticleEnriched("fr", "conflict", "a1"), &datelinev1.Article{Id: "a1", Revision: 1}, bus.JSON)
	store(topology.ArticleEnriched("en", "", "a1"), &datelinev1.Article{Id: "a1", Revision: 2}, bus.JSON)
	require.EqualValues(t, 2, last().Article.GetRevision())
	require.Zero(t, last().Sequence)

	store(topology.ArticleParsed("a1"), &datelinev1.Article{Id: "a1", Revision: 2}, bus.Protobuf)
	sequence := store(topology.ArticleParsed("a1"), &datelinev1.Article{Id: "a1", Revision: 3}, bus.Protobuf)
	require.EqualValues(t, 3, last().Article.GetRevision())
	require.Equal(t, sequence, last().Sequence)

	for _, name := range []string{topology.StreamParsed, topology.StreamEnriched} {
		stream, err := b.JS.Stream(t.Context(), name)
		require.NoError(t, err)
		require.NoError(t, stream.Purge(t.Context()))
	}
	require.Equal(t, earlier.Found{}, last(), "it may have been forgotten")
	store(topology.ArticleEnriched("en", "", "a3"), &datelinev1.Article{Id: "a3", Revision: 1}, bus.JSON)
	require.Equal(t, earlier.Found{}, last(), "the events began after the article")
	found, err := documents.Last(t.Context(), "a1", time.Now().Add(time.Minute))
	require.NoError(t, err)
	require.True(t, found.Complete, "the events reach back before the article")
}
