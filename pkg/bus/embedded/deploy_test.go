package embedded_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
)

// TestDeployedServer holds the configuration for a server of its own to what the
// embedded one does.
func TestDeployedServer(t *testing.T) {
	t.Parallel()
	opts, err := server.ProcessConfigFile("../../../deploy/nats/nats-server.conf")
	require.NoError(t, err)
	require.True(t, opts.JetStream)
	require.NotEmpty(t, opts.StoreDir)
	require.EqualValues(t, 8<<20, opts.MaxPayload)
	require.Greater(t, opts.JetStreamMaxStore, int64(topology.DefaultMaxStore))
	require.Equal(t, time.Second, opts.SyncInterval)
	require.Equal(t, "127.0.0.1", opts.Host, "a server without accounts is for its own machine")
	require.Equal(t, "127.0.0.1", opts.HTTPHost)
}
