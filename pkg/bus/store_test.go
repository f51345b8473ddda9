package bus_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

type feeds = bus.Store[datelinev1.Feed, *datelinev1.Feed]

func openFeeds(t *testing.T) (*bus.Bus, *feeds) {
	t.Helper()
	b := bustest.Start(t)
	s, err := bus.OpenStore[datelinev1.Feed](t.Context(), b.JS, topology.BucketFeeds)
	require.NoError(t, err)
	return b, s
}

func TestStore(t *testing.T) {
	t.Parallel()
	_, s := openFeeds(t)
	ctx := t.Context()

	_, _, err := s.Get(ctx, "f1")
	require.ErrorIs(t, err, bus.ErrNotFound)

	first, err := s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1", Url: "https://news.example/feed"}, 0)
	require.NoError(t, err)
	_, err = s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1"}, 0)
	require.ErrorIs(t, err, bus.ErrConflict, "there is one")

	got, revision, err := s.Get(ctx, "f1")
	require.NoError(t, err)
	require.Equal(t, first, revision)
	require.Equal(t, "https://news.example/feed", got.GetUrl())

	second, err := s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1", Url: "https://news.example/rss"}, first)
	require.NoError(t, err)
	_, err = s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1"}, first)
	require.ErrorIs(t, err, bus.ErrConflict, "somebody was quicker")

	require.NoError(t, s.Delete(ctx, "f1"))
	require.NoError(t, s.Delete(ctx, "never-there"))
	_, _, err = s.Get(ctx, "f1")
	require.ErrorIs(t, err, bus.ErrNotFound)
	_, err = s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1"}, second)
	require.ErrorIs(t, err, bus.ErrConflict)
	_, err = s.Put(ctx, "f1", &datelinev1.Feed{Id: "f1"}, 0)
	require.NoError(t, err, "what was deleted can be made again")
}

func TestStoreErrors(t *testing.T) {
	t.Parallel()
	b, s := openFeeds(t)
	ctx := t.Context()
	_, err := bus.OpenStore[datelinev1.Feed](ctx, b.JS, "no-such-bucket")
	require.ErrorContains(t, err, "open bucket no-such-bucket")

	_, err = s.Put(ctx, "bad", &datelinev1.Feed{Url: "\xff"}, 0)
	require.ErrorContains(t, err, "encode feeds/bad")
	_, err = s.Put(ctx, "no key", &datelinev1.Feed{}, 0)
	require.ErrorIs(t, err, jetstream.ErrInvalidKey)
	_, _, err = s.Get(ctx, "*")
	require.ErrorIs(t, err, jetstream.ErrInvalidKey)

	_, err = b.JS.Publish(ctx, s.Subject("garbage"), []byte{0xff})
	require.NoError(t, err)
	_, _, err = s.Get(ctx, "garbage")
	require.ErrorContains(t, err, "decode feeds/garbage")
	require.ErrorIs(t, err, bus.ErrCorrupt)
}

// What cannot be read hides nothing else, and can be written over and deleted.
func TestStoreWithCorruptEntries(t *testing.T) {
	t.Parallel()
	b, s := openFeeds(t)
	ctx := t.Context()
	for _, key := range []string{"bad1", "good1", "bad2", "good2"} {
		data := []byte{0xff}
		if key[0] == 'g' {
			data = nil
		}
		_, err := b.JS.Publish(ctx, s.Subject(key), data)
		require.NoError(t, err)
	}
	list := func() (keys []string, err error) {
		err = s.Each(ctx, func(key string, _ *datelinev1.Feed) error {
			keys = append(keys, key)
			return nil
		})
		return keys, err
	}
	keys, err := list()
	require.ElementsMatch(t, []string{"good1", "good2"}, keys)
	require.ErrorIs(t, err, bus.ErrCorrupt)
	require.ErrorContains(t, err, "decode feeds/bad1")
	require.ErrorContains(t, err, "and 1 more")

	_, revision, err := s.Get(ctx, "bad1")
	require.ErrorIs(t, err, bus.ErrCorrupt)
	_, err = s.Put(ctx, "bad1", &datelinev1.Feed{}, revision)
	require.NoError(t, err)
	require.NoError(t, s.Delete(ctx, "bad2"))
	keys, err = list()
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"good1", "good2", "bad1"}, keys)
}

