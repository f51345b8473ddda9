package websub_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/websub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory keeps one feed's subscription.
type memory struct {
	mu         sync.Mutex
	sub        *datelinev1.HubSubscription
	deliveries []websub.Delivery
	broken     error
	// entered and release, if not nil, make deliveries wait.
	entered, release chan struct{}
}

const feedID = "f1"

func (m *memory) Find(_ context.Context, id string) (*datelinev1.HubSubscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id != feedID {
		return nil, websub.ErrUnknown
	}
	return proto.CloneOf(m.sub), nil
}

func (m *memory) Change(_ context.Context, id string, change func(*datelinev1.HubSubscription) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id != feedID {
		return websub.ErrUnknown
	}
	if m.broken != nil {
		return m.broken
	}
	after := proto.CloneOf(m.sub)
	if change(proto.CloneOf(m.sub)) && change(after) {
		m.sub = after
	}
	return nil
}

func (m *memory) Deliver(_ context.Context, _ string, d websub.Delivery) error {
	if m.entered != nil {
		m.entered <- struct{}{}
		<-m.release
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return m.broken
	}
	m.deliveries = append(m.deliveries, d)
	return nil
}

// desk is a handler with its subscription and what it counted.
type desk struct {
	*memory
	handler http.Handler
	counts  map[websub.Outcome]int
	failed  []error
}

func newDesk(state, hubURL string) *desk {
	sub := websub.Request(nil, hubURL, self, noon)
	sub.State = state
	if state == websub.Active {
		sub.LeaseUntil = timestamppb.New(noon.Add(day))
	}
	d := &desk{memory: &memory{sub: sub}, counts: map[websub.Outcome]int{}}
	d.handler = websub.NewHandler(d.memory, websub.Options{
		MaxBytes: 1 << 10, Lease: 10 * day, Now: func() time.Time { return noon },
		ValidID: func(id string) bool { return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == "" },
		Count:   func(o websub.Outcome) { d.mu.Lock(); defer d.mu.Unlock(); d.counts[o]++ },
		Failed:  func(_ string, err error) { d.failed = append(d.failed, err) },
	})
	return d
}

func (d *desk) path() string { return "/websub/" + feedID + "/" + websub.Token(d.sub, feedID) }

func (d *desk) do(method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "?" + q.Encode()
}

func verification(mode, topic string, more ...string) string {
	return query(append([]string{"hub.mode", mode, "hub.topic", topic, "hub.challenge", "c-7/x"}, more...)...)
}

