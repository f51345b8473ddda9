package templates_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/services/parser/internal/template"
	"github.com/dateline-news/dateline/services/parser/templates"
)

const courier = "courier.example"

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func open(t *testing.T, b *bus.Bus, c *clock) *templates.Hosts {
	t.Helper()
	h, err := templates.Open(t.Context(), b)
	require.NoError(t, err)
	h.At(c.now)
	return h
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)} }

// box stands on every page here.
var box = template.PrintOf("Write to the desk at any hour: a reader's letter is read before the conference.")

func learn(t *testing.T, h *templates.Hosts, host, article string) {
	t.Helper()
	require.NoError(t, h.Learn(t.Context(), host, template.ArticlePrint(article), []template.Print{box, template.PrintOf(article)}))
}

// known reports whether the box is known for furniture of the host.
func known(t *testing.T, h *templates.Hosts, host string) bool {
	t.Helper()
	of, err := h.Of(t.Context(), host)
	require.NoError(t, err)
	leave, _ := of.Furniture(template.ArticlePrint("another"), []template.Block{
		{Print: template.PrintOf("the story's own"), Size: 400, Path: 1}, {Print: box, Size: 60, Path: 1},
	}, func(template.Print) bool { return false })
	return leave != nil && leave[1]
}

func TestReplicasLearnFromEachOther(t *testing.T) {
	t.Parallel()
	b, c := bustest.Start(t), newClock()
	one, two := open(t, b, c), open(t, b, c)
	require.False(t, known(t, one, courier))
	require.False(t, known(t, two, courier))
	learn(t, one, courier, "a1")
	learn(t, two, courier, "a2")
	learn(t, one, courier, "a3")
	learn(t, two, courier, "a4")
	require.False(t, known(t, one, courier), "two pages of its own, and one that it did not see")

	c.pass(2 * time.Minute)
	learn(t, one, courier, "a5")
	c.pass(2 * time.Minute)
	learn(t, two, courier, "a6")
	require.True(t, known(t, one, courier))
	require.True(t, known(t, two, courier))
	require.True(t, known(t, open(t, b, c), courier), "and so does one that starts")
	require.False(t, known(t, one, "gazette.example"), "another host's pages are its own")
}

// Pages of a busy host are written together, so that few are lost with a process.
func TestPagesAreWrittenTogether(t *testing.T) {
	t.Parallel()
	b, c := bustest.Start(t), newClock()
	h := open(t, b, c)
	kv, err := b.JS.KeyValue(t.Context(), topology.BucketTemplates)
	require.NoError(t, err)
	for i := range 33 {
		learn(t, h, courier, fmt.Sprint("a", i))
	}
	entry, err := kv.Get(t.Context(), topology.Token(courier))
	require.NoError(t, err)
	require.EqualValues(t, 5, entry.Revision(), "the first at once, the others by eight")
	require.LessOrEqual(t, len(entry.Value()), 33<<10)
}

func TestParsersAtOnce(t *testing.T) {
	t.Parallel()
	b, c := bustest.Start(t), newClock()
	replicas := []*templates.Hosts{open(t, b, c), open(t, b, c), open(t, b, c)}
	var all sync.WaitGroup
	for r, h := range replicas {
		for worker := range 4 {
			all.Go(func() {
				for i := range 20 {
					_, err := h.Of(t.Context(), courier)
					require.NoError(t, err)
					// Another may be first twice in a row; the page is written with a later one.
					_ = h.Learn(t.Context(), courier, template.ArticlePrint(fmt.Sprint(r, worker, i)), []template.Print{box})
				}
			})
		}
	}
	all.Wait()
	c.pass(2 * time.Minute)
	for _, h := range replicas {
		require.True(t, known(t, h, courier))
	}
}

func TestWhatCannotBeReadIsWrittenOver(t *testing.T) {
	t.Parallel()
	b, c := bustest.Start(t), newClock()
	kv, err := b.JS.KeyValue(t.Context(), topology.BucketTemplates)
	require.NoError(t, err)
	for name, value := range map[string]string{"no message": "\xff\xff\xff", "no statistics": "\x0a\x03abc"} {
		_, err = kv.PutString(t.Context(), topology.Token(courier), value)
		require.NoError(t, err)
		h := open(t, b, c)
		require.False(t, known(t, h, courier), name)
		for i := range 3 {
			learn(t, h, courier, fmt.Sprint("a", i))
			c.pass(2 * time.Minute)
		}
		require.True(t, known(t, open(t, b, c), courier), name)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	h := open(t, bustest.Start(t), newClock())
	for i := range templates.MaxHosts + 50 {
		learn(t, h, fmt.Sprintf("h%d.example", i), "a1")
	}
	require.Equal(t, templates.MaxHosts, h.Held())
}

// What is in memory serves on while the server does not answer.
func TestServerGone(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := bustest.Start(t)
	h := open(t, b, c)
	for i := range 3 {
		learn(t, h, courier, fmt.Sprint("a", i))
	}
	require.True(t, known(t, h, courier))
	c.pass(2 * time.Minute)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Of(ended, courier)
	require.NoError(t, err)
	require.Error(t, h.Learn(ended, "gazette.example", template.ArticlePrint("g1"), nil))
	_, err = h.Of(ended, "herald.example")
	require.Error(t, err)
	require.True(t, known(t, h, courier))
}
