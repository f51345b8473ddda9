package stage

import (
	"errors"
	"fmt"
	"time"
)

// Drop says that the message is understood and must not go on. The reason is
// counted, so it comes from a short closed list: lower-case words joined by '-'.
// Outputs beside it are published all the same: what the stage keeps for itself,
// such as when to look again. Where there are none, the runner leaves a mark of the
// article's end (see topology.ArticleEnded).
func Drop(reason string) error { return &dropped{reason: reason} }

// Skip is the Drop of what ends no article, such as another look at one that found
// nothing new. It leaves no mark.
func Skip(reason string) error { return &dropped{reason: reason, quiet: true} }

// Duplicate says that the message's work was done before. Outputs beside it are
// published, as beside Drop.
func Duplicate() error { return errDuplicate }

// Permanent says that the same message would always fail: it goes to quarantine
// at once.
func Permanent(err error) error { return &permanent{err: err} }

// RetryAfter says that the message may succeed after d. The attempt counts: when
// all are spent, the message goes to quarantine. While it waits it holds one of
// the consumer's MaxAckPending places, so many long waits stop the whole stage:
// what is to wait for more than a minute is better put off with Defer.
func RetryAfter(d time.Duration, err error) error { return &retryAfter{after: d, err: err} }

// Defer says that the handler's outputs put the work off to a later time. They
// are published and the message is acknowledged; it is counted as retried, with
// the reason.
func Defer(reason string) error { return &deferred{reason: reason} }

// Verdict is what a handler's error says is to happen.
type Verdict string

// The verdicts.
const (
	VerdictOK        Verdict = "ok"
	VerdictDeferred  Verdict = "deferred"
	VerdictDropped   Verdict = "dropped"
	VerdictDuplicate Verdict = "duplicate"
	VerdictPermanent Verdict = "permanent"
	// VerdictRetry is that of RetryAfter and of every other error.
	VerdictRetry Verdict = "retry"
)

// VerdictOf returns what the runner does with a message whose handler returned
// err.
func VerdictOf(err error) Verdict {
	var (
		drop *dropped
		defr *deferred
		perm *permanent
		pan  *panicked
	)
	switch {
	case err == nil:
		return VerdictOK
	case errors.As(err, &defr):
		return VerdictDeferred
	case errors.As(err, &drop):
		return VerdictDropped
	case errors.Is(err, errDuplicate):
		return VerdictDuplicate
	case errors.As(err, &perm), errors.As(err, &pan):
		return VerdictPermanent
	}
	return VerdictRetry
}

// panicked is a handler's panic. It is permanent: the same message would most
// likely do it again.
type panicked struct{ value any }

func (e *panicked) Error() string { return fmt.Sprintf("panic: %v", e.value) }

var errDuplicate = errors.New("done before")

type dropped struct {
	reason string
	quiet  bool
}

func (e *dropped) Error() string { return "dropped: " + e.reason }

type deferred struct{ reason string }

func (e *deferred) Error() string { return "deferred: " + e.reason }

type permanent struct{ err error }

func (e *permanent) Error() string { return e.err.Error() }
func (e *permanent) Unwrap() error { return e.err }

type retryAfter struct {
	after time.Duration
	err   error
}

func (e *retryAfter) Error() string { return fmt.Sprintf("%v (retry after %s)", e.err, e.after) }
func (e *retryAfter) Unwrap() error { return e.err }

// Outcomes of a delivery, as counted.
const (
	outcomeOK          = "ok"
	outcomeDropped     = "dropped"
	outcomeDuplicate   = "duplicate"
	outcomeRetried     = "retried"
	outcomeQuarantined = "quarantined"
)

// reasonError is why a delivery was retried, where nothing else is known of it.
const reasonError = "error"

// classes are all classes of quarantined messages.
var classes = [...]string{ClassUndecodable, ClassPermanent, ClassExhausted, ClassCrashed, ClassTooLarge}

// Classes of quarantined messages.
const (
	// ClassUndecodable: the payload is not what the subject promises.
	ClassUndecodable = "undecodable"
	// ClassPermanent: the handler says that it would always fail.
	ClassPermanent = "permanent"
	// ClassExhausted: all attempts failed.
	ClassExhausted = "exhausted"
	// ClassCrashed: it was delivered again and again and never got an outcome;
	// the process died on it, or was stopped.
	ClassCrashed = "crashed"
	// ClassTooLarge: an output does not fit the server.
	ClassTooLarge = "too-large"
)

// label makes a reason fit for a metric label, whatever a handler says.
func label(reason string) string {
	if reason == "" || len(reason) > 40 {
		return "other"
	}
	for _, c := range reason {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return "other"
		}
	}
	return reason
}
