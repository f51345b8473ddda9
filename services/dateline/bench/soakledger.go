package main

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ledger knows every article that was offered, by its number, and how many events came
// of it. It holds a byte for each, and a time for those that are on their way.
type ledger struct {
	mu sync.Mutex
	// events are counted by the article's number.
	events []uint8
	begun  map[int]time.Time
	done   int
	// strange are events of articles that were not offered.
	strange int
	// latencies are those since the last look.
	latencies []time.Duration
}

func newLedger() *ledger { return &ledger{begun: map[int]time.Time{}} }

// enter gives an article its number.
func (l *ledger) enter() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, 0)
	return len(l.events) - 1
}

// begin notes when an article could first be known to Dateline.
func (l *ledger) begin(n int, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.events[n] == 0 {
		l.begun[n] = at
	}
}

// came notes an event. The last part of an article's address is its number.
func (l *ledger) came(url string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := strconv.Atoi(url[strings.LastIndexByte(url, '/')+1:])
	if err != nil || n < 0 || n >= len(l.events) {
		l.strange++
		return
	}
	if l.events[n] == 0 {
		l.done++
		l.latencies = append(l.latencies, at.Sub(l.begun[n]))
		delete(l.begun, n)
	}
	l.events[n] = min(l.events[n]+1, 9)
}

// given is how many articles were offered.
func (l *ledger) given() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.events)
}

// finished is of how many an event came, and underway how many are known to Dateline
// and not finished.
func (l *ledger) finished() (done, underway int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done, len(l.begun)
}

// quantiles are those of the latencies since the last call; zero where no event came.
func (l *ledger) quantiles() (p50, p99 time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.latencies) > 0 {
		slices.Sort(l.latencies)
		last := float64(len(l.latencies) - 1)
		p50, p99 = l.latencies[int(.5*last)], l.latencies[int(.99*last)]
	}
	l.latencies = l.latencies[:0]
	return p50, p99
}

// account is what became of all articles.
func (l *ledger) account() (lost, doubled, strange int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.events {
		switch {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		}
	}
	return lost, doubled, l.strange
}
