package bus_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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
