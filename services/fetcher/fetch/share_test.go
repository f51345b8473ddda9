package fetch_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// recording remembers the turns that were taken on hosts.
type recording struct {
	inner interface {
		Get(context.Context, string) (*timestamppb.Timestamp, uint64, error)
		Put(context.Context, string, *timestamppb.Timestamp, uint64) (uint64, error)
	}
	mu    *sync.Mutex
	turns *[]time.Time
}

func (r recording) Get(ctx context.Context, key string) (*timestamppb.Timestamp, uint64, error) {
	return r.inner.Get(ctx, key)
}

func (r recording) Put(ctx context.Context, key string, next *timestamppb.Timestamp, revision uint64) (uint64, error) {
	next2, err := r.inner.Put(ctx, key, next, revision)
	if err == nil && len(key) > 5 && key[len(key)-5:] == ".turn" {
		r.mu.Lock()
		*r.turns = append(*r.turns, next.AsTime())
		r.mu.Unlock()
	}
	return next2, err
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
	cfg.HostDelay = delay
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
	require.Len(t, turns, len(requests), "one turn for each request, robots.txt included")
	slices.SortFunc(turns, time.Time.Compare)
	for i := range turns {
		if i > 0 {
			require.GreaterOrEqual(t, turns[i].Sub(turns[i-1]), delay)
		}
		require.False(t, requests[i].at.Before(began.Add(time.Duration(i)*delay)), "request %d came too early", i)
	}
}
