package stage

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/topology"
)

// watch looks from time to time whether the next stage falls behind, and pauses
// then.
func (r *Runner[In]) watch(ctx context.Context) {
	if r.spec.Feeds == nil {
		return
	}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		r.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (r *Runner[In]) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watchEvery)
	defer cancel()
	// Errors are the pull loop's to report.
	full, err := r.backlogged(ctx, *r.spec.Feeds)
	if err != nil {
		return
	}
	if was := r.paused.Swap(full); was != full {
		paused := 0.0
		if full {
			paused = 1
		}
		r.s.Metrics.paused.WithLabelValues(r.spec.Name).Set(paused)
		r.log.Warn("back-pressure", zap.Bool("paused", full), zap.String("behind", r.spec.Feeds.Name))
	}
}

// backlogged says whether the next stage's unprocessed messages fill more than
// half of a stream that drops its oldest when it is full.
func (r *Runner[In]) backlogged(ctx context.Context, next topology.Stage) (bool, error) {
	stream, err := r.s.Bus.JS.Stream(ctx, next.Stream)
	if err != nil {
		return false, err
	}
	consumer, err := r.s.Bus.JS.Consumer(ctx, next.Stream, next.Name)
	if err != nil {
		return false, err
	}
	s, c := stream.CachedInfo(), consumer.CachedInfo()
	if s.Config.MaxBytes <= 0 || s.State.Msgs == 0 {
		return false, nil
	}
	unprocessed := c.NumPending + uint64(c.NumAckPending)
	bytes := float64(s.State.Bytes) / float64(s.State.Msgs) * float64(unprocessed)
	return bytes > float64(s.Config.MaxBytes)/2, nil
}
