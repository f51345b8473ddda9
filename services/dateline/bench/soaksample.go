package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// sample is what was seen at one moment of the soak.
type sample struct {
	at time.Duration // since the first
	// rate is how many articles came out a second since the sample before.
	rate     float64
	p50, p99 time.Duration
	// usage is by process, in the order of soak.running.
	usage []usageSample
	// backlog is what waits for or is in the hands of all stages, and store what the
	// streams hold, in bytes.
	backlog, store float64
}

// usageSample is what a process took.
type usageSample struct {
	rss, heap         float64 // bytes
	goroutines, files float64
}

// sampleEvery is the distance of two samples: 5 s, or less in a short run.
func (s *soak) sampleEvery() time.Duration {
	return min(max(s.lasts/200, 500*time.Millisecond), 5*time.Second)
}

// watch takes samples until ctx ends.
func (s *soak) watch(ctx context.Context) error {
	ticker := time.NewTicker(s.sampleEvery())
	defer ticker.Stop()
	s.ledger.quantiles()
	began := time.Now()
	last, before := began, 0
	before, _ = s.ledger.finished()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		one, err := s.sample(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		now := time.Now()
		done, _ := s.ledger.finished()
		one.at, one.rate = now.Sub(began), float64(done-before)/now.Sub(last).Seconds()
		one.p50, one.p99 = s.ledger.quantiles()
		last, before = now, done
		s.samples = append(s.samples, one)
	}
}

func (s *soak) sample(ctx context.Context) (sample, error) {
	var one sample
	for _, p := range s.running {
		u := usageSample{rss: float64(p.Resident("VmRSS")), files: float64(process.Files(p.PID()))}
		if p.Role != process.NATSServer {
			families, err := p.Metrics(ctx)
			if err != nil {
				return one, err
			}
			u.goroutines = process.Gauge(families, "go_goroutines")
			// The collector starts again when the heap is twice what outlived the last
			// collection (GOGC 100): nobody has to be made to collect for this figure.
			u.heap = process.Gauge(families, "go_memstats_next_gc_bytes") / 2
			one.store = process.Gauge(families, "dateline_store_bytes")
			one.backlog = sum(families["dateline_stage_pending"]) + sum(families["dateline_stage_ack_pending"])
		}
		one.usage = append(one.usage, u)
	}
	return one, nil
}

func sum(f *dto.MetricFamily) (total float64) {
	for _, m := range f.GetMetric() {
		total += m.GetGauge().GetValue()
	}
	return total
}

// trend is how one figure went over the run: its medians in the second and in the last
// quarter. The first quarter warms up.
type trend struct {
	name, unit   string
	second, last float64
	// bound is what the last quarter may reach; 0: it is not judged.
	bound float64
}

// grew says whether a figure is over its bound.
func (t trend) grew() bool { return t.bound > 0 && t.last > t.bound }

// course reads one figure out of all samples.
func course(samples []sample, figure func(sample) float64) []float64 {
	all := make([]float64, len(samples))
	for i, one := range samples {
		all[i] = figure(one)
	}
	return all
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

const (
	mebi = 1 << 20
	// perArticle is what the broker may hold in memory for each article that it has
	// seen within 30 days: about three subjects of 0.25 to 0.65 KB (docs/operations.md).
	perArticle = 2 << 10
)

// trends are the figures that are reported, and the bounds of those that are judged.
func (s *soak) trends() []trend {
	var all []trend
	add := func(name, unit string, scale float64, figure func(sample) float64, bound func(second float64) float64) {
		values := course(s.samples, figure)
		n := len(values)
		t := trend{name: name, unit: unit, second: median(values[n/4 : n/2]), last: median(values[n-n/4:])}
		if bound != nil {
			t.bound = bound(t.second) / scale
		}
		t.second, t.last = t.second/scale, t.last/scale
		all = append(all, t)
	}
	add("articles out", "1/s", 1, func(o sample) float64 { return o.rate }, nil)
	add("latency p50", "ms", 1e6, func(o sample) float64 { return float64(o.p50) }, func(was float64) float64 { return 2 * was })
	add("latency p99", "ms", 1e6, func(o sample) float64 { return float64(o.p99) }, nil)
	for i, p := range s.running {
		grown := 0.0
		if p.Role == process.NATSServer {
			grown = perArticle * float64(s.ledger.given()-s.warmed) * 5 / 8 // Between the middles of the quarters.
		}
		add(p.Role+": memory (RSS)", "MiB", mebi, func(o sample) float64 { return o.usage[i].rss },
			func(was float64) float64 { return was*1.1 + 16*mebi + grown })
		if p.Role != process.NATSServer {
			add(p.Role+": live heap", "MiB", mebi, func(o sample) float64 { return o.usage[i].heap }, nil)
			add(p.Role+": goroutines", "", 1, func(o sample) float64 { return o.usage[i].goroutines }, nil)
		}
		add(p.Role+": open files", "", 1, func(o sample) float64 { return o.usage[i].files }, func(was float64) float64 { return was + 10 })
	}
	add("messages waiting or in hand", "", 1, func(o sample) float64 { return o.backlog }, nil)
	add("store", "MiB", mebi, func(o sample) float64 { return o.store }, nil)
	return all
}

// slope is a trend's growth an hour.
func (s *soak) slope(t trend) float64 {
	return (t.last - t.second) / (s.lasts.Hours() / 2)
}

// judgedFrom is the shortest run whose trends are judged: in less time than that, the
// processes are still warming up.
const judgedFrom = 5 * time.Minute

// verdict is an error that names all that is not as it has to be.
func (s *soak) verdict(trends []trend, quarantined uint64) error {
	var problems []string
	lost, doubled, strange := s.ledger.account()
	if lost+doubled+strange > 0 || quarantined > 0 {
		problems = append(problems, fmt.Sprintf("of %d articles %d are lost, %d came more than once, %d events are of none, %d messages are in quarantine",
			s.ledger.given(), lost, doubled, strange, quarantined))
	}
	for _, t := range trends {
		if t.grew() && s.lasts >= judgedFrom {
			problems = append(problems, fmt.Sprintf("%s grew from %.1f to %.1f %s, over %.1f", t.name, t.second, t.last, t.unit, t.bound))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("the soak failed: %s", joined(problems))
}
