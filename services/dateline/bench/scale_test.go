package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
)

func TestEachFeedHasALoopbackHostOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 200_000 {
		ip := feedHost(n)
		require.True(t, ip.IsLoopback(), "%s", ip)
		seen[ip.String()] = true
	}
	require.Len(t, seen, 200_000)
}

func TestManyHosts(t *testing.T) {
	t.Parallel()
	hosts := &manyHosts{newsEvery: 3, feeds: map[string]*hostedFeed{}, counts: originCounts{BySecond: map[int64]int{}}}
	started, tag, fresh := time.Now(), "", 0
	for range 60 {
		req := httptest.NewRequest(http.MethodGet, "http://127.1.0.7:8000/feed.xml", nil)
		req.Header.Set("If-None-Match", tag)
		rec := httptest.NewRecorder()
		hosts.handler().ServeHTTP(rec, req)
		switch rec.Code {
		case http.StatusOK:
			fresh++
			require.NotEqual(t, tag, rec.Header().Get("ETag"))
		default:
			require.Equal(t, http.StatusNotModified, rec.Code)
			require.Empty(t, rec.Body.String())
		}
		tag = rec.Header().Get("ETag")
	}
	require.Equal(t, 60, hosts.counts.Polls)
	require.Equal(t, 60-fresh, hosts.counts.NotModified)
	require.Greater(t, fresh, 1)
	require.Positive(t, hosts.counts.most(started))
	require.Zero(t, hosts.counts.most(started.Add(time.Hour)))
}

func TestLag(t *testing.T) {
	t.Parallel()
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "lag", Buckets: []float64{1, 5, 10}})
	read := func() *dto.Histogram {
		m := &dto.Metric{}
		require.NoError(t, h.Write(m))
		return m.GetHistogram()
	}
	h.Observe(9)
	before := read()
	require.Equal(t, "no polls", lagOf(before, before))
	for range 90 {
		h.Observe(.5)
	}
	for range 10 {
		h.Observe(3)
	}
	l := newLag(before, read())
	require.EqualValues(t, 100, l.polls, "what was before does not count")
	require.InDelta(t, .55, l.quantile(.5).Seconds(), .01)
	require.InDelta(t, 4.6, l.quantile(.99).Seconds(), .01)
	require.Equal(t, "under 5 s", l.most())
	h.Observe(100)
	require.Equal(t, "over 10 s", newLag(before, read()).most())
}
