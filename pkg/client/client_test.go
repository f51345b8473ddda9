package client_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fetcher answers submissions as a fetcher does, and passes them on.
func fetcher(t *testing.T, b *bus.Bus, stage topology.Stage, receipt *datelinev1.Receipt) <-chan jetstream.Msg {
	t.Helper()
	consumer, err := b.JS.Consumer(t.Context(), stage.Stream, stage.Name)
	require.NoError(t, err)
	got := make(chan jetstream.Msg, 10)
	consuming, err := consumer.Consume(func(msg jetstream.Msg) {
		if err := b.Reply(msg.Headers(), receipt); err != nil {
			t.Error(err)
		}
		if err := msg.Ack(); err != nil {
			t.Error(err)
		}
		got <- msg
	})
	require.NoError(t, err)
	t.Cleanup(func() { consuming.Stop(); <-consuming.Closed() })
	return got
}

func TestASubmissionIsAnswered(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	want := &datelinev1.Receipt{Status: "added", Id: "f1", Url: "https://courier.example/feed"}
	feeds := fetcher(t, b, topology.Registry, want)
	articles := fetcher(t, b, topology.Push, &datelinev1.Receipt{Status: "rejected", Message: "the document is empty"})

	feed := &datelinev1.Feed{Url: "https://courier.example/feed", Labels: map[string]string{"region": "coast"}}
	receipt, err := c.SubmitFeed(t.Context(), feed)
	require.NoError(t, err)
	require.True(t, proto.Equal(want, receipt))
	msg, got := <-feeds, &datelinev1.Feed{}
	require.NoError(t, bus.Decode(msg.Headers(), msg.Data(), got))
	require.True(t, proto.Equal(feed, got))

	_, err = c.RemoveFeed(t.Context(), "f1")
	require.NoError(t, err)
	msg = <-feeds
	require.Equal(t, topology.SubjectFeedRemove, msg.Subject())
	require.Equal(t, "f1", string(msg.Data()))

	receipt, err = c.SubmitArticle(t.Context(), &datelinev1.Submission{Content: "Text.", Url: "https://courier.example/a"})
	require.NoError(t, err)
	require.Equal(t, "rejected", receipt.GetStatus())
	msg = <-articles
	document := &datelinev1.Submission{}
	require.NoError(t, bus.Decode(msg.Headers(), msg.Data(), document))
	require.Equal(t, "Text.", document.GetContent())
}

func TestDocumentsOfAnyCharset(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	articles := fetcher(t, b, topology.Push, &datelinev1.Receipt{Status: "accepted"})
	about := &datelinev1.Submission{Url: "https://courier.example/a", Title: "Café", Published: "2026-03", ContentType: "text/plain; charset=latin1"}

	_, err := c.SubmitDocument(t.Context(), about, []byte("Caf\xe9"))
	require.NoError(t, err)
	msg := <-articles
	require.Equal(t, "Caf\xe9", string(msg.Data()))
	require.Equal(t, about.GetContentType(), msg.Headers().Get(bus.HeaderContentType))
	require.Equal(t, about.GetUrl(), msg.Headers().Get(bus.HeaderURL))
	require.Equal(t, about.GetPublished(), msg.Headers().Get(bus.HeaderPublished))

	_, err = c.SubmitDocument(t.Context(), &datelinev1.Submission{}, []byte("Caf\xe9"))
	require.NoError(t, err)
	require.Equal(t, "application/octet-stream", (<-articles).Headers().Get(bus.HeaderContentType))

	_, err = c.SubmitDocument(t.Context(), about, []byte("Café"))
	require.NoError(t, err)
	msg = <-articles
	document := &datelinev1.Submission{}
	require.NoError(t, bus.Decode(msg.Headers(), msg.Data(), document))
	require.Equal(t, "Café", document.GetContent())
	require.Empty(t, about.GetContent(), "the argument is left alone")

	// Larger than the server's limit as it is, and text is not when it is packed.
	_, err = c.SubmitDocument(t.Context(), about, []byte(strings.Repeat("All work and no play. ", 1<<19)))
	require.NoError(t, err)
	<-articles
}

func TestASubmissionThatNobodyTakesIsQueued(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	receipt, err := client.New(b).SubmitFeed(ctx, &datelinev1.Feed{Url: "https://courier.example/feed"})
	require.NoError(t, err)
	require.Equal(t, client.StatusQueued, receipt.GetStatus())

	got := fetcher(t, b, topology.Registry, &datelinev1.Receipt{})
	require.Equal(t, topology.SubjectFeedSubmit, (<-got).Subject(), "it is there when a fetcher starts")
}

func TestWhatCannotBeStoredIsAnError(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	_, err := c.RemoveFeed(t.Context(), strings.Repeat("x", int(b.Conn.MaxPayload())+1))
	require.ErrorContains(t, err, "over the server's limit")

	stream, err := b.JS.Stream(t.Context(), topology.StreamSubmissions)
	require.NoError(t, err)
	cfg := stream.CachedInfo().Config
	cfg.MaxBytes = 100
	_, err = b.JS.UpdateStream(t.Context(), cfg)
	require.NoError(t, err)
	_, err = c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: "https://courier.example/" + strings.Repeat("x", 200)})
	require.ErrorContains(t, err, "publish on feeds.submit")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.SubmitFeed(ctx, &datelinev1.Feed{Url: "https://courier.example/feed"})
	require.ErrorIs(t, err, context.Canceled, "it is not known to be stored")
}

// publish publishes enriched events.
func publish(t *testing.T, b *bus.Bus, lang string, format bus.Format, ids ...string) {
	t.Helper()
	for _, id := range ids {
		msg, err := bus.Encode(topology.ArticleEnriched(lang, "conflict", id), &datelinev1.Article{Id: id, Revision: 1}, format)
		require.NoError(t, err)
		msg.Header.Set("ce-id", id+":1")
		_, err = b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
	}
}

