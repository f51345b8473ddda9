package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// AddrOff as an address means that there is no ops listener.
const AddrOff = "off"

// Limits of the listener. There is none on writing, nor on reading a body:
// either would cut an event stream. A handler that takes a body sets its own
// deadline (http.ResponseController) and size (http.MaxBytesReader).
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	shutdownTimeout   = 5 * time.Second
	// gatherTimeout and maxScrapes bound the work of /metrics.
	gatherTimeout = 10 * time.Second
	maxScrapes    = 4
)

// OpsConfig says where to listen and what to serve.
type OpsConfig struct {
	// Addr is host:port; port 0 takes a free one, AddrOff or nothing disables.
	Addr string
	// Registry is what /metrics serves; nothing if nil.
	Registry prometheus.Gatherer
	// Log is silent if nil.
	Log *zap.Logger
	// Hosts are names, besides localhost and addresses, under which a listener
	// on a loopback address may be asked, as by a proxy in front of it.
	Hosts []string
}

// Ops is the listener for those who run a process:
//
//	/metrics        Prometheus, also as OpenMetrics
//	/livez          is the process beyond repair, to be restarted?
//	/readyz         can it do its work? (also /healthz)
//	/debug/pprof/   profiles
//
// It also serves what the process adds by Handle.
type Ops struct {
	addr     string
	log      *zap.Logger
	hosts    []string
	mux      *http.ServeMux
	live     *probe
	ready    *probe
	listener net.Listener
}

// NewOps returns a listener that does not listen yet.
func NewOps(c OpsConfig) *Ops {
	o := &Ops{
		addr:  c.Addr,
		log:   c.Log,
		hosts: c.Hosts,
		mux:   http.NewServeMux(),
		live:  &probe{},
		ready: &probe{},
	}
	if o.log == nil {
		o.log = zap.NewNop()
	}
	if c.Registry != nil {
		o.mux.Handle("GET /metrics", promhttp.HandlerFor(c.Registry, promhttp.HandlerOpts{
			ErrorLog:            o.stdLog(zapcore.WarnLevel),
			ErrorHandling:       promhttp.ContinueOnError,
			MaxRequestsInFlight: maxScrapes,
			Timeout:             gatherTimeout,
			EnableOpenMetrics:   true,
		}))
	}
	o.mux.Handle("GET /livez", o.live)
	o.mux.Handle("GET /readyz", o.ready)
	o.mux.Handle("GET /healthz", o.ready)
	// There is no /debug/pprof/cmdline: flags may hold secrets.
	o.mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	o.mux.HandleFunc("GET /debug/pprof/cmdline", http.NotFound)
	o.mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	o.mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	o.mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	o.mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	return o
}

// Handle adds a handler, before or while the listener runs. The pattern is that
// of http.ServeMux, which panics if it is malformed or already taken. When Run
// stops, the contexts of requests end, so that streams do.
func (o *Ops) Handle(pattern string, h http.Handler) { o.mux.Handle(pattern, h) }

// AddLiveness adds a check whose error means that only a restart can help. It
// is called at each probe, at once by several, and must not block.
func (o *Ops) AddLiveness(name string, check func() error) { o.live.add(name, check) }

// AddReadiness adds a check whose error means that no work should be sent here
// for now. It is called at each probe, at once by several, and must not block.
func (o *Ops) AddReadiness(name string, check func() error) { o.ready.add(name, check) }

// Listen binds the address now, so that a port in use is known before anything
// else has started.
func (o *Ops) Listen() error {
	if o.off() || o.listener != nil {
		return nil
	}
	l, err := net.Listen("tcp", o.addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("cannot listen on %s: %w; choose another with --http", o.addr, syscall.EADDRINUSE)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("cannot listen on %s: %w; choose a port above 1023 with --http", o.addr, syscall.EACCES)
	case err != nil:
		return fmt.Errorf("cannot listen on %q: %w", o.addr, err)
	}
	o.listener = l
	return nil
}

func (o *Ops) off() bool { return o.addr == "" || o.addr == AddrOff }

// Addr is the address bound by Listen, with the real port; empty before, and if
// there is no listener.
func (o *Ops) Addr() string {
	if o.listener == nil {
		return ""
	}
	return o.listener.Addr().String()
}

// Run serves until ctx ends, then gives requests in hand a few seconds. It binds
// the address if Listen has not. A listener runs once.
func (o *Ops) Run(ctx context.Context) error {
	if err := o.Listen(); err != nil {
		return err
	}
	if o.listener == nil {
		<-ctx.Done()
		return nil
	}
	server := &http.Server{
		Handler:           o.guard(o.withIndex()),
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          o.stdLog(zapcore.DebugLevel),
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(o.listener) }()
	o.log.Info("ops listener ready", zap.String("url", "http://"+o.Addr()))

	select {
	case err := <-failed:
		return fmt.Errorf("serve on %s: %w", o.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		o.log.Warn("ops listener cuts requests that did not end")
		err = server.Close()
	}
	<-failed
	if err != nil {
		return fmt.Errorf("close %s: %w", o.Addr(), err)
	}
	return nil
}
