package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

type feedState struct {
	State string
	Count int
	Feeds []map[string]any
}

func TestFeedsByStateWithoutTheirSecrets(t *testing.T) {
	b := bustest.Start(t)
	store, err := bus.OpenStore[datelinev1.FeedRecord](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	put := func(id, state, reason string, feed *datelinev1.Feed) {
		feed.Id = id
		_, err := store.Put(t.Context(), id, &datelinev1.FeedRecord{Feed: feed, Poll: &datelinev1.PollState{
			State: state, Reason: reason, LastPollAt: timestamppb.Now(), Interval: durationpb.New(900e9),
			KnownEntries: []byte("fingerprints"), Etag: "etag-of-the-feed",
		}}, 0)
		require.NoError(t, err)
	}
	put("f1", "healthy", "nothing new", &datelinev1.Feed{Url: "https://courier.example/feed.xml", Title: "The Harbour Courier"})
	put("f2", "failing", "503 <script>", &datelinev1.Feed{
		Url: "https://reader:hunter2@wire.example/rss", Headers: map[string]string{"Authorization": "Bearer sesame"},
	})
	put("f3", "of the future", "", &datelinev1.Feed{Url: "https://next.example/rss"})
	for i := range 120 {
		put(fmt.Sprintf("q%03d", i), "quiet", "silent for 3 days", &datelinev1.Feed{Url: fmt.Sprintf("https://q%03d.example/", i)})
	}
	r := start(t, b, prometheus.NewRegistry())

	res, body := r.get("/api/feeds")
	require.Equal(t, http.StatusOK, res.StatusCode)
	for _, secret := range []string{"sesame", "Authorization", "hunter2", "reader", "etag-of", "headers"} {
		require.NotContains(t, body, secret)
	}
	require.NotContains(t, body, "<")
	var list struct {
		Total  int
		States []feedState
	}
	require.NoError(t, json.Unmarshal([]byte(body), &list))
	require.Equal(t, 123, list.Total)
	var states []string
	for _, s := range list.States {
		states = append(states, fmt.Sprintf("%s %d/%d", s.State, len(s.Feeds), s.Count))
	}
	require.Equal(t, []string{"failing 1/1", "quiet 100/120", "healthy 1/1", "other 1/1"}, states, "the worst first, long lists cut")
	failing := list.States[0].Feeds[0]
	require.Equal(t, "https://wire.example/rss", failing["url"])
	require.Equal(t, "503 <script>", failing["reason"])
	require.EqualValues(t, 900, failing["intervalSeconds"])
}

type quarantineList struct {
	Total    uint64
	Revision string
	Messages []struct {
		ID, Stage, Class, Error, Article, Subject string
		Bytes                                     int
	}
}

func TestQuarantineListsTheLatestFirst(t *testing.T) {
	b := bustest.Start(t)
	var first uint64
	put := func(i int) {
		id := fmt.Sprintf("q%d", i)
		msg, err := bus.Encode(topology.Quarantine("parser", id), &datelinev1.Quarantined{
			Id: id, Stage: "parser", Class: "permanent", Error: "bad <page> " + strings.Repeat("x", 1000), Attempt: 5,
			Subject: "articles.fetched.a.b", ArticleId: "a1", Payload: []byte("four"), QuarantinedAt: timestamppb.Now(),
		}, bus.Protobuf)
		require.NoError(t, err)
		ack, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
		if first == 0 {
			first = ack.Sequence
		}
	}
	// Old ones, a wide gap of those that were retried, and new ones.
	for i := range 300 {
		put(i)
	}
	stream, err := b.JS.Stream(t.Context(), topology.StreamQuarantine)
	require.NoError(t, err)
	for i := uint64(20); i < 290; i++ {
		require.NoError(t, stream.DeleteMsg(t.Context(), first+i))
	}
	// One whose payload is elsewhere, and one that is no protobuf.
	aside, err := bus.Encode(topology.Quarantine("enricher", "large"), &datelinev1.Quarantined{}, bus.Protobuf)
	require.NoError(t, err)
	aside.Header.Set(bus.HeaderLarge, "large")
	_, err = b.JS.PublishMsg(t.Context(), aside)
	require.NoError(t, err)
	_, err = b.JS.Publish(t.Context(), topology.Quarantine("enricher", "broken"), []byte("\xff"), jetstream.WithMsgID("broken"))
	require.NoError(t, err)
	r := start(t, b, prometheus.NewRegistry())

	read := func() quarantineList {
		res, body := r.get("/api/quarantine")
		require.Equal(t, http.StatusOK, res.StatusCode, body)
		require.NotContains(t, body, "<")
		var list quarantineList
		require.NoError(t, json.Unmarshal([]byte(body), &list))
		return list
	}
	list := read()
	flow := r.open("").flow(func(map[string]any) bool { return true })
	require.Equal(t, list.Revision, flow["quarantine"].(map[string]any)["revision"], "a page knows when to ask again")
	require.EqualValues(t, 32, list.Total)
	require.Len(t, list.Messages, 32)
	require.Equal(t, "broken", list.Messages[0].ID)
	require.Contains(t, list.Messages[0].Error, "cannot be read")
	require.Equal(t, "large", list.Messages[1].ID)
	require.Equal(t, "enricher", list.Messages[1].Stage)
	m := list.Messages[2]
	require.Equal(t, "q299", m.ID)
	require.Equal(t, "permanent", m.Class)
	require.Equal(t, 4, m.Bytes)
	require.True(t, strings.HasPrefix(m.Error, "bad <page>"))
	require.LessOrEqual(t, len([]rune(m.Error)), 480)
	require.Equal(t, "q0", list.Messages[31].ID)

	// One that is sent back disappears.
	require.NoError(t, stream.DeleteMsg(t.Context(), first+299))
	require.Eventually(t, func() bool { return read().Messages[2].ID == "q298" }, patience, tick)

	consumers := stream.ConsumerNames(t.Context())
	for name := range consumers.Name() {
		t.Errorf("consumer %s was left behind", name)
	}
	require.NoError(t, consumers.Err())
}

func TestEmptyListsAreEmpty(t *testing.T) {
	r := start(t, bustest.Start(t), prometheus.NewRegistry())
	_, body := r.get("/api/quarantine")
	require.Contains(t, body, `"total":0,`)
	require.Contains(t, body, `"messages":[]`)
	_, body = r.get("/api/feeds")
	require.Contains(t, body, `"total":0,`)
	require.Contains(t, body, `"states":[]`)
}
