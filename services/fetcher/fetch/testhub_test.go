package fetch_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// hub is a WebSub hub. It verifies before it answers, which subscribers must bear.
type hub struct {
	*httptest.Server
	client *http.Client

	mu sync.Mutex
	// asked are the forms that it was sent.
	asked []url.Values
	// verified are the subscriptions by callback.
	verified map[string]url.Values
	// lease is what it grants, in seconds; what was asked for if empty.
	lease string
	// topic is what it verifies in place of the topic asked for, if not empty.
	topic string
	// answer, if not nil, may answer in its place.
	answer func(w http.ResponseWriter, form url.Values) bool
}

func newHub(t testing.TB, secure bool) *hub {
	h := &hub{verified: map[string]url.Values{}}
	serve := httptest.NewServer
	if secure {
		serve = httptest.NewTLSServer
	}
	h.Server = serve(http.HandlerFunc(h.serve))
	h.client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	t.Cleanup(h.Close)
	return h
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	if code, ok := map[string]int{"/301": 301, "/302": 302, "/307": 307, "/308": 308}[r.URL.Path]; ok {
		http.Redirect(w, r, "/", code)
		return
	}
	_ = r.ParseForm()
	form := maps.Clone(r.PostForm)
	h.mu.Lock()
	h.asked = append(h.asked, form)
	answer := h.answer
	h.mu.Unlock()
	if answer != nil && answer(w, form) {
		return
	}
	if form.Get("hub.callback") == "" || form.Get("hub.topic") == "" {
		http.Error(w, "hub.callback and hub.topic are required", http.StatusBadRequest)
		return
	}
	h.verify(form)
	w.WriteHeader(http.StatusAccepted)
}

// verify asks the callback whether it agrees, and says whether it does.
func (h *hub) verify(form url.Values) bool {
	h.mu.Lock()
	topic, lease := form.Get("hub.topic"), form.Get("hub.lease_seconds")
	if h.topic != "" {
		topic = h.topic
	}
	if h.lease != "" {
		lease = h.lease
	}
	h.mu.Unlock()
	q := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {topic}, "hub.challenge": {"challenge-8"}, "hub.lease_seconds": {lease}}
	resp, err := h.client.Get(form.Get("hub.callback") + "?" + q.Encode())
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	echo, _ := io.ReadAll(resp.Body)
	agreed := resp.StatusCode == http.StatusOK && string(echo) == "challenge-8"
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case agreed && form.Get("hub.mode") == "subscribe":
		h.verified[form.Get("hub.callback")] = form
	case agreed:
		delete(h.verified, form.Get("hub.callback"))
	}
	return agreed
}

// deny tells a callback that it gets nothing.
func (h *hub) deny(t testing.TB, form url.Values, reason string) int {
	q := url.Values{"hub.mode": {"denied"}, "hub.topic": {form.Get("hub.topic")}, "hub.reason": {reason}}
	resp, err := h.client.Get(form.Get("hub.callback") + "?" + q.Encode())
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// forms are those that were sent with a mode.
func (h *hub) forms(mode string) []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []url.Values
	for _, form := range h.asked {
		if form.Get("hub.mode") == mode {
			out = append(out, form)
		}
	}
	return out
}

// holds is how many subscriptions it holds.
func (h *hub) holds() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.verified)
}

// only gives the one subscription that it holds.
func (h *hub) only(t testing.TB) url.Values {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	require.Len(t, h.verified, 1)
	for _, form := range h.verified {
		return form
	}
	return nil
}

var signatures = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// deliver distributes a document, signed as the algorithm says, and gives the status of
// the answer.
func (h *hub) deliver(t testing.TB, form url.Values, contentType, document, algorithm string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, form.Get("hub.callback"), bytes.NewReader([]byte(document)))
	require.NoError(t, err)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Link", fmt.Sprintf(`<%s/>; rel="hub", <%s>; rel="self"`, h.URL, form.Get("hub.topic")))
	if algorithm != "" {
		mac := hmac.New(signatures[algorithm], []byte(form.Get("hub.secret")))
		mac.Write([]byte(document))
		req.Header.Set("X-Hub-Signature", algorithm+"="+hex.EncodeToString(mac.Sum(nil)))
	}
	resp, err := h.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// hubSim is a sim with a hub that can reach it.
