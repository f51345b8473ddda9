package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/robots"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

const (
	// robotsPatience is how long a request for robots.txt waits for its turn, with
	// the page that needs it in hand.
	robotsPatience = time.Minute
	// minRobotsWait and maxRobotsWait bound how long a page is put off whose robots.txt
	// is slow to come: for as long as it has been waited for already, so that pages come
	// back soon to a file that was but a little slow, and seldom to one that hangs.
	minRobotsWait, maxRobotsWait = time.Second, 10 * time.Second
)

// checkRobots asks robots.txt whether a page may be fetched. A time that is not zero
// means that the page should be put off until then, since its host wants to be left
// alone, or is slow to answer: the pages of a host wait for one request, and if that
// hangs they must not wait in the workers of others.
func (f *Fetcher) checkRobots(ctx context.Context, host, url string) (verdict robots.Verdict, busy time.Time, err error) {
	at, err := f.budget.free(ctx, host)
	if err != nil {
		return verdict, busy, err
	}
	if at.Sub(f.now()) > max(patience, f.cfg.HostDelay) {
		return verdict, at, nil
	}
	leave, since, err := f.awaited.enter(ctx, host, f.cfg.HostDelay+patience)
	if err != nil {
		return verdict, busy, err
	}
	if leave == nil {
		return verdict, f.now().Add(min(max(time.Since(since), minRobotsWait), maxRobotsWait)), nil
	}
	defer leave()
	if verdict, err = f.robots.Check(ctx, url); err != nil {
		err = fmt.Errorf("check robots.txt for %s: %w", url, err)
	}
	return verdict, busy, err
}

// getRobots fetches a robots.txt file. It counts against the host's budget.
func (f *Fetcher) getRobots(ctx context.Context, url string) (int, []byte, error) {
	t, err := f.takeWithin(ctx, url, robotsPatience)
	if err != nil {
		return 0, nil, err
	}
	f.awaited.limit(urlnorm.Host(url), patience)
	resp, err := f.ask(ctx, t, httpget.Request{URL: url, Kind: kindRobots})
	if err != nil {
		return 0, nil, err
	}
	return resp.Status, resp.Body, nil
}

// awaited are the hosts whose robots.txt is being looked at. The zero value is ready.
type awaited struct {
	mu    sync.Mutex
	hosts map[string]*look
}

// look is one page's look at a host's robots.txt.
type look struct {
	since time.Time
	// until is how long others wait for it to end.
	until time.Time
	ended chan struct{}
}

// enter waits until nobody else looks at a host, and then does until leave is called.
// leave is nil where the one that does, since a time, takes longer than it was given.
func (a *awaited) enter(ctx context.Context, host string, give time.Duration) (leave func(), since time.Time, err error) {
	for {
		now := time.Now()
		mine := &look{since: now, until: now.Add(give), ended: make(chan struct{})}
		other := a.start(host, mine)
		if other == nil {
			return func() { a.end(host, mine) }, now, nil
		}
		left := time.Until(a.deadline(other))
		if left <= 0 {
			return nil, other.since, nil
		}
		wait := time.NewTimer(left)
		select {
		case <-other.ended:
		case <-wait.C:
		case <-ctx.Done():
			err = ctx.Err()
		}
		wait.Stop()
		if err != nil {
			return nil, other.since, err
		}
	}
}

// start enters a look, or returns the one that is going on.
func (a *awaited) start(host string, mine *look) (other *look) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if other := a.hosts[host]; other != nil {
		return other
	}
	if a.hosts == nil {
		a.hosts = make(map[string]*look)
	}
	a.hosts[host] = mine
	return nil
}

func (a *awaited) end(host string, mine *look) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.hosts, host)
	close(mine.ended)
}

func (a *awaited) deadline(l *look) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return l.until
}

// limit gives the look at a host so much time from now on.
func (a *awaited) limit(host string, give time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.hosts[host]; l != nil {
		l.until = time.Now().Add(give)
	}
}
