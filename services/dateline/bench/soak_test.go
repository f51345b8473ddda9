package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// TestSoak is the short form of the soak: its trends are not judged, its accounts are.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute")
	}
	dir := t.TempDir()
	document, plot := filepath.Join(dir, "report.md"), filepath.Join(dir, "plot.svg")
	require.NoError(t, os.WriteFile(document, []byte("before\n"+soakBegins+"old\n"+soakEnds+"after\n"), 0o600))
	o := soakOptions{lasts: 20 * time.Second, share: .7, document: document, plot: plot, kilobytes: 40}
	s, err := o.runTo(t.Context(), testWriter{t})
	require.NoError(t, err)
	require.Greater(t, s.ledger.given(), s.warmed)
	require.Positive(t, s.warmed)

	text, err := os.ReadFile(document)
	require.NoError(t, err)
	require.Contains(t, string(text), "**0 lost, 0 doubled**")
	require.Contains(t, string(text), "| enricher: memory (RSS) | MiB |")
	require.NotContains(t, string(text), "old")
	require.True(t, strings.HasPrefix(string(text), "before\n") && strings.HasSuffix(string(text), "after\n"))

	drawn, err := os.ReadFile(plot)
	require.NoError(t, err)
	wellFormed(t, string(drawn))
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestSoakLedger(t *testing.T) {
	t.Parallel()
	l, now := newLedger(), time.Now()
	for range 4 {
		l.begin(l.enter(), now)
	}
	for _, url := range []string{"http://a/page/0", "http://a/page/1", "http://a/page/1", "http://a/page/9", "http://a/other"} {
		l.came(url, now.Add(time.Second))
	}
	done, underway := l.finished()
	require.Equal(t, []int{2, 2}, []int{done, underway})
	p50, p99 := l.quantiles()
	require.Equal(t, []time.Duration{time.Second, time.Second}, []time.Duration{p50, p99})
	p50, _ = l.quantiles()
	require.Zero(t, p50, "each latency counts once")
	lost, doubled, strange := l.account()
	require.Equal(t, []int{2, 1, 2}, []int{lost, doubled, strange})
}

// TestSoakVerdict: what grows is named, and what is flat is not.
func TestSoakVerdict(t *testing.T) {
	t.Parallel()
	soaked := func(change func(i int, s *sample)) error {
		s := &soak{
			soakOptions: soakOptions{lasts: time.Hour}, ledger: newLedger(),
			running: []*process.Process{{Role: process.Fetcher}, {Role: process.NATSServer}},
		}
		for i := range 100 {
			one := sample{p50: 40 * time.Millisecond, usage: []usageSample{{rss: 100 * mebi, files: 20}, {rss: 200 * mebi, files: 50}}}
			change(i, &one)
			s.samples = append(s.samples, one)
		}
		return s.verdict(s.trends(), 0)
	}
	require.NoError(t, soaked(func(int, *sample) {}))
	require.NoError(t, soaked(func(i int, s *sample) { s.usage[0].rss += float64(i%10) * 10 * mebi }), "up and down is no growth")
	require.NoError(t, soaked(func(i int, s *sample) {
		if i < 20 {
			s.usage[0].rss /= 3
		}
	}), "a process that warms up")
	for name, change := range map[string]func(i int, s *sample){
		"fetcher: memory":     func(i int, s *sample) { s.usage[0].rss += float64(i) * mebi },
		"nats-server: memory": func(i int, s *sample) { s.usage[1].rss += float64(i) * mebi },
		"fetcher: open files": func(i int, s *sample) { s.usage[0].files += float64(i) / 2 },
		"latency p50":         func(i int, s *sample) { s.p50 += time.Duration(i) * 5 * time.Millisecond },
	} {
		require.ErrorContains(t, soaked(change), name+" ", name)
	}
	s := &soak{ledger: newLedger()}
	s.ledger.enter()
	require.ErrorContains(t, s.verdict(nil, 2), "of 1 articles 1 are lost, 0 came more than once, 0 events are of none, 2 messages are in quarantine")
}
