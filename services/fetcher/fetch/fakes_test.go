package fetch_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is a bucket in memory.
type store[M proto.Message] struct {
	mu        sync.Mutex
	entries   map[string]M
	revisions map[string]uint64
	last      uint64
	// corrupt are the keys of entries that cannot be decoded.
	corrupt []string
	// changes are what Follow sees when it has caught up.
	changes []bus.Entry[M]
	// written, if not nil, sees every write.
	written func(key string, m M)
}

func newStore[M proto.Message]() *store[M] {
	return &store[M]{entries: map[string]M{}, revisions: map[string]uint64{}}
}

func (s *store[M]) Get(_ context.Context, key string) (m M, revision uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	have, ok := s.entries[key]
	if !ok {
		return m, 0, bus.ErrNotFound
	}
	return proto.CloneOf(have), s.revisions[key], nil
}

func (s *store[M]) Put(_ context.Context, key string, m M, revision uint64) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.revisions[key] != revision {
		return 0, bus.ErrConflict
	}
	s.last++
	s.entries[key], s.revisions[key] = proto.CloneOf(m), s.last
	if s.written != nil {
		s.written(key, m)
	}
	return s.last, nil
}

func (s *store[M]) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.entries, key)
	delete(s.revisions, key)
	return nil
}

func (s *store[M]) Each(_ context.Context, fn func(string, M) error) error {
	s.mu.Lock()
	entries := maps.Clone(s.entries)
	s.mu.Unlock()
	for key, m := range entries {
		if err := fn(key, proto.CloneOf(m)); err != nil {
			return err
		}
	}
	return nil
}

// Follow sees the changes that it was given, and ends.
func (s *store[M]) Follow(ctx context.Context, fn func(bus.Entry[M]) error, caughtUp func() error) error {
	s.mu.Lock()
	corrupt := slices.Clone(s.corrupt)
	s.mu.Unlock()
	for _, key := range corrupt {
		if err := fn(bus.Entry[M]{Key: key, Err: bus.ErrCorrupt}); err != nil {
			return err
		}
	}
	if err := s.Each(ctx, func(key string, m M) error { return fn(bus.Entry[M]{Key: key, Message: m}) }); err != nil {
		return err
	}
	if err := caughtUp(); err != nil {
		return err
	}
	for _, e := range s.changes {
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *store[M]) Subject(key string) string { return "$KV.feeds." + key }

// polls are the messages of the stream of schedules.
type polls struct {
	mu       sync.Mutex
	subjects map[string]struct{}
}

func (p *polls) set(subjects ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subjects = map[string]struct{}{}
	for _, s := range subjects {
		p.subjects[s] = struct{}{}
	}
}

func (p *polls) Has(_ context.Context, subject string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.subjects[subject]
	return ok, nil
}

func (p *polls) Count(context.Context) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.subjects), nil
}

func (p *polls) Subjects(context.Context) (map[string]struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.subjects), nil
}

// seen is a seen-set in memory.
type seen struct {
	mu      sync.Mutex
	entries map[string]fetch.Known
	last    uint64
	// before, if not nil, is called before the next Mark.
	before func()
	visits map[string]visited
}

// visited is an entry of the seen-set that remembers a visit.
type visited struct {
	visit    *datelinev1.Visit
	sequence uint64
}

func (s *seen) Visit(_ context.Context, articleID string) (*datelinev1.Visit, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.visits[articleID].visit, s.visits[articleID].sequence, nil
}

func (s *seen) Last(_ context.Context, subject string) (fetch.Known, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[subject], nil
}

func (s *seen) Mark(_ context.Context, subject string, after uint64, owner string, article *datelinev1.Article) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[subject].Sequence != after {
		return bus.ErrConflict
	}
	s.last++
	s.entries[subject] = fetch.Known{Article: proto.CloneOf(article), Sequence: s.last, Owner: owner}
	return nil
}

// find enters an article that a feed brought.
func (s *seen) find(out stage.Out) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.entries[out.Subject] = fetch.Known{Article: out.Message.(*datelinev1.Article), Sequence: s.last}
}

// world is a Fetcher with fakes for all that it reaches but HTTP.
type world struct {
	*fetch.Fetcher
	feeds *store[*datelinev1.FeedRecord]
	slots *store[*datelinev1.HostBudget]
	polls *polls
	seen  *seen
	logs  *observer.ObservedLogs

	mu       sync.Mutex
	receipts []*datelinev1.Receipt
}

// setting changes a world's configuration.
type setting func(*fetch.Config, *fetch.Deps)

