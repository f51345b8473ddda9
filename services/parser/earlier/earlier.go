// Package earlier finds what was published of an article before.
package earlier

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// Found is what is known of an article's earlier revisions.
type Found struct {
	// Article is the last revision; nil where there is none.
	Article *datelinev1.Article
	// Sequence is the place of its document among the parsed ones; 0 where that
	// stream does not hold it any more.
	Sequence uint64
	// Complete says, where there is no article, that none was ever published
	// rather than that it was forgotten.
	Complete bool
}

// Documents are the streams that hold articles after the parser: the documents,
// kept for days, and behind them the events, kept for weeks.
type Documents struct {
	bus              *bus.Bus
	parsed, enriched jetstream.Stream
}

// Open opens the streams.
func Open(ctx context.Context, b *bus.Bus) (*Documents, error) {
	parsed, err := b.JS.Stream(ctx, topology.StreamParsed)
	if err != nil {
		return nil, fmt.Errorf("open the parsed documents: %w", err)
	}
	enriched, err := b.JS.Stream(ctx, topology.StreamEnriched)
	if err != nil {
		return nil, fmt.Errorf("open the enriched events: %w", err)
	}
	return &Documents{bus: b, parsed: parsed, enriched: enriched}, nil
}

// Last returns the last revision of an article that was first seen at the given
// time.
func (d *Documents) Last(ctx context.Context, articleID string, firstSeen time.Time) (Found, error) {
	article, sequence, err := d.last(ctx, d.parsed, topology.ArticleParsed(articleID))
	if err != nil || article != nil {
		return Found{Article: article, Sequence: sequence}, err
	}
	article, _, err = d.last(ctx, d.enriched, topology.EventsOf(articleID))
	if err != nil || article != nil {
		return Found{Article: article}, err
	}
	info, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.StreamInfo, error) { return d.enriched.Info(ctx) })
	if err != nil {
		return Found{}, fmt.Errorf("look at the enriched events: %w", err)
	}
	s := info.State
	reaches := s.Msgs > 0 && s.FirstTime.Before(firstSeen)
	return Found{Complete: s.FirstSeq <= 1 || reaches}, nil
}

// last returns the last article on a subject; nil if there is none.
func (d *Documents) last(ctx context.Context, stream jetstream.Stream, subject string) (*datelinev1.Article, uint64, error) {
	article := &datelinev1.Article{}
	sequence, err := d.bus.Last(ctx, stream, subject, article)
	if err != nil || sequence == 0 {
		return nil, 0, err
	}
	return article, sequence, nil
}
