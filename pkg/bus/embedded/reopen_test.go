package embedded_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
)

// TestFullDisk: what was confirmed is there when there is room again, and work goes on
// without a restart.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if why := bustest.NoDisk(); why != "" {
		t.Skip(why)
	}
	disk := bustest.Disk(t, 32<<20)
	s, err := embedded.Start(embedded.Config{Data: disk, MaxStore: 1 << 30, SyncInterval: time.Second})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Stop()) }()
	conn, err := nats.Connect("", s.InProcess())
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s.>"}, Duplicates: time.Hour})
	require.NoError(t, err)

	confirmed := 0
	publish := func() error {
		ack, err := bus.Ask(t.Context(), func(ctx context.Context) (*jetstream.PubAck, error) {
			return js.Publish(ctx, fmt.Sprintf("s.%d", confirmed), make([]byte, 256<<10), jetstream.WithMsgID(fmt.Sprint(confirmed)))
		})
		// A publish that was confirmed and not heard of is confirmed once more.
		if err == nil && ack.Sequence > 0 {
			confirmed++
		}
		return err
	}
	for range 2 {
		filler, err := bustest.Fill(disk, 0)
		require.NoError(t, err)
		for since := time.Now(); publish() == nil; {
			require.Less(t, time.Since(since), time.Minute, "the disk is full and publishers are not told")
		}
		require.NoError(t, os.Remove(filler))
		require.Eventually(t, func() bool { err := publish(); return err == nil }, time.Minute, 100*time.Millisecond, "it does not go on")
	}
	stream, err := js.Stream(t.Context(), "S")
	require.NoError(t, err)
	for n := range confirmed {
		_, err := stream.GetLastMsgForSubject(t.Context(), fmt.Sprintf("s.%d", n))
		require.NoError(t, err, "message %d was confirmed", n)
	}
	require.EqualValues(t, confirmed, stream.CachedInfo().State.Msgs, "and none is there twice")
}
