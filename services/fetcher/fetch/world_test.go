package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

// A sim is a world in virtual time: feeds are submitted, polled when their schedules
// fall due and scheduled anew, for days on end within a moment, while real web servers
// log what they are asked, and when.
//
//	s := newSim(t)
//	o := s.site().serve("/feed", page)
//	id := s.follow(&datelinev1.Feed{Url: o.URL + "/feed"})
//	s.run(3 * day)
//	... o.asked("/feed"), s.state(id), s.found
//
// A sim is used by one goroutine.
type sim struct {
	*world
	*clock
	t        *testing.T
	settings []setting
	// due are the scheduled polls, by feed.
	due map[string]stage.Out
	// found are the articles that were new to the seen-set.
	found []*datelinev1.Article
	// others are what polls gave beside articles, records and schedules.
	others []stage.Out
}

const day = 24 * time.Hour

// clock is the time of a sim.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// sleep lets time pass in which nothing is done.
func (c *clock) sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// newSim makes a sim, on a Thursday morning.
func newSim(t *testing.T, settings ...setting) *sim {
	t.Helper()
	s := &sim{
		clock: &clock{at: time.Date(2025, 6, 5, 6, 0, 0, 0, time.UTC)}, t: t, settings: settings, due: map[string]stage.Out{},
	}
	s.settings = append(s.settings, func(c *fetch.Config, d *fetch.Deps) {
		if c.FullInterval == 0 {
			c.FullInterval = time.Hour
		}
		d.Now = s.now
	})
	s.world = newWorld(t, s.settings...)
	return s
}

// restart puts a new process in place of the present one. What is on the bus stays.
func (s *sim) restart() {
	old := s.world
	keep := func(_ *fetch.Config, d *fetch.Deps) {
		d.Feeds, d.Slots, d.Polls, d.Seen = old.feeds, old.slots, old.polls, old.seen
	}
	s.world = newWorld(s.t, append(s.settings[:len(s.settings):len(s.settings)], keep)...)
	s.feeds, s.slots, s.polls, s.seen = old.feeds, old.slots, old.polls, old.seen
}

// site opens a web server that may be asked.
func (s *sim) site() *site {
	o := &site{clock: s.clock, pages: map[string]http.HandlerFunc{}}
	o.Server = httptest.NewServer(http.HandlerFunc(o.answer))
	s.t.Cleanup(o.Close)
	s.settings = append(s.settings, func(c *fetch.Config, _ *fetch.Deps) {
		c.AllowHosts = append(c.AllowHosts, strings.TrimPrefix(o.URL, "http://"))
	})
	s.restart()
	return o
}

// follow submits a feed and gives its id.
func (s *sim) follow(feed *datelinev1.Feed) string {
	s.t.Helper()
	outs, err := s.Register(s.delivery(), submission(inbox(bus.HeaderContentType, bus.TypeProtobuf), encoded(s.t, feed)))
	require.NoError(s.t, err)
	s.apply(outs)
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	return s.receipts[len(s.receipts)-1].GetId()
}

// run does what falls due within a time, each at its time.
func (s *sim) run(d time.Duration) {
	s.t.Helper()
	end := s.now().Add(d)
	for {
		id, at := s.next()
		if id == "" || at.After(end) {
			break
		}
		s.fire(id)
	}
	s.sleep(max(0, end.Sub(s.now())))
}

// poll does the next n polls, whenever they are due.
func (s *sim) poll(n int) {
	s.t.Helper()
	for range n {
		id, _ := s.next()
		require.NotEmpty(s.t, id, "no poll is scheduled")
		s.fire(id)
	}
}

// next gives the poll that is due first; empty if there is none.
func (s *sim) next() (id string, at time.Time) {
	for other, out := range s.due {
		if id == "" || out.At.Before(at) || out.At.Equal(at) && other < id {
			id, at = other, out.At
		}
	}
	return id, at
}

// fire makes a scheduled poll.
func (s *sim) fire(id string) {
	s.t.Helper()
	out := s.due[id]
	delete(s.due, id)
	s.sleep(max(0, out.At.Sub(s.now())))
	header := nats.Header{}
	for name, value := range out.Header {
		header.Set(name, value)
	}
	outs, err := s.Poll(s.delivery(), due(s.t, id, header))
	switch stage.VerdictOf(err) {
	case stage.VerdictOK, stage.VerdictDeferred, stage.VerdictDropped:
	default:
		require.NoError(s.t, err)
	}
	s.apply(outs)
}

