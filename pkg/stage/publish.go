package stage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// publishThenAck publishes the outputs, waits for the server to confirm each,
// and only then acknowledges the input.
func (r *Runner[In]) publishThenAck(ctx context.Context, d *delivery, outs []Out, outcome, reason string) {
	var first, last []Out
	for _, o := range outs {
		if o.Last {
			last = append(last, o)
		} else {
			first = append(first, o)
		}
	}
	stored := 0
	for _, wave := range [][]Out{first, last} {
		n, err := r.publishAll(ctx, d, wave)
		stored += n
		switch {
		case err == nil:
		case errors.Is(err, errTooLarge):
			r.quarantine(ctx, d, ClassTooLarge, err)
			return
		case errors.Is(err, errMalformed):
			r.quarantine(ctx, d, ClassPermanent, err)
			return
		case r.givesUp(ctx):
			r.giveBack(d)
			return
		default:
			r.fail(ctx, d, 0, err)
			return
		}
	}
	if outcome == outcomeOK && len(outs) > 0 && stored == 0 {
		outcome = outcomeDuplicate
	}
	r.ack(d, outcome, reason)
	// A replay says nothing of how fresh news are.
	if outcome == outcomeOK && d.replay.Run == "" {
		r.observeAges(outs)
	}
}

// publishAll publishes messages side by side and returns how many the server
// did not know yet.
func (r *Runner[In]) publishAll(ctx context.Context, d *delivery, outs []Out) (stored int, err error) {
	futures := make([]jetstream.PubAckFuture, len(outs))
	msgs := make([]*nats.Msg, len(outs))
	known := make([]bool, len(outs))
	for i, o := range outs {
		if msgs[i], err = r.message(ctx, d, o); err != nil {
			return 0, err
		}
		if known[i] = r.published(ctx, d, o); known[i] {
			continue
		}
		// There is no future where this fails (a full window, a lost connection);
		// confirm then meets the error again, and waits it out.
		futures[i], _ = r.s.Bus.JS.PublishMsgAsync(msgs[i])
	}
	for i, o := range outs {
		if known[i] {
			continue
		}
		isNew, err := r.confirm(ctx, d, o, msgs[i], futures[i])
		if err != nil {
			return stored, err
		}
		if isNew {
			stored++
		}
	}
	return stored, nil
}

// published says whether an output stands in its stream already. The server refuses what
// it remembers, but it remembers ids for minutes or hours, and keeps messages for days: who
// had a message in hand may have been away for longer, and a consumer that was deleted reads
// everything once more. What is new and comes for the first time needs no look. Work queues
// keep nothing that could be looked up. What goes wrong here is no error: the server then has
// the word.
func (r *Runner[In]) published(ctx context.Context, d *delivery, o Out) bool {
	if !d.mayRepeat() || o.ID == "" || !o.At.IsZero() {
		return false
	}
	// The server holds an output to what it expects, also where the expectation follows
	// from what stands there; but it knows nothing of the runs of a replay.
	if o.Expect != nil && d.replay.Run == "" {
		return false
	}
	stream := r.outputs.of(ctx, r.s.Bus.JS, o.Subject)
	if stream == nil {
		return false
	}
	last, err := bus.Ask(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return stream.GetLastMsgForSubject(ctx, cmp.Or(o.Among, o.Subject))
	})
	return err == nil && d.standing(o, last)
}

// headerRepeat marks what was made of an input that may have been worked on before. The
// stages that follow see it for the first time, and would take it for new.
const headerRepeat = "Dateline-Repeat"

// mayRepeat says whether a message may have been worked on longer ago than the server
// remembers ids.
func (d *delivery) mayRepeat() bool {
	return d.replay.Run != "" || d.attempt() > 1 || d.header.Get(headerRepeat) != "" || time.Since(d.meta.Timestamp) >= remembered
}

// remembered is a time for which every stream remembers ids, with room for clocks that
// differ; the shortest is 2 minutes.
const remembered = time.Minute

// outputs are the streams that a runner publishes into. The zero value is ready.
type outputs struct {
	mu      sync.Mutex
	streams map[string]jetstream.Stream
}