func TestVerification(t *testing.T) {
	t.Parallel()
	const wrong = "/websub/f1/0123456789abcdef0123456789abcdef01234567"
	tests := map[string]struct {
		state string
		path  string // empty: its own
		query string
		code  int
		after string
	}{
		"hub-100: asked for":           {websub.Requested, "", verification("subscribe", self, "hub.lease_seconds", "3600"), 200, websub.Active},
		"verified once more":           {websub.Active, "", verification("subscribe", self, "hub.lease_seconds", "3600"), 200, websub.Active},
		"late":                         {websub.Failed, "", verification("subscribe", self), 200, websub.Active},
		"hub-102: extra parameters":    {websub.Requested, "", verification("subscribe", self, "hub.verify_token", "x", "utm_source", "y"), 200, websub.Active},
		"below a proxy's prefix":       {websub.Requested, "/base", verification("subscribe", self), 200, websub.Active},
		"sub-205: another topic":       {websub.Requested, "", verification("subscribe", "https://courier.example/other"), 404, websub.Requested},
		"wrong token":                  {websub.Requested, wrong, verification("subscribe", self), 404, websub.Requested},
		"no token":                     {websub.Requested, "/websub/f1/", verification("subscribe", self), 404, websub.Requested},
		"short token":                  {websub.Requested, "/websub/f1/ab", verification("subscribe", self), 404, websub.Requested},
		"unknown feed":                 {websub.Requested, strings.Replace(wrong, "f1", "f2", 1), verification("subscribe", self), 404, websub.Requested},
		"no id":                        {websub.Requested, strings.Replace(wrong, "f1", "F..>", 1), verification("subscribe", self), 404, websub.Requested},
		"wrong mode":                   {websub.Requested, "", verification("publish", self), 404, websub.Requested},
		"no mode":                      {websub.Requested, "", "", 404, websub.Requested},
		"no challenge":                 {websub.Requested, "", query("hub.mode", "subscribe", "hub.topic", self), 404, websub.Requested},
		"binary challenge":             {websub.Requested, "", query("hub.mode", "subscribe", "hub.topic", self, "hub.challenge", "MZ\x90\x00"), 404, websub.Requested},
		"long challenge":               {websub.Requested, "", query("hub.mode", "subscribe", "hub.topic", self, "hub.challenge", strings.Repeat("c", 4<<10)), 404, websub.Requested},
		"malformed query":              {websub.Requested, "", "?hub.mode=%zz", 404, websub.Requested},
		"denied before":                {websub.Denied, "", verification("subscribe", self), 404, websub.Denied},
		"nobody wants it":              {websub.Ended, "", verification("subscribe", self), 404, websub.Ended},
		"unsubscription not asked for": {websub.Active, "", verification("unsubscribe", self), 404, websub.Active},
		"hub-104: unsubscription":      {websub.Ended, "", verification("unsubscribe", self), 200, websub.Ended},
		"of a callback left":           {websub.Active, wrong, verification("unsubscribe", self), 200, websub.Active},
		"of a feed removed":            {websub.Active, strings.Replace(wrong, "f1", "f2", 1), verification("unsubscribe", self), 200, websub.Active},
		"denied":                       {websub.Requested, "", query("hub.mode", "denied", "hub.topic", self, "hub.reason", "not\r\nfor you"), 200, websub.Denied},
		"denied what was active":       {websub.Active, "", query("hub.mode", "denied", "hub.topic", self), 200, websub.Denied},
		"denied another topic":         {websub.Active, "", query("hub.mode", "denied", "hub.topic", "x"), 404, websub.Active},
		"denied by a stranger":         {websub.Active, wrong, query("hub.mode", "denied", "hub.topic", self), 404, websub.Active},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(test.state, hub)
			path := test.path
			if path == "" || path == "/base" {
				path += d.path()
			}
			w := d.do(http.MethodGet, (&url.URL{Path: path}).EscapedPath()+test.query, "")
			require.Equal(t, test.code, w.Code)
			require.Equal(t, test.after, d.sub.GetState())
			require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
			require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			switch {
			case test.code == 200 && test.after != websub.Denied:
				require.Equal(t, "c-7/x", w.Body.String())
			default:
				require.Empty(t, w.Body.String(), "nothing is echoed")
			}
		})
	}
}

