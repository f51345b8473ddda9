package cluster

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Kept is the cluster of an article's last event, and who found it.
type Kept struct {
	cluster   *datelinev1.Cluster
	annotator *datelinev1.Annotator
}

// Recall returns the cluster that an article's last event says; nil if there is none. In a
// replay the article keeps it: its signature had its place in the order of articles when it
// was new. A second one would come after those of its own copies, and be near them.
func (c *Clusters) Recall(ctx context.Context, articleID string) (*Kept, error) {
	stream, err := bus.Ask(ctx, func(ctx context.Context) (jetstream.Stream, error) {
		return c.bus.JS.Stream(ctx, topology.StreamEnriched)
	})
	if err != nil {
		return nil, fmt.Errorf("open the enriched events: %w", err)
	}
	event := &datelinev1.Article{}
	if _, err := c.bus.Last(ctx, stream, topology.EventsOf(articleID), event); err != nil {
		return nil, err
	}
	if event.GetEnrichment().GetCluster() == nil {
		return nil, nil
	}
	kept := &Kept{cluster: event.GetEnrichment().GetCluster()}
	for _, a := range event.GetEnrichment().GetAnnotators() {
		if a.GetName() == Annotator {
			kept.annotator = a
		}
	}
	return kept, nil
}

// Restore adds the cluster to what is known of the article.
func (k *Kept) Restore(out *datelinev1.Enrichment) {
	out.Cluster = k.cluster
	if k.annotator != nil {
		out.Annotators = append(out.Annotators, k.annotator)
	}
}
