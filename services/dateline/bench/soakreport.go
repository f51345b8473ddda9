package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/dateline-news/dateline/services/dateline/internal/figures"
)

// Marks between which a document's table stands.
const (
	soakBegins = "<!-- table of the soak: written by make soak -->\n"
	soakEnds   = "<!-- end of the soak -->\n"
)

func joined(problems []string) string { return strings.Join(problems, "; ") }

// report prints the figures, writes them where it was asked to, and returns an error if
// they are not as they have to be.
func (s *soak) report() error {
	ctx, cancel := context.WithTimeout(context.Background(), soakPatience)
	defer cancel()
	quarantined, err := s.quarantined(ctx)
	if err != nil {
		return err
	}
	if len(s.samples) < 8 {
		return fmt.Errorf("%d samples are too few to compare: soak for longer", len(s.samples))
	}
	trends := s.trends()
	table := s.table(trends, quarantined)
	s.say("\n%s", table)
	if s.document != "" {
		if err := figures.Rewrite(s.document, soakBegins, soakEnds, func(string) string { return table }); err != nil {
			return err
		}
	}
	if s.plot != "" {
		if err := os.WriteFile(s.plot, []byte(s.chart().svg()), 0o644); err != nil {
			return fmt.Errorf("write the plot: %w", err)
		}
	}
	return s.verdict(trends, quarantined)
}

// table is the report as Markdown.
func (s *soak) table(trends []trend, quarantined uint64) string {
	var b strings.Builder
	lost, doubled, strange := s.ledger.account()
	given := s.ledger.given()
	fmt.Fprintf(&b, "Of %s: %d cores, %s, nats-server %s. Sustainable %.1f articles/s, measured in the same run; %.1f/s (%.0f %%) offered for %s, pages of %d KB. The machine: %s.\n",
		time.Now().Format("2 January 2006"), runtime.GOMAXPROCS(0), runtime.Version(), server.VERSION, s.rate, s.share*s.rate, 100*s.share, s.lasts, s.kilobytes, machine(s.from, s.to))
	fmt.Fprintf(&b, "%d articles (%d of them before, at full speed): **%d lost, %d doubled**, %d events of no known article, %d messages in quarantine.\n\n",
		given, s.warmed, lost, doubled, strange, quarantined)
	b.WriteString("| figure | | second quarter | last quarter | an hour | may be |\n|---|---|--:|--:|--:|--:|\n")
	for _, t := range trends {
		bound := ""
		if t.bound > 0 {
			bound = fmt.Sprintf("%.0f", t.bound)
		}
		fmt.Fprintf(&b, "| %s | %s | %.1f | %.1f | %+.1f | %s |\n", t.name, t.unit, t.second, t.last, s.slope(t), bound)
	}
	return b.String()
}

// chart is the course of the run.
func (s *soak) chart() chart {
	c := chart{title: fmt.Sprintf("%s at %.0f %% of the sustainable rate", s.lasts, 100*s.share)}
	for _, one := range s.samples {
		c.minutes = append(c.minutes, one.at.Minutes())
	}
	single := func(title string, scale float64, figure func(sample) float64) {
		c.panels = append(c.panels, panel{title: title, lines: []line{{values: scaled(course(s.samples, figure), scale)}}})
	}
	byProcess := func(title string, scale float64, figure func(usageSample) float64) {
		p := panel{title: title}
		for i, running := range s.running {
			values := scaled(course(s.samples, func(o sample) float64 { return figure(o.usage[i]) }), scale)
			p.lines = append(p.lines, line{name: running.Role, values: values})
		}
		c.panels = append(c.panels, p)
	}
	single("articles out, 1/s", 1, func(o sample) float64 { return o.rate })
	c.panels = append(c.panels, panel{title: "latency, ms", lines: []line{
		{name: "p50", values: scaled(course(s.samples, func(o sample) float64 { return float64(o.p50) }), 1e6)},
		{name: "p99", values: scaled(course(s.samples, func(o sample) float64 { return float64(o.p99) }), 1e6)},
	}})
	byProcess("memory (RSS), MiB", mebi, func(u usageSample) float64 { return u.rss })
	byProcess("open files", 1, func(u usageSample) float64 { return u.files })
	single("messages waiting or in hand", 1, func(o sample) float64 { return o.backlog })
	single("store, MiB", mebi, func(o sample) float64 { return o.store })
	return c
}

func scaled(values []float64, scale float64) []float64 {
	for i := range values {
		values[i] /= scale
	}
	return values
}
