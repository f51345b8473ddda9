package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// feedHost is the address of the nth feed's host: each has one of its own.
func feedHost(n int) net.IP {
	return net.IPv4(127, byte(1+n>>16), byte(n>>8), byte(n))
}

// manyHosts are the origins of all feeds: one feed a host, told by the address
// that it was asked at.
type manyHosts struct {
	// newsEvery is how many polls of all feeds there are for one new entry.
	newsEvery uint32
	// latency is how long an answer takes.
	latency time.Duration

	mu     sync.Mutex
	feeds  map[string]*hostedFeed
	counts originCounts
}

// hostedFeed is a feed's state: how often it was asked, and how many entries it
// has.
type hostedFeed struct{ polls, entries uint32 }

// originCounts are what the origin saw.
type originCounts struct {
	Feeds       int           `json:"feeds"`
	Polls       int           `json:"polls"`
	NotModified int           `json:"notModified"`
	Pages       int           `json:"pages"`
	BySecond    map[int64]int `json:"bySecond"`
}

// most is the highest number of polls in one second since then.
func (c originCounts) most(since time.Time) int {
	most := 0
	for second, polls := range c.BySecond {
		if second >= since.Unix() {
			most = max(most, polls)
		}
	}
	return most
}

// runOrigin serves all feeds in a process of its own until the parent ends it.
func runOrigin(ctx context.Context, newsEvery int, latency time.Duration) error {
	ctx, cancel := untilParentEnds(ctx)
	defer cancel()
	listener, err := listenLoopback(ctx)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return fmt.Errorf("read the origin's address: %w", err)
	}
	hosts := &manyHosts{
		newsEvery: uint32(newsEvery), latency: latency, feeds: map[string]*hostedFeed{},
		counts: originCounts{BySecond: map[int64]int{}},
	}
	server := &http.Server{Handler: hosts.handler(), ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	fmt.Println(port)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the feeds: %w", err)
	}
	return nil
}

// untilParentEnds ends the context when standard input does.
func untilParentEnds(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx, cancel
}

func (h *manyHosts) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed.xml", h.feed)
	mux.HandleFunc("GET /page/{n}", h.page)
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.counts.Feeds = len(h.feeds)
		_ = json.NewEncoder(w).Encode(h.counts)
	})
	return mux
}

// asked counts a poll and says how many entries the feed has now.
func (h *manyHosts) asked(host string) uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.Polls++
	h.counts.BySecond[time.Now().Unix()]++
	feed := h.feeds[host]
	if feed == nil {
		feed = &hostedFeed{}
		h.feeds[host] = feed
	}
	feed.polls++
	sum := fnv.New32a()
	fmt.Fprint(sum, host, feed.polls)
	if h.newsEvery > 0 && sum.Sum32()%h.newsEvery == 0 {
		feed.entries++
	}
	return feed.entries
}

// feed answers 304 unless there is a new entry.
func (h *manyHosts) feed(w http.ResponseWriter, r *http.Request) {
	entries := h.asked(r.Host)
	if pause(r.Context(), h.latency) != nil {
		return
	}
	tag := fmt.Sprintf(`"%d"`, entries)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		h.mu.Lock()
		h.counts.NotModified++
		h.mu.Unlock()
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>News of %[1]s</title><link>http://%[1]s/</link><description>bench</description>`, r.Host)
	for n := range min(entries, 20) {
		fmt.Fprintf(w, "<item><title>Report %[2]d of %[1]s</title><link>http://%[1]s/page/%[2]d</link><guid>%[2]d</guid></item>", r.Host, entries-n)
	}
	fmt.Fprint(w, "</channel></rss>")
}

// page is a short article.
func (h *manyHosts) page(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.counts.Pages++
	h.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Report %[2]s of %[1]s</title><article><h1>Report %[2]s of %[1]s</h1>`, r.Host, r.PathValue("n"))
	for p := range 6 {
		fmt.Fprintf(w, "<p>The council of district %[1]s met for the %[2]d. time on Tuesday and spoke of the harbour, of the schools and of what the storm of last winter had left behind.</p>", r.Host, p)
	}
	fmt.Fprint(w, "</article></html>")
}
