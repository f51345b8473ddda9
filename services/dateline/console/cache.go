package console

import (
	"context"
	"time"
)

const (
	// minFresh is how long a list is good for, so that many pages cost what one does.
	minFresh = 2 * time.Second
	// costFactor times what a read took is also how long it is good for: a registry
	// of 100,000 feeds must not keep the broker busy.
	costFactor = 10
)

// cache keeps the last value that was read. Errors are not kept.
type cache[T any] struct {
	now  func() time.Time
	read func(context.Context) (T, error)
	// turn is held by the one that reads.
	turn  chan struct{}
	value T
	until time.Time
}

func newCache[T any](now func() time.Time, read func(context.Context) (T, error)) *cache[T] {
	return &cache[T]{now: now, read: read, turn: make(chan struct{}, 1)}
}

// get returns the value, at most minFresh old or as costFactor allows.
func (c *cache[T]) get(ctx context.Context) (T, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	started := c.now()
	if started.Before(c.until) {
		return c.value, nil
	}
	value, err := c.read(ctx)
	if err != nil {
		return value, err
	}
	done := c.now()
	c.value, c.until = value, done.Add(max(minFresh, costFactor*done.Sub(started)))
	return value, nil
}
