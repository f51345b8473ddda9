package service_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/service"
)

// diary records what parts do, in order.
type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) write(entry string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, entry)
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.entries)
}

// part runs until it is stopped, says that it is ready at once, and takes some
// time to stop.
func (d *diary) part(name string, toStop time.Duration) service.Part {
	ready := make(chan struct{})
	return service.Part{Name: name, Ready: ready, Run: func(ctx context.Context) error {
		d.write("start " + name)
		close(ready)
		<-ctx.Done()
		d.write("stop " + name)
		time.Sleep(toStop)
		d.write("end " + name)
		return fmt.Errorf("serve: %w", ctx.Err())
	}}
}

func TestStopsInReverseOneAfterAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var g service.Group
		for _, name := range []string{"broker", "parser", "fetcher"} {
			g.Add(d.part(name, time.Second))
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- g.Run(ctx) }()
		synctest.Wait()
		require.Equal(t, []string{"start broker", "start parser", "start fetcher"}, d.read())
		cancel()
		require.NoError(t, <-done)
		require.Equal(t, []string{
			"stop fetcher", "end fetcher", "stop parser", "end parser", "stop broker", "end broker",
		}, d.read()[3:])
	})
}

func TestNextPartWaitsForReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var g service.Group
		ready := make(chan struct{})
		slow := d.part("broker", 0)
		run := slow.Run
		slow.Ready = ready
		slow.Run = func(ctx context.Context) error {
			time.AfterFunc(time.Minute, func() { close(ready) })
			return run(ctx)
		}
		g.Add(slow)
		g.Add(d.part("parser", 0))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- g.Run(ctx) }()
		time.Sleep(59 * time.Second)
		synctest.Wait()
		require.Equal(t, []string{"start broker"}, d.read())
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, []string{"start broker", "start parser"}, d.read())
		cancel()
		require.NoError(t, <-done)
	})
}

func TestStopWhileAPartIsNotReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var g service.Group
		never := d.part("broker", 0)
		never.Ready = make(chan struct{})
		run := never.Run
		opened := make(chan struct{})
		never.Run = func(ctx context.Context) error { close(opened); return run(ctx) }
		g.Add(never)
		g.Add(d.part("parser", 0))
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-opened; cancel() }()
		require.NoError(t, g.Run(ctx))
		require.NotContains(t, d.read(), "start parser")
		require.Contains(t, d.read(), "end broker")
	})
}

func TestFirstReturnStopsAll(t *testing.T) {
	t.Parallel()
	errDisk := errors.New("disk full")
	tests := map[string]struct {
		last service.Part
		want string
	}{
		"error":           {service.Part{Name: "parser", Run: func(context.Context) error { return errDisk }}, "parser: disk full"},
		"nil":             {service.Part{Name: "once", Run: func(context.Context) error { return nil }}, ""},
		"before ready":    {service.Part{Name: "broker", Ready: make(chan struct{}), Run: func(context.Context) error { return errDisk }}, "broker: disk full"},
		"goexit":          {service.Part{Name: "odd", Run: func(context.Context) error { runtime.Goexit(); return nil }}, "odd: ended without returning"},
		"own cancel":      {service.Part{Name: "odd", Run: func(context.Context) error { return context.Canceled }}, "odd: context canceled"},
		"joined on start": {service.Part{Name: "odd", Run: func(context.Context) error { return errors.Join(errDisk, context.Canceled) }}, "odd: disk full\ncontext canceled"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d diary
			var g service.Group
			g.Add(d.part("ops", 0))
			g.Add(tt.last)
			err := g.Run(t.Context())
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tt.want)
			}
			require.Equal(t, []string{"start ops", "stop ops", "end ops"}, d.read())
		})
	}
}

