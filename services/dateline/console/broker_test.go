package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/topology"
)

// TestLostBrokerShowsAndComesBack stops the broker under a page that is open.
func TestLostBrokerShowsAndComesBack(t *testing.T) {
	dir := t.TempDir()
	serve := func(listen string) *embedded.Server {
		s, err := embedded.Start(embedded.Config{Data: dir, Listen: listen, SyncInterval: time.Minute})
		require.NoError(t, err)
		t.Cleanup(func() { _ = s.Stop() })
		return s
	}
	server := serve("127.0.0.1:0")
	closed := make(chan struct{})
	b, err := bus.Connect("test", bus.Config{URL: server.URL(), Options: []bus.Option{
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }),
	}}, zaptest.NewLogger(t))
	require.NoError(t, err)
	t.Cleanup(func() {
		b.Conn.Close()
		<-closed
	})
	_, err = topology.Ensure(t.Context(), b.JS, topology.Options{MaxStore: 1 << 30})
	require.NoError(t, err)
	publish(t, b, bus.JSON, plain("before", "Before"))
	r := start(t, b, prometheus.NewRegistry())
	s := r.open("")
	_, a := s.article()
	require.Equal(t, "Before", a["headline"])

	address := strings.TrimPrefix(server.URL(), "nats://")
	require.NoError(t, server.Stop())
	flow := s.flow(func(flow map[string]any) bool { return flow["broker"] != nil })
	require.Contains(t, flow["broker"], "broker not reachable")
	for _, path := range []string{"/api/feeds", "/api/quarantine", "/api/articles/1"} {
		res, body := r.get(path)
		require.Equal(t, http.StatusServiceUnavailable, res.StatusCode, path)
		require.Contains(t, body, "broker not reachable", path)
	}
	res, _ := r.get("/")
	require.Equal(t, http.StatusOK, res.StatusCode, "the page itself needs no broker")

	serve(address)
	s.flow(func(flow map[string]any) bool { return flow["broker"] == nil })
	publish(t, b, bus.JSON, plain("after", "After"))
	id, a := s.article()
	require.Equal(t, "2", id)
	require.Equal(t, "After", a["headline"])
}