// of returns the stream that takes a subject; nil if that is a work queue, or cannot
// be reached.
func (o *outputs) of(ctx context.Context, js jetstream.JetStream, subject string) jetstream.Stream {
	name := topology.StreamOf(subject)
	if name == "" {
		return nil
	}
	o.mu.Lock()
	stream, known := o.streams[name]
	o.mu.Unlock()
	if known {
		return stream
	}
	stream, err := bus.Ask(ctx, func(ctx context.Context) (jetstream.Stream, error) { return js.Stream(ctx, name) })
	if err != nil {
		return nil
	}
	if stream.CachedInfo().Config.Retention == jetstream.WorkQueuePolicy {
		stream = nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.streams == nil {
		o.streams = map[string]jetstream.Stream{}
	}
	o.streams[name] = stream
	return stream
}

// message encodes an output, continues the trace in it, and sets a large payload
// aside, for which it waits as confirm does.
func (r *Runner[In]) message(ctx context.Context, d *delivery, o Out) (*nats.Msg, error) {
	if !topology.ValidSubject(o.Subject) || (!o.At.IsZero() && !topology.ValidSubject(o.Target)) {
		return nil, fmt.Errorf("%w: subject %q, target %q", errMalformed, o.Subject, o.Target)
	}
	msg, err := o.Encode()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if d.mayRepeat() {
		msg.Header.Set(headerRepeat, "1")
	}
	if d.replay.Run != "" && o.ID != "" {
		msg.Header.Set(jetstream.MsgIDHeader, d.replay.Mark(o.ID))
	}
	d.replay.hand(msg.Header)
	inject(ctx, o, msg.Header)
	for attempt := 1; ; attempt++ {
		err := r.s.Bus.SetAside(ctx, msg)
		if err == nil {
			return msg, nil
		}
		if refused := refusal(o, err); refused != nil {
			return nil, refused
		}
		if err := r.waitToPublish(ctx, d, o, attempt, err); err != nil {
			return nil, err
		}
	}
}

// Encode makes the message that an output stands for, with its id, schedule and
// expectation.
func (o Out) Encode() (*nats.Msg, error) {
	msg, err := bus.Encode(o.Subject, o.Message, o.Format)
	if err != nil {
		return nil, err
	}
	for k, v := range o.Header {
		msg.Header.Set(k, v)
	}
	if o.ID != "" {
		msg.Header.Set(jetstream.MsgIDHeader, o.ID)
	}
	if o.Expect != nil {
		msg.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(*o.Expect, 10))
	}
	if !o.At.IsZero() {
		// Written by hand: the library's option cuts the time to whole seconds,
		// and so fires up to a second early.
		msg.Header.Set(jetstream.ScheduleHeader, "@at "+o.At.UTC().Format(time.RFC3339Nano))
		msg.Header.Set(jetstream.ScheduleTargetHeader, o.Target)
	}
	return msg, nil
}

// confirm waits until the server has one message, publishing it again as often
// as it takes: a full stream or a lost server is waited out with the input in
// hand, which is the pipeline's back-pressure. It says whether the server did
// not know the message yet.
func (r *Runner[In]) confirm(ctx context.Context, d *delivery, o Out, msg *nats.Msg, future jetstream.PubAckFuture) (isNew bool, err error) {
	// A message that is known on a later try is our own, if the confirmation of an
	// earlier one may have been lost.
	maybeOurs := false
	for attempt := 1; ; attempt++ {
		ack, err := r.publish(ctx, msg, future)
		switch {
		case err == nil:
			return !ack.Duplicate || maybeOurs, nil
		case o.Expect != nil && *o.Expect == 0 && IsKnown(err):
			return maybeOurs, nil
		}
		if refused := refusal(o, err); refused != nil {
			return false, refused
		}
		maybeOurs = maybeOurs || !isAnswer(err)
		if err := r.waitToPublish(ctx, d, o, attempt, err); err != nil {
			return false, err
		}
		future = nil
	}
}

// publish waits for the confirmation of a message that is on its way, or
// publishes it and waits where there is no future. The window of asynchronous
// publishing may be full of messages that wait for space, so a second try does
// not go through it.
func (r *Runner[In]) publish(ctx context.Context, msg *nats.Msg, future jetstream.PubAckFuture) (*jetstream.PubAck, error) {
	if future == nil {
		// A copy, since the library leaves a reply subject on what it publishes.
		return r.s.Bus.JS.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
	}
	select {
	case ack := <-future.Ok():
		return ack, nil
	case err := <-future.Err():
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// waitToPublish waits before the next try. It returns an error if this process
// stops: the message is then given back, since others may wait as well.
func (r *Runner[In]) waitToPublish(ctx context.Context, d *delivery, o Out, attempt int, cause error) error {
	if !r.givesUp(ctx) {
		wait := min(r.s.Backoff.Delay(attempt), maxPublishWait)
		d.log.Warn("cannot publish, waiting", zap.String("to", o.Subject), zap.Error(cause), zap.Duration("wait", wait),
			zap.String("id", o.ID))
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-t.C:
			return nil
		case <-ctx.Done():
		case <-r.stopped:
		}
	}
	return fmt.Errorf("publish on %s: %w", o.Subject, cause)
}

// maxPublishWait is the longest wait between two tries: space comes free, or a
// server comes back, without notice.
const maxPublishWait = 5 * time.Second

// givesUp says whether a message that waits for the server is to be given back:
// this process stops, so whoever comes after it may wait as well.
func (r *Runner[In]) givesUp(ctx context.Context) bool {
	select {
	case <-r.stopped:
		return true
	default:
		return ctx.Err() != nil
	}
}

func (r *Runner[In]) observeAges(outs []Out) {
	now := time.Now()
	for _, o := range outs {
		observeAge(r.s.Metrics.freshness.WithLabelValues(r.spec.Name), now, o.Published)
		observeAge(r.s.Metrics.transit.WithLabelValues(r.spec.Name), now, o.FirstSeen)
	}
}

// observeAge leaves out what has no time, which is the zero time or, from a
// message without a timestamp, the Unix epoch.
func observeAge(h prometheus.Observer, now, t time.Time) {
	if t.After(time.Unix(0, 0)) {
		h.Observe(max(0, now.Sub(t).Seconds()))
	}
}
