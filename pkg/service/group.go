// Package service is a process: it starts its parts in order, stops them in
// reverse, and turns the outcome into an exit code.
package service

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.uber.org/zap"
)

// DefaultGrace is the time that all parts of a Group have together to stop. It
// equals the time that Kubernetes leaves a pod between SIGTERM and SIGKILL.
const DefaultGrace = 30 * time.Second

// Part is one long-running piece of a process, such as a listener, a broker or
// a stage.
type Part struct {
	// Name stands in logs and errors.
	Name string
	// Run works until its context ends, then finishes what is in hand and
	// returns. A return before that stops the whole group.
	Run func(ctx context.Context) error
	// Ready, if not nil, is closed by the part when it can serve. The next part
	// starts only then.
	Ready <-chan struct{}
}

// Group runs parts together. The zero value is usable.
type Group struct {
	// Grace is the total time for stopping; DefaultGrace if zero.
	Grace time.Duration
	// Log tells of starts and stops; silent if nil.
	Log *zap.Logger

	parts []Part
}

// Add appends a part. A part may rely on those added before it: it starts after
// them and stops before them. Add must not be called once Run has begun.
func (g *Group) Add(p Part) { g.parts = append(g.parts, p) }

// PanicError is a panic that a part let escape.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

// errAbandoned stands for a part whose goroutine ended by runtime.Goexit.
var errAbandoned = errors.New("ended without returning")

// Run starts the parts in the order of Add and blocks until all have stopped.
//
// Stopping begins when ctx ends or when a part returns, with or without an
// error. Parts then stop in reverse order, one after another: each gets its
// context cancelled and an equal share of the grace that is left, so that what
// one does not use falls to the others. A part that outlives its share is named
// in the error and left behind.
//
// The errors of all parts are joined. A cancellation that a part returns after
// it was asked to stop is no error, nor is a nil return that began the stop.
func (g *Group) Run(ctx context.Context) error {
	r := &run{log: g.Log, ended: make(chan struct{}, len(g.parts))}
	if r.log == nil {
		r.log = zap.NewNop()
	}
	if len(g.parts) == 0 {
		return nil
	}
	if r.start(ctx, g.parts) {
		select {
		case <-ctx.Done():
		case <-r.ended:
		}
	}
	if ctx.Err() != nil {
		r.log.Info("stopping", zap.NamedError("cause", context.Cause(ctx)))
	}
	grace := g.Grace
	if grace <= 0 {
		grace = DefaultGrace
	}
	return r.stop(grace)
}

// run is one execution of a group.
type run struct {
	log     *zap.Logger
	started []*running
	ended   chan struct{} // one token for each part that returned
}

// running is a part that was started.
type running struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
	err    error // valid once done is closed
}

// start launches the parts one by one and reports whether all of them run.
func (r *run) start(ctx context.Context, parts []Part) bool {
	for _, p := range parts {
		if ctx.Err() != nil {
			return false
		}
		r.launch(ctx, p)
		if p.Ready == nil {
			continue
		}
		select {
		case <-p.Ready:
			r.log.Debug("part ready", zap.String("part", p.Name))
		case <-ctx.Done():
			return false
		case token := <-r.ended:
			r.ended <- token
			return false
		}
	}
	return true
}

// launch runs p under a context of its own: the values of ctx, but not its end,
// since that would stop all parts at once.
func (r *run) launch(ctx context.Context, p Part) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	part := &running{name: p.Name, cancel: cancel, done: make(chan struct{})}
	r.started = append(r.started, part)
	r.log.Debug("part starts", zap.String("part", p.Name))
	go func() {
		err := errAbandoned
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{Value: v, Stack: debug.Stack()}
			}
			if own.Err() == nil {
				r.log.Info("part ended, stopping", zap.String("part", p.Name), zap.Error(err))
			}
			part.err = verdict(own, err)
			close(part.done)
			r.ended <- struct{}{}
		}()
		err = p.Run(own)
	}()
}

// verdict drops the cancellation that a part passes on after it was asked to stop.
func verdict(ctx context.Context, err error) error {
	if ctx.Err() != nil && onlyCanceled(err) {
		return nil
	}
	return err
}

// stop ends the started parts in reverse and joins their errors.
func (r *run) stop(grace time.Duration) error {
	deadline := time.Now().Add(grace)
	var errs []error
	for i := len(r.started) - 1; i >= 0; i-- {
		part := r.started[i]
		share := max(0, time.Until(deadline)) / time.Duration(i+1)
		begun := time.Now()
		part.cancel()
		if !await(part.done, share) {
			errs = append(errs, &GraceError{Part: part.name, Grace: share})
			r.log.Error("part did not stop", zap.String("part", part.name), zap.Duration("grace", share))
			continue
		}
		r.log.Debug("part stopped", zap.String("part", part.name), zap.Duration("took", time.Since(begun)))
		if part.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", part.name, part.err))
		}
	}
	return errors.Join(errs...)
}

// await reports whether done closes within d.
func await(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
	}
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// GraceError names a part that did not stop in its share of the grace.
type GraceError struct {
	Part  string
	Grace time.Duration
}

func (e *GraceError) Error() string {
	return fmt.Sprintf("%s: did not stop within %s", e.Part, e.Grace.Round(time.Millisecond))
}

// onlyCanceled reports whether each leaf of err's tree is context.Canceled.
// errors.Is would also say so of a real error joined with a cancellation.
func onlyCanceled(err error) bool {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, leaf := range e.Unwrap() {
			if !onlyCanceled(leaf) {
				return false
			}
		}
		return true
	case interface{ Unwrap() error }:
		return onlyCanceled(e.Unwrap())
	default:
		return errors.Is(err, context.Canceled)
	}
}
