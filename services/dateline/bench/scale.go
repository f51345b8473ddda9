package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// scaleOptions say how many feeds are measured, and how.
type scaleOptions struct {
	feeds     int
	interval  time.Duration
	newsEvery int
	latency   time.Duration
	rest      time.Duration
	measure   time.Duration
	down      time.Duration
	profiles  string
	data      string
	role      string
}

func (o *scaleOptions) flags(fs *flag.FlagSet) {
	fs.IntVar(&o.feeds, "scale", 0, "measure this many feeds, each on a host of its own, in place of the pipeline")
	fs.DurationVar(&o.interval, "interval", 20*time.Minute, "with -scale: greatest time between two polls of a feed; the least is five sixths of it")
	fs.IntVar(&o.newsEvery, "news-every", 100, "with -scale: polls for one new entry, whose page is fetched; 0: no news")
	fs.DurationVar(&o.latency, "latency", 300*time.Millisecond, "with -scale: how long a feed takes to answer")
	fs.DurationVar(&o.rest, "rest", 30*time.Second, "with -scale: how long the idle process is measured")
	fs.DurationVar(&o.measure, "measure", 5*time.Minute, "with -scale: how long the lag is measured")
	fs.DurationVar(&o.down, "down", 2*time.Minute, "with -scale: how long the process is stopped before the restart")
	fs.StringVar(&o.profiles, "profiles", "", "with -scale: directory for CPU and heap profiles")
	fs.StringVar(&o.data, "data", "", "with -scale: directory for the streams; default: a temporary one")
	fs.StringVar(&o.role, "role", "", "what a child process of the bench is: origin or node")
}

func (o *scaleOptions) asked() bool { return o.feeds > 0 || o.role != "" }

func (o *scaleOptions) run(ctx context.Context) (err error) {
	switch o.role {
	case "origin":
		return runOrigin(ctx, o.newsEvery, o.latency)
	case "node":
		return runNode(ctx, o.data)
	}
	dir := o.data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "dateline-scale-"); err != nil {
			return fmt.Errorf("make a directory for the run: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	for _, made := range []string{dir, o.profiles} {
		if made == "" {
			continue
		}
		if err := os.MkdirAll(made, 0o750); err != nil {
			return fmt.Errorf("make a directory: %w", err)
		}
	}
	origin, err := spawn(ctx, filepath.Join(dir, "origin.log"), nil, "-role", "origin", fmt.Sprintf("-news-every=%d", o.newsEvery), "-latency="+o.latency.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, origin.stop()) }()
	if !origin.lines.Scan() {
		return errors.New("the origin did not start; see its log in " + dir)
	}
	return (&scaleRun{scaleOptions: *o, dir: dir, port: origin.lines.Text()}).run(ctx)
}

// scaleRun is one measurement of many feeds.
type scaleRun struct {
	scaleOptions
	dir  string
	port string
	node *node
	// base is the reading without feeds.
	base reading
}

// env is the configuration of the process that is measured, all else at its
// defaults.
func (r *scaleRun) env() []string {
	return []string{
		"DATELINE_FETCHER_ALLOW_PRIVATE=true",
		"DATELINE_FETCHER_MIN_INTERVAL=" + (r.interval / 6 * 5).String(),
		"DATELINE_FETCHER_MAX_INTERVAL=" + r.interval.String(),
	}
}

func (r *scaleRun) run(ctx context.Context) (err error) {
	defer func() {
		if r.node != nil {
			err = errors.Join(err, r.node.stop())
		}
	}()
	for _, step := range []func(context.Context) error{r.empty, r.fill, r.steady, r.again} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *scaleRun) start(ctx context.Context) (err error) {
	r.node, err = startNode(ctx, r.dir, r.env())
	return err
}

// span takes readings at the ends of a time.
func (r *scaleRun) span(ctx context.Context, d time.Duration) (from, to reading, err error) {
	if from, err = r.node.read(ctx, true); err != nil {
		return from, to, err
	}
	if err := pause(ctx, d); err != nil {
		return from, to, err
	}
	to, err = r.node.read(ctx, false)
	return from, to, err
}

// empty measures the process without a feed.
func (r *scaleRun) empty(ctx context.Context) error {
	if err := r.start(ctx); err != nil {
		return err
	}
	row("ready without feeds", "%.2f s, %.2f s CPU", r.node.ready.Seconds(), r.node.cpu.Seconds())
	// What is loaded in the background is there by then.
	if err := pause(ctx, 20*time.Second); err != nil {
		return err
	}
	from, to, err := r.span(ctx, r.rest)
	if err != nil {
		return err
	}
	row("idle without feeds", "%s", usage(from, to))
	r.base = to
	return nil
}