func TestLease(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]time.Duration{
		"3600": time.Hour, "": 10 * day, "0": 10 * day, "-1": 10 * day, "soon": 10 * day, "2000000000": 90 * day, "99999999999999999999": 10 * day,
	} {
		d := newDesk(websub.Requested, hub)
		w := d.do(http.MethodGet, d.path()+verification("subscribe", self, "hub.lease_seconds", given), "")
		require.Equal(t, 200, w.Code, given)
		require.Equal(t, want, d.sub.GetLeaseUntil().AsTime().Sub(noon), given)
	}
	d := newDesk(websub.Requested, hub)
	d.do(http.MethodGet, d.path()+query("hub.mode", "denied", "hub.topic", self, "hub.reason", "not\r\nfor "+strings.Repeat("you", 200)), "")
	require.True(t, strings.HasPrefix(d.sub.GetReason(), "the hub denied it: not for you"), d.sub.GetReason())
	require.Less(t, len(d.sub.GetReason()), 300)
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	const body = "<rss/>"
	type call struct {
		hub, state, path, body string
		header                 func(secret string) []string
		code                   int
		outcome                websub.Outcome
	}
	signed := func(algorithm, of string) func(string) []string {
		return func(secret string) []string { return []string{"X-Hub-Signature", sign(algorithm, secret, []byte(of))} }
	}
	with := func(pairs ...string) func(string) []string { return func(string) []string { return pairs } }
	const plain = "http://hub.example/"
	tests := map[string]call{
		"sub-300: a delivery without a secret": {plain, websub.Active, "", body, with("Content-Type", "application/rss+xml"), 202, websub.Accepted},
		"hub-101: with a secret, sha1":         {hub, websub.Active, "", body, signed("sha1", body), 202, websub.Accepted},
		"sha256":                               {hub, websub.Active, "", body, signed("sha256", body), 202, websub.Accepted},
		"sha384":                               {hub, websub.Active, "", body, signed("sha384", body), 202, websub.Accepted},
		"sha512":                               {hub, websub.Active, "", body, signed("sha512", body), 202, websub.Accepted},
		"hub-105: plain-text topic":            {plain, websub.Active, "", "News at six", with("Content-Type", "text/plain"), 202, websub.Accepted},
		"hub-106: JSON topic":                  {plain, websub.Active, "", `{"items":[]}`, with("Content-Type", "application/json"), 202, websub.Accepted},
		"while it is renewed":                  {hub, websub.Requested, "", body, signed("sha256", body), 202, websub.Accepted},
		"empty":                                {plain, websub.Active, "", "", with(), 202, websub.Accepted},
		"sub-301: a wrong signature":           {hub, websub.Active, "", body, signed("sha256", "other"), 202, websub.Forged},
		"no known algorithm":                   {hub, websub.Active, "", body, with("X-Hub-Signature", "md5=00"), 202, websub.Forged},
		"sub-302: a missing signature":         {hub, websub.Active, "", body, with(), 202, websub.Unsigned},
		"compressed": {hub, websub.Active, "", zipped(body), func(s string) []string {
			return append(signed("sha256", zipped(body))(s), "Content-Encoding", "gzip")
		}, 202, websub.Accepted},
		"signed, then compressed": {hub, websub.Active, "", zipped(body), func(s string) []string {
			return append(signed("sha256", body)(s), "Content-Encoding", "gzip")
		}, 202, websub.Accepted},
		"not what its coding says": {plain, websub.Active, "", body, with("Content-Encoding", "gzip"), 400, websub.Unreadable},
		"unknown coding":           {plain, websub.Active, "", body, with("Content-Encoding", "rot13"), 400, websub.Unreadable},
		"too large":                {plain, websub.Active, "", strings.Repeat("x", 1<<10+1), with(), 413, websub.TooLarge},
		"a bomb":                   {plain, websub.Active, "", zipped(strings.Repeat("x", 1<<20)), with("Content-Encoding", "gzip"), 413, websub.TooLarge},
		"unknown feed":             {hub, websub.Active, "/websub/f2/0123456789abcdef0123456789abcdef01234567", body, with(), 410, websub.Unwanted},
		"wrong token":              {hub, websub.Active, "/websub/f1/0123456789abcdef0123456789abcdef01234567", body, signed("sha1", body), 410, websub.Unwanted},
		"ended":                    {hub, websub.Ended, "", body, signed("sha1", body), 410, websub.Unwanted},
		"denied":                   {hub, websub.Denied, "", body, signed("sha1", body), 410, websub.Unwanted},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(test.state, test.hub)
			path := test.path
			if path == "" {
				path = d.path()
			}
			w := d.do(http.MethodPost, path, test.body, test.header(d.sub.GetSecret())...)
			require.Equal(t, test.code, w.Code)
			require.Empty(t, w.Body.String())
			require.Equal(t, map[websub.Outcome]int{test.outcome: 1}, d.counts)
			if test.outcome != websub.Accepted {
				require.Empty(t, d.deliveries, "it is not processed")
				return
			}
			require.Len(t, d.deliveries, 1)
			if !strings.HasPrefix(test.body, "\x1f\x8b") {
				require.Equal(t, test.body, string(d.deliveries[0].Body))
			} else {
				require.Equal(t, body, string(d.deliveries[0].Body))
			}
		})
	}
}

func TestPatience(t *testing.T) {
	t.Parallel()
	d := newDesk(websub.Active, "http://hub.example/")
	d.broken = errors.New("the stream is full")
	for _, w := range []*httptest.ResponseRecorder{
		d.do(http.MethodPost, d.path(), "<rss/>"), d.do(http.MethodGet, d.path()+verification("subscribe", self), ""),
	} {
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.NotEmpty(t, w.Header().Get("Retry-After"))
		require.Empty(t, w.Body.String())
	}
	require.Len(t, d.failed, 2)
	require.Equal(t, map[websub.Outcome]int{websub.Refused: 1}, d.counts)
	require.Equal(t, http.StatusMethodNotAllowed, d.do(http.MethodPut, d.path(), "").Code)
	require.Equal(t, http.StatusNotFound, d.do(http.MethodGet, "/", "").Code)
}

// As many bodies as there are places for are held at once; the rest come again.
func TestBodiesInHandAreBounded(t *testing.T) {
	t.Parallel()
	const places = 16
	d := newDesk(websub.Active, "http://hub.example/")
	d.entered, d.release = make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for range places {
		wg.Go(func() { d.do(http.MethodPost, d.path(), "<rss/>") })
	}
	for range places {
		<-d.entered
	}
	w := d.do(http.MethodPost, d.path(), "<rss/>")
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	close(d.release)
	wg.Wait()
	require.Len(t, d.deliveries, places)
	require.Equal(t, map[websub.Outcome]int{websub.Accepted: places, websub.Refused: 1}, d.counts)
}
