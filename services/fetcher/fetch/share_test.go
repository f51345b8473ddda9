package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// recording remembers the turns that were taken on hosts.
type recording struct {
	inner interface {
		Get(context.Context, string) (*datelinev1.HostBudget, uint64, error)
		Put(context.Context, string, *datelinev1.HostBudget, uint64) (uint64, error)
	}
	mu    *sync.Mutex
	turns *[]time.Time
}

func (r recording) Get(ctx context.Context, key string) (*datelinev1.HostBudget, uint64, error) {
	return r.inner.Get(ctx, key)
}

func (r recording) Put(ctx context.Context, key string, host *datelinev1.HostBudget, revision uint64) (uint64, error) {
	next, err := r.inner.Put(ctx, key, host, revision)
	if err == nil && strings.HasSuffix(key, ".turn") {
		r.mu.Lock()
		defer r.mu.Unlock()
		// A turn that is given back leaves the time as it was.
		if at := host.GetNext().AsTime(); !slices.ContainsFunc(*r.turns, at.Equal) {
			*r.turns = append(*r.turns, at)
		}
	}
	return next, err
}

// Three fetchers share the budget of one host: the turns that they take are a
// delay apart, there is one for each request, and no request is made before its
// turn. (The distance of requests as the origin sees them is the machine's to
// blur.)
func TestThreeFetchersKeepOneHostBudget(t *testing.T) {
	t.Parallel()
	const (
		articles = 12
		delay    = 150 * time.Millisecond
	)
	o := newOrigin(t)
	var items []string
	for i := range articles {
		path := fmt.Sprintf("/%d", i)
		items = append(items, item(o.URL+path, path, "T", "S"))
		o.serve(path, body("text/html", harbour))
	}
	for i := range 3 {
		o.serve(fmt.Sprintf("/feed%d", i), body(rssType, rss(items[4*i:4*i+4]...)))
	}
	b := bustest.Start(t)
	cfg := busConfig(o)
	cfg.HostDelay, cfg.HostConnections = delay, 2
	var (
		mu    sync.Mutex
		turns []time.Time
	)
	began := time.Now()
	stop := fetchers(t, b, cfg, 3, func(d *fetch.Deps) { d.Slots = recording{d.Slots, &mu, &turns} })
	c := client.New(b)
	for i := range 3 {
		_, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: fmt.Sprintf("%s/feed%d", o.URL, i)})
		require.NoError(t, err)
	}
	fetched(t, b, articles)
	stop()

	mu.Lock()
	defer mu.Unlock()
	requests := o.all()
	require.Len(t, turns, len(requests), "one turn for each request, feeds and robots.txt included")
	kinds := map[string]int{}
	for _, r := range requests {
		kinds[strings.TrimRight(r.path, "0123456789")]++
	}
	require.Equal(t, 3, kinds["/feed"])
	require.Equal(t, articles, kinds["/"])
	require.Contains(t, []int{1, 2, 3}, kinds["/robots.txt"], "once a fetcher at the most")
	slices.SortFunc(turns, time.Time.Compare)
	for i := range turns {
		if i > 0 {
			require.GreaterOrEqual(t, turns[i].Sub(turns[i-1]), delay)
		}
		require.False(t, requests[i].at.Before(began.Add(time.Duration(i)*delay)), "request %d came too early", i)
	}
}

// gauge counts the requests that an origin has in hand.
type gauge struct {
	mu        sync.Mutex
	now, most int
}

// served counts a request to a page.
func (g *gauge) served(page http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.now++
		g.most = max(g.most, g.now)
		g.mu.Unlock()
		defer func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.now--
		}()
		page(w, r)
	}
}

// count is how many there are now.
func (g *gauge) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

// Twenty feeds on one host, polled by three fetchers with nothing but the number of
// connections to hold them back: the origin never sees more at once.
func TestTwentyFeedsOnOneHost(t *testing.T) {
	t.Parallel()
	const (
		feeds       = 20
		connections = 2
	)
	var (
		g gauge
		o = newOrigin(t)
		b = bustest.Start(t)
	)
	for i := range feeds {
		path := fmt.Sprintf("/page%d", i)
		o.serve(fmt.Sprintf("/feed%d", i), g.served(body(rssType, rss(item(o.URL+path, path, "T", "S")))))
		o.serve(path, g.served(body("text/html", harbour)))
	}
	o.serve("/robots.txt", g.served(body("text/plain", "User-agent: *\nDisallow:")))
	cfg := busConfig(o)
	cfg.HostConnections = connections
	stop := fetchers(t, b, cfg, 3, nil)
	c := client.New(b)
	for i := range feeds {
		_, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: fmt.Sprintf("%s/feed%d", o.URL, i)})
		require.NoError(t, err)
	}
	fetched(t, b, feeds)
	stop()
	require.LessOrEqual(t, g.most, connections)
	require.Len(t, o.log(), 2*feeds, "each feed and each page once")
}

// A host whose pages never come, with hundreds of them waiting, keeps nobody else
// waiting, though workers are few.
func TestAHostThatHangs(t *testing.T) {
	t.Parallel()
	for name, robots := range map[string]bool{"pages": false, "robots.txt": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const waiting, others = 300, 40
			var (
				hanging, healthy = newOrigin(t), newOrigin(t)
				b                = bustest.Start(t)
				release          = make(chan struct{})
				g                gauge
				hang             = g.served(func(w http.ResponseWriter, r *http.Request) {
					// Its headers come: so nothing but the deadline ends the request.
					_ = http.NewResponseController(w).Flush()
					select {
					case <-release:
					case <-r.Context().Done():
					}
				})
				stuck, fine []string
			)
			for i := range waiting {
				path := fmt.Sprintf("/stuck%d", i)
				hanging.serve(path, hang)
				stuck = append(stuck, item(hanging.URL+path, path, "T", "S"))
			}
			if robots {
				hanging.serve("/robots.txt", hang)
			}
			for i := range others {
				path := fmt.Sprintf("/fine%d", i)
				healthy.serve(path, body("text/html", harbour))
				fine = append(fine, item(healthy.URL+path, path, "T", "S"))
			}
			hanging.serve("/feed", body(rssType, rss(stuck...)))
			healthy.serve("/feed", body(rssType, rss(fine...)))

			cfg := busConfig(healthy)
			cfg.AllowHosts = append(cfg.AllowHosts, hanging.host)
			cfg.Robots, cfg.HostConnections, cfg.Workers, cfg.Timeout = robots, 2, 4, time.Hour
			stop := fetchers(t, b, cfg, 1, nil)
			defer stop()
			defer close(release)
			c := client.New(b)
			_, err := c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: hanging.URL + "/feed"})
			require.NoError(t, err)
			require.Eventually(t, func() bool { return g.count() > 0 }, time.Minute, time.Millisecond, "the host hangs")

			_, err = c.SubmitFeed(t.Context(), &datelinev1.Feed{Url: healthy.URL + "/feed"})
			require.NoError(t, err)
			for _, page := range fetched(t, b, others) {
				require.Contains(t, page.GetArticle().GetFetch().GetUrl(), healthy.host)
			}
			require.Positive(t, g.count(), "the host still hangs")
			require.LessOrEqual(t, g.most, 2)
			require.GreaterOrEqual(t, count(t, b, topology.StreamPages), uint64(waiting), "its pages still wait")
		})
	}
}
