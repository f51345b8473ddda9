package quarantine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/quarantine"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run runs a stage until the test ends; what it gets is sent on.
func run(t *testing.T, b *bus.Bus, spec topology.Stage, fn func(stage.Raw) error) (got <-chan stage.Raw, stop func()) {
	t.Helper()
	handled := make(chan stage.Raw, 100)
	r, err := stage.NewRunner(spec, stage.AsIs, func(_ context.Context, raw stage.Raw) ([]stage.Out, error) {
		handled <- raw
		return nil, fn(raw)
	}, stage.Settings{Bus: b, Metrics: stage.NewMetrics(prometheus.NewRegistry())})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-done)
		}
	}
	t.Cleanup(stop)
	return handled, stop
}

func send(t *testing.T, b *bus.Bus, subject, payload string, header nats.Header) {
	t.Helper()
	if header == nil {
		header = nats.Header{}
	}
	_, err := b.JS.PublishMsg(t.Context(), &nats.Msg{Subject: subject, Data: []byte(payload), Header: header})
	require.NoError(t, err)
}

func all(t *testing.T, q *quarantine.Quarantine, stage string) []quarantine.Message {
	t.Helper()
	var out []quarantine.Message
	require.NoError(t, q.Each(t.Context(), stage, func(m quarantine.Message) error {
		out = append(out, m)
		return nil
	}))
	return out
}

// waitFor waits until the quarantine holds n messages.
func waitFor(t *testing.T, q *quarantine.Quarantine, n int) []quarantine.Message {
	t.Helper()
	require.Eventually(t, func() bool { return len(all(t, q, "")) == n }, time.Minute, 10*time.Millisecond)
	return all(t, q, "")
}

func TestListGetAndDrop(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	require.Empty(t, all(t, q, ""))

	reject := func(stage.Raw) error { return stage.Permanent(errors.New("not a URL")) }
	run(t, b, topology.Registry, reject)
	run(t, b, topology.Push, reject)
	send(t, b, topology.SubjectFeedSubmit, "one", nil)
	waitFor(t, q, 1)
	send(t, b, topology.SubjectArticleSubmit, "two", nil)
	messages := waitFor(t, q, 2)

	require.Equal(t, "one", string(messages[0].GetPayload()), "the oldest first, and also what came after the opening")
	require.Equal(t, "permanent", messages[0].GetClass())
	require.Equal(t, "not a URL", messages[0].GetError())
	require.Len(t, all(t, q, topology.Push.Name), 1)
	require.Empty(t, all(t, q, topology.Parser.Name))

	enough := errors.New("enough")
	require.ErrorIs(t, q.Each(t.Context(), "", func(quarantine.Message) error { return enough }), enough)

	one, err := q.Get(t.Context(), messages[0].GetId())
	require.NoError(t, err)
	require.True(t, proto.Equal(messages[0].Quarantined, one.Quarantined))
	for _, id := range []string{"", "*", ">", "q.1", "unknown"} {
		_, err = q.Get(t.Context(), id)
		require.ErrorIs(t, err, quarantine.ErrUnknown, "%q", id)
	}

	require.NoError(t, q.Drop(t.Context(), one))
	require.NoError(t, q.Drop(t.Context(), one), "what is gone is gone")
	require.Len(t, all(t, q, ""), 1)
	_, err = q.Get(t.Context(), one.GetId())
	require.ErrorIs(t, err, quarantine.ErrUnknown)
}

