package console

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSlowClientIsDroppedAndOthersAreNot(t *testing.T) {
	h := newHub()
	slow, _, err := h.subscribe(0)
	require.NoError(t, err)
	quick, _, err := h.subscribe(0)
	require.NoError(t, err)
	for i := range uint64(3 * maxWaiting) {
		h.add(summary{Sequence: i + 1})
		<-quick.frames
	}
	n := 0
	for range slow.frames {
		n++
	}
	require.Equal(t, maxWaiting, n, "it gets what it was sent, and then the end")
	h.add(summary{Sequence: 1000})
	require.Contains(t, string(<-quick.frames), `"seq":1000`)
	require.Len(t, h.latest, maxLatest)

	h.close()
	_, ok := <-quick.frames
	require.False(t, ok)
	h.unsubscribe(quick)
	_, _, err = h.subscribe(0)
	require.ErrorIs(t, err, errStopped)
}

func TestAnotherStreamBeginsAnew(t *testing.T) {
	h := newHub()
	require.Zero(t, h.begin("one", 1))
	h.add(summary{Sequence: 7})
	require.EqualValues(t, 7, h.begin("one", 1))
	require.Zero(t, h.begin("two", 1))
	_, missed, err := h.subscribe(0)
	require.NoError(t, err)
	require.Len(t, missed, 1)
	require.Contains(t, string(missed[0]), `"id":"two"`)
}

func TestMinuteForgets(t *testing.T) {
	var m minute
	start := time.Unix(1_700_000_000, 0)
	for i := range 90 {
		m.add(start.Add(time.Duration(i) * time.Second))
		m.add(start.Add(time.Duration(i) * time.Second))
	}
	last := start.Add(89 * time.Second)
	require.EqualValues(t, 120, m.count(last))
	require.EqualValues(t, 60, m.count(last.Add(30*time.Second)))
	require.Zero(t, m.count(last.Add(time.Hour)))
}

func TestQuantile(t *testing.T) {
	h := histogram{bounds: []float64{1, 2, 4}, counts: []uint64{10, 30, 40}, count: 50}
	for q, want := range map[float64]float64{0.1: 0.5, 0.4: 1.5, 0.8: 4, 0.99: 4} {
		require.InDelta(t, want, h.quantile(q), 1e-9, "%v", q)
	}
	later := histogram{bounds: h.bounds, counts: []uint64{10, 30, 50}, count: 60}
	require.InDelta(t, 3, later.since(&h).quantile(0.5), 1e-9)
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"日本語", 3, "日本語"},
		{"日本語だ", 3, "日本…"},
		{"🦀🦀", 1, "…"},
	} {
		require.Equal(t, c.want, cut(c.in, c.n), c.in)
	}
}
