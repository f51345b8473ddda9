package bus_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/topology"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"nats://127.0.0.1:4222", "nats://127.0.0.1:4222"},
		{"nats://[::1]:4222", "nats://[::1]:4222"},
		{"nats://[::1]", "nats://[::1]"},
		{"127.0.0.1:4222", "127.0.0.1:4222"},
		{"broker", "broker"},
		{"nats://ana:geheim@broker:4222", "nats://ana:xxxxx@broker:4222"},
		{"ana:geheim@broker", "ana:xxxxx@broker"},
		{"tls://ana:p@ss:w@rd@broker", "tls://ana:xxxxx@broker"},
		{"nats://t0ken@broker", "nats://xxxxx@broker"},
		{"nats://a:b@one:4222,nats://c:d@two:4222,three:4222", "nats://a:xxxxx@one:4222,nats://c:xxxxx@two:4222,three:4222"},
		// A comma in a password is not well-formed; it is a password all the same.
		{"nats://ana:ge,heim@broker", "nats://ana:xxxxx,xxxxx@broker"},
	} {
		require.Equal(t, tt.want, bus.Redact(tt.in), "of %q", tt.in)
	}
}

// deadAddress is one where nobody listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

func TestConnectErrors(t *testing.T) {
	t.Parallel()
	dead := deadAddress(t)
	for _, tt := range []struct {
		name string
		cfg  bus.Config
		want string
	}{
		{"nobody there", bus.Config{URL: "nats://ana:geheim@" + dead}, "connect to NATS at nats://ana:xxxxx@" + dead},
		{"not an address", bus.Config{URL: "nats://ana:geh eim@broker"}, "connect to NATS at nats://ana:xxxxx@broker"},
		{"half a certificate", bus.Config{Cert: "client.pem"}, "both --nats-cert and --nats-key"},
		{"no such nkey", bus.Config{NKey: "/nonexistent/seed"}, "read nkey seed /nonexistent/seed"},
		{"no such creds", bus.Config{URL: dead, Creds: "/nonexistent/creds"}, "read NATS credentials"},
		{"no such authority", bus.Config{URL: dead, CA: "/nonexistent/ca.pem"}, "connect to NATS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := bus.Connect("test", tt.cfg, zap.NewNop())
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "geh")
		})
	}
}

func TestReconnect(t *testing.T) {
	t.Parallel()
	dir, address := t.TempDir(), deadAddress(t)
	_, s := bustest.StartAt(t, dir, address)
	require.Equal(t, "nats://"+address, s.URL())

	down, up := make(chan struct{}, 8), make(chan struct{}, 8)
	b, err := bus.Connect("restart", bus.Config{URL: s.URL()}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	b.Conn.SetDisconnectErrHandler(func(*nats.Conn, error) { down <- struct{}{} })
	b.Conn.SetReconnectHandler(func(*nats.Conn) { up <- struct{}{} })
	require.NoError(t, b.Ready())
	_, err = b.JS.Publish(t.Context(), topology.SubjectFeedSubmit, []byte("https://news.example/before"))
	require.NoError(t, err)

	require.NoError(t, s.Stop())
	<-down
	require.ErrorContains(t, b.Ready(), "nats connection is reconnecting")

	again, err := embedded.Start(embedded.Config{Data: dir, Listen: address, SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, again.Stop()) })
	<-up
	require.NoError(t, b.Ready())
	ack, err := b.JS.Publish(t.Context(), topology.SubjectFeedSubmit, []byte("https://news.example/after"))
	require.NoError(t, err)
	require.EqualValues(t, 2, ack.Sequence, "the message before the restart is still there")
}

func TestCloseSendsWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	b, s := bustest.StartAt(t, t.TempDir(), "")
	other, err := bus.Connect("closing", bus.Config{Options: []bus.Option{s.InProcess()}}, zap.NewNop())
	require.NoError(t, err)
	const count = 200
	for i := range count {
		_, err := other.JS.PublishAsync(topology.SubjectFeedSubmit, []byte(fmt.Sprintf("https://news.example/%d", i)))
		require.NoError(t, err)
	}
	require.NoError(t, other.Close(context.Background()))
	require.ErrorContains(t, other.Ready(), "closed")
	require.NoError(t, other.Close(context.Background()), "a second time is no harm")

	stream, err := b.JS.Stream(t.Context(), topology.StreamSubmissions)
	require.NoError(t, err)
	require.EqualValues(t, count, stream.CachedInfo().State.Msgs)
}

func TestIsConflict(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	subject := topology.ArticleFound("news.example", "a1")
	_, err := b.JS.Publish(t.Context(), subject, nil, jetstream.WithExpectLastSequencePerSubject(0))
	require.NoError(t, err)
	_, err = b.JS.Publish(t.Context(), subject, nil, jetstream.WithExpectLastSequencePerSubject(0))
	require.True(t, bus.IsConflict(err))
	require.True(t, bus.IsConflict(fmt.Errorf("wrapped: %w", &jetstream.APIError{ErrorCode: 10164})), "a replicated stream's code")
	require.False(t, bus.IsConflict(context.Canceled))
	require.False(t, bus.IsConflict(nil))
}