func newWorld(t testing.TB, settings ...setting) *world {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	w := &world{
		feeds: newStore[*datelinev1.FeedRecord](), slots: newStore[*datelinev1.HostBudget](),
		polls: &polls{}, seen: &seen{entries: map[string]fetch.Known{}}, logs: logs,
	}
	deps := fetch.Deps{
		Feeds: w.feeds, Slots: w.slots, Polls: w.polls, Seen: w.seen, Log: zap.New(core),
		Answer: func(header nats.Header, m proto.Message) error {
			if header.Get(bus.HeaderReply) == "" {
				return nil
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.receipts = append(w.receipts, m.(*datelinev1.Receipt))
			return nil
		},
	}
	cfg := testConfig()
	for _, s := range settings {
		s(&cfg, &deps)
	}
	f, err := fetch.New(cfg, deps)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	w.Fetcher = f
	return w
}

func testConfig() fetch.Config {
	return fetch.Config{
		Timeout: 10 * time.Second, MaxBytes: 1 << 20, MinInterval: 5 * time.Minute, MaxInterval: 24 * time.Hour, Workers: 8,
	}
}

// at allows requests to an origin.
func at(o *origin) setting {
	return func(c *fetch.Config, _ *fetch.Deps) { c.AllowHosts = append(c.AllowHosts, o.host) }
}

func withRobots(c *fetch.Config, _ *fetch.Deps) { c.Robots = true }

func withDelay(d time.Duration) setting {
	return func(c *fetch.Config, _ *fetch.Deps) { c.HostDelay = d }
}

// stopped stops the clock, so that waits can be told to the second on any machine.
func stopped(now time.Time) setting {
	return func(_ *fetch.Config, d *fetch.Deps) { d.Now = func() time.Time { return now } }
}

func (w *world) receipt(t *testing.T) *datelinev1.Receipt {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.NotEmpty(t, w.receipts, "the submitter got no answer")
	return w.receipts[len(w.receipts)-1]
}

// logged is all that was logged, as text.
func (w *world) logged() string {
	var b strings.Builder
	for _, e := range w.logs.All() {
		fmt.Fprintln(&b, e.Level, e.Message, e.ContextMap())
	}
	return b.String()
}

// delivery is the context of a message's delivery.
func delivery(t testing.TB, sequence uint64) context.Context {
	now := time.Now()
	return stage.WithDelivery(t.Context(), stage.Delivery{
		Stage: "test", Attempt: 1, Stored: now, Started: now, Sequence: sequence,
	})
}

// inbox is a header that asks for an answer.
func inbox(pairs ...string) nats.Header {
	h := nats.Header{}
	h.Set(bus.HeaderReply, "_INBOX_test.1")
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// origin is a web server that logs what it is asked.
type origin struct {
	*httptest.Server
	host string

	mu       sync.Mutex
	requests []request
	pages    map[string]http.HandlerFunc
}

type request struct {
	at     time.Time
	path   string
	header http.Header
}

func newOrigin(t testing.TB) *origin {
	o := &origin{pages: map[string]http.HandlerFunc{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.requests = append(o.requests, request{at: time.Now(), path: r.URL.RequestURI(), header: r.Header.Clone()})
		page := o.pages[r.URL.Path]
		o.mu.Unlock()
		if page == nil {
			http.NotFound(w, r)
			return
		}
		page(w, r)
	}))
	o.host = strings.TrimPrefix(o.URL, "http://")
	t.Cleanup(o.Close)
	return o
}

// serve puts a page on the origin.
func (o *origin) serve(path string, page http.HandlerFunc) *origin {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[path] = page
	return o
}

// log is what the origin was asked, robots.txt aside.
func (o *origin) log() []request {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []request
	for _, r := range o.requests {
		if r.path != "/robots.txt" {
			out = append(out, r)
		}
	}
	return out
}

func (o *origin) all() []request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]request(nil), o.requests...)
}

func body(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		fmt.Fprint(w, text)
	}
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

const harbour = `<!doctype html><title>Harbour reopens</title><article><h1>Harbour reopens after the storm</h1>
<p>The harbour of Vessmouth reopened on Tuesday, two days after a storm tore the northern breakwater.</p>
<p>"We have shelter for forty boats again," said the harbour master, Ilse Brandt.</p></article>`

// rss is a feed of items.
func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Vessmouth Courier</title><link>https://courier.example/</link>
<description>News of the coast</description>` + strings.Join(items, "\n") + `</channel></rss>`
}

func item(link, guid, title, text string) string {
	if link != "" {
		link = "<link>" + link + "</link>"
	}
	return "<item><title>" + title + "</title>" + link + "<guid isPermaLink=\"false\">" + guid + "</guid><description>" + text + "</description></item>"
}

// longAgo has all visits made long ago, so that a feed may ask for another one.
type longAgo struct{ fetch.Seen }

func (l longAgo) Visit(ctx context.Context, articleID string) (*datelinev1.Visit, uint64, error) {
	visit, sequence, err := l.Seen.Visit(ctx, articleID)
	if visit != nil {
		visit.FetchedAt = timestamppb.New(visit.GetFetchedAt().AsTime().Add(-24 * time.Hour))
	}
	return visit, sequence, err
}
