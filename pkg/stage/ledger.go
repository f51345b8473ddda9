package stage

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// ledger keeps the accounts of all stages of a process under one lock, so that at
// every scrape, also of a process at work, received = the sum of the outcomes + in
// flight.
type ledger struct {
	received, messages, inFlight *prometheus.Desc

	mu       sync.Mutex
	accounts map[string]*account
}

// account is one stage's.
type account struct {
	mu       *sync.Mutex
	received uint64
	inFlight int64
	outcomes map[ending]uint64
}

type ending struct{ outcome, reason string }

func newLedger() *ledger {
	return &ledger{
		accounts: make(map[string]*account),
		received: prometheus.NewDesc("dateline_stage_received_total",
			"Deliveries taken in hand. At every scrape these are the stage's outcomes and what is in flight.", []string{"stage"}, nil),
		messages: prometheus.NewDesc("dateline_stage_messages_total",
			"Deliveries handled, by outcome: ok, dropped, duplicate, retried or quarantined. Each delivery is counted once.",
			[]string{"stage", "outcome", "reason"}, nil),
		inFlight: prometheus.NewDesc("dateline_stage_in_flight",
			"Messages that this process has in hand.", []string{"stage"}, nil),
	}
}

// open returns a stage's account. Its series exist from then on, so that a dashboard
// shows zero and not a gap, and so that the first message in quarantine counts: a
// series that appears with the value 1 has no rate.
func (l *ledger) open(stage string) *account {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[stage]
	if a == nil {
		a = &account{mu: &l.mu, outcomes: map[ending]uint64{{outcomeOK, ""}: 0, {outcomeRetried, reasonError}: 0}}
		for _, class := range classes {
			a.outcomes[ending{outcomeQuarantined, class}] = 0
		}
		l.accounts[stage] = a
	}
	return a
}

// take books a delivery in.
func (a *account) take() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.received++
	a.inFlight++
}

// end books the outcome of a delivery, once.
func (a *account) end(m *heldMessage, outcome, reason string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.counted {
		return
	}
	m.counted = true
	a.inFlight--
	a.outcomes[ending{outcome, reason}]++
}

// leave books a delivery out that was left without an outcome: this process stops,
// and the server will deliver it again.
func (a *account) leave(m *heldMessage) { a.end(m, outcomeRetried, "shutdown") }

// Describe implements prometheus.Collector.
func (l *ledger) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{l.received, l.messages, l.inFlight} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (l *ledger) Collect(ch chan<- prometheus.Metric) {
	l.mu.Lock()
	var all []prometheus.Metric
	for stage, a := range l.accounts {
		all = append(all,
			prometheus.MustNewConstMetric(l.received, prometheus.CounterValue, float64(a.received), stage),
			prometheus.MustNewConstMetric(l.inFlight, prometheus.GaugeValue, float64(a.inFlight), stage))
		for e, n := range a.outcomes {
			all = append(all, prometheus.MustNewConstMetric(l.messages, prometheus.CounterValue, float64(n), stage, e.outcome, e.reason))
		}
	}
	l.mu.Unlock()
	// Unlocked, since who gathers may be slow to take them.
	for _, m := range all {
		ch <- m
	}
}
