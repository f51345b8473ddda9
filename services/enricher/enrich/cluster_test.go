package enrich

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ferryStory = `HARWICH — The overnight ferry to Esbjerg returned to port on Tuesday after a fire in a laundry room filled two decks with smoke, the operator said.

Nobody was hurt. The 214 passengers spent the night in the terminal and in two hotels, and most of them sailed again on Wednesday morning on another ship.

Inspectors from the maritime agency went on board at dawn. They will look at the wiring of a tumble dryer that was replaced in March.`

func event(id string, revision uint32, text string) *datelinev1.Article {
	return &datelinev1.Article{Id: id, Revision: revision, Document: &datelinev1.Document{Text: text}}
}

// settings switch off whatever else is known of an article.
func settings(t *testing.T) Settings {
	t.Helper()
	var s Settings
	s.Enricher.Disable = newEnricher(t, Config{}).Names()
	s.Enricher.Encoding = "json"
	s.Enricher.Workers = 4
	s.Enricher.ClusterMax, s.Enricher.ClusterAge = 1000, 72*time.Hour
	return s
}

// startReplica runs an enricher until the function that it returns is called.
func startReplica(t *testing.T, b *bus.Bus, s Settings) (stop func()) {
	t.Helper()
	stages, closed, err := Build(t.Context(), worker.NewEnv(b, zaptest.NewLogger(t), prometheus.NewRegistry(), nil), s)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	errs := make([]error, len(stages))
	for i, runner := range stages {
		running.Go(func() { errs[i] = runner.Run(ctx) })
	}
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		closed()
		require.NoError(t, errors.Join(errs...))
	})
	t.Cleanup(stop)
	return stop
}

