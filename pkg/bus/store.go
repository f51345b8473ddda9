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
	// ErrCorrupt means that an entry is there and cannot be decoded.
	ErrCorrupt = errors.New("the entry is no message of its type")
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
// ErrNotFound. One that cannot be decoded is ErrCorrupt, with its revision, so
// that it can be written over.
func (s *Store[M, P]) Get(ctx context.Context, key string) (P, uint64, error) {
	entry, err := Ask(ctx, func(ctx context.Context) (jetstream.KeyValueEntry, error) { return s.kv.Get(ctx, key) })
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
	next, err := Ask(ctx, func(ctx context.Context) (uint64, error) {
		if revision == 0 {
			return s.kv.Create(ctx, key, data)
		}
		return s.kv.Update(ctx, key, data, revision)
	})
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
	_, err := Ask(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.kv.Delete(ctx, key) })
	if err != nil {
		return fmt.Errorf("delete %s/%s: %w", s.kv.Bucket(), key, err)
	}
	return nil
}

// Each calls fn for every entry, in no order, until fn returns an error. It does
// not see what is written after it began. Entries that cannot be decoded are left
// out, and when fn has seen all others the error is ErrCorrupt.
func (s *Store[M, P]) Each(ctx context.Context, fn func(key string, m P) error) error {
	var corrupt corruption
	err := s.watch(ctx, func(entry jetstream.KeyValueEntry) error {
		if entry == nil {
			return errListed
		}
		m, err := s.decode(entry)
		if err != nil {
			corrupt.add(err)
			return nil
		}
		return fn(entry.Key(), m)
	}, jetstream.IgnoreDeletes())
	if errors.Is(err, errListed) {
		return corrupt.err()
	}
	return err
}

// errListed ends a watch when all entries were seen.
var errListed = errors.New("all entries were seen")

// corruption is what could not be decoded: the first error stands for all.
type corruption struct {
	count int
	first error
}

func (c *corruption) add(err error) {
	if c.count++; c.count == 1 {
		c.first = err
	}
}

func (c *corruption) err() error {
	if c.count > 1 {
		return fmt.Errorf("%w, and %d more like it", c.first, c.count-1)
	}
	return c.first
}

// Entry is an entry of a bucket as it was written last.
type Entry[P any] struct {
	Key string
	// Message is nil if the entry was deleted, or cannot be decoded.
	Message P
	// Err is ErrCorrupt if it cannot be decoded.
	Err error
}

// Follow calls fn for every entry, then caughtUp, and then fn for every write and
// deletion, in their order, until ctx ends or one of them returns an error. A lost
// connection is waited out.
func (s *Store[M, P]) Follow(ctx context.Context, fn func(Entry[P]) error, caughtUp func() error) error {
	return s.watch(ctx, func(entry jetstream.KeyValueEntry) error {
		if entry == nil {
			return caughtUp()
		}
		e := Entry[P]{Key: entry.Key()}
		if entry.Operation() == jetstream.KeyValuePut {
			e.Message, e.Err = s.decode(entry)
		}
		return fn(e)
	})
}

// watch calls fn for every entry, then with nil, and then for every change, until
// fn returns an error.
func (s *Store[M, P]) watch(ctx context.Context, fn func(jetstream.KeyValueEntry) error, opts ...jetstream.WatchOpt) error {
	watcher, err := s.kv.WatchAll(ctx, opts...)
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
			if err := fn(entry); err != nil {
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
		return nil, fmt.Errorf("decode %s/%s: %w: %w", s.kv.Bucket(), entry.Key(), ErrCorrupt, err)
	}
	return m, nil
}
