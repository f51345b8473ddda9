package topology_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
)

// layout is all that the topology says to the server.
type layout struct {
	Streams   []jetstream.StreamConfig              `json:"streams"`
	Consumers map[string][]jetstream.ConsumerConfig `json:"consumers"`
	Buckets   []jetstream.KeyValueConfig            `json:"buckets"`
	Objects   jetstream.ObjectStoreConfig           `json:"objects"`
}

func layoutOf(o topology.Options) layout {
	l := layout{
		Streams: topology.Streams(o), Consumers: map[string][]jetstream.ConsumerConfig{},
		Buckets: topology.Buckets(o), Objects: topology.LargePayloads(o),
	}
	for _, s := range topology.Stages() {
		l.Consumers[s.Stream] = append(l.Consumers[s.Stream], s.Consumer(o))
	}
	return l
}

// TestGolden holds the layout fast: whoever changes it changes what running
// installations have on disk, and is to see it in the difference.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]topology.Options{
		"default": {},
		"cluster": {Replicas: 3, MaxStore: 1 << 40},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.MarshalIndent(layoutOf(o), "", "  ")
			require.NoError(t, err)
			path := filepath.Join("testdata", name+".golden.json")
			if *update {
				require.NoError(t, os.WriteFile(path, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(got), "run with -update to accept")
		})
	}
}

func TestStageNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range topology.Stages() {
		require.False(t, seen[s.Name], s.Name)
		seen[s.Name] = true
		require.Equal(t, s.Name, topology.Token(s.Name), "a stage's name is a token")
		require.Positive(t, s.AckWait)
		require.Positive(t, s.MaxAckPending)
	}
}
