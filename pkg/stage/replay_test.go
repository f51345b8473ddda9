package stage_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// keep publishes a document, as the parser did, and returns its sequence.
func (r *rig) keep(a *datelinev1.Article) uint64 {
	r.Helper()
	msg, err := parsed(a).Encode()
	require.NoError(r, err)
	msg.Header.Set(stage.HeaderArticle, a.GetId())
	require.NoError(r, r.bus.SetAside(context.Background(), msg))
	return r.publish(msg).Sequence
}

// replay publishes what 'dateline replay' does; again makes it another message.
func (r *rig) replay(id string, sequence uint64, run, again string) {
	r.Helper()
	msg := nats.NewMsg(topology.ReplayOf(topology.ArticleParsed(id)))
	msg.Header.Set(stage.HeaderReplay, run)
	msg.Header.Set(stage.HeaderReplayOf, strconv.FormatUint(sequence, 10))
	msg.Header.Set(stage.HeaderArticle, id)
	msg.Header.Set(jetstream.MsgIDHeader, id+":ref:"+run+again)
	r.publish(msg)
}

// event is what an enricher makes of a document, on the subject of a topic.
func event(a *datelinev1.Article, topic string) stage.Out {
	return stage.Out{
		Subject: topology.ArticleEnriched("en", topic, a.GetId()), Among: topology.EventsOf(a.GetId()),
		ID:      stage.ID(a.GetId(), max(a.GetRevision(), 1), topology.Enricher.Name),
		Message: a, Published: time.Unix(1e9, 0), FirstSeen: time.Unix(1e9, 0),
	}
}

// enrich runs a stage at the enricher's place.
func enrich(r *rig, topic string) *running {
	r.Helper()
	return run(r, topology.Enricher, stage.Decode[datelinev1.Article], func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		return []stage.Out{event(a, topic)}, nil
	})
}

// events are the message ids of all events, in their order.
func (r *rig) events() (ids []string) {
	r.Helper()
	s := r.stream(topology.StreamEnriched)
	for sequence := s.CachedInfo().State.FirstSeq; sequence <= s.CachedInfo().State.LastSeq && sequence > 0; sequence++ {
		msg, err := s.GetMsg(context.Background(), sequence)
		require.NoError(r, err)
		ids = append(ids, msg.Header.Get(jetstream.MsgIDHeader))
	}
	return ids
}

const idWindow = 100 * time.Millisecond

// forgetIDs makes the server forget the events' ids at once, so that only the stage's own look
// is left.
func (r *rig) forgetIDs() {
	r.Helper()
	cfg := r.stream(topology.StreamEnriched).CachedInfo().Config
	cfg.Duplicates = idWindow
	_, err := r.bus.JS.UpdateStream(context.Background(), cfg)
	require.NoError(r, err)
}

func TestReplay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kept := r.keep(&datelinev1.Article{Id: "a1", Document: &datelinev1.Document{Text: "as it was"}})
	news := enrich(r, "none")
	r.settled(topology.Enricher, counts{"ok": 1})
	require.Equal(t, uint64(1), r.observed("dateline_freshness_seconds"))
	require.NoError(t, news.end())
	r.replay("a1", kept, "r1", "")

	second := rigOn(t, r.bus)
	enrich(second, "sport") // as an upgrade would have it
	second.settled(topology.Enricher, counts{"ok": 1})
	require.Equal(t, []string{"a1:1:enricher", "a1:1:enricher:r1"}, second.events())
	msg := second.last(topology.StreamEnriched, topology.ArticleEnriched("en", "sport", "a1"))
	require.Equal(t, "r1", msg.Header.Get(stage.HeaderReplay))
	require.Empty(t, msg.Header.Get(stage.HeaderReplayOf))
	require.Empty(t, msg.Header.Get(stage.HeaderReplayAlerts))
	a := &datelinev1.Article{}
	require.NoError(t, bus.Decode(msg.Header, msg.Data, a))
	require.Equal(t, "as it was", a.GetDocument().GetText())
	for _, name := range []string{"dateline_freshness_seconds", "dateline_transit_seconds"} {
		require.Zero(t, second.observed(name), "a replay says nothing of how fresh news are")
	}
}