// events returns a function that waits for the next n enriched events.
func events(t *testing.T, b *bus.Bus) func(n int) []*datelinev1.Article {
	t.Helper()
	consumer, err := b.JS.OrderedConsumer(t.Context(), topology.StreamEnriched, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	messages, err := consumer.Messages()
	require.NoError(t, err)
	t.Cleanup(messages.Stop)
	return func(n int) (out []*datelinev1.Article) {
		for range n {
			msg, err := messages.Next(jetstream.NextMaxWait(30 * time.Second))
			require.NoError(t, err)
			a := &datelinev1.Article{}
			require.NoError(t, bus.Decode(msg.Headers(), msg.Data(), a))
			out = append(out, a)
		}
		return out
	}
}

func parsed(t *testing.T, b *bus.Bus, a *datelinev1.Article) {
	t.Helper()
	msg, err := bus.Encode(topology.ArticleParsed(a.GetId()), a, bus.Protobuf)
	require.NoError(t, err)
	_, err = b.JS.PublishMsg(t.Context(), msg)
	require.NoError(t, err)
}

func clusterError(a *datelinev1.Article) string {
	i := slices.IndexFunc(a.GetEnrichment().GetAnnotators(), func(x *datelinev1.Annotator) bool { return x.GetName() == "cluster" })
	if i < 0 {
		return "did not run"
	}
	return a.GetEnrichment().GetAnnotators()[i].GetError()
}

func TestReplicasFindOneFirst(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	next := events(t, b)
	stops := []func(){startReplica(t, b, settings(t)), startReplica(t, b, settings(t)), startReplica(t, b, settings(t))}

	const families, copies = 4, 12
	for i := range copies {
		for f := range families {
			text := fmt.Sprintf("%s\n\nThe ship is number %d of the fleet.", strings.ReplaceAll(ferryStory, "e", fmt.Sprint("e", f)), f)
			parsed(t, b, event(fmt.Sprintf("f%dc%d", f, i), 1, text))
		}
	}
	firsts, sizes := map[string]string{}, map[string]bool{}
	all := next(families * copies)
	for _, a := range all {
		require.Empty(t, clusterError(a))
		c := a.GetEnrichment().GetCluster()
		require.Equal(t, "cluster/1", c.GetAnnotator())
		require.Equal(t, c.GetId(), c.GetFirstArticleId())
		if c.GetKind() == "first" {
			require.Equal(t, a.GetId(), c.GetId())
			require.Empty(t, c.GetNearestArticleId())
			require.Empty(t, firsts[a.GetId()[:2]], "one first each")
			firsts[a.GetId()[:2]] = a.GetId()
		}
		sizes[fmt.Sprint(a.GetId()[:2], c.GetSize())] = true
	}
	require.Len(t, firsts, families)
	require.Len(t, sizes, families*copies, "each copy has its number")
	for _, a := range all {
		c := a.GetEnrichment().GetCluster()
		require.Equal(t, firsts[a.GetId()[:2]], c.GetId())
		if c.GetKind() != "first" {
			require.Equal(t, "copy", c.GetKind())
			require.EqualValues(t, 1, c.GetSimilarity())
			require.Equal(t, a.GetId()[:2], c.GetNearestArticleId()[:2])
		}
	}

	// Another process reads the index from the stream.
	for _, stop := range stops {
		stop()
	}
	startReplica(t, b, settings(t))
	parsed(t, b, event("late", 1, strings.ReplaceAll(ferryStory, "e", "e2")))
	c := next(1)[0].GetEnrichment().GetCluster()
	require.Equal(t, firsts["f2"], c.GetId())
	require.EqualValues(t, copies+1, c.GetSize())
	require.Equal(t, "near", c.GetKind())

	// A revision stays where it was.
	parsed(t, b, event(firsts["f2"], 2, ferryStory+"\n\nThe line has apologised."))
	c = next(1)[0].GetEnrichment().GetCluster()
	require.Equal(t, firsts["f2"], c.GetId())
	require.Equal(t, "first", c.GetKind())
	require.EqualValues(t, copies+1, c.GetSize())

	// Without words there is no cluster, and no error.
	parsed(t, b, event("signs", 1, "🙂 🙂"))
	a := next(1)[0]
	require.Nil(t, a.GetEnrichment().GetCluster())
	require.Equal(t, "did not run", clusterError(a))
}

// TestReplayKeepsItsCluster: an article that is enriched again is no copy of its own copies,
// also where the index has forgotten it, and nobody's number changes.
func TestReplayKeepsItsCluster(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	next := events(t, b)
	s := settings(t)
	s.Enricher.ClusterMax = 2
	startReplica(t, b, s)
	before := map[string]string{}
	for i := range 4 {
		parsed(t, b, event(fmt.Sprintf("a%d", i), 1, ferryStory))
		a := next(1)[0]
		before[a.GetId()] = a.GetEnrichment().GetCluster().String()
	}
	for i := range 4 {
		msg := nats.NewMsg(fmt.Sprintf("replay.parsed.a%d", i))
		msg.Header.Set(stage.HeaderReplay, "r1")
		msg.Header.Set(stage.HeaderReplayOf, fmt.Sprint(i+1))
		_, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
	for _, a := range next(4) {
		require.Equal(t, before[a.GetId()], a.GetEnrichment().GetCluster().String())
		require.Empty(t, clusterError(a))
	}
	parsed(t, b, event("a4", 1, ferryStory))
	c := next(1)[0].GetEnrichment().GetCluster()
	require.Equal(t, "a0", c.GetId())
	require.EqualValues(t, 5, c.GetSize())

	// What was no event before has its place still to find.
	dropped, err := bus.Encode("articles.parsed.b1", event("b1", 1, ferryStory), bus.Protobuf)
	require.NoError(t, err)
	dropped.Header.Set(stage.HeaderReplay, "r1")
	_, err = b.JS.PublishMsg(t.Context(), dropped)
	require.NoError(t, err)
	c = next(1)[0].GetEnrichment().GetCluster()
	require.Equal(t, "a0", c.GetId())
	require.EqualValues(t, 6, c.GetSize())
}

func TestClustersSwitchedOff(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	s := settings(t)
	s.Enricher.Disable = append(s.Enricher.Disable, "cluster")
	startReplica(t, b, s)
	parsed(t, b, event("a1", 1, ferryStory))
	a := events(t, b)(1)[0]
	require.Nil(t, a.GetEnrichment().GetCluster())
	require.Equal(t, "did not run", clusterError(a))
}
