package chaos

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// final are the outcomes after which a message is over and done with.
var final = map[string]bool{"ok": true, "dropped": true, "duplicate": true, "quarantined": true}

// account compares what the processes counted with what the streams were given: in =
// ok + dropped + duplicate + quarantined, once nothing is in flight. A process that was
// killed took its counts with it, so this is done only where none was. Where the server
// may not have heard an acknowledgement, a message is counted once more for each further
// delivery, so there are at least as many outcomes as messages; otherwise as many.
func (x *injection) account(ctx context.Context, t *testing.T, exact bool) {
	readers := map[string]string{
		topology.StreamSubmissions: process.Fetcher, topology.StreamFetched: process.Parser, topology.StreamParsed: process.Enricher,
	}
	for stream, role := range readers {
		p := x.running[role]
		if p == nil {
			return
		}
		if _, outlived := x.before[x.key(role)]; !outlived {
			return
		}
		s, err := x.bus.JS.Stream(ctx, stream)
		require.NoError(t, err)
		families, err := p.Metrics(ctx)
		require.NoError(t, err)
		reads := map[string]bool{}
		for _, stage := range topology.Stages() {
			reads[stage.Name] = stage.Stream == stream
		}
		var outcomes uint64
		for _, m := range families["dateline_stage_messages_total"].GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if reads[labels["stage"]] && final[labels["outcome"]] {
				outcomes += uint64(m.GetCounter().GetValue())
			}
		}
		given := s.CachedInfo().State.LastSeq
		if exact {
			assert.Equal(t, given, outcomes, "outcomes of what was read from %s", stream)
		} else {
			assert.GreaterOrEqual(t, outcomes, given, "outcomes of what was read from %s", stream)
		}
		x.note = append(x.note, fmt.Sprintf("%s: %d messages, %d outcomes", stream, given, outcomes))
	}
}
