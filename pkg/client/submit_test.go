package client_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// plain is a connection to a server without JetStream, where nobody takes what is
// submitted: as a stream without a leader looks from outside.
func plain(t *testing.T, cluster string) *bus.Bus {
	t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true}
	if cluster != "" {
		o.Cluster = server.ClusterOpts{Name: cluster, Host: "127.0.0.1", Port: server.RANDOM_PORT}
	}
	s, err := server.NewServer(o)
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(time.Minute))
	b, err := bus.Connect("test", bus.Config{URL: s.ClientURL()}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(b.Conn.Close)
	return b
}

// TestASubmissionWaitsForALeader: in a cluster a stream is without a leader for some
// seconds, and whoever submits then need not try again.
func TestASubmissionWaitsForALeader(t *testing.T) {
	t.Parallel()
	b := plain(t, "east")
	stored := make(chan *datelinev1.Receipt, 1)
	go func() {
		receipt, err := client.New(b).SubmitFeed(t.Context(), &datelinev1.Feed{Url: "https://courier.example/feed"})
		if err != nil {
			t.Error(err)
		}
		stored <- receipt
	}()
	// What is asked while nobody is there goes unheard; a leader appears when some was.
	asked := func() bool { return b.Conn.Stats().OutMsgs > 2 }
	require.Eventually(t, asked, time.Minute, 10*time.Millisecond)
	leader, err := b.Conn.Subscribe(topology.SubjectFeedSubmit, func(m *nats.Msg) {
		if err := m.Respond([]byte(`{"stream":"SUBMISSIONS","seq":1}`)); err != nil {
			t.Error(err)
		}
		if err := b.Reply(m.Header, &datelinev1.Receipt{Status: "added"}); err != nil {
			t.Error(err)
		}
	})
	require.NoError(t, err)
	require.Equal(t, "added", (<-stored).GetStatus())
	require.NoError(t, leader.Unsubscribe())
}

// TestASingleServerHasNoLeaderToWaitFor: one without Dateline says so at once.
func TestASingleServerHasNoLeaderToWaitFor(t *testing.T) {
	t.Parallel()
	_, err := client.New(plain(t, "")).SubmitFeed(t.Context(), &datelinev1.Feed{Url: "https://courier.example/feed"})
	require.ErrorIs(t, err, jetstream.ErrNoStreamResponse)
}
