package console

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
)

const (
	// rateWindow is what rates are measured over: long enough to be calm, short
	// enough that a stop shows.
	rateWindow = 10 * time.Second
	// ageWindow is what the percentiles of ages are measured over.
	ageWindow = time.Minute
	// staleAfter is the age from which the samples of an earlier look are useless.
	staleAfter = 15 * time.Second
)

// flow is a snapshot of what moves.
type flow struct {
	At      time.Time `json:"at"`
	Version string    `json:"version"`
	// Broker says why the broker is not reachable; empty if it is. What came from
	// it is then missing.
	Broker string      `json:"broker,omitempty"`
	Stages []stageFlow `json:"stages"`
	Events eventFlow   `json:"events"`
	// Freshness is from publication to event, Transit from first sight to event.
	Freshness  *ages  `json:"freshness,omitempty"`
	Transit    *ages  `json:"transit,omitempty"`
	Quarantine change `json:"quarantine"`
	Feeds      change `json:"feeds"`
}

// stageFlow is one stage. Rates are messages a second; what is not known is
// missing.
type stageFlow struct {
	Name string   `json:"name"`
	In   *float64 `json:"in,omitempty"`
	Out  *float64 `json:"out,omitempty"`
	// Waiting is the backlog, InHand what is delivered and not done yet, both over
	// all replicas. Scheduled is what is not due yet.
	Waiting   *uint64 `json:"waiting,omitempty"`
	InHand    *uint64 `json:"inHand,omitempty"`
	Scheduled *uint64 `json:"scheduled,omitempty"`
	// Counts since the start of this process.
	OK          float64   `json:"ok"`
	Dropped     float64   `json:"dropped"`
	Duplicate   float64   `json:"duplicate"`
	Retried     float64   `json:"retried"`
	Quarantined float64   `json:"quarantined"`
	Outcomes    []outcome `json:"outcomes,omitempty"`
	// Took is the median time of the handler, in seconds.
	Took *float64 `json:"took,omitempty"`
}

// outcome counts the messages that a stage did not pass on, by reason.
type outcome struct {
	Outcome string  `json:"outcome"`
	Reason  string  `json:"reason"`
	Count   float64 `json:"count"`
}

// eventFlow is the end of the line.
type eventFlow struct {
	Rate *float64 `json:"rate,omitempty"`
	// LastMinute counts the events of the last sixty seconds.
	LastMinute uint64     `json:"lastMinute"`
	Total      *uint64    `json:"total,omitempty"`
	Bytes      *uint64    `json:"bytes,omitempty"`
	Last       *time.Time `json:"last,omitempty"`
}

// ages are percentiles in seconds.
type ages struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	// Count is how many articles they are of; Recent says whether only those of
	// the last minute, or, since there were none, all since the start.
	Count  uint64 `json:"count"`
	Recent bool   `json:"recent"`
}

// change tells a page when to ask for a list again.
type change struct {
	Total    *uint64 `json:"total,omitempty"`
	Revision string  `json:"revision,omitempty"`
}

// sample is all counters at one time.
type sample struct {
	at       time.Time
	metrics  readings
	backlog  map[string]backlog
	streams  map[string]jetstream.StreamState
	brokerOK bool
}

type backlog struct{ pending, ackPending uint64 }

// meter turns counters into rates. It is not safe for use at once by several.
type meter struct {
	bus     *bus.Bus
	metrics prometheus.Gatherer
	now     func() time.Time
	history []sample
}

func newMeter(b *bus.Bus, metrics prometheus.Gatherer, now func() time.Time) *meter {
	return &meter{bus: b, metrics: metrics, now: now}
}

// snapshot measures. What cannot be had is missing from it.
func (m *meter) snapshot(ctx context.Context) flow {
	s, err := m.sample(ctx)
	if n := len(m.history); n > 0 && s.at.Sub(m.history[n-1].at) > staleAfter {
		m.history = nil
	}
	m.history = append(m.history, s)
	for s.at.Sub(m.history[0].at) > ageWindow {
		m.history = m.history[1:]
	}
	f := flow{At: s.at.UTC(), Version: telemetry.Version()}
	if err != nil {
		f.Broker = "broker not reachable: " + err.Error()
	}
	before := m.before(rateWindow)
	for _, stage := range topology.Stages() {
		f.Stages = append(f.Stages, stageNow(stage, before, s))
	}
	f.Events = eventsNow(before, s)
	long := m.before(ageWindow)
	f.Freshness = agesBetween(long.metrics.freshness, s.metrics.freshness)
	f.Transit = agesBetween(long.metrics.transit, s.metrics.transit)
	f.Quarantine = changeOf(s, topology.StreamQuarantine)
	f.Feeds = changeOf(s, feedsStream)
	return f
}

// before is the oldest sample that is not older than d; the latest itself if it
// is alone.
func (m *meter) before(d time.Duration) sample {
	latest := m.history[len(m.history)-1]
	for _, s := range m.history {
		if latest.at.Sub(s.at) <= d {
			return s
		}
	}
	return latest
}

