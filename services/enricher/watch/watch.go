// Package watch puts events to standing searches, and keeps the list of these.
package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/enricher/query"
)

// maxWatches bounds the standing searches: each event is put to all of them.
const maxWatches = 500

// validName is what a watch may be called: it stands in subjects.
var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ErrUnknown means that there is no watch of that name.
var ErrUnknown = errors.New("no such watch")

// Store is the list of standing searches.
type Store struct {
	store *bus.Store[datelinev1.Watch, *datelinev1.Watch]
}

// Open opens the list.
func Open(ctx context.Context, b *bus.Bus) (*Store, error) {
	store, err := bus.OpenStore[datelinev1.Watch](ctx, b.JS, topology.BucketWatches)
	if err != nil {
		return nil, err
	}
	return &Store{store: store}, nil
}

// Add begins a standing search, or gives it another query, and says whether it is new.
// A query that is not understood is a *query.Error.
func (s *Store) Add(ctx context.Context, name, text string) (added bool, err error) {
	if !validName.MatchString(name) {
		return false, fmt.Errorf("a watch cannot be called %.60q; use up to 40 lower-case letters, digits and '-'", name)
	}
	if _, err := query.Parse(text); err != nil {
		return false, fmt.Errorf("the query is not understood: %w", err)
	}
	watch := &datelinev1.Watch{Name: name, Query: text, CreatedAt: timestamppb.New(time.Now())}
	before, revision, err := s.store.Get(ctx, name)
	switch {
	case errors.Is(err, bus.ErrNotFound):
		all, err := s.List(ctx)
		if err != nil {
			return false, err
		}
		if len(all) >= maxWatches {
			return false, fmt.Errorf("there are %d watches already, which is as many as there may be; remove one", len(all))
		}
	case err != nil && !errors.Is(err, bus.ErrCorrupt):
		return false, err
	case before != nil:
		watch.CreatedAt = before.GetCreatedAt()
	}
	_, err = s.store.Put(ctx, name, watch, revision)
	return revision == 0, err
}

// Remove ends a standing search; ErrUnknown if there is none of that name. Its alerts
// stay.
func (s *Store) Remove(ctx context.Context, name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("%.60q: %w", name, ErrUnknown)
	}
	if _, _, err := s.store.Get(ctx, name); errors.Is(err, bus.ErrNotFound) {
		return fmt.Errorf("%q: %w", name, ErrUnknown)
	} else if err != nil && !errors.Is(err, bus.ErrCorrupt) {
		return err
	}
	return s.store.Delete(ctx, name)
}

// List returns all standing searches by name.
func (s *Store) List(ctx context.Context) ([]*datelinev1.Watch, error) {
	var all []*datelinev1.Watch
	err := s.store.Each(ctx, func(_ string, w *datelinev1.Watch) error {
		all = append(all, w)
		return nil
	})
	if err != nil && !errors.Is(err, bus.ErrCorrupt) {
		return nil, err
	}
	slices.SortFunc(all, func(a, b *datelinev1.Watch) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return all, nil
}
