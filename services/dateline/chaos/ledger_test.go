package chaos

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

// anyClass stands for whatever class an article in quarantine may have.
const anyClass = "any"

// ledger holds every article that was given to Dateline, and what has to become of
// it.
type ledger struct {
	mu sync.Mutex
	// known has, for each article's address, the class under which it must stand in
	// quarantine; "" for those of which there must be an event.
	known map[string]string
	// maybe are articles that no server has confirmed: they may have come in, or not.
	maybe map[string]bool
	// poison counts, by class, what is no article and must be in quarantine.
	poison map[string]int
}

func newLedger() *ledger {
	return &ledger{known: map[string]string{}, maybe: map[string]bool{}, poison: map[string]int{}}
}

// enter notes an article. One that is known already keeps its class.
func (l *ledger) enter(url, class string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.known[url]; !known {
		l.known[url] = class
	}
}

// doubt notes an article that may have come in, or not.
func (l *ledger) doubt(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.maybe[url] = true
}

// strike takes articles out: nothing may come of them.
func (l *ledger) strike(urls []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, url := range urls {
		delete(l.known, url)
	}
}

func (l *ledger) poisoned(class string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.poison[class]++
}

// expected is how many events there have to be, and how many entries in quarantine
// by class.
func (l *ledger) expected() (events int, entries map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries = maps.Clone(l.poison)
	for _, class := range l.known {
		if class == "" {
			events++
		} else {
			entries[class]++
		}
	}
	return events, entries
}

// ends is how many messages have to come to an end.
func (l *ledger) ends() int {
	events, entries := l.expected()
	for _, n := range entries {
		events += n
	}
	return events
}

// publisher gives known articles to Dateline, half of them by feeds and half by
// articles.submit, and never more than window ahead of what has come out.
type publisher struct {
	rig    *rig
	window int
	// twice has every submission made a second time, later and in another order.
	twice  bool
	random *rand.Rand
	// next is the next article, and batches how many batches there were.
	next, batches int
}

// pushedURL is the address of a pushed article.
func pushedURL(n int) string { return fmt.Sprintf("https://wire.example/report/%d", n) }

// publish gives count articles. It returns when all are accepted.
func (p *publisher) publish(ctx context.Context, count int) error {
	var again []func(context.Context) error
	end := p.next + count
	for p.next < end {
		if err := p.rig.awaitBacklog(ctx, p.window); err != nil {
			return err
		}
		var send func(context.Context) error
		n := min(times(entriesPerFeed, 10), end-p.next)
		if p.batches%2 == 1 {
			send = p.push(p.next, n)
		} else {
			send = p.feed(p.next, n)
		}
		p.next += n
		p.batches++
		if err := send(ctx); err != nil {
			return err
		}
		if p.twice {
			again = append(again, send)
		}
	}
	p.random.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	for _, send := range again {
		if err := send(ctx); err != nil {
			return err
		}
	}
	return nil
}

// feed submits a feed of n articles.
func (p *publisher) feed(from, n int) func(context.Context) error {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = from + i
		p.rig.ledger.enter(p.rig.origin.pageURL(from+i), "")
	}
	url := p.rig.origin.list(numbers)
	return func(ctx context.Context) error {
		msg := nats.NewMsg(topology.SubjectFeedSubmit)
		msg.Data = []byte(url)
		return p.rig.insist(ctx, msg)
	}
}

// push submits n documents.
func (p *publisher) push(from, n int) func(context.Context) error {
	for i := range n {
		p.rig.ledger.enter(pushedURL(from+i), "")
	}
	return func(ctx context.Context) error {
		for _, i := range p.random.Perm(n) {
			url := pushedURL(from + i)
			msg := nats.NewMsg(topology.SubjectArticleSubmit)
			msg.Header.Set(bus.HeaderURL, url)
			msg.Header.Set(bus.HeaderContentType, "text/html; charset=utf-8")
			msg.Data = []byte(story.Make(p.rig.seed, from+i).Page(url))
			if err := p.rig.insist(ctx, msg); err != nil {
				return err
			}
		}
		return nil
	}
}

// insist publishes until the server has confirmed, as a publisher has to.
func (r *rig) insist(ctx context.Context, msg *nats.Msg) error {
	for {
		err := r.tryPublish(ctx, msg)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("publish on %s: %w", msg.Subject, context.Cause(ctx))
		}
		pause(ctx, 100*time.Millisecond)
	}
}

func (r *rig) tryPublish(ctx context.Context, msg *nats.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := r.bus.JS.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
	return err
}

// wasRefused says whether the server itself said that it does not take a message,
// rather than not being heard.
func wasRefused(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