func TestErrorsAreJoined(t *testing.T) {
	t.Parallel()
	errFirst, errFlush := errors.New("connection lost"), errors.New("flush failed")
	var g service.Group
	g.Add(service.Part{Name: "ops", Run: func(ctx context.Context) error {
		<-ctx.Done()
		return errors.Join(ctx.Err(), errFlush)
	}})
	g.Add(service.Part{Name: "parser", Run: func(context.Context) error { return errFirst }})
	err := g.Run(t.Context())
	require.ErrorIs(t, err, errFirst)
	require.ErrorIs(t, err, errFlush)
	require.EqualError(t, err, "parser: connection lost\nops: context canceled\nflush failed")
}

func TestPanicStopsInOrder(t *testing.T) {
	t.Parallel()
	var d diary
	var g service.Group
	g.Add(d.part("broker", 0))
	g.Add(service.Part{Name: "parser", Run: func(context.Context) error { panic("nil article") }})
	err := g.Run(t.Context())
	var panicked *service.PanicError
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "nil article", panicked.Value)
	require.Contains(t, err.Error(), "parser: panic: nil article\n")
	require.Contains(t, string(panicked.Stack), "group_test.go")
	require.Contains(t, d.read(), "end broker")
}

// The stuck part gets half of the grace, since one more is to stop; that one
// gets what is left.
func TestGraceIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		release := make(chan struct{})
		g := service.Group{Grace: 10 * time.Second}
		g.Add(d.part("broker", 4*time.Second))
		g.Add(service.Part{Name: "stuck", Run: func(context.Context) error { <-release; return nil }})
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := time.Now()
		done := make(chan error, 1)
		go func() { done <- g.Run(ctx) }()
		synctest.Wait()
		cancel()
		err := <-done
		require.EqualError(t, err, "stuck: did not stop within 5s")
		var grace *service.GraceError
		require.ErrorAs(t, err, &grace)
		require.Equal(t, "stuck", grace.Part)
		require.Equal(t, 9*time.Second, time.Since(cancelled), "fake clock")
		require.Contains(t, d.read(), "end broker")
		close(release)
	})
}

func TestUnusedGraceFallsToTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var g service.Group // the default grace
		g.Add(d.part("broker", service.DefaultGrace-2*time.Second))
		g.Add(d.part("parser", time.Second))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- g.Run(ctx) }()
		synctest.Wait()
		cancel()
		require.NoError(t, <-done)
	})
}

func TestNothingToRun(t *testing.T) {
	t.Parallel()
	var empty service.Group
	require.NoError(t, empty.Run(t.Context()))

	var d diary
	var g service.Group
	g.Add(d.part("ops", 0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, g.Run(ctx))
	require.Empty(t, d.read())
}

func TestPartsSeeTheValuesOfTheContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	var got any
	var g service.Group
	g.Add(service.Part{Name: "x", Run: func(ctx context.Context) error {
		got = ctx.Value(key{})
		return nil
	}})
	require.NoError(t, g.Run(context.WithValue(t.Context(), key{}, "v")))
	require.Equal(t, "v", got)
}

func TestLogNamesTheCause(t *testing.T) {
	t.Parallel()
	core, logs := observer.New(zap.InfoLevel)
	g := service.Group{Log: zap.New(core)}
	g.Add(service.Part{Name: "parser", Run: func(context.Context) error { return errors.New("disk full") }})
	require.Error(t, g.Run(t.Context()))
	entry := logs.FilterMessage("part ended, stopping").All()
	require.Len(t, entry, 1)
	require.Equal(t, map[string]any{"part": "parser", "error": "disk full"}, entry[0].ContextMap())

	g = service.Group{Log: zap.New(core)}
	ctx, cancel := context.WithCancelCause(t.Context())
	g.Add(service.Part{Name: "parser", Run: func(ctx context.Context) error {
		cancel(&service.SignalError{Signal: os.Interrupt})
		<-ctx.Done()
		return ctx.Err()
	}})
	require.NoError(t, g.Run(ctx))
	entry = logs.FilterMessage("stopping").All()
	require.Len(t, entry, 1)
	require.Equal(t, "received interrupt", entry[0].ContextMap()["cause"])
}
