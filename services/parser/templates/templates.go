// Package templates keeps what the pages of each host have in common, for all
// parsers together.
package templates

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/parser/internal/template"
)

// What is read and written how often. A page counts at once in the process that
// parsed it, and for others once it was written and they looked again.
const (
	// refresh is how long a host's statistics are used before they are looked up
	// again.
	refresh = time.Minute
	// maxPending is how many pages of a busy host are gathered for one write; those
	// of others are written at once, since the last write is longer ago than refresh.
	maxPending = 8
	// patience bounds a look-up or a write, for which a page waits.
	patience = 2 * time.Second
)

// Hosts are the statistics of all hosts. They are kept in a bucket, one entry a
// host, which is written by compare-and-set; those of the hosts asked for last are
// held in memory. It is safe for concurrent use.
type Hosts struct {
	store store
	now   func() time.Time
	cache *cache
}

type store interface {
	Get(ctx context.Context, key string) (*wrapperspb.BytesValue, uint64, error)
	Put(ctx context.Context, key string, m *wrapperspb.BytesValue, revision uint64) (uint64, error)
}

// Open opens the bucket.
func Open(ctx context.Context, b *bus.Bus) (*Hosts, error) {
	s, err := bus.OpenStore[wrapperspb.BytesValue](ctx, b.JS, topology.BucketTemplates)
	if err != nil {
		return nil, err
	}
	return &Hosts{store: s, now: time.Now, cache: newCache(maxHosts)}, nil
}

// shelf is what is held of one host.
type shelf struct {
	mu       sync.Mutex
	host     *template.Host // with the pages of pending
	revision uint64         // of the entry that host was made from; 0: none
	read     time.Time
	written  time.Time
	pending  []seen
}

// seen is a page that is not written yet.
type seen struct {
	article template.Print
	prints  []template.Print
}

// Of returns what is known of a host's pages; others' pages of the last minute may
// be missing.
func (h *Hosts) Of(ctx context.Context, host string) (*template.Host, error) {
	s := h.cache.of(topology.Token(host))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.read.IsZero() && h.now().Sub(s.read) < refresh {
		return s.host, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := h.load(ctx, host, s)
	if err != nil && s.host == nil {
		return nil, err
	}
	// Where the look-up failed, what is in memory is good for another while.
	s.read = h.now()
	return s.host, nil
}

// Learn adds a page. It is written at once, or together with others that follow
// soon; in the meantime a restart loses it, which does no harm. An error says that
// it was not written, and stays pending.
func (h *Hosts) Learn(ctx context.Context, host string, article template.Print, prints []template.Print) error {
	s := h.cache.of(topology.Token(host))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(seen{article, prints})
	if len(s.pending) < maxPending && h.now().Sub(s.written) < refresh {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// Also a write that fails waits for the next turn.
	s.written = h.now()
	err := h.write(ctx, host, s)
	if errors.Is(err, bus.ErrConflict) {
		if err = h.load(ctx, host, s); err == nil {
			err = h.write(ctx, host, s)
		}
	}
	if err != nil {
		return fmt.Errorf("write what the pages of %s have in common: %w", host, err)
	}
	return nil
}

func (s *shelf) add(page seen) {
	s.host = s.host.With(page.article, page.prints)
	if s.pending = append(s.pending, page); len(s.pending) > template.Window {
		s.pending = s.pending[1:]
	}
}

// load looks a host up and adds what is pending. An entry that cannot be read is
// taken for an empty one, and written over.
func (h *Hosts) load(ctx context.Context, host string, s *shelf) error {
	entry, revision, err := h.store.Get(ctx, topology.Token(host))
	if err != nil && !errors.Is(err, bus.ErrNotFound) && !errors.Is(err, bus.ErrCorrupt) {
		return fmt.Errorf("look up what the pages of %s have in common: %w", host, err)
	}
	if revision == s.revision && s.host != nil {
		return nil
	}
	known, err := template.Decode(entry.GetValue())
	if err != nil {
		known = &template.Host{}
	}
	for _, page := range s.pending {
		known = known.With(page.article, page.prints)
	}
	s.host, s.revision = known, revision
	return nil
}

func (h *Hosts) write(ctx context.Context, host string, s *shelf) error {
	revision, err := h.store.Put(ctx, topology.Token(host), wrapperspb.Bytes(s.host.Encode()), s.revision)
	if err != nil {
		return err
	}
	s.revision, s.pending = revision, nil
	return nil
}
