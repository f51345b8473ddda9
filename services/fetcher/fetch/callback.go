package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/net/netutil"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

// publish publishes a message that is no stage's output, and waits until the server has
// it.
func publish(b *bus.Bus) func(context.Context, *nats.Msg) error {
	return func(ctx context.Context, msg *nats.Msg) error {
		if err := b.SetAside(ctx, msg); err != nil {
			return err
		}
		if _, err := b.JS.PublishMsg(ctx, msg); err != nil {
			return fmt.Errorf("publish on %s: %w", msg.Subject, err)
		}
		return nil
	}
}

// callbacks answers hubs.
func (f *Fetcher) callbacks() http.Handler {
	return websub.NewHandler(hubRegistry{f}, websub.Options{
		MaxBytes: int64(f.cfg.MaxBytes), Lease: f.cfg.WebSubLease, ValidID: validID, Now: f.now,
		Count: func(o websub.Outcome) { f.hubs.deliveries.WithLabelValues(string(o)).Inc() },
		Failed: func(feedID string, err error) {
			f.log.Warn("hub asked to be patient", zap.String("feed", feedID), zap.Error(err))
		},
	})
}

// Limits of the listener for hubs. A request is a document over the open internet.
const (
	callbackHeaderTimeout = 5 * time.Second
	callbackReadTimeout   = 30 * time.Second
	callbackWriteTimeout  = time.Minute
	callbackIdleTimeout   = time.Minute
	callbackStopTimeout   = 5 * time.Second
	maxCallbackHeader     = 32 << 10
	maxCallbackConns      = 512
)

// callbackListener is where hubs reach this process, or a proxy in front of it.
type callbackListener struct{ fetcher *Fetcher }

// Name implements worker.Stage.
func (l *callbackListener) Name() string { return "fetcher-websub" }

// Ready implements worker.Stage: nothing waits for it, and hubs try again.
func (l *callbackListener) Ready() error { return nil }

// Run implements worker.Stage: it serves until ctx ends, and then ends what is in hand.
func (l *callbackListener) Run(ctx context.Context) error {
	log, addr := l.fetcher.log, l.fetcher.cfg.WebSubListen
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen for hubs: %w; choose another address with fetcher.websub-listen", err)
	}
	stdLog, err := zap.NewStdLogAt(log, zapcore.DebugLevel)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{
		Handler:           l.fetcher.callbacks(),
		ReadHeaderTimeout: callbackHeaderTimeout,
		ReadTimeout:       callbackReadTimeout,
		WriteTimeout:      callbackWriteTimeout,
		IdleTimeout:       callbackIdleTimeout,
		MaxHeaderBytes:    maxCallbackHeader,
		ErrorLog:          stdLog,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(netutil.LimitListener(listener, maxCallbackConns)) }()
	log.Info("listening for hubs", zap.String("address", listener.Addr().String()), zap.String("url", l.fetcher.cfg.WebSubURL))
	select {
	case err := <-failed:
		return fmt.Errorf("listen for hubs on %s: %w", addr, err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), callbackStopTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		log.Warn("hubs cut off that did not end", zap.Error(err))
		_ = server.Close()
	}
	<-failed
	return nil
}
