package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dateline-news/dateline/pkg/client"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

const (
	// newsroomFeeds is how many feeds the newsroom has.
	newsroomFeeds = 20
	// newsroomKeeps is how many entries that were served stay in a feed.
	newsroomKeeps = 50
	// soakSeed makes every run's articles the same.
	soakSeed = 20261129
)

// newsroom is the site whose feeds get new entries at an even rate. Each article has a
// text of its own.
type newsroom struct {
	server *httptest.Server
	ledger *ledger
	// surroundings are what stands around the text, so that a page has a real one's
	// weight.
	surroundings []byte

	mu    sync.Mutex
	feeds [newsroomFeeds]newsFeed
}

// newsFeed is a feed's articles, by number.
type newsFeed struct {
	// fresh were never served; listed were.
	fresh, listed []int
	// version counts the changes.
	version int
}

func newNewsroom(weight int, l *ledger) (*newsroom, error) {
	r := &newsroom{ledger: l}
	if room := weight - len(story.Make(soakSeed, 0).Page("")); room > 0 {
		r.surroundings = ballast(room)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed/{k}", r.feed)
	mux.HandleFunc("GET /page/{n}", r.page)
	r.server = httptest.NewServer(mux)
	return r, nil
}

func (r *newsroom) host() string { return strings.TrimPrefix(r.server.URL, "http://") }

// register submits the feeds, so that their polls are spread over the time between two.
func (r *newsroom) register(ctx context.Context, c *client.Client) error {
	for k := range r.feeds {
		if err := pause(ctx, soakPoll/newsroomFeeds); err != nil {
			return err
		}
		receipt, err := c.SubmitFeed(ctx, &datelinev1.Feed{Url: fmt.Sprintf("%s/feed/%d", r.server.URL, k)})
		if err != nil {
			return err
		}
		if receipt.GetStatus() != "added" {
			return fmt.Errorf("feed %d is %s: %s", k, receipt.GetStatus(), receipt.GetMessage())
		}
	}
	return nil
}

// add has an article stand in a feed from its next poll on.
func (r *newsroom) add(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	feed := &r.feeds[n/2%newsroomFeeds]
	feed.fresh = append(feed.fresh, n)
}

// unread is how many articles wait for a poll.
func (r *newsroom) unread() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, feed := range r.feeds {
		n += len(feed.fresh)
	}
	return n
}

func (r *newsroom) feed(w http.ResponseWriter, req *http.Request) {
	k, err := strconv.Atoi(req.PathValue("k"))
	if err != nil || k < 0 || k >= newsroomFeeds {
		http.NotFound(w, req)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	feed := &r.feeds[k]
	now := time.Now()
	for _, n := range feed.fresh {
		r.ledger.begin(n, now)
	}
	if len(feed.fresh) > 0 {
		feed.version++
		keep := feed.listed[max(0, len(feed.listed)-newsroomKeeps):]
		feed.listed = append(append(make([]int, 0, len(keep)+len(feed.fresh)), keep...), feed.fresh...)
		feed.fresh = nil
	}
	tag := fmt.Sprintf(`"%d"`, feed.version)
	w.Header().Set("ETag", tag)
	if req.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Feed %d</title><link>%s/</link><description>soak</description>`, k, r.server.URL)
	for _, n := range feed.listed {
		fmt.Fprintf(w, "<item><title>%s</title><link>%s/page/%d</link><guid>%d</guid></item>", story.Make(soakSeed, n).Headline, r.server.URL, n, n)
	}
	fmt.Fprint(w, "</channel></rss>")
}

func (r *newsroom) page(w http.ResponseWriter, req *http.Request) {
	n, err := strconv.Atoi(req.PathValue("n"))
	if err != nil {
		http.NotFound(w, req)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(r.document(n, fmt.Sprintf("%s/page/%d", r.server.URL, n)))
}

// document is an article among what surrounds it.
func (r *newsroom) document(n int, url string) []byte {
	page := []byte(story.Make(soakSeed, n).Page(url))
	end := len(page) - len("</body></html>")
	return append(append(append(make([]byte, 0, len(page)+len(r.surroundings)), page[:end]...), r.surroundings...), page[end:]...)
}
