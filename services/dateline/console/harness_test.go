package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/telemetry"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/console"
)

// patience bounds what a test waits for; it is never waited out.
const patience = 30 * time.Second

// tick is how often a condition is looked at.
const tick = 20 * time.Millisecond

// running is a console that serves on loopback.
type running struct {
	t    *testing.T
	bus  *bus.Bus
	url  string
	http *http.Client
	stop func()
}

// start runs a console and its listener until the test ends.
func start(t *testing.T, b *bus.Bus, metrics prometheus.Gatherer) *running {
	t.Helper()
	return startWith(t, b, metrics, console.Settings{}, "127.0.0.1:0")
}

func startWith(t *testing.T, b *bus.Bus, metrics prometheus.Gatherer, settings console.Settings, listen string) *running {
	t.Helper()
	log := zaptest.NewLogger(t)
	c, err := console.New(b, metrics, settings, log)
	require.NoError(t, err)
	ops := telemetry.NewOps(telemetry.OpsConfig{Addr: listen, Log: log})
	require.NoError(t, ops.Listen())
	require.NoError(t, c.Mount(ops))

	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	for _, run := range []func(context.Context) error{c.Run, ops.Run} {
		go func() { ended <- run(ctx) }()
	}
	transport := &http.Transport{}
	stopped := false
	r := &running{t: t, bus: b, url: "http://" + ops.Addr(), http: &http.Client{Transport: transport}}
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		for range 2 {
			require.NoError(t, <-ended)
		}
		transport.CloseIdleConnections()
	}
	t.Cleanup(r.stop)
	return r
}

func (r *running) get(path string, header ...string) (*http.Response, string) {
	r.t.Helper()
	res := r.do(path, header...)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return res, string(body)
}

func (r *running) do(path string, header ...string) *http.Response {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	r.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, nil)
	require.NoError(r.t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := r.http.Do(req)
	require.NoError(r.t, err)
	return res
}

// message is one server-sent event.
type message struct {
	id, event, data string
}

// stream reads server-sent events until closed.
type stream struct {
	t       *testing.T
	res     *http.Response
	scanner *bufio.Scanner
}

func (r *running) open(lastEventID string) *stream {
	r.t.Helper()
	res := r.do("/api/stream", "Last-Event-ID", lastEventID)
	r.t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(r.t, http.StatusOK, res.StatusCode)
	require.Equal(r.t, "text/event-stream", res.Header.Get("Content-Type"))
	scanner := bufio.NewScanner(res.Body)
	scanner.Buffer(nil, 1<<20)
	return &stream{t: r.t, res: res, scanner: scanner}
}

// next returns the next event with a name; false at the end of the stream.
func (s *stream) next(event string) (message, bool) {
	var m message
	for s.scanner.Scan() {
		name, value, _ := strings.Cut(s.scanner.Text(), ": ")
		switch name {
		case "id":
			m.id = value
		case "event":
			m.event = value
		case "data":
			m.data = value
		case "":
			if m.event == event {
				return m, true
			}
			m = message{}
		}
	}
	return m, false
}

func (s *stream) article() (id string, article map[string]any) {
	s.t.Helper()
	m, ok := s.next("article")
	require.True(s.t, ok, "the stream ended: %v", s.scanner.Err())
	require.NoError(s.t, json.Unmarshal([]byte(m.data), &article))
	return m.id, article
}

// flow returns the next snapshot that fits.
func (s *stream) flow(fits func(flow map[string]any) bool) map[string]any {
	s.t.Helper()
	for {
		m, ok := s.next("flow")
		require.True(s.t, ok, "the stream ended: %v", s.scanner.Err())
		var flow map[string]any
		require.NoError(s.t, json.Unmarshal([]byte(m.data), &flow))
		if fits(flow) {
			return flow
		}
	}
}

// publish puts articles into the stream of events as the enricher does, and
// returns the last sequence.
func publish(t *testing.T, b *bus.Bus, format bus.Format, articles ...*datelinev1.Article) uint64 {
	t.Helper()
	var last uint64
	for _, a := range articles {
		msg, err := bus.Encode(topology.ArticleEnriched(a.GetEnrichment().GetLanguage().GetCode(), "", a.GetId()), a, format)
		require.NoError(t, err)
		ack, err := b.JS.PublishMsg(t.Context(), msg)
		require.NoError(t, err)
		last = ack.Sequence
	}
	return last
}

func plain(id, headline string) *datelinev1.Article {
	return &datelinev1.Article{
		Id: id, Revision: 1, FirstSeenAt: timestamppb.Now(),
		Document:   &datelinev1.Document{Headline: headline, SiteName: "The Harbour Courier", Text: headline + ".", WordCount: 3, PageType: "article"},
		Enrichment: &datelinev1.Enrichment{Language: &datelinev1.Language{Code: "en"}},
	}
}

// hostile is an article whose text tries to be more than text, with an emoji
// beyond U+FFFF before every span.
func hostile() *datelinev1.Article {
	text := "🦀 LIMA, 3 May — <img src=x onerror=alert(1)> said \u202egnihton\u202c.\n\n</script><script>alert(2)</script>"
	return &datelinev1.Article{
		Id: "hostile1", Revision: 2, FirstSeenAt: timestamppb.Now(),
		Source: &datelinev1.Source{FeedTitle: "<b>feed</b>", Entry: &datelinev1.Entry{Content: "<script>alert(3)</script>"}},
		Document: &datelinev1.Document{
			Headline:     "<img src=x onerror=alert(1)> \u202egnikaerb",
			CanonicalUrl: "javascript:alert(4)", Text: text, WordCount: 9,
			Origins: map[string]*datelinev1.Origin{"headline": {Source: "jsonld", Confidence: 0.9}},
		},
		Enrichment: &datelinev1.Enrichment{
			Language: &datelinev1.Language{Code: "es", Confidence: 0.8},
			Dateline: &datelinev1.Dateline{Located: "LIMA", CountryCode: "PE", Span: &datelinev1.Span{Start: 2, End: 16}},
			Quotes:   []*datelinev1.Quote{{Text: "<img src=x onerror=alert(1)>", Speaker: "\"onmouseover=alert(5)", Span: &datelinev1.Span{Start: 16, End: 44}}},
		},
		Trail: []*datelinev1.Stamp{{Stage: "parser", StartedAt: timestamppb.Now(), Took: durationpb.New(time.Millisecond), Attempt: 1}},
	}
}
