package up_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/up"
	"github.com/dateline-news/dateline/services/dateline/view"
)

// ledger is what is known of feeds and events, as it comes.
type ledger struct {
	mu      sync.Mutex
	feeds   map[string]*datelinev1.FeedRecord
	events  []client.Event
	changed chan struct{}
}

func newLedger() *ledger {
	return &ledger{feeds: map[string]*datelinev1.FeedRecord{}, changed: make(chan struct{}, 1)}
}

func (l *ledger) enter(change func()) {
	l.mu.Lock()
	change()
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// await waits until what is known is enough.
func (l *ledger) await(ctx context.Context, what string, enough func() bool) error {
	for {
		l.mu.Lock()
		done := enough()
		l.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-l.changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		}
	}
}

// follow enters what happens until ctx ends.
func (l *ledger) follow(ctx context.Context, b *bus.Bus) error {
	records, err := bus.OpenStore[datelinev1.FeedRecord](ctx, b.JS, topology.BucketFeeds)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		err := records.Follow(ctx, func(e bus.Entry[*datelinev1.FeedRecord]) error {
			l.enter(func() { l.feeds[e.Message.GetFeed().GetUrl()] = e.Message })
			return e.Err
		}, func() error { return nil })
		if ctx.Err() != nil {
			return nil
		}
		return err
	})
	group.Go(func() error {
		return client.New(b).Events(ctx, client.EventOptions{Since: time.Hour}, func(e client.Event) error {
			l.enter(func() { l.events = append(l.events, e) })
			return nil
		})
	})
	return group.Wait()
}

// attack is a Dateline among hostile origins.
type attack struct {
	t       *testing.T
	traps   *trapSite
	healthy *httptest.Server
	client  *client.Client
	*ledger
}

// control submits a feed of the healthy site, whose one article has to come out.
func (a *attack) control(ctx context.Context, name string) error {
	_, err := a.client.SubmitFeed(ctx, &datelinev1.Feed{Url: a.healthy.URL + "/feed/" + name})
	return err
}

// came says whether a control's article came out.
func (a *attack) came(name string) bool {
	for _, e := range a.events {
		if e.GetFetch().GetUrl() == a.healthy.URL+"/page/"+name {
			return true
		}
	}
	return false
}

// spring submits all traps of a kind, and a control; it waits until each was polled, and
// the control's article is there.
func (a *attack) spring(ctx context.Context, kind string) error {
	var urls []string
	for _, r := range a.traps.traps {
		if r.kind == kind {
			urls = append(urls, a.traps.URL+r.path())
		}
	}
	if kind == "html" {
		urls = append(urls, a.healthy.URL+"/leads")
	}
	for _, url := range urls {
		if _, err := a.client.SubmitFeed(ctx, &datelinev1.Feed{Url: url}); err != nil {
			return err
		}
	}
	if err := a.control(ctx, kind); err != nil {
		return err
	}
	if err := a.await(ctx, "the control beside "+kind, func() bool { return a.came(kind) }); err != nil {
		return err
	}
	return a.await(ctx, "the polls of "+kind, func() bool {
		for _, url := range urls {
			if a.feeds[url].GetPoll().GetPolls() == 0 {
				return false
			}
		}
		return true
	})
}

