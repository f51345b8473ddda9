package chaos

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/replay"
)

// replayAndKill parses again what has come so far, while more comes.
func replayAndKill(ctx context.Context, x *injection) error {
	if _, err := x.awaitDone(ctx, x.articles/2, patience); err != nil {
		return err
	}
	o := replay.Options{From: topology.Parser, Run: "chaos", Until: time.Now(), Window: 100}
	first, err := replay.Make(ctx, x.bus, o)
	if err != nil {
		return err
	}
	x.replayed = first.Articles
	ended := make(chan error, 1)
	go func() { ended <- sendInThirds(ctx, x, first, o) }()
	roles := []string{process.Parser, process.Enricher}
	err = x.spread(ctx, times(10, 4), func(i int) error {
		role := roles[i%len(roles)]
		x.running[role].Kill()
		return x.run(ctx, role)
	})
	return errors.Join(err, <-ended)
}

// sendInThirds interrupts the run twice.
func sendInThirds(ctx context.Context, x *injection, plan *replay.Plan, o replay.Options) error {
	for third := 1; ; third++ {
		sending, interrupt := context.WithCancel(ctx)
		_, err := plan.Send(sending, func(p replay.Progress) {
			if third < 3 && p.Sent > 0 && p.Sent >= p.Of/3 {
				interrupt()
			}
		})
		interrupt()
		if third == 3 || err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		o.Resume = true
		if plan, err = replay.Make(ctx, x.bus, o); err != nil {
			return err
		}
	}
}

// replayedOnce holds the run to what it was to bring.
func replayedOnce(ctx context.Context, t *testing.T, x *injection) {
	v, err := x.check(ctx)
	require.NoError(t, err)
	assert.Len(t, v.replayed, x.replayed, "articles that came out of the replay")
	for url, n := range v.replayed {
		assert.Equal(t, 1, n, "events of %s in the replay", url)
	}
	require.NotZero(t, x.replayed)
}
