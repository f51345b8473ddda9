package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/config"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// result is what a run of the pipeline gave.
type result struct {
	articles   int
	took       time.Duration
	latencies  []time.Duration
	stages     map[string]stageCost
	idle, peak int64
}

type stageCost struct {
	count   uint64
	seconds float64
}

// measurePipeline runs everything in this process and counts events.
func measurePipeline(ctx context.Context, origin string, articles int) (*result, error) {
	data, err := os.MkdirTemp("", "dateline-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the run: %w", err)
	}
	defer func() { _ = os.RemoveAll(data) }()

	var cfg up.Config
	if _, err := config.Load(nil, config.Options{Environ: []string{}}, &cfg); err != nil {
		return nil, err
	}
	cfg.Data, cfg.NATS.Listen, cfg.Telemetry.HTTP, cfg.Telemetry.LogLevel = data, "127.0.0.1:0", "127.0.0.1:0", "error"
	cfg.Fetch.Fetcher.AllowHosts = []string{strings.TrimPrefix(origin, "http://")}
	// One origin serves all pages: the measure is the pipeline, not its manners.
	cfg.Fetch.Fetcher.HostDelay, cfg.Fetch.Fetcher.HostConnections = 0, 0

	r := &result{articles: articles, stages: map[string]stageCost{}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- up.Run(ctx, cfg, up.Options{
			Out: io.Discard, Err: os.Stderr,
			Attach: func(ctx context.Context, c *client.Client, metrics prometheus.Gatherer) error {
				return r.drive(ctx, c, metrics, origin)
			},
		})
	}()
	err = <-done
	if errors.Is(err, errMeasured) {
		err = nil
	}
	return r, err
}

// errMeasured ends the run.
var errMeasured = errors.New("all events have arrived")

// drive submits the feeds and waits for every event.
func (r *result) drive(ctx context.Context, c *client.Client, metrics prometheus.Gatherer, origin string) error {
	r.idle = process.Bytes(os.Getpid(), "VmRSS")
	subscribed, finished := make(chan struct{}), make(chan error, 1)
	var started time.Time
	go func() {
		finished <- c.Events(ctx, client.EventOptions{Started: func() { close(subscribed) }}, func(e client.Event) error {
			r.latencies = append(r.latencies, time.Since(e.GetFirstSeenAt().AsTime()))
			if len(r.latencies) == r.articles {
				r.took = time.Since(started)
				return errMeasured
			}
			return nil
		})
	}()
	select {
	case <-subscribed:
	case err := <-finished:
		return err
	}
	started = time.Now()
	for k := 0; k*entriesPerFeed < r.articles; k++ {
		if _, err := c.SubmitFeed(ctx, &datelinev1.Feed{Url: fmt.Sprintf("%s/feed/%d", origin, k)}); err != nil {
			return err
		}
	}
	err := <-finished
	r.peak = process.Bytes(os.Getpid(), "VmHWM")
	return errors.Join(err, r.readStages(metrics))
}

func (r *result) readStages(metrics prometheus.Gatherer) error {
	families, err := metrics.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	for _, f := range families {
		if f.GetName() != "dateline_stage_duration_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				r.stages[l.GetValue()] = stageCost{m.GetHistogram().GetSampleCount(), m.GetHistogram().GetSampleSum()}
			}
		}
	}
	return nil
}

func (r *result) print(atHand, overHTTP float64) {
	rate := float64(r.articles) / r.took.Seconds()
	fmt.Printf("%-38s %8.1f articles/s: %.2f of the first loop, %.2f of the second\n", "pipeline, feed to event", rate, rate/atHand, rate/overHTTP)
	slices.Sort(r.latencies)
	at := func(p float64) time.Duration { return r.latencies[int(p*float64(len(r.latencies)-1))] }
	fmt.Printf("%-38s p50 %s, p99 %s (all articles are found at once: this is mostly queueing)\n", "found to event",
		at(.5).Round(time.Millisecond), at(.99).Round(time.Millisecond))
	fmt.Printf("%-38s %d MiB idle, %d MiB at most\n\n", "memory (RSS)", r.idle>>20, r.peak>>20)
	fmt.Printf("%-18s %9s %14s\n", "stage", "messages", "mean handler")
	names := make([]string, 0, len(r.stages))
	for name := range r.stages {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := r.stages[name]
		if s.count == 0 {
			continue
		}
		fmt.Printf("%-18s %9d %11.3f ms\n", name, s.count, 1000*s.seconds/float64(s.count))
	}
}
