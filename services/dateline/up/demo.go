package up

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/demo"
	"github.com/dateline-news/dateline/services/dateline/view"
)

// DemoConfig says where the demo site listens.
type DemoConfig struct {
	// Listen does not change between starts, since an article's address is its
	// identity: another port would make every article new.
	Listen string `config:"listen" default:"127.0.0.1:8090" help:"address of the demo site"`
}

// Bounds of the demo: a person is watching.
const (
	demoHostDelay = 300 * time.Millisecond
	demoInterval  = 10 * time.Second
	demoPublish   = 30 * time.Second
)

// forDemo makes the configuration fit for a demo: quick, and allowed to fetch
// from the demo site, which is on loopback, and from nowhere else that is
// private.
func (c *Config) forDemo(site string) {
	c.Data = filepath.Join(c.Data, "demo")
	if c.Telemetry.LogLevel == "info" {
		// A person reads the events on the same terminal.
		c.Telemetry.LogLevel = "warn"
	}
	f := &c.Fetch.Fetcher
	f.AllowHosts = append(f.AllowHosts, site)
	f.HostDelay = min(f.HostDelay, demoHostDelay)
	f.MinInterval = min(f.MinInterval, demoInterval)
	f.MaxInterval = min(f.MaxInterval, demoInterval)
}

// demoRun is the demo in a running process.
type demoRun struct {
	site     *demo.Site
	listener net.Listener
	client   *client.Client
	out      io.Writer
	printing chan struct{}
}

// newDemo listens at once, so that an address in use is known before anything
// else has started.
func newDemo(listen string, out io.Writer) (*demoRun, error) {
	site, err := demo.New(demo.Options{})
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("cannot listen on %s: address already in use; choose another with --demo-listen", listen)
	}
	if err != nil {
		return nil, fmt.Errorf("listen for the demo site: %w", err)
	}
	return &demoRun{site: site, listener: l, out: out, printing: make(chan struct{})}, nil
}

func (d *demoRun) addr() string       { return d.listener.Addr().String() }
func (d *demoRun) url() string        { return d.at("/") }
func (d *demoRun) at(p string) string { return "http://" + d.addr() + p }
func (d *demoRun) extraFeed() string  { return d.at(d.site.ExtraFeedPath()) }

// serve serves the site, and brings a further article out from time to time.
func (d *demoRun) serve(ctx context.Context) error {
	server := &http.Server{Handler: d.site.Handler(), ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.site.Publish(ctx, demoPublish)
	}()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	err := server.Serve(d.listener)
	<-done
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the demo site: %w", err)
	}
	return nil
}

// submit publishes the site's feeds on feeds.submit, as any publisher would.
func (d *demoRun) submit(ctx context.Context, log *zap.Logger) error {
	var feeds []*datelinev1.Feed
	for _, path := range d.site.FeedPaths() {
		feeds = append(feeds, &datelinev1.Feed{Url: d.at(path), Labels: map[string]string{"demo": ""}})
	}
	submit(ctx, d.client, feeds, log)
	<-ctx.Done()
	return nil
}

// print prints events as they arrive. It begins before the feeds are submitted,
// so that it misses none.
func (d *demoRun) print(ctx context.Context) error {
	printer := view.NewPrinter(d.out)
	return d.client.Events(ctx, client.EventOptions{Started: func() { close(d.printing) }}, func(e client.Event) error {
		return printer.Event(e.Article)
	})
}
