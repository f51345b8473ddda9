package fetch_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func withBridges(hosts ...string) setting {
	return func(c *fetch.Config, _ *fetch.Deps) { c.BridgeHosts = hosts }
}

// pollsOf says whether a poll of a feed is made now, and if not, when.
func (w *world) pollsOf(t *testing.T, id string) (at time.Time) {
	t.Helper()
	outs, err := w.Poll(delivery(t, 3), due(t, id, nil))
	if err == nil {
		w.take(t, id, outs)
		return time.Time{}
	}
	require.Equal(t, stage.Defer("host-busy"), err)
	require.Len(t, outs, 1)
	return outs[0].At
}

// Which answers of one feed keep requests from its host, and for how long.
func TestWhatKeepsRequestsFromAHost(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		status int
		after  string
		least  time.Duration // 0: not at all
		most   time.Duration
	}{
		{429, "600", 10 * time.Minute, 10 * time.Minute},
		{429, "", time.Minute, time.Minute},
		{429, "0", time.Minute, time.Minute},
		{429, "-1", time.Minute, time.Minute},
		{429, "soon", time.Minute, time.Minute},
		{429, "100000000000000000000", time.Hour, time.Hour},
		{503, "600", 10 * time.Minute, 10 * time.Minute},
		{503, "Sat, 01 Jan 2050 00:00:00 GMT", time.Hour, time.Hour},
		{503, "Saturday, 01-Jan-50 00:00:00 GMT", time.Hour, time.Hour},
		{503, "Sat Jan  1 00:00:00 2050", time.Hour, time.Hour},
		{503, "Sat, 01 Jan 2000 00:00:00 GMT", 0, 0},
		{503, "", 0, 0},
		{500, "600", 0, 0},
		{404, "600", 0, 0},
		{403, "600", 0, 0},
		{301, "600", 0, 0},
		{200, "600", 0, 0},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.after), func(t *testing.T) {
			t.Parallel()
			o := newOrigin(t).serve("/feed", status(test.status, "Retry-After", test.after)).serve("/other", body(rssType, rss()))
			w := newWorld(t, at(o), stopped(now))
			require.Zero(t, w.pollsOf(t, w.registered(t, o.URL+"/feed")))
			slot := w.pollsOf(t, w.registered(t, o.URL+"/other"))
			if test.least == 0 {
				require.Zero(t, slot)
				return
			}
			require.WithinRange(t, slot, now.Add(test.least), now.Add(test.most))
		})
	}
}

// On a bridge, which serves the feeds of many sites, each feed answers for itself;
// its pages and its robots.txt go by the host.
func TestABridgesFeedsAreApart(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/busy", status(429, "Retry-After", "600"))
	o.serve("/fine", body(rssType, rss())).serve("/fine2", body(rssType, rss())).serve("/a", body("text/html", harbour))
	w := newWorld(t, at(o), withDelay(time.Hour), withBridges(o.host))
	busy := w.registered(t, o.URL+"/busy")
	require.Zero(t, w.pollsOf(t, busy))
	require.Zero(t, w.pollsOf(t, w.registered(t, o.URL+"/fine")))
	require.Zero(t, w.pollsOf(t, w.registered(t, o.URL+"/fine2")))
	require.Greater(t, time.Until(w.pollsOf(t, busy)), 9*time.Minute)

	_, err := w.page(t, article(o.URL+"/a", ""))
	require.NoError(t, err)
	_, err = w.page(t, article(o.URL+"/b", ""))
	require.Equal(t, stage.Defer("host-busy"), err, "pages of a bridge are a delay apart")
	require.Len(t, o.log(), 4)
}

// A page's pause holds up no feed of a bridge.
func TestAPauseOfABridgesPage(t *testing.T) {
	t.Parallel()
	o := newOrigin(t).serve("/a", status(429)).serve("/fine", body(rssType, rss()))
	w := newWorld(t, at(o), withBridges(o.host))
	_, err := w.page(t, article(o.URL+"/a", ""))
	require.Equal(t, stage.Defer("status"), err)
	require.Zero(t, w.pollsOf(t, w.registered(t, o.URL+"/fine")))
	_, err = w.page(t, article(o.URL+"/b", ""))
	require.Equal(t, stage.Defer("host-busy"), err)
}

// A bridge that hangs holds four times a host's connections, and no more.
func TestABridgeThatHangs(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}, 5), make(chan struct{})
	o := newOrigin(t)
	w := newWorld(t, at(o), withBridges(o.host), func(c *fetch.Config, _ *fetch.Deps) { c.HostConnections = 1 })
	hang := func(rw http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-release
		body(rssType, rss())(rw, r)
	}
	poll := func(i int) error {
		path := fmt.Sprintf("/feed%d", i)
		o.serve(path, hang)
		_, err := w.Poll(delivery(t, 3), due(t, w.registered(t, o.URL+path), nil))
		return err
	}
	var polls sync.WaitGroup
	for i := range 4 {
		polls.Go(func() {
			if err := poll(i); err != nil {
				t.Error(err)
			}
		})
	}
	for range 4 {
		<-asked
	}
	require.Equal(t, stage.Defer("host-busy"), poll(4))
	close(release)
	polls.Wait()
	require.NoError(t, poll(5))
	require.Len(t, o.log(), 5)
}
