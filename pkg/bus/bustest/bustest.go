// Package bustest gives a test a real JetStream server of its own, in one line.
package bustest

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Start runs a server in a directory of the test, with Dateline's topology, and
// returns a connection to it. Both end with the test.
func Start(t testing.TB) *bus.Bus {
	t.Helper()
	b, _ := StartAt(t, t.TempDir(), "")
	return b
}

// StartAt is Start with a data directory and an address to listen on (empty:
// none). It returns the server, too, so that the test can stop and start it.
func StartAt(t testing.TB, dir, listen string) (*bus.Bus, *embedded.Server) {
	t.Helper()
	s, err := embedded.Start(embedded.Config{Data: dir, Listen: listen, SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })

	closed := make(chan struct{})
	b, err := bus.Connect("test", bus.Config{Options: []bus.Option{
		s.InProcess(),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }),
	}}, zaptest.NewLogger(t))
	require.NoError(t, err)
	t.Cleanup(func() {
		b.Conn.Close()
		// The connection's handlers log to the test, which must not have ended.
		<-closed
	})

	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, err = topology.Ensure(ctx, b.JS, topology.Options{MaxStore: 1 << 30})
	require.NoError(t, err)
	return b, s
}
