package client_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// TestEventsByRole lets a team consume by the durable of its name, and a reader by
// the one that the admin made, an event that is over the server's max_payload
// included; each with no more rights than its role has.
func TestEventsByRole(t *testing.T) {
	t.Parallel()
	s := bustest.StartSecured(t, append(topology.Roles(), topology.Publisher("press"), topology.Consumer("newsroom"), topology.Reader("archive"))...)
	admin := s.Connect(t, topology.RoleAdmin)
	_, err := topology.Ensure(t.Context(), admin.JS, topology.Options{MaxStore: 1 << 30})
	require.NoError(t, err)

	enricher := s.Connect(t, topology.RoleEnricher)
	article := &datelinev1.Article{Id: "a1", Document: &datelinev1.Document{Text: string(bytes.Repeat([]byte("Les vannes rouvertes. "), 1<<16))}}
	publish := func(b *bus.Bus) error {
		msg, err := bus.Encode(topology.ArticleEnriched("fr", "", "a1"), article, bus.JSON)
		require.NoError(t, err)
		msg.Header.Set(jetstream.MsgIDHeader, "a1:1:enricher")
		return b.WhileAllowed(t.Context(), func(ctx context.Context) error {
			if err := b.SetAside(ctx, msg); err != nil {
				return err
			}
			_, err := b.JS.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
			return err
		})
	}
	require.NoError(t, publish(enricher))
	require.NoError(t, publish(enricher), "a repeat writes over its own object")
	require.ErrorContains(t, publish(s.Connect(t, "press")), "forbids this user")

	consume := func(role string) error {
		b := s.Connect(t, role)
		done := errors.New("done")
		err := b.WhileAllowed(t.Context(), func(ctx context.Context) error {
			return client.New(b).Events(ctx, client.EventOptions{Language: "fr", Durable: role, Since: 1 << 40}, func(e client.Event) error {
				require.Equal(t, article.GetDocument().GetText(), e.GetDocument().GetText())
				return done
			})
		})
		if errors.Is(err, done) {
			return nil
		}
		return err
	}
	require.NoError(t, consume("newsroom"))
	require.ErrorContains(t, consume("archive"), "forbids this user to publish to $JS.API.CONSUMER.CREATE.ENRICHED.archive")
	_, err = admin.JS.CreateConsumer(t.Context(), topology.StreamEnriched, jetstream.ConsumerConfig{
		Durable: "archive", FilterSubject: topology.EnrichedFilter("fr", ""), AckPolicy: jetstream.AckExplicitPolicy,
	})
	require.NoError(t, err)
	require.NoError(t, consume("archive"))
}
