package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"
)

// Errors of a Store.
var (
	ErrNotFound = errors.New("not found")
	// ErrConflict means that somebody else wrote the entry in between.
	ErrConflict = errors.New("written by somebody else in between")
)

// Store keeps protobuf messages of one type in a key-value bucket.
type Store[M any, P interface {
	*M
	proto.Message
}] struct {
	kv jetstream.KeyValue
}

// OpenStore opens a bucket.
func OpenStore[M any, P interface {
	*M
	proto.Message
}](ctx context.Context, js jetstream.JetStream, bucket string,
) (*Store[M, P], error) {
	kv, err := js.KeyValue(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", bucket, err)
	}
	return &Store[M, P]{kv: kv}, nil
}

// Subject is the subject that an entry is written by, for a write that belongs
// to a stage's output.
func (s *Store[M, P]) Subject(key string) string { return "$KV." + s.kv.Bucket() + "." + key }

// Get returns the entry and its revision. A missing or deleted entry is
// ErrNotFound.
func (s *Store[M, P]) Get(ctx context.Context, key string) (P, uint64, error) {
	entry, err := s.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, fmt.Errorf("%s/%s: %w", s.kv.Bucket(), key, ErrNotFound)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("get %s/%s: %w", s.kv.Bucket(), key, err)
	}
	m, err := s.decode(entry)
	return m, entry.Revision(), err
}

// Put writes the entry if its revision is still the given one; revision 0 means
// that there must be none. It returns the new revision, or ErrConflict.
func (s *Store[M, P]) Put(ctx context.Context, key string, m P, revision uint64) (uint64, error) {
	data, err := proto.Marshal(m)
	if err != nil {
		return 0, fmt.Errorf("encode %s/%s: %w", s.kv.Bucket(), key, err)
	}
	var next uint64
	if revision == 0 {
		next, err = s.kv.Create(ctx, key, data)
	} else {
		next, err = s.kv.Update(ctx, key, data, revision)
	}
	if IsConflict(err) {
		return 0, fmt.Errorf("put %s/%s: %w", s.kv.Bucket(), key, ErrConflict)
	}
	if err != nil {
		return 0, fmt.Errorf("put %s/%s: %w", s.kv.Bucket(), key, err)
	}
	return next, nil
}

// Delete removes the entry; a missing one is no error.
func (s *Store[M, P]) Delete(ctx context.Context, key string) error {
	if err := s.kv.Delete(ctx, key); err != nil {
		return fmt.Errorf("delete %s/%s: %w", s.kv.Bucket(), key, err)
	}
	return nil
}

// Each calls fn for every entry, in no order, until fn returns an error. It does
// not see what is written after it began.
func (s *Store[M, P]) Each(ctx context.Context, fn func(key string, m P) error) error {
	watcher, err := s.kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return fmt.Errorf("list %s: %w", s.kv.Bucket(), err)
	}
	defer stopWatching(watcher)
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("list %s: %w", s.kv.Bucket(), ctx.Err())
		case entry, ok := <-watcher.Updates():
			if !ok {
				return fmt.Errorf("list %s: the connection was closed before the end", s.kv.Bucket())
			}
			if entry == nil {
				return nil
			}
			m, err := s.decode(entry)
			if err != nil {
				return err
			}
			if err := fn(entry.Key(), m); err != nil {
				return err
			}
		}
	}
}

// stopWatching ends a watcher and reads what it still holds: its goroutine would
// wait for ever to hand over entries that nobody takes.
func stopWatching(w jetstream.KeyWatcher) {
	if err := w.Stop(); err != nil {
		return
	}
	for range w.Updates() {
	}
}

func (s *Store[M, P]) decode(entry jetstream.KeyValueEntry) (P, error) {
	m := P(new(M))
	if err := proto.Unmarshal(entry.Value(), m); err != nil {
		return nil, fmt.Errorf("decode %s/%s: %w", s.kv.Bucket(), entry.Key(), err)
	}
	return m, nil
}