func TestRetryGivesTheMessageBackToItsStage(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	_, stop := run(t, b, topology.Push, func(stage.Raw) error { return stage.Permanent(errors.New("a bug")) })
	header := nats.Header{}
	header.Set(jetstream.MsgIDHeader, "the publisher's")
	header.Set(bus.HeaderReply, "_INBOX.someone")
	header.Set(bus.HeaderTitle, "Harbour reopens")
	send(t, b, topology.SubjectArticleSubmit, "The harbour reopened.", header)
	m := waitFor(t, q, 1)[0]
	stop()

	got, stop := run(t, b, topology.Push, func(stage.Raw) error { return stage.Permanent(errors.New("still a bug")) })
	require.NoError(t, q.Retry(t.Context(), m))
	raw := <-got
	require.Equal(t, topology.SubjectArticleSubmit, raw.Subject)
	require.Equal(t, "The harbour reopened.", string(raw.Data))
	require.Equal(t, "Harbour reopens", raw.Header.Get(bus.HeaderTitle))
	require.Empty(t, raw.Header.Get(bus.HeaderReply), "nobody waits for an answer now")
	require.NotEqual(t, "the publisher's", raw.Header.Get(jetstream.MsgIDHeader))
	require.Equal(t, quarantine.Origin(topology.StreamSubmissions, 1), raw.Header.Get(quarantine.HeaderOrigin))

	again := waitFor(t, q, 1)[0]
	require.NotEqual(t, m.GetId(), again.GetId())
	require.Equal(t, "still a bug", again.GetError())
	stop()

	got, _ = run(t, b, topology.Push, func(stage.Raw) error { return nil })
	require.NoError(t, q.Retry(t.Context(), again))
	require.Equal(t, quarantine.Origin(topology.StreamSubmissions, 1), (<-got).Header.Get(quarantine.HeaderOrigin), "it is still the first message")
	require.Empty(t, all(t, q, ""))
}

// A retry that died between sending the message and taking it out of quarantine
// is repeated, and comes to the same.
func TestARetryMayBeRepeated(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	_, stop := run(t, b, topology.Push, func(stage.Raw) error { return stage.Permanent(errors.New("a bug")) })
	send(t, b, topology.SubjectArticleSubmit, "The harbour reopened.", nil)
	m := waitFor(t, q, 1)[0]
	stop()
	require.NoError(t, q.Retry(t.Context(), m))
	require.NoError(t, q.Retry(t.Context(), m))
	stream, err := b.JS.Stream(t.Context(), topology.StreamSubmissions)
	require.NoError(t, err)
	require.EqualValues(t, 1, stream.CachedInfo().State.Msgs)
}

func TestOnlyAStageOwnSubjectsAreSentTo(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	for _, forged := range []*datelinev1.Quarantined{
		{Id: "q1", Stage: "fetcher-push", Subject: "$JS.API.STREAM.DELETE.ENRICHED"},
		{Id: "q2", Stage: "fetcher-push", Subject: "feeds.submit"},
		{Id: "q3", Stage: "parser", Subject: "articles.fetched.*.a"},
		{Id: "q4", Stage: "somebody", Subject: "articles.submit"},
	} {
		err := q.Retry(t.Context(), quarantine.Message{Quarantined: forged})
		require.Error(t, err)
		require.Contains(t, err.Error(), "retry "+forged.GetId())
	}
}

// What nobody can read must not hide the rest, and can be dropped.
func TestAnEntryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	q, err := quarantine.Open(t.Context(), b)
	require.NoError(t, err)
	send(t, b, topology.Quarantine("parser", "qbad"), "\xff\xff", nil)
	lost := nats.Header{}
	lost.Set(bus.HeaderLarge, "gone")
	send(t, b, topology.Quarantine("parser", "qlost"), "", lost)
	good, err := bus.Encode(topology.Quarantine("parser", "qgood"), &datelinev1.Quarantined{Id: "qgood"}, bus.Protobuf)
	require.NoError(t, err)
	_, err = b.JS.PublishMsg(t.Context(), good)
	require.NoError(t, err)

	messages := all(t, q, "parser")
	require.Len(t, messages, 3)
	for i, id := range []string{"qbad", "qlost"} {
		require.Equal(t, id, messages[i].GetId())
		require.Equal(t, quarantine.ClassUnreadable, messages[i].GetClass())
		require.Contains(t, messages[i].GetError(), "cannot be read")
		require.Error(t, q.Retry(t.Context(), messages[i]))
		require.NoError(t, q.Drop(t.Context(), messages[i]))
	}
	require.Len(t, all(t, q, ""), 1)
}