func TestStoreFollow(t *testing.T) {
	t.Parallel()
	b, s := openFeeds(t)
	ctx := t.Context()
	enough := errors.New("enough")
	require.ErrorIs(t, s.Follow(ctx, nil, func() error { return enough }), enough, "an empty bucket")

	for _, key := range []string{"a", "b"} {
		_, err := s.Put(ctx, key, &datelinev1.Feed{Title: "first"}, 0)
		require.NoError(t, err)
	}
	require.NoError(t, s.Delete(ctx, "b"))
	var got []string
	err := s.Follow(ctx, func(e bus.Entry[*datelinev1.Feed]) error {
		switch {
		case errors.Is(e.Err, bus.ErrCorrupt):
			got = append(got, e.Key+" corrupt")
			return enough
		case e.Message == nil:
			got = append(got, e.Key+" deleted")
		default:
			got = append(got, e.Key+" "+e.Message.GetTitle())
		}
		return nil
	}, func() error {
		got = append(got, "all")
		_, err := s.Put(ctx, "c", &datelinev1.Feed{Title: "second"}, 0)
		require.NoError(t, err)
		require.NoError(t, s.Delete(ctx, "a"))
		_, err = b.JS.Publish(ctx, s.Subject("c"), []byte{0xff})
		return err
	})
	require.ErrorIs(t, err, enough)
	require.Equal(t, []string{"a first", "b deleted", "all", "c second", "a deleted", "c corrupt"}, got)
}

func TestStoreEach(t *testing.T) {
	t.Parallel()
	b, s := openFeeds(t)
	ctx := t.Context()
	require.NoError(t, s.Each(ctx, func(string, *datelinev1.Feed) error { return errors.New("called") }), "an empty bucket")

	const count = 2000
	for i := range count {
		id := fmt.Sprintf("f%04d", i)
		msg, err := bus.Encode(s.Subject(id), &datelinev1.Feed{Id: id}, bus.Protobuf)
		require.NoError(t, err)
		_, err = b.JS.PublishMsg(ctx, msg)
		require.NoError(t, err)
	}
	require.NoError(t, s.Delete(ctx, "f0000"))

	seen := map[string]bool{}
	require.NoError(t, s.Each(ctx, func(key string, m *datelinev1.Feed) error {
		require.Equal(t, key, m.GetId())
		seen[key] = true
		return nil
	}))
	require.Len(t, seen, count-1)
	require.False(t, seen["f0000"])

	// Ending early, with more entries to come than any buffer holds, leaves no
	// goroutine behind: TestMain looks.
	enough := errors.New("enough")
	require.ErrorIs(t, s.Each(ctx, func(string, *datelinev1.Feed) error { return enough }), enough)

	ctx, cancel := context.WithCancel(ctx)
	err := s.Each(ctx, func(string, *datelinev1.Feed) error { cancel(); return nil })
	require.ErrorIs(t, err, context.Canceled)
}

func TestStoreEachWhenTheConnectionCloses(t *testing.T) {
	t.Parallel()
	b, s := openFeeds(t)
	for i := range 1000 {
		_, err := b.JS.Publish(t.Context(), s.Subject(fmt.Sprintf("f%d", i)), nil)
		require.NoError(t, err)
	}
	count := 0
	err := s.Each(t.Context(), func(string, *datelinev1.Feed) error {
		if count++; count == 1 {
			b.Conn.Close()
		}
		return nil
	})
	if count < 1000 {
		require.Error(t, err, "half a list is not a list")
	}
}
