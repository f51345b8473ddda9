package level

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
)

// Left says how many bytes are left where the streams are, and of how many. A size of 0
// means that there is no bound that could be seen.
type Left func(ctx context.Context) (free, size uint64, err error)

// OnDisk is what is left of the disk that a directory is on.
func OnDisk(dir string) Left {
	return func(context.Context) (free, size uint64, err error) { return Usage(dir) }
}

// Granted is what is left of what the server grants the account: nothing is known of its
// disk from outside.
func Granted(b *bus.Bus) Left {
	return func(ctx context.Context) (free, size uint64, err error) {
		account, err := bus.AskFor(ctx, requestTimeout, b.JS.AccountInfo)
		if err != nil {
			return 0, 0, fmt.Errorf("ask the server for its JetStream account: %w", err)
		}
		if account.Limits.MaxStore <= 0 {
			return 0, 0, nil
		}
		size = uint64(account.Limits.MaxStore)
		return size - min(size, account.Store), size, nil
	}
}

// Room says whether new work may be taken: not while there is little room for it left.
// What is in hand goes on meanwhile, and what waits stays where it is.
type Room struct {
	RoomConfig
	// short says that there is too little room.
	short atomic.Bool
	// refusing says that the server was told to refuse publishers.
	refusing bool
	held     prometheus.Gauge
}

// RoomConfig says how much has to be left, and what happens below it.
type RoomConfig struct {
	// Least is how much has to be left, in bytes; of a small disk, a tenth is enough.
	Least int64
	Left  Left
	// Refuse has the server refuse what publishers send, or take it again; nil where this
	// process may not change streams.
	Refuse   func(ctx context.Context, refuse bool) error
	Log      *zap.Logger
	Registry prometheus.Registerer
}

const (
	// shareNeeded is the part of a small disk that has to be left.
	shareNeeded = 10
	// unseenWait is the wait after a look that gave nothing.
	unseenWait = time.Minute
)

// NewRoom registers its metric.
func NewRoom(c RoomConfig) *Room {
	r := &Room{RoomConfig: c, held: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dateline_held_back",
		Help: "1 while no new work is taken, since there is little room for it left (fetcher.min-free), else 0.",
	})}
	c.Registry.MustRegister(r.held)
	return r
}

// Name stands in logs.
func (r *Room) Name() string { return "room-watch" }

// Ready is always nil: what is in hand goes on.
func (r *Room) Ready() error { return nil }

// Short says that no new work is to be taken.
func (r *Room) Short() bool { return r.short.Load() }

// Run looks until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	for {
		wait := lookEvery
		if err := r.look(ctx); err != nil {
			r.Log.Debug("cannot see how much room is left", zap.Error(err))
			wait = unseenWait
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-t.C:
		}
	}
}

// look compares what is left with what has to be. Where it was short, a quarter more
// has to be left before it is not any more, lest it change with every message.
func (r *Room) look(ctx context.Context) error {
	free, size, err := r.Left(ctx)
	if errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	if err != nil {
		return err
	}
	needed := min(uint64(r.Least), size/shareNeeded)
	was := r.Short()
	if was {
		needed += needed / 4
	}
	short := free < needed
	if short != was {
		r.short.Store(short)
		held, tell, text := 0.0, r.Log.Info, "there is room again: new work is taken"
		if short {
			held, tell, text = 1, r.Log.Warn, "too little room for the streams: no feed is polled, no page fetched, and nothing taken from publishers until there is more"
		}
		r.held.Set(held)
		tell(text, zap.Uint64("free", free), zap.Uint64("needed", needed), zap.Uint64("size", size))
	}
	r.tellPublishers(ctx, short)
	return nil
}

// tellPublishers has the server refuse what they send while it is short: again at each
// look, since another process that starts sets its streams right.
func (r *Room) tellPublishers(ctx context.Context, short bool) {
	if r.Refuse == nil || !short && !r.refusing {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if err := r.Refuse(ctx, short); err != nil {
		r.Log.Debug("cannot change what publishers may send, trying again", zap.Error(err))
		return
	}
	r.refusing = short
}
