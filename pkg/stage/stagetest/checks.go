package stagetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/stage"
)

func (s Stage[In]) decodes(_ context.Context, sample stage.Raw) []string {
	raw := clone(sample)
	if _, err := s.Decode(raw); err != nil {
		return []string{fmt.Sprintf("the sample is not decoded: %v", err)}
	}
	if !reflect.DeepEqual(raw, clone(sample)) {
		return []string{"the decoder changes the message"}
	}
	return nil
}

// pair decodes a sample twice, for two deliveries or for a comparison.
func (s Stage[In]) pair(sample stage.Raw) (a, b In, problems []string) {
	a, err := s.decode(sample)
	if err == nil {
		b, err = s.decode(sample)
	}
	if err != nil {
		problems = []string{err.Error()}
	}
	return a, b, problems
}

func (s Stage[In]) repeats(ctx context.Context, sample stage.Raw) []string {
	_, problems := s.twice(ctx, sample, stage.Replay{})
	return problems
}

// twice delivers a sample two times and compares what comes of it.
func (s Stage[In]) twice(ctx context.Context, sample stage.Raw, replay stage.Replay) (outs []stage.Out, problems []string) {
	a, b, problems := s.pair(sample)
	if problems != nil {
		return nil, problems
	}
	first, second := s.deliverAs(ctx, a, 1, replay), s.deliverAs(ctx, b, 2, replay)
	if first.verdict() != second.verdict() {
		return nil, []string{fmt.Sprintf("the verdict is %s, then %s (%v)", first.verdict(), second.verdict(), second.err)}
	}
	if len(first.outs) != len(second.outs) {
		return nil, []string{fmt.Sprintf("there are %d outputs, then %d", len(first.outs), len(second.outs))}
	}
	for i := range first.outs {
		if x, y := identity(first.outs[i]), identity(second.outs[i]); x != y {
			problems = append(problems, fmt.Sprintf("output %d is %s, then %s", i, x, y))
		}
	}
	return first.outs, problems
}

// replays delivers a sample as a part of a replay that asks for alerts.
func (s Stage[In]) replays(ctx context.Context, sample stage.Raw) []string {
	replay := stage.Replay{Run: "stagetest-run", Alerts: true}
	outs, problems := s.twice(ctx, sample, replay)
	for i, o := range outs {
		if strings.Contains(o.ID, replay.Run) {
			problems = append(problems, fmt.Sprintf("the id of output %d, %q, names the run, which the runner adds", i, o.ID))
		}
		if id := o.Header["ce-id"]; id == o.ID && id != "" {
			problems = append(problems, fmt.Sprintf("the ce-id of output %d, %q, does not name the run: who goes by it takes the event for one that it knows", i, id))
		}
	}
	return problems
}

// identity is what must be the same in a repeat. The payload may differ: a
// repeat of it is refused.
func identity(o stage.Out) string {
	expect := "anything"
	if o.Expect != nil {
		expect = fmt.Sprint(*o.Expect)
	}
	return fmt.Sprintf("%s (id %q, target %q, expecting %s)", o.Subject, o.ID, o.Target, expect)
}

func (s Stage[In]) leavesInput(ctx context.Context, sample stage.Raw) []string {
	in, want, problems := s.pair(sample)
	if problems != nil {
		return problems
	}
	s.deliver(ctx, in, 1)
	if !equal(in, want) {
		return []string{"the handler changes its input; work on a copy (proto.CloneOf)"}
	}
	return nil
}

func equal(a, b any) bool {
	if x, ok := a.(proto.Message); ok {
		y, ok := b.(proto.Message)
		return ok && proto.Equal(x, y)
	}
	return reflect.DeepEqual(a, b)
}

func (s Stage[In]) publishable(ctx context.Context, sample stage.Raw) []string {
	in, err := s.decode(sample)
	if err != nil {
		return []string{err.Error()}
	}
	r := s.deliver(ctx, in, 1)
	if r.panicked != nil {
		return []string{fmt.Sprintf("the handler panicked: %v", r.panicked)}
	}
	return s.outputs(r)
}

// heedsContext delivers under a context that ends before the call, and under one
// that ends during it.
func (s Stage[In]) heedsContext(ctx context.Context, sample stage.Raw) []string {
	usual, in, problems := s.pair(sample)
	if problems != nil {
		return problems
	}
	want := s.deliver(ctx, usual, 1).verdict()
	for _, after := range []time.Duration{0, time.Millisecond} {
		ctx, cancel := context.WithTimeout(ctx, after)
		done := make(chan result, 1)
		go func() { done <- s.deliver(ctx, in, 1) }()
		timeout := time.NewTimer(after + s.Patience)
		select {
		case r := <-done:
			if got := r.verdict(); got != want && !slices.Contains(inconclusive, stage.Verdict(got)) {
				problems = append(problems, fmt.Sprintf("the context ended, and the verdict on the message is %s, not %s: %v", got, want, r.err))
			}
		case <-timeout.C:
			problems = append(problems, fmt.Sprintf("the handler goes on for %s after its context ended", s.Patience))
		}
		timeout.Stop()
		cancel()
		if problems != nil {
			break
		}
	}
	return problems
}

// inconclusive are the verdicts that do not end a message.
var inconclusive = []stage.Verdict{stage.VerdictOK, stage.VerdictRetry, stage.VerdictDeferred}
