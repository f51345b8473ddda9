package bus_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

func TestSetAside(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	limit := int(b.Conn.MaxPayload())

	t.Run("a message that fits is left alone", func(t *testing.T) {
		msg := nats.NewMsg("articles.fetched.h.x")
		msg.Data = bytes.Repeat([]byte("x"), limit-16<<10)
		require.NoError(t, b.SetAside(t.Context(), msg))
		require.Len(t, msg.Data, limit-16<<10)
		require.Empty(t, msg.Header.Get(bus.HeaderLarge))
		_, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err, "there is room for the headers")
	})
	t.Run("a large one goes to the store and comes back", func(t *testing.T) {
		want := bytes.Repeat([]byte("0123456789abcdef"), limit/8)
		msg := nats.NewMsg("articles.fetched.h.y")
		msg.Data = want
		msg.Header.Set(jetstream.MsgIDHeader, "y:1:fetcher")
		require.NoError(t, b.SetAside(t.Context(), msg))
		require.Empty(t, msg.Data)
		require.NoError(t, b.SetAside(t.Context(), msg), "a second time is no harm")
		_, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)

		got, err := b.Payload(t.Context(), msg.Header, nil)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got))
	})
	t.Run("without an id it cannot be found again", func(t *testing.T) {
		msg := nats.NewMsg("articles.fetched.h.z")
		msg.Data = make([]byte, limit)
		require.ErrorIs(t, b.SetAside(t.Context(), msg), bus.ErrUnnamed)
	})
	t.Run("ended context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		msg := nats.NewMsg("articles.fetched.h.z")
		msg.Header.Set(jetstream.MsgIDHeader, "z")
		msg.Data = make([]byte, limit)
		require.ErrorIs(t, b.SetAside(ctx, msg), context.Canceled)
		require.Len(t, msg.Data, limit, "the message stays whole")
	})
}

func TestPayloadThatIsNotThere(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	data, err := b.Payload(t.Context(), nats.Header{}, []byte("inline"))
	require.NoError(t, err)
	require.Equal(t, "inline", string(data))

	_, err = b.Payload(t.Context(), header(bus.HeaderLarge, "never-stored"), nil)
	require.ErrorIs(t, err, bus.ErrLost)

	require.NoError(t, b.JS.DeleteObjectStore(t.Context(), topology.BucketLarge))
	_, err = b.Payload(t.Context(), header(bus.HeaderLarge, "x"), nil)
	require.ErrorContains(t, err, "open object store")
	require.NotErrorIs(t, err, bus.ErrLost, "the store may come back")
}

func TestPayloadOverTheBound(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	store, err := b.JS.ObjectStore(t.Context(), topology.BucketLarge)
	require.NoError(t, err)
	_, err = store.PutBytes(t.Context(), "huge", make([]byte, bus.MaxDecoded+1))
	require.NoError(t, err)
	_, err = b.Payload(t.Context(), header(bus.HeaderLarge, "huge"), nil)
	require.ErrorIs(t, err, bus.ErrTooLarge)
}

func TestReply(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	inbox := b.Conn.NewInbox()
	sub, err := b.Conn.SubscribeSync(inbox)
	require.NoError(t, err)
	receipt := &datelinev1.Receipt{Status: "accepted", Id: "a1"}
	require.NoError(t, b.Reply(header(bus.HeaderReply, inbox), receipt))
	msg, err := sub.NextMsgWithContext(t.Context())
	require.NoError(t, err)
	require.Equal(t, bus.TypeJSON, msg.Header.Get(bus.HeaderContentType))
	got := &datelinev1.Receipt{}
	require.NoError(t, protojson.Unmarshal(msg.Data, got))
	require.Equal(t, "accepted", got.GetStatus())

	require.NoError(t, b.Reply(nil, receipt), "nobody asked")
	for _, to := range []string{"feeds.remove", "$JS.API.STREAM.DELETE.FEEDS", "_INBOX.a b", "_INBOX.>", "_INBOX.x\r\nPUB feeds.remove 0\r\n"} {
		require.Error(t, b.Reply(header(bus.HeaderReply, to), receipt), to)
	}
}
