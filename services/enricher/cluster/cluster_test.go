package cluster

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const bridgeStory = `KOTKA — The drawbridge over the northern channel stays shut until Friday, the harbour office said on Monday after a bolt of the
left leaf was found broken. Two coasters wait outside; their cargo of timber is in no hurry, their masters said.`

func article(id string, revision uint32, text string) *datelinev1.Article {
	return &datelinev1.Article{Id: id, Revision: revision, Document: &datelinev1.Document{Text: text}}
}

// problem is what the annotator says went wrong.
func problem(a *datelinev1.Article) string {
	for _, run := range a.GetEnrichment().GetAnnotators() {
		if run.GetName() == Annotator {
			return run.GetError()
		}
	}
	return "did not run"
}

func TestAnArticleGoesOnWithoutTheStream(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	require.NoError(t, b.JS.DeleteStream(t.Context(), topology.StreamClusters))
	c := following(t, b)
	<-c.tried
	a := enriched(t.Context(), c.Clusters, article("a1", 1, bridgeStory))
	require.Nil(t, a.GetEnrichment().GetCluster())
	require.Contains(t, problem(a), "open CLUSTERS")
}

// follower is an index with its stream.
type follower struct {
	*Clusters
	// tried is closed when the stream was first asked for.
	tried chan struct{}
}

func following(t *testing.T, b *bus.Bus) follower {
	t.Helper()
	c, err := New(b, zaptest.NewLogger(t), 1000, time.Hour)
	require.NoError(t, err)
	f := follower{Clusters: c, tried: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.setBroken(c.followOnce(ctx))
		close(f.tried)
		if ctx.Err() == nil {
			c.follow(ctx)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return f
}

func enriched(ctx context.Context, c *Clusters, a *datelinev1.Article) *datelinev1.Article {
	p := c.Begin(a)
	a.Enrichment = &datelinev1.Enrichment{}
	c.Finish(ctx, p, a.Enrichment)
	return a
}

func TestARepeatFindsWhatWasDecided(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	one, other := following(t, b).Clusters, following(t, b).Clusters
	first := enriched(t.Context(), one, article("a1", 1, bridgeStory)).GetEnrichment().GetCluster()
	copied := enriched(t.Context(), other, article("a2", 1, bridgeStory)).GetEnrichment().GetCluster()
	require.Equal(t, "first", first.GetKind())
	require.Equal(t, "a1", copied.GetId())
	for _, c := range []*Clusters{one, other} {
		again := enriched(t.Context(), c, article("a1", 1, bridgeStory)).GetEnrichment().GetCluster()
		require.Equal(t, first.String(), again.String())
		again = enriched(t.Context(), c, article("a2", 1, bridgeStory)).GetEnrichment().GetCluster()
		require.Equal(t, copied.String(), again.String())
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c, err := New(b, zaptest.NewLogger(t), 1000, time.Hour)
	require.NoError(t, err)
	// Nobody reads the stream.
	ctx, cancel := context.WithCancelCause(t.Context())
	p := c.Begin(article("a1", 1, bridgeStory))
	ack := <-p.future.Ok()
	cancel(errLate)
	require.ErrorIs(t, c.reach(ctx, ack.Sequence), errLate)
	require.Empty(t, c.waiters)

	a := enriched(ctx, c, article("a2", 1, bridgeStory))
	require.Contains(t, problem(a), "not read in time")
	require.Nil(t, a.GetEnrichment().GetCluster())
}

func TestAStreamMadeAnewIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := following(t, b)
	for i := range 3 {
		require.Empty(t, problem(enriched(t.Context(), c.Clusters, article(fmt.Sprint("a", i), 1, bridgeStory))))
	}
	require.NoError(t, b.JS.DeleteStream(t.Context(), topology.StreamClusters))
	<-c.tried
	_, err := topology.Ensure(t.Context(), b.JS, topology.Options{MaxStore: 1 << 30})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		a := enriched(t.Context(), c.Clusters, article("b1", 1, bridgeStory))
		return a.GetEnrichment().GetCluster().GetKind() == "first"
	}, 30*time.Second, 20*time.Millisecond)
}

func TestASignatureThatCannotBeReadIsLeftOut(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := following(t, b).Clusters
	_, err := b.JS.Publish(t.Context(), topology.ArticleSignature("bad"), []byte("of a later version"))
	require.NoError(t, err)
	a := enriched(t.Context(), c, article("a1", 1, bridgeStory))
	require.Empty(t, problem(a))
	require.Equal(t, "first", a.GetEnrichment().GetCluster().GetKind())
}

func TestClusterSettings(t *testing.T) {
	t.Parallel()
	log := zaptest.NewLogger(t)
	_, err := New(nil, log, 0, time.Hour)
	require.ErrorContains(t, err, "enricher.cluster-max")
	_, err = New(nil, log, 10, 0)
	require.ErrorContains(t, err, "enricher.cluster-age")
	_, err = New(nil, log, 10, 1000*time.Hour)
	require.ErrorContains(t, err, "use at most 168h")
}
