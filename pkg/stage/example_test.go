package stage_test

import (
	"context"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// A stage of one's own: it takes enriched events in French, and marks those that
// speak of water on a subject of its own stream.
func Example() {
	spec := topology.Stage{
		Name: "water", Stream: topology.StreamEnriched, Filters: []string{topology.EnrichedFilter("fr", "")},
		AckWait: topology.Enricher.AckWait, MaxAckPending: 256,
	}
	mark := func(_ context.Context, a *datelinev1.Article) ([]stage.Out, error) {
		if !strings.Contains(a.GetDocument().GetText(), "barrage") {
			return nil, stage.Drop("other-topic")
		}
		a = proto.CloneOf(a)
		a.Trail = append(a.Trail, &datelinev1.Stamp{Stage: "water"})
		return []stage.Out{{
			Subject: "water." + topology.Token(a.GetId()), ID: stage.ID(a.GetId(), a.GetRevision(), "water"), Message: a,
		}}, nil
	}
	run := func(ctx context.Context, b *bus.Bus, reg prometheus.Registerer) error {
		runner, err := stage.NewRunner(spec, stage.Decode[datelinev1.Article], mark, stage.Settings{
			Bus: b, Metrics: stage.NewMetrics(reg), Topology: &topology.Options{},
		})
		if err != nil {
			return err
		}
		return runner.Run(ctx)
	}
	_ = run
}
