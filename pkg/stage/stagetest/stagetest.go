// Package stagetest is the conformance suite of stages: what the runner relies
// on, checked for any handler, without a server.
//
// A stage's author writes:
//
//	func TestConformance(t *testing.T) {
//		stagetest.Run(t, stagetest.Stage[*datelinev1.Article]{
//			New:     func() stage.Func[*datelinev1.Article] { return newHandler(fakes()).handle },
//			Decode:  stage.Decode[datelinev1.Article],
//			Samples: map[string]stage.Raw{"wire story": sample("wire.json")},
//		})
//	}
//
// The checks, for each sample:
//
//   - it is decoded, and decoding leaves its bytes alone;
//   - delivered again, by another process and at another time, it gives the same
//     verdict and the same subjects, ids and expectations;
//   - in a replay it gives the same twice, too, ids without the run, which the runner adds,
//     and a ce-id with it;
//   - the handler leaves its input as it was;
//   - each output can be published: a valid subject of a known stream, a payload
//     that can be encoded, and what makes a repeat harmless (an id, an
//     expectation or a schedule, which replaces the one before);
//   - no two outputs of one input have one id in one stream, since the server
//     would take the second for a repeat of the first;
//   - work that is deferred has an output that it comes back by;
//   - a handler whose context has ended returns, and does not blame the message
//     for that: its verdict is no end (Permanent, Drop, Duplicate) that it is not
//     otherwise.
//
// Beside the samples, hostile messages (empty, cut, with flipped bits, garbage,
// decompression bombs) are decoded and handled: none may panic, and whatever
// comes out has to pass the checks of outputs.
package stagetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Stage is a stage to be checked.
type Stage[In any] struct {
	// New makes the handler, as a process does at its start, with fakes for what
	// it reaches. It is called for every delivery that the suite makes up, so that
	// nothing that a handler remembers makes two deliveries alike.
	New func() stage.Func[In]
	// Decode is the stage's decoder.
	Decode stage.Decoder[In]
	// Samples are messages that the stage handles, by name, as they come.
	Samples map[string]stage.Raw
	// Streams are where outputs may go; the topology's streams and buckets if nil.
	Streams []jetstream.StreamConfig
	// Patience is how long a handler may take after its context ended; 5 s if
	// zero.
	Patience time.Duration
}

func (s Stage[In]) withDefaults() Stage[In] {
	if s.Streams == nil {
		s.Streams = topology.Streams(topology.Options{})
		for _, b := range topology.Buckets(topology.Options{}) {
			s.Streams = append(s.Streams, jetstream.StreamConfig{Name: "KV_" + b.Bucket, Subjects: []string{"$KV." + b.Bucket + ".>"}})
		}
	}
	if s.Patience == 0 {
		s.Patience = 5 * time.Second
	}
	return s
}

// Run checks a stage.
func Run[In any](t *testing.T, s Stage[In]) {
	t.Helper()
	s = s.withDefaults()
	if s.New == nil || s.Decode == nil || len(s.Samples) == 0 {
		t.Fatal("stagetest: a stage needs a handler, a decoder and samples")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Samples)) {
		for _, c := range s.checks() {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				for _, problem := range c.run(t.Context(), s.Samples[name]) {
					t.Error(problem)
				}
			})
		}
	}
	t.Run("hostile", func(t *testing.T) {
		for _, problem := range s.hostile(t.Context()) {
			t.Error(problem)
		}
	})
}

// check is one check of a sample; run returns what is wrong.
type check struct {
	name string
	run  func(ctx context.Context, sample stage.Raw) []string
}

func (s Stage[In]) checks() []check {
	return []check{
		{"decodes", s.decodes},
		{"redelivery gives the same", s.repeats},
		{"replay gives the same", s.replays},
		{"input is left alone", s.leavesInput},
		{"outputs can be published", s.publishable},
		{"ended context", s.heedsContext},
	}
}

// result is what a delivery came to.
type result struct {
	outs     []stage.Out
	err      error
	panicked any
}

func (r result) verdict() string {
	if r.panicked != nil {
		return fmt.Sprintf("a panic: %v", r.panicked)
	}
	return string(stage.VerdictOf(r.err))
}

// deliver calls a new handler as the runner would for the given attempt.
func (s Stage[In]) deliver(ctx context.Context, in In, attempt int) (r result) {
	return s.deliverAs(ctx, in, attempt, stage.Replay{})
}

// deliverAs delivers a message of a replay.
func (s Stage[In]) deliverAs(ctx context.Context, in In, attempt int, replay stage.Replay) (r result) {
	now := time.Now()
	ctx = stage.WithDelivery(ctx, stage.Delivery{
		Stage: "stagetest", Attempt: attempt, Sequence: 42, Stored: now.Add(-time.Minute), Started: now, Replay: replay,
	})
	defer func() { r.panicked = recover() }()
	r.outs, r.err = s.New()(ctx, in)
	return r
}

// decode decodes a copy of a message, so that no delivery sees another's.
func (s Stage[In]) decode(raw stage.Raw) (in In, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &decodePanic{value: p}
		}
	}()
	return s.Decode(clone(raw))
}

type decodePanic struct{ value any }

func (e *decodePanic) Error() string { return fmt.Sprintf("the decoder panicked: %v", e.value) }

func clone(raw stage.Raw) stage.Raw {
	header := maps.Clone(raw.Header)
	for k, v := range header {
		header[k] = slices.Clone(v)
	}
	return stage.Raw{Subject: raw.Subject, Header: header, Data: slices.Clone(raw.Data)}
}