// observed is the number of observations of a histogram of the enricher's.
func (r *rig) observed(name string) uint64 {
	r.Helper()
	families, err := r.registry.Gather()
	require.NoError(r, err)
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if m.GetLabel()[0].GetValue() == topology.Enricher.Name {
				return m.GetHistogram().GetSampleCount()
			}
		}
	}
	return 0
}

// TestReplayOnceInItsRun is a run that is begun again, and again, while the service is
// killed: each article comes once, wherever its events stand.
func TestReplayOnceInItsRun(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.forgetIDs()
	sequences := map[string]uint64{}
	ids := []string{"a1", "a2", "a3", "a4", "a5"}
	for _, id := range ids {
		sequences[id] = r.keep(&datelinev1.Article{Id: id})
	}
	topics := []string{"none", "sport", "arts", "health"}
	for i, topic := range topics {
		for _, id := range ids {
			if i > 0 {
				r.replay(id, sequences[id], "r1", topic)
			}
		}
		killed := rigOn(t, r.bus)
		stop := enrich(killed, topic)
		killed.eventually(func() bool { return len(killed.outcomes(topology.Enricher.Name)) > 0 }, "it is in the middle")
		require.NoError(t, stop.end())
		ended := time.Now()
		r.eventually(func() bool { return time.Since(ended) > 2*idWindow }, "the server forgets the ids")
	}
	last := rigOn(t, r.bus)
	enrich(last, "last")
	last.eventually(func() bool {
		info := last.consumer(topology.Enricher)
		return info.NumPending == 0 && info.NumAckPending == 0
	}, "all is worked off")
	var want []string
	for _, id := range ids {
		want = append(want, id+":1:enricher", id+":1:enricher:r1")
	}
	require.ElementsMatch(t, want, last.events())

	// Another run is another replay.
	last.replay("a1", sequences["a1"], "r2", "")
	last.eventually(func() bool { return len(last.events()) == len(want)+1 }, "the second run")
	require.Contains(t, last.events(), "a1:1:enricher:r2")
}

// TestReadOnceMoreAfterReplays is a consumer that was deleted: whatever was read is read
// again, and nothing comes twice.
func TestReadOnceMoreAfterReplays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.forgetIDs()
	kept := r.keep(&datelinev1.Article{Id: "a1"})
	stop := enrich(r, "none")
	r.settled(topology.Enricher, counts{"ok": 1})
	r.replay("a1", kept, "r1", "")
	r.settled(topology.Enricher, counts{"ok": 2})
	r.replay("a1", kept, "r2", "")
	r.settled(topology.Enricher, counts{"ok": 3})
	require.NoError(t, stop.end())
	require.NoError(t, r.bus.JS.DeleteConsumer(t.Context(), topology.StreamParsed, topology.Enricher.Name))
	// What makes a look worth while is age; here the mark of what was delivered before.
	require.NoError(t, topology.EnsureConsumer(t.Context(), r.bus.JS, topology.Enricher, topologyOptions))
	r.giveBackAll(topology.Enricher, 3)
	again := rigOn(t, r.bus)
	enrich(again, "sport")
	again.settled(topology.Enricher, counts{"duplicate": 3})
	require.Equal(t, []string{"a1:1:enricher", "a1:1:enricher:r1", "a1:1:enricher:r2"}, again.events())
}

// giveBackAll takes n messages of a stage and returns them, as a process that dies does.
func (r *rig) giveBackAll(spec topology.Stage, n int) {
	r.Helper()
	consumer, err := r.bus.JS.Consumer(context.Background(), spec.Stream, spec.Name)
	require.NoError(r, err)
	batch, err := consumer.Fetch(n, jetstream.FetchMaxWait(patience))
	require.NoError(r, err)
	for msg := range batch.Messages() {
		require.NoError(r, msg.NakWithDelay(10*time.Millisecond))
	}
}

// TestReplayOfAnEarlierRevision comes too late: the article has gone on.
func TestReplayOfAnEarlierRevision(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kept := r.keep(&datelinev1.Article{Id: "a1"})
	enrich(r, "none")
	r.settled(topology.Enricher, counts{"ok": 1})
	newer, err := event(&datelinev1.Article{Id: "a1", Revision: 2}, "arts").Encode()
	require.NoError(t, err)
	r.publish(newer)
	r.replay("a1", kept, "r1", "")
	r.settled(topology.Enricher, counts{"ok": 1, "duplicate": 1})
	require.Equal(t, []string{"a1:1:enricher", "a1:2:enricher"}, r.events())
}

