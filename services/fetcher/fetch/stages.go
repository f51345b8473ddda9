package fetch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
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
	deps.Log, deps.Registry, deps.Now = env.Log, env.Registry, env.Now
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
	room := f.room(env)
	few, many := env.Settings, env.Settings
	few.Workers, few.MaxInFlight = 4, 64
	many.Workers, many.MaxInFlight = f.cfg.Workers, 2*f.cfg.Workers
	// A page may wait for robots.txt, get it, and then be got itself.
	many.Deadline = robotsPatience + 2*f.cfg.Timeout + 30*time.Second

	// What brings new work in waits while there is no room for it. Feeds that go, and
	// what was found already, take next to none.
	taken := few
	if room != nil {
		taken.Hold, many.Hold = room.Short, room.Short
	}
	polls := many
	polls.Workers, polls.MaxInFlight = f.cfg.pollWorkers(), 2*f.cfg.pollWorkers()

	var stages []worker.Stage
	add := func(s worker.Stage, err error) error {
		stages = append(stages, s)
		return err
	}
	err := errors.Join(
		add(stage.NewRunner(topology.Registry, stage.AsIs, f.Register, few)),
		add(stage.NewRunner(topology.Push, stage.AsIs, f.Push, taken)),
		add(stage.NewRunner(topology.Deliver, stage.AsIs, f.Deliver, taken)),
		add(stage.NewRunner(topology.Poll, stage.AsIs, f.Poll, polls)),
		add(stage.NewRunner(topology.Admit, stage.Decode[datelinev1.Article], f.Admit, few)),
		add(stage.NewRunner(topology.Page, stage.AsIs, f.Page, many)),
		add(&reconciler{fetcher: f, bus: env.Bus}, nil),
	)
	if room != nil {
		stages = append(stages, room)
	}
	if f.cfg.WebSubListen != "" {
		stages = append(stages, &callbackListener{fetcher: f})
	}
	return stages, err
}

// room looks whether there is room for new work; nil where nobody asks for any.
func (f *Fetcher) room(env worker.Env) *level.Room {
	if f.cfg.MinFree == 0 || env.Left == nil {
		return nil
	}
	c := level.RoomConfig{Least: int64(f.cfg.MinFree), Left: env.Left, Log: env.Log, Registry: env.Registry}
	if o := env.Settings.Topology; o != nil {
		c.Refuse = func(ctx context.Context, refuse bool) error {
			return topology.Refuse(ctx, env.Bus.JS, *o, refuse)
		}
	}
	return level.NewRoom(c)
}

// open opens what the fetcher keeps on the bus.
func open(ctx context.Context, b *bus.Bus) (Deps, error) {
	feeds, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
	if err != nil {
		return Deps{}, err
	}
	hosts, err := bus.OpenStore[datelinev1.HostBudget](ctx, b.JS, topology.BucketHosts)
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
	pages, err := b.JS.Stream(ctx, topology.StreamPages)
	if err != nil {
		return Deps{}, fmt.Errorf("open the pages that wait: %w", err)
	}
	return Deps{
		Feeds: feeds, Slots: hosts, Polls: polls{schedules}, Waits: waits{b, pages}, Seen: seenSet{b, seen}, Answer: b.Reply, Publish: publish(b),
	}, nil
}
