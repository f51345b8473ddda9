// Package embedded runs a NATS server with JetStream inside this process.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Config says where the server keeps its streams and where it listens.
type Config struct {
	// Data is the directory of the streams; it is made if it is missing.
	Data string `config:"-"`
	// Listen is where outside clients connect.
	Listen string `config:"listen" default:"127.0.0.1:4222" help:"address of the embedded NATS server, for the nats CLI and consumers; empty: none"`
	// MaxStore bounds the disk.
	MaxStore config.Bytes `config:"max-store" default:"10GiB" help:"disk that the embedded server may take"`
	// SyncInterval is how often files are flushed to disk. A killed process
	// loses nothing; a power loss loses at most this much.
	SyncInterval time.Duration `config:"sync-interval" default:"1s" help:"how often the embedded server flushes to disk; 0s: at every message"`
	// Log gets the server's warnings and errors; nil: nobody.
	Log *zap.Logger `config:"-"`
}

const (
	// maxPayload is the largest message, in bytes. The server warns above 8 MiB.
	maxPayload = 8 << 20
	// maxMemory bounds memory streams, of which Dateline has none, in bytes.
	maxMemory = 64 << 20
	// startTimeout is generous: a store of a million messages opens in 3 s.
	startTimeout = time.Minute
	// startStep is how often a start is looked at.
	startStep = 100 * time.Millisecond
)

// Server is a running server.
type Server struct {
	ns   *server.Server
	lock *flock.Flock
	// leave ends the look at the store, and left is closed then.
	leave context.CancelFunc
	left  chan struct{}
}

// Start opens the store and listens. It returns when clients can connect. A
// directory that another process uses, or an address in use, is an error that
// says what to do.
func Start(cfg Config) (*Server, error) {
	if cfg.MaxStore == 0 {
		cfg.MaxStore = topology.DefaultMaxStore
	}
	if cfg.Log == nil {
		cfg.Log = zap.NewNop()
	}
	lock, err := lockData(cfg.Data)
	if err != nil {
		return nil, err
	}
	log := newServerLog(cfg.Log)
	s, err := start(cfg, log)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	ctx, leave := context.WithCancel(context.Background())
	running := &Server{ns: s, lock: lock, leave: leave, left: make(chan struct{})}
	go func() {
		defer close(running.left)
		running.keepStore(ctx, cfg, log)
	}()
	return running, nil
}

func lockData(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data directory %s: %w", dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("data directory %s is in use by another process; stop that one, or choose another with --data", dir)
	}
	return lock, nil
}

func start(cfg Config, log *serverLog) (*server.Server, error) {
	opts := &server.Options{
		ServerName:         "dateline",
		DontListen:         cfg.Listen == "",
		JetStream:          true,
		StoreDir:           cfg.Data,
		JetStreamMaxMemory: maxMemory,
		JetStreamMaxStore:  int64(cfg.MaxStore),
		MaxPayload:         maxPayload,
		SyncInterval:       cfg.SyncInterval,
		SyncAlways:         cfg.SyncInterval == 0,
		NoSigs:             true,
		NoLog:              true,
	}
	if cfg.Listen != "" {
		host, port, err := probe(cfg.Listen)
		if err != nil {
			return nil, err
		}
		opts.Host, opts.Port = host, port
	}
	ns, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("make embedded NATS server: %w", err)
	}
	ns.SetLoggerV2(log, false, false, false)
	ns.Start()
	if err := awaitReady(ns, log.fatal); err != nil {
		ns.Shutdown()
		ns.WaitForShutdown()
		return nil, fmt.Errorf("start embedded NATS server with its data in %s: %w", cfg.Data, err)
	}
	return ns, nil
}

func awaitReady(ns *server.Server, fatal <-chan string) error {
	for range startTimeout / startStep {
		select {
		case reason := <-fatal:
			return errors.New(reason)
		default:
		}
		if ns.ReadyForConnections(startStep) {
			return nil
		}
	}
	return fmt.Errorf("not ready within %s", startTimeout)
}

// probe parses the address and tries it, since the server itself would only log
// that it cannot listen, and then run without.
func probe(listen string) (string, int, error) {
	host, portText, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("address %q of --nats-listen is not host:port, such as 127.0.0.1:4222: %w", listen, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("port %q of --nats-listen is not a number from 0 to 65535", portText)
	}
	l, err := net.Listen("tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return "", 0, fmt.Errorf("cannot listen on %s: address already in use; choose another with --nats-listen", listen)
	}
	if err != nil {
		return "", 0, fmt.Errorf("listen for NATS clients: %w", err)
	}
	if err := l.Close(); err != nil {
		return "", 0, fmt.Errorf("try NATS address %s: %w", listen, err)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// URL is where outside clients connect; empty if the server does not listen.
func (s *Server) URL() string {
	if s.ns.Addr() == nil {
		return ""
	}
	return s.ns.ClientURL()
}

// InProcess is the option with which this process connects, without a socket.
func (s *Server) InProcess() nats.Option { return nats.InProcessServer(s.ns) }

// Stop ends the server and waits until the store is closed.
func (s *Server) Stop() error {
	s.leave()
	<-s.left
	s.ns.Shutdown()
	s.ns.WaitForShutdown()
	if err := s.lock.Unlock(); err != nil {
		return fmt.Errorf("unlock data directory: %w", err)
	}
	return nil
}
