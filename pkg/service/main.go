package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
)

// Exit codes of every command.
const (
	ExitDone   = 0 // it did what it was asked
	ExitFailed = 1 // it tried and failed
	ExitUsage  = 2 // it was asked wrongly: flags, arguments or configuration
)

// UsageError is a wrong use of a command. Other packages may bring types of
// their own: whatever has a method WrongUsage that answers true counts as one.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// WrongUsage is always true.
func (e *UsageError) WrongUsage() bool { return true }

// Usagef makes a UsageError as fmt.Errorf does.
func Usagef(format string, args ...any) error {
	return &UsageError{Err: fmt.Errorf(format, args...)}
}

// ExitCode maps the outcome of a command to its exit code. A request for help
// and a cancellation are done; a UsageError, or a flag that could not be parsed,
// is wrong usage; all else failed.
func ExitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, pflag.ErrHelp), onlyCanceled(err):
		return ExitDone
	case wrongUsage(err):
		return ExitUsage
	default:
		return ExitFailed
	}
}

func wrongUsage(err error) bool {
	var usage interface{ WrongUsage() bool }
	if errors.As(err, &usage) {
		return usage.WrongUsage()
	}
	var (
		missing *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	return errors.As(err, &missing) || errors.As(err, &bare) ||
		errors.As(err, &value) || errors.As(err, &syntax)
}

// SignalError is the cause of a context that a signal ended.
type SignalError struct{ Signal os.Signal }

func (e *SignalError) Error() string { return "received " + e.Signal.String() }

// Is makes the cause of a cancellation count as one.
func (e *SignalError) Is(target error) bool { return target == context.Canceled }

// WithSignals returns a context that ends at the first SIGINT or SIGTERM, with a
// SignalError as its cause. From then on the signals have their default effect
// again, so that a second one ends the process at once. Calling stop releases
// the signals; it may be called more than once.
func WithSignals(ctx context.Context) (signalled context.Context, stop func()) {
	signalled, cancel := context.WithCancelCause(ctx)
	received := make(chan os.Signal, 1)
	signal.Notify(received, os.Interrupt, syscall.SIGTERM)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		select {
		case s := <-received:
			// First, so that no second signal is lost in between.
			signal.Stop(received)
			cancel(&SignalError{Signal: s})
		case <-signalled.Done():
			signal.Stop(received)
		}
	}()
	return signalled, func() {
		cancel(nil)
		<-finished
	}
}

// Main runs a command until it is done or a signal ends it, writes its error to
// standard error as "name: error", and returns the exit code for os.Exit. It heeds the
// memory limit of its container.
func Main(name string, run func(ctx context.Context) error) int {
	heedMemory()
	ctx, stop := WithSignals(context.Background())
	defer stop()
	return report(os.Stderr, name, run(ctx))
}

func report(w io.Writer, name string, err error) int {
	code := ExitCode(err)
	if code != ExitDone {
		fmt.Fprintf(w, "%s: %v\n", name, err)
	}
	return code
}