var errEnough = errors.New("enough")

// take takes n events, and then ends by ctx.
func take(t *testing.T, c *client.Client, o client.EventOptions, n int) []client.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var events []client.Event
	require.NoError(t, c.Events(ctx, o, func(e client.Event) error {
		if events = append(events, e); len(events) == n {
			cancel()
		}
		return nil
	}))
	require.Len(t, events, n)
	return events
}

func ids(events []client.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.GetId())
	}
	return out
}

func TestEvents(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	publish(t, b, "fr", bus.JSON, "a1")
	publish(t, b, "en", bus.Protobuf, "a2")
	publish(t, b, "fr", bus.Zstd, "a3")

	events := take(t, c, client.EventOptions{Since: time.Hour}, 3)
	require.Equal(t, []string{"a1", "a2", "a3"}, ids(events), "in either encoding")
	require.Equal(t, "articles.enriched.fr.conflict.a1", events[0].Subject)
	require.Equal(t, "a1:1", events[0].Header.Get("ce-id"))
	require.EqualValues(t, 1, events[0].Sequence)
	require.Contains(t, string(events[0].Payload), `"a1"`)

	require.Equal(t, []string{"a1", "a3"}, ids(take(t, c, client.EventOptions{Since: time.Hour, Language: "fr"}, 2)))
	require.Equal(t, []string{"a2"}, ids(take(t, c, client.EventOptions{Since: time.Hour, Language: "en", Topic: "conflict"}, 1)))

	started := make(chan struct{})
	go func() {
		<-started
		msg := nats.NewMsg(topology.ArticleEnriched("en", "", "a4"))
		msg.Header.Set(bus.HeaderContentType, bus.TypeJSON)
		msg.Data = []byte(`{"id":"a4"}`)
		if err := b.Conn.PublishMsg(msg); err != nil {
			t.Error(err)
		}
	}()
	require.Equal(t, []string{"a4"}, ids(take(t, c, client.EventOptions{Started: func() { close(started) }}, 1)), "without Since only what is new")
}

func TestADurableGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint("a", i))
	}
	publish(t, b, "en", bus.JSON, want...)
	o := client.EventOptions{Durable: "desk", Since: time.Hour}

	got := ids(take(t, c, o, 5))
	err := c.Events(t.Context(), o, func(e client.Event) error {
		if e.GetId() == "a7" {
			return errEnough
		}
		got = append(got, e.GetId())
		return nil
	})
	require.ErrorIs(t, err, errEnough)
	// At once, and not only when the server has waited for an answer in vain.
	got = append(got, ids(take(t, c, o, 13))...)
	require.Equal(t, want, got, "each once, in order, with the one that failed first")
}

// The server goes and comes back while events are awaited.
func TestEventsOutliveTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().String()
	require.NoError(t, listener.Close())
	_, s := bustest.StartAt(t, dir, addr)
	b, err := bus.Connect("desk", bus.Config{URL: "nats://" + addr}, zap.NewNop())
	require.NoError(t, err)
	defer b.Conn.Close()
	publish(t, b, "en", bus.JSON, "a1")

	for _, durable := range []string{"", "desk"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		got := make(chan string, 10)
		done := make(chan error, 1)
		go func() {
			done <- client.New(b).Events(ctx, client.EventOptions{Since: time.Hour, Durable: durable}, func(e client.Event) error {
				got <- e.GetId()
				return nil
			})
		}()
		require.Equal(t, "a1", <-got)
		require.NoError(t, s.Stop())
		s, err = embedded.Start(embedded.Config{Data: dir, Listen: addr})
		require.NoError(t, err)
		id := "b" + durable
		msg, err := bus.Encode(topology.ArticleEnriched("en", "", id), &datelinev1.Article{Id: id}, bus.JSON)
		require.NoError(t, err)
		// The connection may not have noticed yet that the server was away.
		require.Eventually(t, func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := b.JS.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data}, jetstream.WithMsgID(id))
			return err == nil
		}, time.Minute, 10*time.Millisecond)
		for next := range got {
			if next == id {
				break
			}
			require.Equal(t, "b", next)
		}
		cancel()
		require.NoError(t, <-done)
	}
	require.NoError(t, s.Stop())
}

func TestADurableThatIsDeletedIsAnError(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	publish(t, b, "en", bus.JSON, "a1")
	err := client.New(b).Events(t.Context(), client.EventOptions{Since: time.Hour, Durable: "desk"}, func(client.Event) error {
		return b.JS.DeleteConsumer(t.Context(), topology.StreamEnriched, "desk")
	})
	require.Error(t, err)
}

func TestADurableHasOneFilter(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	c := client.New(b)
	publish(t, b, "fr", bus.JSON, "a1")
	take(t, c, client.EventOptions{Durable: "desk", Since: time.Hour, Language: "fr"}, 1)
	err := c.Events(t.Context(), client.EventOptions{Durable: "desk", Language: "en"}, func(client.Event) error { return nil })
	require.ErrorContains(t, err, "consumer desk exists and gets articles.enriched.fr.>")
}

func TestAnEventThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	_, err := b.JS.Publish(t.Context(), topology.ArticleEnriched("en", "", "a1"), []byte("\xff"))
	require.NoError(t, err)
	for _, durable := range []string{"", "desk"} {
		err = client.New(b).Events(t.Context(), client.EventOptions{Since: time.Hour, Durable: durable}, func(client.Event) error { return nil })
		require.ErrorContains(t, err, "read event 1")
	}
}
