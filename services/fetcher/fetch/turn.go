package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// headerSlot marks a due message whose slot on its host was planned, and says
// for when, so that it is not planned a second time.
const headerSlot = "Dateline-Slot"

// patience is how long a request waits for its turn in a worker: the server
// fires schedules up to some 400 ms late, so neighbours come that much too close.
const patience = 500 * time.Millisecond

// turn waits for a turn on all accounts. If that is too far off, it gives no turn but
// plans a slot, for the message to become due then: no worker waits, and any replica
// may go on. planned says that the message had a slot planned before. A turn is given
// back by ask.
func (f *Fetcher) turn(ctx context.Context, on []account, planned bool) (*turn, time.Time, error) {
	if !planned {
		slot, err := f.budget.planOn(ctx, on[0], time.Time{})
		if err != nil || slot.Sub(f.now()) > patience {
			return nil, slot, err
		}
	}
	t, by, busy, err := f.budget.take(ctx, on, patience)
	if err != nil || t != nil {
		return t, time.Time{}, err
	}
	slot, err := f.budget.planOn(ctx, by, busy)
	return nil, slot, err
}

// ask makes a request with a turn that was taken, and gives the turn back.
func (f *Fetcher) ask(ctx context.Context, t *turn, req httpget.Request) (*httpget.Response, error) {
	began := f.now()
	resp, err := f.get(ctx, req)
	got := answer{took: f.now().Sub(began)}
	switch {
	case ctx.Err() != nil:
		got.took = 0
	case httpget.Class(err) == classTimeout:
		// However soon it was given up, it was not answered.
		got.took = f.cfg.Timeout
	case err == nil:
		got.pause = pause(resp.Status, resp.RetryAfter)
	}
	if err := t.answered(ctx, got); err != nil {
		// The answer is as good as it was, and the lease ends by itself.
		f.log.Warn("host budget not settled", zap.String("url", req.URL), zap.Error(err))
	}
	return resp, err
}

// classTimeout is the class of requests that got no answer in time.
const classTimeout = "timeout"

// hostBusy is the error for a request that cannot be put off, on a host whose turn is
// too far away.
type hostBusy struct {
	host  string
	until time.Time
}

func (e *hostBusy) Error() string {
	return fmt.Sprintf("host %s is busy until %s", e.host, e.until.UTC().Format(time.RFC3339))
}

// takeWithin takes the turn for a request that a message in hand needs the answer of,
// so that it cannot be put off: it waits for at most the given patience, and is a
// *hostBusy error if that is not enough. The turn is given back by ask.
func (f *Fetcher) takeWithin(ctx context.Context, url string, patience time.Duration) (*turn, error) {
	host := urlnorm.Host(url)
	t, _, busy, err := f.budget.take(ctx, f.budget.ofHost(host, 0), patience)
	if err == nil && t == nil {
		err = &hostBusy{host: host, until: busy}
	}
	return t, err
}

// Bounds of how long an answer keeps all requests from its host. What was asked
// for itself (a page, a feed) waits as long as the answer says; but one address
// must not silence all of its host for a day.
const (
	minBlock = time.Minute
	maxBlock = time.Hour
)

// pause is how long an answer keeps requests from its host, or on a bridge from its
// feed: 429 asks for fewer (RFC 6585, section 4), and 503 where it says for how long
// (RFC 9110, section 15.6.4). Retry-After on any other status says nothing of the
// host.
func pause(status int, retryAfter time.Duration) time.Duration {
	switch {
	case status == http.StatusTooManyRequests:
		retryAfter = max(retryAfter, minBlock)
	case status != http.StatusServiceUnavailable:
		return 0
	}
	return min(retryAfter, maxBlock)
}

// get fetches and counts.
func (f *Fetcher) get(ctx context.Context, req httpget.Request) (*httpget.Response, error) {
	ctx, span := startRequest(ctx, req)
	resp, err := f.client.Get(ctx, req)
	endRequest(span, resp, err)
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
