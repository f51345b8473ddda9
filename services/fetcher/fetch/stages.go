package fetch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Settings is the fetcher's section of the configuration.
type Settings struct {
	Fetcher Config `config:"fetcher"`
}

// Build makes the fetcher's stages.
func Build(ctx context.Context, env worker.Env, s Settings) ([]worker.Stage, func(), error) {
	deps, err := open(ctx, env.Bus)
	if err != nil {
		return nil, nil, err
	}
	deps.Log, deps.Registry = env.Log, env.Registry
	f, err := New(s.Fetcher, deps)
	if err != nil {
		return nil, nil, err
	}
	stages, err := f.stages(env)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return stages, f.Close, nil
}

// stages are the handlers, each in its runner.
func (f *Fetcher) stages(env worker.Env) ([]worker.Stage, error) {
	few, many := env.Settings, env.Settings
	few.Workers, few.MaxInFlight = 4, 64
	many.Workers, many.MaxInFlight = f.cfg.Workers, 2*f.cfg.Workers
	// A page may wait for robots.txt, get it, and then be got itself.
	many.Deadline = robotsPatience + 2*f.cfg.Timeout + 30*time.Second

	var stages []worker.Stage
	add := func(s worker.Stage, err error) error {
		stages = append(stages, s)
		return err
	}
	err := errors.Join(
		add(stage.NewRunner(topology.Registry, stage.AsIs, f.Register, few)),
		add(stage.NewRunner(topology.Push, stage.AsIs, f.Push, few)),
		add(stage.NewRunner(topology.Poll, stage.AsIs, f.Poll, many)),
		add(stage.NewRunner(topology.Admit, stage.Decode[datelinev1.Article], f.Admit, few)),
		add(stage.NewRunner(topology.Page, stage.AsIs, f.Page, many)),
		add(&reconciler{fetcher: f, bus: env.Bus}, nil),
	)
	return stages, err
}

// open opens what the fetcher keeps on the bus.
func open(ctx context.Context, b *bus.Bus) (Deps, error) {
	feeds, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
	if err != nil {
		return Deps{}, err
	}
	hosts, err := bus.OpenStore[timestamppb.Timestamp](ctx, b.JS, topology.BucketHosts)
	if err != nil {
		return Deps{}, err
	}
	seen, err := b.JS.Stream(ctx, topology.StreamFetch)
	if err != nil {
		return Deps{}, fmt.Errorf("open the seen-set: %w", err)
	}
	schedules, err := b.JS.Stream(ctx, topology.StreamFeeds)
	if err != nil {
		return Deps{}, fmt.Errorf("open the schedules: %w", err)
	}
	return Deps{
		Feeds: feeds, Slots: hosts, Polls: polls{schedules}, Seen: seenSet{b, seen}, Answer: b.Reply,
	}, nil
}

// reconciler sees to it that every feed has a next poll, at the start and then
// from time to time, and counts the feeds by state on the way.
type reconciler struct {
	fetcher *Fetcher
	bus     *bus.Bus
}

// reconcileEvery is often enough for the gauge of feeds by state; what else it
// mends happens by hand only.
const reconcileEvery = time.Minute

// Name implements worker.Stage.
func (r *reconciler) Name() string { return "fetcher-reconciler" }

// Ready implements worker.Stage: nothing waits for it.
func (r *reconciler) Ready() error { return nil }

// Run implements worker.Stage.
func (r *reconciler) Run(ctx context.Context) error {
	ticker := time.NewTicker(reconcileEvery)
	defer ticker.Stop()
	for {
		if err := r.fetcher.Reconcile(ctx, r.publish); err != nil && ctx.Err() == nil {
			r.fetcher.log.Warn("reconciling failed, trying again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// publish schedules a poll where none is scheduled; that one is, is no error.
func (r *reconciler) publish(ctx context.Context, out stage.Out) error {
	msg, err := out.Encode()
	if err != nil {
		return err
	}
	_, err = r.bus.JS.PublishMsg(ctx, msg)
	if stage.IsKnown(err) {
		return nil
	}
	return err
}
