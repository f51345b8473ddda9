package bus_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// TestAServerThatWentDown says that a question to it comes to an end, though its
// asker has all the time in the world.
func TestAServerThatWentDown(t *testing.T) {
	t.Parallel()
	b, server := bustest.StartAt(t, t.TempDir(), "")
	feeds, err := bus.OpenStore[datelinev1.Feed](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	require.NoError(t, server.Stop())

	_, _, err = feeds.Get(t.Context(), "f1")
	require.ErrorIs(t, err, bus.ErrNoAnswer)
	_, err = feeds.Put(t.Context(), "f1", &datelinev1.Feed{}, 0)
	require.ErrorIs(t, err, bus.ErrNoAnswer)
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestAServerThatIsCutOff says that a connection which stands, but over which nothing
// comes any more, is given up for another.
func TestAServerThatIsCutOff(t *testing.T) {
	t.Parallel()
	_, server := bustest.StartAt(t, t.TempDir(), "127.0.0.1:0")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	cut := make(chan struct{})
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for n := 0; ; n++ {
			client, err := l.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", strings.TrimPrefix(server.URL(), "nats://"))
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(upstream, client); _ = upstream.Close() }()
			go func() {
				for piece := make([]byte, 4096); ; {
					read, err := upstream.Read(piece)
					if err == nil && n == 0 && closed(cut) {
						continue // It is lost on its way.
					}
					if _, failed := client.Write(piece[:read]); failed != nil || err != nil {
						_ = client.Close()
						return
					}
				}
			}()
		}
	}()
	again := make(chan struct{})
	b, err := bus.Connect("test", bus.Config{
		URL: "nats://" + l.Addr().String(), Options: []bus.Option{nats.ReconnectHandler(func(*nats.Conn) { close(again) })},
	}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	close(cut)
	select {
	case <-again:
	case <-time.After(time.Minute):
		t.Fatal("the connection is kept though nothing comes over it")
	}
}
