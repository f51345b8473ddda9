package stage

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
)

// delivery is one message in hand, on its way to its one outcome.
type delivery struct {
	held *heldMessage
	msg  jetstream.Msg
	meta *jetstream.MsgMetadata
	// replay is the run that the message belongs to.
	replay Replay
	// header and data are the message's, or those of the message that it refers to.
	header  nats.Header
	data    []byte
	payload []byte
	log     *zap.Logger
	span    trace.Span
}

func (d *delivery) attempt() int { return int(min(d.meta.NumDelivered, 1<<20)) }

// handle takes one message from its delivery to its outcome.
func (r *Runner[In]) handle(ctx context.Context, held *heldMessage) {
	msg := held.msg
	meta, err := msg.Metadata()
	if err != nil {
		// Only a message that is not JetStream's has none; a consumer gives none such.
		r.log.Error("message without metadata", zap.String("subject", msg.Subject()), zap.Error(err))
		return
	}
	r.account.take()
	defer r.account.leave(held)
	d := &delivery{held: held, msg: msg, meta: meta, header: msg.Headers(), data: msg.Data(), log: r.log.With(
		zap.String("subject", msg.Subject()),
		zap.Uint64("sequence", meta.Sequence.Stream),
		zap.Int("attempt", int(meta.NumDelivered)))}

	ctx = r.startSpan(ctx, d)
	defer d.span.End()

	if d.attempt() > maxDeliveriesFactor*r.s.MaxAttempts {
		r.quarantine(ctx, d, ClassCrashed, fmt.Errorf("delivered %d times without an outcome: the process ended or the handler hung each time", d.attempt()-1))
		return
	}
	if !r.open(ctx, d) {
		return
	}
	in, err := r.decodeSafely(Raw{Subject: msg.Subject(), Header: d.header, Data: d.payload})
	if err != nil {
		r.quarantine(ctx, d, ClassUndecodable, err)
		return
	}
	r.workOn(ctx, d, in)
}

// open gets a message's payload, from where it is kept or was set aside. Where there is none,
// the message is settled, and the answer is false.
func (r *Runner[In]) open(ctx context.Context, d *delivery) bool {
	var err error
	if d.replay, err = replayOf(r.spec, d.header); err == nil {
		if err = r.recall(ctx, d); err == nil {
			d.payload, err = r.s.Bus.Payload(ctx, d.header, d.data)
		}
	} else {
		err = fmt.Errorf("%w: %w", errMalformed, err)
	}
	switch {
	case err == nil:
		return true
	case errors.Is(err, errExpired), errors.Is(err, bus.ErrLost) && d.msg.Headers().Get(HeaderReplayOf) != "":
		d.log.Info("replay passed over", zap.Error(err))
		r.settle(ctx, d, nil, Skip(reasonExpired))
	case errors.Is(err, bus.ErrLost), errors.Is(err, bus.ErrTooLarge), errors.Is(err, errMalformed):
		r.quarantine(ctx, d, ClassUndecodable, err)
	default:
		r.fail(ctx, d, 0, err)
	}
	return false
}

// decodeSafely turns a decoder's panic into an error.
func (r *Runner[In]) decodeSafely(raw Raw) (in In, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("decoder panicked", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			err = &panicked{value: p}
		}
	}()
	return r.decode(raw)
}

// workOn calls the handler and settles the message by what it returned.
func (r *Runner[In]) workOn(ctx context.Context, d *delivery, in In) {
	select {
	case r.workers <- struct{}{}:
	case <-ctx.Done():
		r.giveBack(d)
		return
	}
	d.span.AddEvent("handler called")
	outs, err := r.call(ctx, d, in)
	if v := VerdictOf(err); v == VerdictPermanent || v == VerdictRetry {
		d.span.RecordError(err)
	}
	r.settle(ctx, d, outs, err)
}

