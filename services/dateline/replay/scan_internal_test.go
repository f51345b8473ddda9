package replay

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
)

// TestScanEndsWhatVanishes: what stood there when a scan began, and is gone when it
// comes to it, does not keep it waiting.
func TestScanEndsWhatVanishes(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	stream, err := b.JS.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s.>"}})
	require.NoError(t, err)
	// More than the client reads ahead.
	const all = 2*readAhead + 1
	for n := range all {
		_, err := b.JS.PublishAsync(fmt.Sprintf("s.%d", n), nil)
		require.NoError(t, err)
	}
	<-b.JS.PublishAsyncComplete()
	seen := 0
	require.NoError(t, scan(t.Context(), b.JS, "S", after(0), func(jetstream.Msg, *jetstream.MsgMetadata) error {
		if seen++; seen > 1 {
			return nil
		}
		return stream.Purge(t.Context())
	}))
	require.Less(t, seen, all)
}
