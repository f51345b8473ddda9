package console

import (
	"cmp"
	"math"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dateline-news/dateline/pkg/topology"
)

// maxOutcomes is how many reasons of one stage are shown, the most frequent
// first.
const maxOutcomes = 8

// readings are the metrics of this process that the page shows.
type readings struct {
	stages             map[string]*stageReadings
	freshness, transit *histogram
}

type stageReadings struct {
	// counts are messages by outcome.
	counts   map[string]float64
	outcomes []outcome
	duration histogram
}

// finished counts the messages that the stage is done with.
func (r *stageReadings) finished() float64 {
	return r.counts["ok"] + r.counts["dropped"] + r.counts["duplicate"] + r.counts["quarantined"]
}

// read gathers. A collector that fails hides its own metrics only.
func read(g prometheus.Gatherer) readings {
	r := readings{stages: make(map[string]*stageReadings)}
	families, _ := g.Gather()
	for _, f := range families {
		for _, m := range f.GetMetric() {
			stage := value(m.GetLabel(), "stage")
			switch f.GetName() {
			case "dateline_stage_messages_total":
				r.stage(stage).add(value(m.GetLabel(), "outcome"), value(m.GetLabel(), "reason"), m.GetCounter().GetValue())
			case "dateline_stage_duration_seconds":
				r.stage(stage).duration = newHistogram(m.GetHistogram().GetSampleCount(), m.GetHistogram().GetBucket())
			case "dateline_freshness_seconds":
				if stage == topology.Enricher.Name {
					r.freshness = new(newHistogram(m.GetHistogram().GetSampleCount(), m.GetHistogram().GetBucket()))
				}
			case "dateline_transit_seconds":
				if stage == topology.Enricher.Name {
					r.transit = new(newHistogram(m.GetHistogram().GetSampleCount(), m.GetHistogram().GetBucket()))
				}
			}
		}
	}
	for _, s := range r.stages {
		slices.SortFunc(s.outcomes, func(a, b outcome) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Reason, b.Reason))
		})
		s.outcomes = s.outcomes[:min(len(s.outcomes), maxOutcomes)]
	}
	return r
}

func (r *stageReadings) add(kind, reason string, count float64) {
	r.counts[kind] += count
	if kind != "ok" && count > 0 {
		r.outcomes = append(r.outcomes, outcome{kind, reason, count})
	}
}

func (r *readings) stage(name string) *stageReadings {
	s := r.stages[name]
	if s == nil {
		s = &stageReadings{counts: make(map[string]float64)}
		r.stages[name] = s
	}
	return s
}

// value finds a label.
func value[L interface {
	GetName() string
	GetValue() string
}](labels []L, name string) string {
	for _, l := range labels {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// histogram is a classic histogram: cumulative counts up to each bound.
type histogram struct {
	bounds []float64
	counts []uint64
	count  uint64
}

func newHistogram[B interface {
	GetUpperBound() float64
	GetCumulativeCount() uint64
}](count uint64, buckets []B) histogram {
	out := histogram{count: count}
	for _, b := range buckets {
		if !math.IsInf(b.GetUpperBound(), 1) {
			out.bounds = append(out.bounds, b.GetUpperBound())
			out.counts = append(out.counts, b.GetCumulativeCount())
		}
	}
	return out
}

// since is what h counts and before did not. Counts do not fall within one
// process.
func (h histogram) since(before *histogram) histogram {
	if before == nil {
		return h
	}
	out := histogram{bounds: h.bounds, counts: make([]uint64, len(h.counts)), count: h.count - before.count}
	for i := range h.counts {
		out.counts[i] = h.counts[i] - before.counts[i]
	}
	return out
}

// quantile estimates the q-quantile, as PromQL's histogram_quantile does: by
// linear interpolation within its bucket, and by the highest bound for what is
// above it.
func (h histogram) quantile(q float64) float64 {
	rank := q * float64(h.count)
	lower, below := 0.0, uint64(0)
	for i, bound := range h.bounds {
		if float64(h.counts[i]) >= rank {
			in := float64(h.counts[i] - below)
			if in == 0 {
				return bound
			}
			return lower + (bound-lower)*(rank-float64(below))/in
		}
		lower, below = bound, h.counts[i]
	}
	return lower
}