// fill registers the feeds and waits until each was polled.
func (r *scaleRun) fill(ctx context.Context) error {
	started, before := time.Now(), process.CPU(r.node.cmd.Process.Pid)
	if err := r.register(ctx); err != nil {
		return err
	}
	took := time.Since(started)
	row("registered", "%d feeds in %.0f s: %.0f/s", r.feeds, took.Seconds(), float64(r.feeds)/took.Seconds())
	counts, err := r.counts(ctx)
	for ; err == nil && counts.Feeds < r.feeds; counts, err = r.counts(ctx) {
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	cpu := process.CPU(r.node.cmd.Process.Pid) - before
	row("every feed polled once", "after %.0f s; at most %d polls in a second; %.2f ms CPU a feed, registration and first poll together",
		time.Since(started).Seconds(), counts.most(started), 1000*cpu.Seconds()/float64(r.feeds))

	from, to, err := r.span(ctx, r.rest)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("with %d feeds", r.feeds), "%s; %.2f KB RSS and %.2f KB Go heap a feed", usage(from, to),
		float64(to.rss-r.base.rss)/float64(r.feeds)/1000, float64(from.heap-r.base.heap)/float64(r.feeds)/1000)
	row("disk", "%.0f MB, %.2f KB a feed", float64(diskBytes(filepath.Join(r.dir, "data")))/1e6,
		float64(diskBytes(filepath.Join(r.dir, "data")))/float64(r.feeds)/1000)
	return r.profile(ctx, "heap-idle", "debug/pprof/heap?gc=1")
}

// atOnce is how many submissions are on their way together.
const atOnce = 64

func (r *scaleRun) register(ctx context.Context) error {
	b, err := bus.Connect("bench", bus.Config{URL: r.node.nats}, zap.NewNop())
	if err != nil {
		return err
	}
	defer b.Conn.Close()
	c := client.New(b)
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range atOnce {
		group.Go(func() error {
			for n := next.Add(1) - 1; n < int64(r.feeds); n = next.Add(1) - 1 {
				url := fmt.Sprintf("http://%s:%s/feed.xml", feedHost(int(n)), r.port)
				receipt, err := c.SubmitFeed(ctx, &datelinev1.Feed{Url: url})
				if err != nil {
					return err
				}
				if receipt.GetStatus() != "added" {
					return fmt.Errorf("feed %s is %s: %s", url, receipt.GetStatus(), receipt.GetMessage())
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// steady measures the lag of polls when every feed has its rhythm.
func (r *scaleRun) steady(ctx context.Context) error {
	// The second polls come when the least interval is over.
	first, err := r.node.read(ctx, false)
	for now := first; err == nil && now.polls() < first.polls()+uint64(r.feeds/100); now, err = r.node.read(ctx, false) {
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	profiled := make(chan error, 1)
	go func() { profiled <- r.profile(ctx, "cpu-polling", "debug/pprof/profile?seconds=30") }()
	started := time.Now()
	from, to, err := r.span(ctx, r.measure)
	if err := errors.Join(err, <-profiled); err != nil {
		return err
	}
	counts, err := r.counts(ctx)
	if err != nil {
		return err
	}
	polls, took := to.polls()-from.polls(), to.at.Sub(from.at)
	row("polling", "%.0f polls/s for %.0f s, at most %d in a second; %s", float64(polls)/took.Seconds(), took.Seconds(), counts.most(started), usage(from, to))
	row("poll lag", "%s", lagOf(from.lag, to.lag))
	row("CPU a poll", "%.2f ms", 1000*(to.cpu-from.cpu).Seconds()/float64(polls))
	row("machine", "%s", machine(from.machine, to.machine))
	row("of all polls", "%d answered 304, %d pages fetched", counts.NotModified, counts.Pages)
	row("feeds by state", "%v", to.feeds)
	return r.profile(ctx, "heap-polling", "debug/pprof/heap?gc=1")
}

// lookEvery is the length of one look at the lag after a restart.
const lookEvery = 5 * time.Second

// again stops the process, lets polls become overdue, and starts it.
func (r *scaleRun) again(ctx context.Context) error {
	started := time.Now()
	if err := r.node.stop(); err != nil {
		return err
	}
	r.node = nil
	row("stopped", "in %.1f s; disk %.0f MB", time.Since(started).Seconds(), float64(diskBytes(filepath.Join(r.dir, "data")))/1e6)
	if err := pause(ctx, r.down); err != nil {
		return err
	}
	started = time.Now()
	if err := r.start(ctx); err != nil {
		return err
	}
	row("ready again", "%.2f s, %.2f s CPU, after %s without a fetcher", r.node.ready.Seconds(), r.node.cpu.Seconds(), r.down)
	first, err := r.node.read(ctx, false)
	if err != nil {
		return err
	}
	late, before := uint64(0), first
	for time.Since(started) < r.down*4+time.Minute {
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
		now, err := r.node.read(ctx, false)
		if err != nil {
			return err
		}
		if lag := newLag(before.lag, now.lag); lag.polls > 0 && lag.quantile(.99) <= goal {
			break
		}
		late, before = now.polls(), now
	}
	counts, err := r.counts(ctx)
	if err != nil {
		return err
	}
	row("after the restart", "at most %d polls in a second; %d polls until the lag was normal, %.0f s after the start; %.1f s CPU, %d MiB RSS",
		counts.most(started), late, before.at.Sub(started).Seconds(), before.cpu.Seconds(), before.rss>>20)
	return nil
}

// counts asks the origin.
func (r *scaleRun) counts(ctx context.Context) (c originCounts, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+r.port+"/counts", nil)
	if err != nil {
		return c, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return c, fmt.Errorf("ask the origin: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil {
		return c, fmt.Errorf("ask the origin: %w", err)
	}
	return c, nil
}

// profile saves a profile of the process, where profiles are asked for.
func (r *scaleRun) profile(ctx context.Context, name, path string) error {
	if r.profiles == "" {
		return nil
	}
	file, err := os.Create(filepath.Join(r.profiles, name+".pprof"))
	if err != nil {
		return fmt.Errorf("create profile: %w", err)
	}
	return errors.Join(r.node.get(ctx, path, file), file.Close())
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
