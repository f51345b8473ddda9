package watch

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/stage/stagetest"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/query"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	patience = 30 * time.Second
	tick     = 10 * time.Millisecond
)

func event(id string, revision uint32, headline string) *datelinev1.Article {
	return &datelinev1.Article{
		Id: id, Revision: revision, Document: &datelinev1.Document{Headline: headline},
		Enrichment: &datelinev1.Enrichment{Language: &datelinev1.Language{Code: "en"}},
	}
}

func message(t *testing.T, a *datelinev1.Article, format bus.Format) *nats.Msg {
	t.Helper()
	msg, err := bus.Encode(topology.ArticleEnriched("en", "", a.GetId()), a, format)
	require.NoError(t, err)
	msg.Header.Set(stage.HeaderArticle, a.GetId())
	msg.Header.Set("ce-id", stage.ID(a.GetId(), a.GetRevision(), "enricher"))
	return msg
}

func TestConformance(t *testing.T) {
	samples := map[string]stage.Raw{}
	for name, format := range map[string]bus.Format{"json": bus.JSON, "protobuf": bus.Protobuf} {
		msg := message(t, event("a1", 2, "The ferry and the bridge"), format)
		samples[name] = stage.Raw{Subject: msg.Subject, Header: msg.Header, Data: msg.Data}
	}
	stagetest.Run(t, stagetest.Stage[stage.Raw]{
		New: func() stage.Func[stage.Raw] {
			w := newWatcher(nil, zap.NewNop())
			queries := map[string]*query.Query{}
			for name, text := range map[string]string{"ferries": "ferr*", "bridges": "bridge", "none": "tunnel"} {
				q, err := query.Parse(text)
				require.NoError(t, err)
				queries[name] = q
			}
			w.queries.Store(&queries)
			close(w.known)
			return w.handle
		},
		Decode: stage.AsIs, Samples: samples,
	})
}

// alerts are the alerts that there are, oldest first: "watch ce-id".
func alerts(t *testing.T, b *bus.Bus) []string {
	t.Helper()
	s, err := b.JS.Stream(t.Context(), topology.StreamAlerts)
	require.NoError(t, err)
	var all []string
	for sequence := uint64(1); sequence <= s.CachedInfo().State.LastSeq; sequence++ {
		msg, err := s.GetMsg(t.Context(), sequence)
		require.NoError(t, err)
		a := &datelinev1.Article{}
		require.NoError(t, bus.Decode(msg.Header, msg.Data, a), "the event itself")
		require.Equal(t, topology.Alert(msg.Header.Get(HeaderWatch), a.GetId()), msg.Subject)
		require.Equal(t, "application/json", msg.Header.Get("Content-Type"), "written as the event was")
		all = append(all, msg.Header.Get(HeaderWatch)+" "+msg.Header.Get("ce-id"))
	}
	return all
}

// replica runs the stage as a process of its own.
func replica(t *testing.T, b *bus.Bus) *watcher {
	t.Helper()
	s, w, err := build(t.Context(), worker.NewEnv(b, zap.NewNop(), prometheus.NewRegistry(), nil))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	return w
}

