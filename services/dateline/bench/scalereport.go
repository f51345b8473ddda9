package main

import (
	"fmt"
	"math"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// goal is the greatest lag that 99 of 100 polls may have.
const goal = 5 * time.Second

// row prints one line of the report.
func row(name, format string, args ...any) {
	fmt.Printf("%-24s %s\n", name, fmt.Sprintf(format, args...))
}

// usage is what a process used between two readings; the heap is that of the
// first one.
func usage(from, to reading) string {
	return fmt.Sprintf("%d MiB RSS, %d MiB Go heap, %.1f %% of one core", to.rss>>20, from.heap>>20,
		100*(to.cpu-from.cpu).Seconds()/to.at.Sub(from.at).Seconds())
}

// machine is how busy the machine was, to judge the figures by.
func machine(from, to machineLoad) string {
	busy, idle, steal := to.busy-from.busy, to.idle-from.idle, to.steal-from.steal
	all := float64(busy + idle + steal)
	if all == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f %% busy, %.0f %% idle, %.1f %% stolen, all processes together",
		100*float64(busy)/all, 100*float64(idle)/all, 100*float64(steal)/all)
}

// lag is the lag of the polls between two readings.
type lag struct {
	bounds []float64
	counts []uint64
	polls  uint64
}

func newLag(from, to *dto.Histogram) lag {
	before := map[float64]uint64{}
	for _, b := range from.GetBucket() {
		before[b.GetUpperBound()] = b.GetCumulativeCount()
	}
	l := lag{polls: to.GetSampleCount() - from.GetSampleCount()}
	for _, b := range to.GetBucket() {
		l.bounds = append(l.bounds, b.GetUpperBound())
		l.counts = append(l.counts, b.GetCumulativeCount()-before[b.GetUpperBound()])
	}
	return l
}

// quantile estimates a quantile within its bucket, as Prometheus does.
func (l lag) quantile(q float64) time.Duration {
	rank := q * float64(l.polls)
	lower, below := 0.0, uint64(0)
	for i, upper := range l.bounds {
		if float64(l.counts[i]) >= rank && l.counts[i] > below && !math.IsInf(upper, 1) {
			part := (rank - float64(below)) / float64(l.counts[i]-below)
			return time.Duration((lower + part*(upper-lower)) * float64(time.Second))
		}
		if !math.IsInf(upper, 1) {
			lower, below = upper, l.counts[i]
		}
	}
	return time.Duration(lower * float64(time.Second))
}

// most is the bound under which all lags are.
func (l lag) most() string {
	for i, upper := range l.bounds {
		if l.counts[i] == l.polls {
			return fmt.Sprintf("under %g s", upper)
		}
	}
	return fmt.Sprintf("over %g s", l.bounds[len(l.bounds)-1])
}

func lagOf(from, to *dto.Histogram) string {
	l := newLag(from, to)
	if l.polls == 0 {
		return "no polls"
	}
	return fmt.Sprintf("p50 %s, p99 %s, all %s (%d polls)", l.quantile(.5).Round(time.Millisecond),
		l.quantile(.99).Round(time.Millisecond), l.most(), l.polls)
}
