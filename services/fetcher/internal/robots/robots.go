// Package robots answers whether a page may be fetched, by the Robots Exclusion
// Protocol (RFC 9309).
package robots

import (
	"container/list"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// Get fetches a robots.txt file, following redirects.
type Get func(ctx context.Context, url string) (status int, body []byte, err error)

// Config sets a Cache's agent and bounds.
type Config struct {
	// Agent is the product token that rules are matched against, such as
	// "dateline".
	Agent string
	// TTL is how long rules are kept (default 24 h, the most that RFC 9309,
	// section 2.4, advises).
	TTL time.Duration
	// MaxHosts bounds the origins that are remembered (default 10,000).
	MaxHosts int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

const (
	// unreachableTTL is how long a failure is remembered before the file is asked for
	// again.
	unreachableTTL = 10 * time.Minute
	// unreachableMost is how long an origin may fail before its file counts as absent
	// (RFC 9309, section 2.3.1.4, suggests 30 days).
	unreachableMost = 30 * 24 * time.Hour
)

// Verdict is what robots.txt says about a page.
type Verdict struct {
	// Allowed says whether the page may be fetched.
	Allowed bool
	// State is "allowed", "disallowed", "absent" (no such file: allowed) or
	// "unreachable" (no answer, 429 or 5xx: not allowed for now).
	State string
	// CrawlDelay is the delay that the agent's group asks for, 10 minutes at most; 0
	// if none.
	CrawlDelay time.Duration
}

// The values of Verdict.State.
const (
	Allowed     = "allowed"
	Disallowed  = "disallowed"
	Absent      = "absent"
	Unreachable = "unreachable"
)

// Cache remembers the rules of the origins used last. It is safe for concurrent use;
// an origin's file is fetched once, however many ask.
type Cache struct {
	get Get
	cfg Config

	mu     sync.Mutex
	byHost map[string]*list.Element // of *entry
	recent *list.List               // the origin used last in front
}

// entry is what is known of an origin.
type entry struct {
	origin string
	// done is closed when the fetch under way ends; nil if none is.
	done chan struct{}
	// state is Allowed (there are rules), Absent or Unreachable; empty before the
	// first fetch.
	state   string
	rules   rules
	expires time.Time
	// failing is since when the origin has been unreachable; zero if it is not.
	failing time.Time
}

// New makes a Cache that fetches by get.
func New(get Get, cfg Config) *Cache {
	if cfg.TTL <= 0 {
		cfg.TTL = 24 * time.Hour
	}
	if cfg.MaxHosts <= 0 {
		cfg.MaxHosts = 10_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Cache{get: get, cfg: cfg, byHost: make(map[string]*list.Element), recent: list.New()}
}

// Check gives the verdict on a page. The error is for a URL that is none, or a context
// that ended.
func (c *Cache) Check(ctx context.Context, pageURL string) (Verdict, error) {
	origin, path, err := split(pageURL)
	if err != nil {
		return Verdict{}, err
	}
	if path == "/robots.txt" {
		// The file itself may always be fetched (RFC 9309, section 2.2.2).
		return Verdict{Allowed: true, State: Allowed}, nil
	}
	state, rules, err := c.rules(ctx, origin)
	if err != nil {
		return Verdict{}, fmt.Errorf("get robots.txt of %s: %w", origin, err)
	}
	v := Verdict{State: state, CrawlDelay: rules.delay}
	switch {
	case state == Allowed && !rules.allows(path):
		v.State = Disallowed
	case state != Unreachable:
		v.Allowed = true
	}
	return v, nil
}

// Sitemaps gives the sitemaps that the robots.txt file of a page's origin names, in its
// order, as absolute URLs; none where there is no such file or no answer. They may be on
// any host. The error is for a URL that is none, or a context that ended.
func (c *Cache) Sitemaps(ctx context.Context, pageURL string) ([]string, error) {
	origin, _, err := split(pageURL)
	if err != nil {
		return nil, err
	}
	_, rules, err := c.rules(ctx, origin)
	if err != nil {
		return nil, fmt.Errorf("get robots.txt of %s: %w", origin, err)
	}
	return slices.Clone(rules.sitemaps), nil
}

// split gives the origin of a URL and its path with query, escaped.
func split(pageURL string) (origin, path string, err error) {
	u, err := urlnorm.Resolve("", pageURL)
	if err != nil {
		return "", "", err
	}
	u, _, _ = strings.Cut(u, "#")
	slash := strings.IndexByte(u[len("https://"):], '/') + len("https://")
	return u[:slash], escape(u[slash:]), nil
}

// rules gives what is known of an origin, fetching it where it is not known or has
// expired. One caller fetches, the others wait; if its context ends, another one does.
func (c *Cache) rules(ctx context.Context, origin string) (string, rules, error) {
	for {
		c.mu.Lock()
		e := c.entry(origin)
		if e.state != "" && c.cfg.Now().Before(e.expires) {
			state, rules := e.state, e.rules
			c.mu.Unlock()
			return state, rules, nil
		}
		if done := e.done; done != nil {
			c.mu.Unlock()
			select {
			case <-done:
				continue
			case <-ctx.Done():
				return "", rules{}, ctx.Err()
			}
		}
		done := make(chan struct{})
		e.done = done
		c.mu.Unlock()

		status, body, err := c.get(ctx, origin+"/robots.txt")

		c.mu.Lock()
		if ctx.Err() == nil {
			c.learn(e, status, body, err)
		}
		e.done = nil
		close(done)
		state, rules := e.state, e.rules
		c.mu.Unlock()
		return state, rules, ctx.Err()
	}
}

// entry gives the entry of an origin, making it and forgetting the one used longest
// ago where there are too many.
func (c *Cache) entry(origin string) *entry {
	if el, ok := c.byHost[origin]; ok {
		c.recent.MoveToFront(el)
		return el.Value.(*entry)
	}
	e := &entry{origin: origin}
	c.byHost[origin] = c.recent.PushFront(e)
	if c.recent.Len() > c.cfg.MaxHosts {
		oldest := c.recent.Back()
		c.recent.Remove(oldest)
		delete(c.byHost, oldest.Value.(*entry).origin)
	}
	return e
}

// learn takes the answer of an origin (RFC 9309, section 2.3.1).
func (c *Cache) learn(e *entry, status int, body []byte, err error) {
	now := c.cfg.Now()
	switch {
	case err == nil && status >= 200 && status <= 299:
		e.state, e.rules, e.failing = Allowed, parse(body, c.cfg.Agent), time.Time{}
		e.expires = now.Add(c.cfg.TTL)
	case err == nil && status != 429 && status >= 300 && status <= 499:
		e.state, e.rules, e.failing = Absent, rules{}, time.Time{}
		e.expires = now.Add(c.cfg.TTL)
	default:
		if e.failing.IsZero() {
			e.failing = now
		}
		e.expires = now.Add(unreachableTTL)
		switch {
		case now.Sub(e.failing) > unreachableMost:
			e.state, e.rules = Absent, rules{}
		case e.state == "" || e.state == Unreachable:
			e.state = Unreachable
		default:
			// What was known before holds on (RFC 9309, section 2.4).
		}
	}
}
