package stage

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/topology"
)

// mayPause says whether there is anything that the stage waits for.
func (r *Runner[In]) mayPause() bool { return r.spec.Feeds != nil || r.s.Hold != nil }

// watch looks from time to time whether the next stage falls behind or no new work is
// to be taken, and pauses then.
func (r *Runner[In]) watch(ctx context.Context) {
	if !r.mayPause() {
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
	if r.s.Hold != nil && r.s.Hold() {
		r.pause(true)
		return
	}
	if r.spec.Feeds == nil {
		r.pause(false)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, watchEvery)
	defer cancel()
	// Errors are the pull loop's to report.
	full, err := r.backlogged(ctx, *r.spec.Feeds)
	if err != nil {
		return
	}
	if r.pause(full) {
		r.log.Warn("back-pressure", zap.Bool("paused", full), zap.String("behind", r.spec.Feeds.Name))
	}
}

// pause says whether that is a change.
func (r *Runner[In]) pause(paused bool) (changed bool) {
	if r.paused.Swap(paused) == paused {
		return false
	}
	value := 0.0
	if paused {
		value = 1
	}
	r.s.Metrics.paused.WithLabelValues(r.spec.Name).Set(value)
	return true
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
