package embedded

import (
	"context"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/level"
)

const (
	// storeLook is the distance of looks whether the store is whole.
	storeLook = time.Second
	// reopenWait is the wait after it could not be opened.
	reopenWait = 10 * time.Second
	// reopenFree is what has to be free on the disk before it is tried, in bytes; of a
	// small disk, a tenth is enough. With less it would end as before.
	reopenFree = 256 << 20
)

// keepStore opens the store again when there is room. What could not be written for want
// of room makes the server take nothing more into that stream, or close the whole
// store, lest it lose what it has confirmed; it does not come back to it by itself.
func (s *Server) keepStore(ctx context.Context, cfg Config, log *serverLog) {
	told, wait := false, storeLook
	for {
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		wait = storeLook
		// A store that is closed has no configuration, and one that is being closed is
		// left to that.
		enabled, open := s.ns.JetStreamEnabled(), s.ns.JetStreamConfig() != nil
		if open && !(enabled && log.full.Load()) {
			continue
		}
		if !told {
			told = true
			cfg.Log.Error("the disk is full: nothing is stored until there is room", zap.String("dir", cfg.Data))
		}
		free, size, err := level.Usage(cfg.Data)
		if err == nil && free < min(reopenFree, size/10) {
			continue
		}
		if err := s.reopen(cfg, log); err != nil {
			cfg.Log.Error("cannot open the store again", zap.Error(err), zap.Uint64("free", free))
			wait = reopenWait
			continue
		}
		told = false
		cfg.Log.Warn("there is room on the disk: the store is open again", zap.Uint64("free", free))
	}
}

func (s *Server) reopen(cfg Config, log *serverLog) error {
	// Clients stay connected; they get no answers meanwhile, and ask again.
	if err := s.ns.ShutdownJetStream(); err != nil {
		return err
	}
	log.full.Store(false)
	err := s.ns.EnableJetStream(&server.JetStreamConfig{
		StoreDir: cfg.Data, SyncInterval: cfg.SyncInterval, SyncAlways: cfg.SyncInterval == 0,
		MaxMemory: maxMemory, MaxStore: int64(cfg.MaxStore), Strict: true, CompressOK: true,
	})
	if err != nil {
		// What was opened of it would pass for all.
		_ = s.ns.ShutdownJetStream()
	}
	return err
}