// TestReplayOfWhatIsGone passes over what is not kept any more, or was kept in a stream that
// was made anew since.
func TestReplayOfWhatIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	large := r.keep(&datelinev1.Article{Id: "large", Document: &datelinev1.Document{Text: strings.Repeat("x", 9<<20)}})
	other := r.keep(&datelinev1.Article{Id: "other"})
	enrich(r, "none")
	r.settled(topology.Enricher, counts{"ok": 2})
	r.replay("large", large, "r1", "")
	r.settled(topology.Enricher, counts{"ok": 3})
	objects, err := r.bus.JS.ObjectStore(t.Context(), topology.BucketLarge)
	require.NoError(t, err)
	require.NoError(t, objects.Delete(t.Context(), "large:1:parser"))
	r.replay("large", large, "r2", "")
	r.replay("gone", 4711, "r2", "")
	r.replay("mistaken", other, "r2", "")
	r.settled(topology.Enricher, counts{"ok": 3, "dropped/expired": 3})
	require.Zero(t, r.count(topology.StreamQuarantine))
	require.Zero(t, r.count(topology.StreamFetch), "no mark: the article did not end")
}

// TestReplayInQuarantine holds what is kept, not a reference to it: that may have expired
// when somebody looks.
func TestReplayInQuarantine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	page, err := bus.Encode("archive.fetched.news_example.a1", &datelinev1.Article{Id: "a1"}, bus.Zstd)
	require.NoError(t, err)
	page.Header.Set(stage.HeaderReplay, "r0")
	page.Header.Set(stage.HeaderReplayAlerts, "1")
	kept := r.publish(page)
	ref := nats.NewMsg(topology.ReplayOf(page.Subject))
	ref.Header.Set(stage.HeaderReplay, "r1")
	ref.Header.Set(stage.HeaderReplayOf, strconv.FormatUint(kept.Sequence, 10))
	r.publish(ref)
	articles(r, func(context.Context, *datelinev1.Article) ([]stage.Out, error) {
		return nil, stage.Permanent(context.DeadlineExceeded)
	})
	r.settled(topology.Parser, counts{"quarantined/permanent": 1})
	q := r.quarantined()
	require.True(t, bytes.Equal(page.Data, q.GetPayload()))
	require.Equal(t, []string{"zstd"}, q.GetHeaders()[bus.HeaderContentEncoding].GetValues())
	require.Equal(t, []string{"r1"}, q.GetHeaders()[stage.HeaderReplay].GetValues())
	require.NotContains(t, q.GetHeaders(), stage.HeaderReplayOf)
	require.NotContains(t, q.GetHeaders(), stage.HeaderReplayAlerts, "this run does not ask for them")
}

// TestForgedReplay: a publisher's word counts for nothing, and an operator's has a form.
func TestForgedReplay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	msg, err := bus.Encode(topology.PageDue("news.example", "a1"), &datelinev1.Article{Id: "a1"}, bus.Protobuf)
	require.NoError(t, err)
	msg.Header.Set(stage.HeaderReplay, "r1")
	r.publish(msg)
	pages(r, func(ctx context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		require.Empty(r, stage.DeliveryFrom(ctx).Replay)
		return []stage.Out{page(a)}, nil
	})
	r.settled(topology.Page, counts{"ok": 1})
	out := r.last(topology.StreamFetched, topology.ArticleFetched("news.example", "a1"))
	require.Equal(t, "a1:1:fetcher", out.Header.Get(jetstream.MsgIDHeader))
	require.Empty(t, out.Header.Get(stage.HeaderReplay))

	for _, bad := range []string{"No Name", "a:b", strings.Repeat("x", 41), "-"} {
		require.False(t, stage.ValidRun(bad), bad)
	}
	r.replay("a1", 1, "Not:A-Run", "")
	ref := nats.NewMsg("replay.parsed.a1")
	ref.Header.Set(stage.HeaderReplay, "r1")
	ref.Header.Set(stage.HeaderReplayOf, "first")
	r.publish(ref)
	enrich(r, "none")
	r.settled(topology.Enricher, counts{"quarantined/undecodable": 2})
}