// call runs the handler in a worker's place, with its deadline, and turns a
// panic into an error.
func (r *Runner[In]) call(ctx context.Context, d *delivery, in In) (outs []Out, err error) {
	started := time.Now()
	if d.attempt() == 1 {
		observeAge(r.s.Metrics.wait.WithLabelValues(r.spec.Name), started, d.meta.Timestamp)
	}
	ctx, cancel := context.WithTimeout(WithDelivery(ctx, Delivery{
		Stage: r.spec.Name, Attempt: d.attempt(), Stored: d.meta.Timestamp,
		Sequence: d.meta.Sequence.Stream, Started: started, Replay: d.replay,
	}), r.s.Deadline)
	defer func() {
		cancel()
		<-r.workers
		r.s.Metrics.duration.WithLabelValues(r.spec.Name).Observe(time.Since(started).Seconds())
		if p := recover(); p != nil {
			d.log.Error("handler panicked", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			outs, err = nil, &panicked{value: p}
		}
	}()
	return r.fn(ctx, in)
}

// settle does what the handler's verdict says.
func (r *Runner[In]) settle(ctx context.Context, d *delivery, outs []Out, err error) {
	var (
		drop  *dropped
		later *retryAfter
		defr  *deferred
	)
	switch VerdictOf(err) {
	case VerdictOK:
		r.publishThenAck(ctx, d, outs, outcomeOK, "")
	case VerdictDeferred:
		errors.As(err, &defr)
		r.publishThenAck(ctx, d, outs, outcomeRetried, defr.reason)
	case VerdictDropped:
		errors.As(err, &drop)
		d.log.Debug("dropped", zap.String("reason", drop.reason))
		if !drop.quiet {
			outs = r.withEnding(d, outs, outcomeDropped, drop.reason)
		}
		r.publishThenAck(ctx, d, outs, outcomeDropped, drop.reason)
	case VerdictDuplicate:
		r.publishThenAck(ctx, d, r.withEnding(d, outs, outcomeDuplicate, ""), outcomeDuplicate, "")
	case VerdictPermanent:
		r.quarantine(ctx, d, ClassPermanent, err)
	case VerdictRetry:
		after := time.Duration(0)
		if errors.As(err, &later) {
			after = later.after
		}
		r.fail(ctx, d, after, err)
	}
}

// fail has a message tried again, until its attempts are spent. A server that does
// not answer spends none: no message is to end in quarantine for that.
func (r *Runner[In]) fail(ctx context.Context, d *delivery, after time.Duration, cause error) {
	switch {
	case ctx.Err() != nil:
		r.giveBack(d)
	case d.attempt() >= r.s.MaxAttempts && !errors.Is(cause, bus.ErrNoAnswer):
		r.quarantine(ctx, d, ClassExhausted, cause)
	default:
		r.retry(d, after, cause)
	}
}

func (r *Runner[In]) ack(d *delivery, outcome, reason string) {
	r.end(d, d.msg.Ack, outcome, reason)
}

// retry asks for another delivery after the given wait, or after the back-off's
// if that is longer.
func (r *Runner[In]) retry(d *delivery, after time.Duration, cause error) {
	wait := max(after, r.s.Backoff.Delay(d.attempt()))
	d.log.Warn("failed, trying again", zap.Error(cause), zap.Duration("wait", wait))
	r.end(d, func() error { return d.msg.NakWithDelay(wait) }, outcomeRetried, reasonError)
}

// giveBack returns a message untouched, because this process stops.
func (r *Runner[In]) giveBack(d *delivery) {
	r.end(d, func() error { return d.msg.NakWithDelay(giveBackWait) }, outcomeRetried, "shutdown")
}

// end tells the server a message's outcome and counts it, and says whether it
// did. An outcome that the server may not have heard counts as a retry: the message
// will be delivered again, and that delivery has the outcome.
func (r *Runner[In]) end(d *delivery, tell func() error, outcome, reason string) bool {
	if !d.held.settle() {
		return false
	}
	if err := tell(); err != nil {
		d.log.Warn("cannot tell the server what became of a message, expecting it again",
			zap.String("outcome", outcome), zap.Error(err))
		// The work was done, but for the server it was not.
		r.account.end(d.held, outcomeRetried, "unheard")
		return false
	}
	if reason != "" {
		reason = label(reason)
	}
	d.note(outcome, reason)
	r.account.end(d.held, outcome, reason)
	return true
}
