package stagetest

import (
	"fmt"
	"slices"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
)

// outputs says what is wrong with what a handler returned.
func (s Stage[In]) outputs(r result) []string {
	var problems []string
	switch v := stage.VerdictOf(r.err); v {
	case stage.VerdictOK, stage.VerdictDropped, stage.VerdictDuplicate:
	case stage.VerdictDeferred:
		if len(r.outs) == 0 {
			return []string{"the work is deferred, and there is no output that it comes back by: the message is lost"}
		}
	default:
		if len(r.outs) > 0 {
			return []string{fmt.Sprintf("there are outputs beside the verdict %s: they are not published", v)}
		}
		return nil
	}
	ids := map[string]int{}
	for i, o := range r.outs {
		for _, problem := range s.output(o) {
			problems = append(problems, fmt.Sprintf("output %d on %q: %s", i, o.Subject, problem))
		}
		stream := s.streamOf(o.Subject)
		if o.ID == "" || stream == nil {
			continue
		}
		key := stream.Name + " " + o.ID
		if before, ok := ids[key]; ok {
			problems = append(problems, fmt.Sprintf("outputs %d and %d have the same id %q in %s: the second is refused", before, i, o.ID, stream.Name))
		}
		ids[key] = i
	}
	return problems
}

// output says what is wrong with one output.
func (s Stage[In]) output(o stage.Out) []string {
	var problems []string
	if !topology.ValidSubject(o.Subject) {
		return []string{"not a subject that can be published on; use the functions of package topology"}
	}
	stream := s.streamOf(o.Subject)
	if stream == nil {
		return []string{"the subject belongs to no stream"}
	}
	if o.ID == "" && o.Expect == nil && o.At.IsZero() {
		problems = append(problems, "neither an id nor an expectation: a repeat would be stored twice")
	}
	if !o.At.IsZero() {
		problems = append(problems, s.schedule(o, stream)...)
	} else if o.Target != "" {
		problems = append(problems, "a target without a time")
	}
	if o.Message == nil {
		return append(problems, "no message")
	}
	if _, err := o.Encode(); err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

func (s Stage[In]) schedule(o stage.Out, stream *jetstream.StreamConfig) []string {
	var problems []string
	if !stream.AllowMsgSchedules {
		problems = append(problems, fmt.Sprintf("stream %s takes no schedules", stream.Name))
	}
	target := s.streamOf(o.Target)
	if !topology.ValidSubject(o.Target) || target == nil || target.Name != stream.Name || o.Target == o.Subject {
		problems = append(problems, fmt.Sprintf("target %q is not another subject of stream %s", o.Target, stream.Name))
	}
	return problems
}

// streamOf returns the stream that takes a subject.
func (s Stage[In]) streamOf(subject string) *jetstream.StreamConfig {
	i := slices.IndexFunc(s.Streams, func(cfg jetstream.StreamConfig) bool {
		return slices.ContainsFunc(cfg.Subjects, func(filter string) bool {
			return server.SubjectMatchesFilter(subject, filter)
		})
	})
	if i < 0 {
		return nil
	}
	return &s.Streams[i]
}