// TestAlerts: two replicas share the events; a watch takes effect while they run, and
// each event that it matches is one alert, however often it is delivered.
func TestAlerts(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	store, err := Open(ctx, b)
	require.NoError(t, err)
	replicas := []*watcher{replica(t, b), replica(t, b)}
	// The list is followed; what is asked next is put to the new one.
	know := func(n int) {
		t.Helper()
		require.Eventually(t, func() bool {
			for _, r := range replicas {
				if q := r.queries.Load(); q == nil || len(*q) != n {
					return false
				}
			}
			return true
		}, patience, tick)
	}
	publish := func(a *datelinev1.Article) {
		t.Helper()
		_, err := b.JS.PublishMsg(ctx, message(t, a, bus.JSON))
		require.NoError(t, err)
	}
	quiet := func() {
		t.Helper()
		require.Eventually(t, func() bool {
			c, err := b.JS.Consumer(ctx, topology.StreamEnriched, topology.Alerts.Name)
			require.NoError(t, err)
			return c.CachedInfo().NumPending == 0 && c.CachedInfo().NumAckPending == 0
		}, patience, tick)
	}
	know(0)
	publish(event("a0", 1, "A ferry before anybody watched"))
	quiet()

	added, err := store.Add(ctx, "ferries", "ferry OR fähre")
	require.NoError(t, err)
	require.True(t, added)
	_, err = store.Add(ctx, "english", "lang:en")
	require.NoError(t, err)
	know(2)
	publish(event("a1", 1, "A ferry"))
	publish(event("a2", 1, "A bridge"))
	quiet()
	publish(event("a1", 1, "A ferry")) // as after a crash between publishing and acknowledging
	publish(event("a1", 2, "Another ferry"))
	quiet()
	require.ElementsMatch(t, []string{
		"ferries a1:1:enricher", "english a1:1:enricher", "english a2:1:enricher", "ferries a1:2:enricher", "english a1:2:enricher",
	}, alerts(t, b))

	added, err = store.Add(ctx, "ferries", "bridge")
	require.NoError(t, err)
	require.False(t, added, "it has another query now")
	require.NoError(t, store.Remove(ctx, "english"))
	know(1)
	require.ErrorIs(t, store.Remove(ctx, "english"), ErrUnknown)
	require.Eventually(t, func() bool {
		for _, r := range replicas {
			if !(*r.queries.Load())["ferries"].Matches(query.For(event("x", 1, "bridge"))) {
				return false
			}
		}
		return true
	}, patience, tick)
	publish(event("a3", 1, "A ferry under a bridge"))
	quiet()
	require.Len(t, alerts(t, b), 6)
	require.Equal(t, "ferries a3:1:enricher", alerts(t, b)[5])

	// A replay is no news, unless it says so.
	for run, asked := range map[string]bool{"r1": false, "r2": true} {
		msg := message(t, event("a3", 1, "A ferry under a bridge"), bus.JSON)
		msg.Header.Set("ce-id", "a3:1:enricher:"+run)
		msg.Header.Set(stage.HeaderReplay, run)
		if asked {
			msg.Header.Set(stage.HeaderReplayAlerts, "1")
		}
		_, err = b.JS.PublishMsg(ctx, msg)
		require.NoError(t, err)
	}
	quiet()
	require.Len(t, alerts(t, b), 7)
	require.Equal(t, "ferries a3:1:enricher:r2", alerts(t, b)[6])

	// What nobody can read keeps nobody from the rest.
	garbage := nats.NewMsg(topology.ArticleEnriched("en", "", "garbage"))
	garbage.Data = []byte("\xff\xff")
	_, err = b.JS.PublishMsg(ctx, garbage)
	require.NoError(t, err)
	quiet()
	quarantined, err := b.JS.Stream(ctx, topology.StreamQuarantine)
	require.NoError(t, err)
	require.Zero(t, quarantined.CachedInfo().State.Msgs)
}

func TestStoreRefuses(t *testing.T) {
	b := bustest.Start(t)
	store, err := Open(t.Context(), b)
	require.NoError(t, err)
	for _, name := range []string{"", "Upper", "a.b", "*", ">", "-x", strings.Repeat("x", 41), "a b"} {
		_, err := store.Add(t.Context(), name, "x")
		require.ErrorContains(t, err, "lower-case", name)
		require.Error(t, store.Remove(t.Context(), name))
	}
	_, err = store.Add(t.Context(), "x", "(")
	var wrong *query.Error
	require.ErrorAs(t, err, &wrong)
	kv, err := b.JS.KeyValue(t.Context(), topology.BucketWatches)
	require.NoError(t, err)
	for i := range maxWatches {
		_, err := kv.Put(t.Context(), fmt.Sprintf("w%d", i), nil)
		require.NoError(t, err)
	}
	_, err = store.Add(t.Context(), "onemore", "x")
	require.ErrorContains(t, err, "as many as there may be")
	_, err = kv.Get(t.Context(), "onemore")
	require.ErrorIs(t, err, jetstream.ErrKeyNotFound)
}
