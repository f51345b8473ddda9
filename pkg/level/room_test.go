package level_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/level"
)

// TestRoom: it is short below the bound, and until a quarter more is free.
func TestRoom(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	var free, size atomic.Uint64
	var refusals atomic.Int64
	var refusing atomic.Bool
	core, logs := observer.New(zap.InfoLevel)
	reg := prometheus.NewPedanticRegistry()
	free.Store(20 * gib)
	size.Store(250 * gib)
	r := level.NewRoom(level.RoomConfig{
		Least: gib, Log: zap.New(core), Registry: reg,
		Left: func(context.Context) (uint64, uint64, error) { return free.Load(), size.Load(), nil },
		Refuse: func(_ context.Context, refuse bool) error {
			if refusals.Add(1)%2 == 1 {
				return errors.New("not now") // It is asked again.
			}
			refusing.Store(refuse)
			return nil
		},
	})
	require.NoError(t, r.Ready())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	defer func() { cancel(); require.NoError(t, <-done) }()

	becomes := func(short bool, why string) {
		t.Helper()
		require.Eventually(t, func() bool { return r.Short() == short && refusing.Load() == short }, patience, step, why)
		require.Equal(t, map[bool]float64{true: 1}[short], gathered(t, reg)["dateline_held_back"], why)
	}
	becomes(false, "a large disk that is nearly full has 20 GiB left")
	require.Zero(t, refusals.Load())
	free.Store(gib - 1)
	becomes(true, "less than asked for")
	free.Store(5 * gib / 4)
	becomes(false, "a quarter more")
	size.Store(4 * gib)
	free.Store(gib / 2)
	before := refusals.Load()
	free.Store(4 * gib / 11)
	becomes(true, "less than a tenth of a small disk")
	require.Greater(t, refusals.Load(), before)
	size.Store(0)
	becomes(false, "no bound is known")
	require.Len(t, logs.All(), 4, "one line at each change")
}

// TestGranted: an account without a bound of its own has none to run into.
func TestGranted(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	free, size, err := level.Granted(b)(t.Context())
	require.NoError(t, err)
	require.Zero(t, size)
	require.Zero(t, free)
}