// apply does with a handler's output what the runner and the server would.
func (s *sim) apply(outs []stage.Out) {
	s.t.Helper()
	for _, out := range outs {
		switch {
		case out.Subject == topology.SubjectFeedSubmit:
			s.follow(out.Message.(*datelinev1.Feed))
		case strings.HasPrefix(out.Subject, "feeds.schedule."):
			s.due[out.Message.(*datelinev1.Feed).GetId()] = out
		case strings.HasPrefix(out.Subject, s.feeds.Subject("")):
			record := out.Message.(*datelinev1.FeedRecord)
			_, err := s.feeds.Put(s.t.Context(), record.GetFeed().GetId(), record, *out.Expect)
			require.NoError(s.t, err)
		case strings.HasPrefix(out.Subject, "articles.found."):
			if known, _ := s.seen.Last(s.t.Context(), out.Subject); known.Article == nil {
				s.seen.find(out)
				s.found = append(s.found, out.Message.(*datelinev1.Article))
			}
		default:
			s.others = append(s.others, out)
		}
	}
}

// delivery is the context of a message's first delivery.
func (s *sim) delivery() context.Context {
	return stage.WithDelivery(s.t.Context(), stage.Delivery{Stage: "test", Attempt: 1, Stored: s.now(), Started: s.now(), Sequence: 1})
}

// state is what is known of a feed's polls.
func (s *sim) state(id string) *datelinev1.PollState { return s.record(s.t, id).GetPoll() }

// site is a web server in a sim.
type site struct {
	*httptest.Server
	*clock
	mu     sync.Mutex
	pages  map[string]http.HandlerFunc
	visits []visit
}

// visit is a request, with its virtual time.
type visit struct {
	at          time.Time
	method, url string
	header      http.Header
}

func (o *site) answer(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.visits = append(o.visits, visit{at: o.now(), method: r.Method, url: r.URL.RequestURI(), header: r.Header.Clone()})
	page := o.pages[r.URL.Path]
	o.mu.Unlock()
	if page == nil {
		http.NotFound(w, r)
		return
	}
	page(w, r)
}

// serve puts a page on the server.
func (o *site) serve(path string, page http.HandlerFunc) *site {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[path] = page
	return o
}

// asked gives the requests for a URL, path and query; for all if that is empty.
func (o *site) asked(url string) []visit {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []visit
	for _, v := range o.visits {
		if url == "" || v.url == url {
			out = append(out, v)
		}
	}
	return out
}

// waits gives the times between visits.
func waits(visits []visit) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(visits); i++ {
		out = append(out, visits[i].at.Sub(visits[i-1].at))
	}
	return out
}

// paper is a feed that brings an entry at every multiple of a time, and shows the
// newest twenty.
type paper struct {
	*clock
	every time.Duration
	// until is when its last entry comes; zero if it goes on for ever.
	until time.Time
	// shift puts its entries after the full hour.
	shift time.Duration
	// headers are those of its answers.
	headers map[string]string
	// extra stands in the channel.
	extra string
}

// edition is the paper's document at a time, and the number of its newest entry.
func (p *paper) edition(at time.Time) (document string, newest int64) {
	if !p.until.IsZero() && at.After(p.until) {
		at = p.until
	}
	newest = at.Add(-p.shift).Unix() / int64(p.every/time.Second)
	items := []string{p.extra}
	for n := newest; n > newest-20; n-- {
		published := time.Unix(n*int64(p.every/time.Second), 0).Add(p.shift).UTC().Format(time.RFC1123Z)
		items = append(items, fmt.Sprintf("<item><title>Dispatch %d</title><link>https://courier.example/%d</link><guid>%d</guid><pubDate>%s</pubDate></item>",
			n, n, n, published))
	}
	return rss(items...), newest
}

// page serves the paper. ask, if not nil, may answer in its place.
func (p *paper) page(ask func(w http.ResponseWriter, r *http.Request, newest int64) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		document, newest := p.edition(p.now())
		for name, value := range p.headers {
			w.Header().Set(name, value)
		}
		if ask != nil && ask(w, r, newest) {
			return
		}
		body(rssType, document)(w, r)
	}
}