// newHealthySite serves controls, and a feed whose articles are hostile pages.
func newHealthySite(t *testing.T, traps *trapSite) *httptest.Server {
	var self *httptest.Server
	self = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch kind, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); kind {
		case "feed":
			answering(feedType, channel("Gannet Post", entry{title: "Lit again: " + name, link: self.URL + "/page/" + name}))(w, r)
		case "page":
			var text strings.Builder
			for _, sentence := range strings.SplitAfter(paragraphs, ". ") {
				text.WriteString("<p>" + sentence)
			}
			answering("text/html", "<title>Lit again: "+name+"</title><article><h1>Lit again: "+name+"</h1>"+text.String()+"</article>")(w, r)
		case "leads":
			var entries []entry
			for _, r := range traps.traps {
				if r.kind == "html" || r.kind == "bomb" || r.kind == "redirect" {
					entries = append(entries, entry{title: r.name, link: traps.URL + r.path() + "?page"})
				}
			}
			answering(feedType, channel("Gannet Post", entries...))(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(self.Close)
	return self
}

// TestHostileOrigins has a whole Dateline read feeds and pages that are made to harm it.
// Each has to come to what is expected of it, and between them Dateline has to do its
// work; nothing that they say may forge a log line, a metric, a header or a subject.
func TestHostileOrigins(t *testing.T) {
	traps := newTrapSite(t)
	healthy := newHealthySite(t, traps)
	cfg := testConfig(t, t.TempDir(), freeAddr(t))
	cfg.NATS.Listen, cfg.Telemetry.LogLevel = freeAddr(t), "debug"
	cfg.Enrich.Languages = []string{"en"}
	f := &cfg.Fetch.Fetcher
	f.AllowHosts = []string{traps.host(), healthy.Listener.Addr().String()}
	// Each trap is a host of its own, so that those that ask for a pause hold up no other.
	f.BridgeHosts = []string{traps.host()}
	f.HostDelay, f.HostConnections, f.Timeout, f.MaxBytes = 0, 0, 2*time.Second, 1<<20

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var log, out transcript
	a := &attack{t: t, traps: traps, healthy: healthy, ledger: newLedger()}
	traps.seen = func() { a.enter(func() {}) }
	err := up.Run(ctx, cfg, up.Options{Out: &out, Err: &log, Attach: func(ctx context.Context, c *client.Client, metrics prometheus.Gatherer) error {
		b, err := bus.Connect("test", bus.Config{URL: "nats://" + cfg.NATS.Listen}, zap.NewNop())
		if err != nil {
			return err
		}
		defer b.Conn.Close()
		a.client = c
		ctx, cancel := context.WithCancel(ctx)
		following := make(chan error, 1)
		go func() { following <- a.follow(ctx, b) }()
		err = a.all(ctx, metrics)
		cancel()
		return errors.Join(err, <-following)
	}})
	require.NoError(t, err)
	a.check()
	checkLog(t, log.String())
}

// all springs all traps, kind by kind, and those that talk a second time.
func (a *attack) all(ctx context.Context, metrics prometheus.Gatherer) error {
	for _, kind := range a.traps.kinds() {
		if err := a.spring(ctx, kind); err != nil {
			return err
		}
	}
	err := a.await(ctx, "the hostile pages", func() bool {
		for _, r := range a.traps.traps {
			if r.kind == "html" && a.traps.visits(r.path()) < 2 {
				return false
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	before := series(a.t, metrics)
	for n := range 20 {
		if err := a.control(ctx, fmt.Sprintf("x%d\"} 1 spoofed_total{", n)); err != nil {
			return err
		}
	}
	if err := a.control(ctx, "last"); err != nil {
		return err
	}
	err = a.await(ctx, "the last control", func() bool { return a.came("last") })
	assert.Equal(a.t, before, series(a.t, metrics), "no more series for more titles")
	return err
}

// series are the series of a registry, by name and labels, without histograms' buckets and
// without repeats: for which of its reasons a page waits is a matter of the moment.
func series(t *testing.T, metrics prometheus.Gatherer) []string {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	var all []string
	for _, family := range families {
		for _, m := range family.GetMetric() {
			line := family.GetName()
			for _, label := range m.GetLabel() {
				line += " " + label.GetName() + "=" + label.GetValue()
				assert.NotContains(t, label.GetValue(), "127.0.0.1", line)
				assert.NotContains(t, strings.ToLower(label.GetValue()), "spoofed", line)
			}
			if !strings.Contains(line, " outcome=retried ") {
				all = append(all, line)
			}
		}
	}
	return all
}

// check holds feeds and events to what is expected.
func (a *attack) check() {
	for _, r := range a.traps.traps {
		poll := a.feeds[a.traps.URL+r.path()].GetPoll()
		assert.EqualValues(a.t, 1, poll.GetPolls(), r.path())
		if r.state != "" {
			assert.Equal(a.t, r.state, poll.GetState(), "%s: %s", r.path(), poll.GetReason())
		}
		assert.Contains(a.t, poll.GetReason()+" "+poll.GetLastError(), r.says, r.path())
		if r.kind == "address" {
			assert.Regexp(a.t, "refused to fetch from|not a URL", poll.GetLastError(), r.path())
		}
		if r.kind != "redirect" && r.kind != "html" && r.kind != "bomb" {
			// A connection kept open from another trap and closed without an answer may
			// have been closed before the request came: net/http asks once more (RFC
			// 9112, section 9.3.1), for as many as were kept open meanwhile.
			if r.path() == "/net/reset" {
				assert.Positive(a.t, a.traps.visits(r.path()))
				continue
			}
			assert.Equal(a.t, 1, a.traps.visits(r.path()), "%s is asked for once", r.path())
		}
	}
	assert.Zero(a.t, a.traps.sang.Load(), "the canary was reached")
	schema := articleSchema(a.t)
	for _, e := range a.events {
		checkSchema(a.t, schema, e.Article)
		event, err := view.JSON(e.Article)
		require.NoError(a.t, err)
		for _, r := range string(event) {
			require.False(a.t, unicode.IsControl(r), "%s: %q", e.GetSource().GetFeedUrl(), r)
		}
		require.Len(a.t, strings.Split(e.Subject, "."), 5, e.Subject)
		for name, values := range e.Header {
			require.Len(a.t, values, 1, name)
			require.NotContains(a.t, strings.ToLower(name), "spoofed")
			require.False(a.t, strings.ContainsFunc(values[0], unicode.IsControl), "%s: %q", name, values)
		}
		require.NotContains(a.t, e.GetDocument().GetText(), "hahaha")
		require.NotContains(a.t, strings.ToLower(e.GetFetch().GetUrl()), "script:")
		if at := e.GetDocument().GetPublishedAt(); at != nil {
			require.Less(a.t, at.AsTime().Year(), time.Now().Year()+2)
		}
	}
}

// checkLog wants one JSON object a line, with nothing in it that moves a terminal.
func checkLog(t *testing.T, log string) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(log))
	lines.Buffer(nil, 16<<20)
	n := 0
	for ; lines.Scan(); n++ {
		var object map[string]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &object), "%q", lines.Text())
		require.NotEqual(t, "spoofed", object["message"])
		for _, r := range lines.Text() {
			bidi := r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
			require.False(t, unicode.IsControl(r) || bidi, "%q in %s", r, lines.Text())
		}
	}
	require.NoError(t, lines.Err())
	require.Greater(t, n, 100)
}