// feedsStream is the stream behind the registry's bucket.
const feedsStream = "KV_" + topology.BucketFeeds

// sample reads the metrics of this process and asks the broker. It returns what
// it could get, and why it could not get the rest.
func (m *meter) sample(ctx context.Context) (sample, error) {
	s := sample{at: m.now(), metrics: read(m.metrics)}
	if err := m.bus.Ready(); err != nil {
		return s, err
	}
	ctx, cancel := context.WithTimeout(ctx, brokerTimeout)
	defer cancel()
	s.streams = make(map[string]jetstream.StreamState)
	for _, name := range []string{
		topology.StreamFeeds, topology.StreamPages, topology.StreamEnriched, topology.StreamQuarantine, feedsStream,
	} {
		stream, err := m.bus.JS.Stream(ctx, name)
		if err != nil {
			return s, fmt.Errorf("look at %s: %w", name, err)
		}
		s.streams[name] = stream.CachedInfo().State
	}
	s.backlog = make(map[string]backlog)
	for _, stage := range topology.Stages() {
		consumer, err := m.bus.JS.Consumer(ctx, stage.Stream, stage.Name)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			// Whoever runs that stage makes it.
			continue
		}
		if err != nil {
			return s, fmt.Errorf("look at %s: %w", stage.Name, err)
		}
		info := consumer.CachedInfo()
		s.backlog[stage.Name] = backlog{info.NumPending, uint64(max(0, info.NumAckPending))}
	}
	s.brokerOK = true
	return s, nil
}

func stageNow(stage topology.Stage, before, now sample) stageFlow {
	f := stageFlow{Name: stage.Name}
	if m := now.metrics.stages[stage.Name]; m != nil {
		f.OK, f.Dropped, f.Duplicate = m.counts["ok"], m.counts["dropped"], m.counts["duplicate"]
		f.Retried, f.Quarantined = m.counts["retried"], m.counts["quarantined"]
		f.Outcomes = m.outcomes
		if m.duration.count > 0 {
			took := m.duration.quantile(0.5)
			f.Took = &took
		}
		f.In, f.Out = stageRates(stage.Name, before, now)
	}
	b, ok := now.backlog[stage.Name]
	if !ok {
		return f
	}
	f.Waiting, f.InHand = &b.pending, &b.ackPending
	// These streams also hold, as schedules, what is not due yet.
	if stage.Stream == topology.StreamFeeds || stage.Stream == topology.StreamPages {
		due := b.pending + b.ackPending
		scheduled := now.streams[stage.Stream].Msgs - min(due, now.streams[stage.Stream].Msgs)
		f.Scheduled = &scheduled
	}
	return f
}

// stageRates are what came to a stage, and what it passed on, a second. What
// came is what was finished and what the backlog grew by.
func stageRates(name string, before, now sample) (in, out *float64) {
	seconds := now.at.Sub(before.at).Seconds()
	was, is := before.metrics.stages[name], now.metrics.stages[name]
	if seconds <= 0 {
		return nil, nil
	}
	if was == nil {
		// A counter appears with its first message.
		was = &stageReadings{}
	}
	passed := max(0, is.counts["ok"]-was.counts["ok"]) / seconds
	if !before.brokerOK || !now.brokerOK {
		return nil, &passed
	}
	b, n := before.backlog[name], now.backlog[name]
	grown := float64(n.pending+n.ackPending) - float64(b.pending+b.ackPending)
	came := max(0, is.finished()-was.finished()+grown) / seconds
	return &came, &passed
}

func eventsNow(before, now sample) eventFlow {
	state, ok := now.streams[topology.StreamEnriched]
	if !ok {
		return eventFlow{}
	}
	f := eventFlow{Total: &state.Msgs, Bytes: &state.Bytes}
	if state.LastSeq > 0 && !state.LastTime.IsZero() {
		last := state.LastTime.UTC()
		f.Last = &last
	}
	was, ok := before.streams[topology.StreamEnriched]
	if seconds := now.at.Sub(before.at).Seconds(); ok && seconds > 0 && state.LastSeq >= was.LastSeq {
		rate := float64(state.LastSeq-was.LastSeq) / seconds
		f.Rate = &rate
	}
	return f
}

func changeOf(s sample, stream string) change {
	state, ok := s.streams[stream]
	if !ok {
		return change{}
	}
	return change{Total: &state.Msgs, Revision: revision(state)}
}

// revision changes whenever what is in a stream does.
func revision(s jetstream.StreamState) string {
	return fmt.Sprintf("%d.%d.%d.%d", s.FirstSeq, s.LastSeq, s.Msgs, s.LastTime.UnixNano())
}

func agesBetween(before, now *histogram) *ages {
	if now == nil || now.count == 0 {
		return nil
	}
	recent := now.since(before)
	if recent.count == 0 {
		return &ages{P50: now.quantile(0.5), P95: now.quantile(0.95), Count: now.count}
	}
	return &ages{P50: recent.quantile(0.5), P95: recent.quantile(0.95), Count: recent.count, Recent: true}
}
