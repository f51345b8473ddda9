package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// headerSlot marks a due message whose slot on its host was planned, and says
// for when, so that it is not planned a second time.
const headerSlot = "Dateline-Slot"

// turn waits for a host's turn. If that is too far off, it plans a slot and
// returns it, for the message to become due then: no worker waits, and any
// replica may go on. planned says that the message had a slot planned before.
func (f *Fetcher) turn(ctx context.Context, host string, planned bool, delay time.Duration) (slot time.Time, err error) {
	if !planned {
		slot, err := f.budget.plan(ctx, host, delay, time.Time{})
		if err != nil || slot.Sub(f.now()) > patience {
			return slot, err
		}
	}
	busy, err := f.budget.take(ctx, host, delay, patience)
	if err != nil || busy.IsZero() {
		return time.Time{}, err
	}
	return f.budget.plan(ctx, host, delay, busy)
}

// Bounds of how long an answer keeps all requests from its host. What was asked
// for itself (a page, a feed) waits as long as the answer says; but one address
// must not silence all of its host for a day.
const (
	minBlock = time.Minute
	maxBlock = time.Hour
)

// heed keeps requests from a host that asked for fewer (RFC 6585, section 4; RFC
// 9110, section 10.2.3).
func (f *Fetcher) heed(ctx context.Context, host string, status int, retryAfter time.Duration) error {
	switch {
	case status == http.StatusTooManyRequests:
		retryAfter = max(retryAfter, minBlock)
	case status != http.StatusServiceUnavailable || retryAfter == 0:
		return nil
	}
	return f.budget.block(ctx, host, f.now().Add(min(retryAfter, maxBlock)))
}

// robotsPatience is how long a request for robots.txt waits for its turn, with
// the page that needs it in hand.
const robotsPatience = time.Minute

// getRobots fetches a robots.txt file. It counts against the host's budget.
func (f *Fetcher) getRobots(ctx context.Context, url string) (int, []byte, error) {
	host := urlnorm.Host(url)
	busy, err := f.budget.take(ctx, host, 0, robotsPatience)
	if err != nil {
		return 0, nil, err
	}
	if !busy.IsZero() {
		return 0, nil, fmt.Errorf("fetch %s: the host is busy until %s", url, busy.UTC().Format(time.RFC3339))
	}
	resp, err := f.get(ctx, httpget.Request{URL: url, Kind: kindRobots})
	if err != nil {
		return 0, nil, err
	}
	return resp.Status, resp.Body, f.heed(ctx, host, resp.Status, resp.RetryAfter)
}

// get fetches and counts.
func (f *Fetcher) get(ctx context.Context, req httpget.Request) (*httpget.Response, error) {
	resp, err := f.client.Get(ctx, req)
	if err != nil {
		f.metrics.responses.WithLabelValues(req.Kind, httpget.Class(err)).Inc()
		return nil, fmt.Errorf("fetch %s: %w", req.URL, err)
	}
	f.metrics.responses.WithLabelValues(req.Kind, statusLabel(resp.Status)).Inc()
	f.metrics.bytes.WithLabelValues(req.Kind).Add(float64(len(resp.Body)))
	return resp, nil
}

// statusLabel bounds the values of a metric's label: an origin may answer any
// number.
func statusLabel(status int) string {
	if http.StatusText(status) == "" {
		return "other"
	}
	return strconv.Itoa(status)
}
