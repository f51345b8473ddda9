// Package account does the books of the stages: what went in is what came out, by
// outcome, and what is in flight.
package account

import (
	"cmp"
	"slices"

	dto "github.com/prometheus/client_model/go"

	"github.com/dateline-news/dateline/pkg/topology"
)

// Stage is the account of one stage. A message that is tried again, or put off, has not
// come out and is not counted until it does.
type Stage struct {
	Name        string `json:"name"`
	In          uint64 `json:"in"`
	OK          uint64 `json:"ok"`
	Dropped     uint64 `json:"dropped"`
	Duplicate   uint64 `json:"duplicate"`
	Quarantined uint64 `json:"quarantined"`
	InFlight    uint64 `json:"inFlight"`
	// Missing is what the equation lacks; 0 where the books close.
	Missing int64 `json:"missing"`
	// Retried counts deliveries that ended in another try or in a later slot. They are
	// in none of the other numbers.
	Retried uint64 `json:"retried"`
	// Reasons are what was dropped, quarantined and retried, by reason, the most
	// frequent first.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason counts what has one outcome for one reason.
type Reason struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
	Count   uint64 `json:"count"`
}

// Closed says whether in = ok + dropped + duplicate + quarantined + in flight.
func (s Stage) Closed() bool { return s.Missing == 0 }

// Books are the accounts of all stages that the metrics of one or several processes
// speak of, in the order of an article's way.
func Books(families []*dto.MetricFamily) []Stage {
	b := books{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			b.add(f.GetName(), m)
		}
	}
	var stages []Stage
	for _, spec := range topology.Stages() {
		if a := b[spec.Name]; a != nil {
			stages = append(stages, a.close(spec.Name))
		}
	}
	return stages
}

// books are accounts by stage.
type books map[string]*entries

type entries struct {
	received, inFlight, settled uint64
	outcomes                    map[string]uint64
	reasons                     map[Reason]uint64
}

func (b books) add(name string, m *dto.Metric) {
	labels := make(map[string]string, len(m.GetLabel()))
	for _, l := range m.GetLabel() {
		labels[l.GetName()] = l.GetValue()
	}
	e := func() *entries {
		if b[labels["stage"]] == nil {
			b[labels["stage"]] = &entries{outcomes: make(map[string]uint64), reasons: make(map[Reason]uint64)}
		}
		return b[labels["stage"]]
	}
	switch name {
	case "dateline_stage_received_total":
		e().received += uint64(m.GetCounter().GetValue())
	case "dateline_stage_in_flight":
		e().inFlight += uint64(m.GetGauge().GetValue())
	case "dateline_stage_messages_total":
		n := uint64(m.GetCounter().GetValue())
		e().outcomes[labels["outcome"]] += n
		e().settled += n
		if labels["reason"] != "" && n > 0 {
			e().reasons[Reason{Outcome: labels["outcome"], Reason: labels["reason"]}] += n
		}
	}
}

func (e *entries) close(name string) Stage {
	retried := e.outcomes["retried"]
	s := Stage{
		Name: name, In: e.received - min(retried, e.received), OK: e.outcomes["ok"], Dropped: e.outcomes["dropped"], Duplicate: e.outcomes["duplicate"],
		Quarantined: e.outcomes["quarantined"], InFlight: e.inFlight, Retried: retried,
		Missing: int64(e.received) - int64(e.settled) - int64(e.inFlight),
	}
	for r, n := range e.reasons {
		r.Count = n
		s.Reasons = append(s.Reasons, r)
	}
	slices.SortFunc(s.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Reason, b.Reason))
	})
	return s
}