type hubSim struct {
	*sim
	origin *site
	hub    *hub

	mu sync.Mutex
	// queue are the messages on their way to the stage that takes deliveries.
	queue []stage.Raw
	full  bool
	// failed are the verdicts of what was not taken.
	failed []error
}

func newHubSim(t *testing.T, secure bool, settings ...setting) *hubSim {
	t.Helper()
	s := &hubSim{hub: newHub(t, secure)}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Callbacks().ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	hubHost := s.hub.Listener.Addr().String()
	settings = append(settings, func(c *fetch.Config, d *fetch.Deps) {
		c.WebSubURL, c.WebSubLease = front.URL+"/base/", 10*day
		c.AllowHosts = append(c.AllowHosts, hubHost)
		d.Publish = s.publish
	})
	s.sim = newSim(t, settings...)
	s.origin = s.site()
	if secure {
		pool := x509.NewCertPool()
		pool.AddCert(s.hub.Certificate())
		s.Trust(pool, hubHost, strings.TrimPrefix(s.origin.URL, "http://"))
	}
	return s
}

// publish is the bus, for what is no stage's output.
func (s *hubSim) publish(_ context.Context, msg *nats.Msg) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return fmt.Errorf("publish on %s: %w", msg.Subject, nats.ErrMaxPayload)
	}
	s.queue = append(s.queue, stage.Raw{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
	return nil
}

// settle takes what waits: requests to hubs, deliveries and schedules.
func (s *hubSim) settle() {
	t := s.t
	t.Helper()
	for {
		for _, out := range s.others {
			msg, err := out.Encode()
			require.NoError(t, err)
			require.NoError(t, s.publish(t.Context(), msg))
		}
		s.others = nil
		s.mu.Lock()
		queue := s.queue
		s.queue = nil
		s.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, raw := range queue {
			s.takeOne(raw)
		}
	}
}

func (s *hubSim) takeOne(raw stage.Raw) {
	t := s.t
	t.Helper()
	if id, ok := strings.CutPrefix(raw.Subject, topology.FeedSchedule("")); ok {
		at, err := time.Parse(time.RFC3339Nano, strings.TrimPrefix(raw.Header.Get("Nats-Schedule"), "@at "))
		require.NoError(t, err)
		s.due[id] = stage.Out{At: at, Message: &datelinev1.Feed{Id: id}}
		return
	}
	for attempt := 1; ; attempt++ {
		outs, err := s.Deliver(stage.WithDelivery(t.Context(), stage.Delivery{Stage: "test", Attempt: attempt, Stored: s.now(), Started: s.now()}), raw)
		if stage.VerdictOf(err) == stage.VerdictRetry {
			require.Less(t, attempt, 5, "it gives up by itself: %v", err)
			continue
		}
		if err != nil {
			s.failed = append(s.failed, err)
		}
		s.apply(outs)
		return
	}
}

// feed serves a feed that names the hub, and itself, and follows it.
func (s *hubSim) feed(path string, items ...string) string {
	s.t.Helper()
	s.origin.serve(path, body(rssType, s.document(s.origin.URL+path, items...)))
	return s.polledOnce(s.origin.URL + path)
}

// polledOnce follows a feed, polls it and has done what follows.
func (s *hubSim) polledOnce(url string) string {
	s.t.Helper()
	id := s.follow(&datelinev1.Feed{Url: url})
	s.fire(id)
	s.settle()
	return id
}

// document is a feed that names the hub.
func (s *hubSim) document(self string, items ...string) string {
	return rss(append([]string{advertised(s.hub.URL+"/", self)}, items...)...)
}

func advertised(hub, self string) string {
	out := `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="` + hub + `"/>`
	if self != "" {
		out += `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="` + self + `"/>`
	}
	return out
}

// sub is what the registry holds of a feed's subscription.
func (s *hubSim) sub(id string) *datelinev1.HubSubscription {
	s.t.Helper()
	return s.record(s.t, id).GetHub()
}
