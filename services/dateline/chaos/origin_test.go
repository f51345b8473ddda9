package chaos

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/dateline-news/dateline/services/dateline/internal/story"
)

// entriesPerFeed is a usual length of a feed.
const entriesPerFeed = 50

// origin is the site that serves known articles: /feed/K lists the pages of the
// articles that were given to it under that number.
type origin struct {
	server *httptest.Server
	seed   uint64

	mu    sync.Mutex
	feeds [][]int
	// weight is the size that pages are brought to, in bytes; 0: as they are.
	weight map[int]int
	// bomb is a page that takes much memory to parse; -1: there is none.
	bomb int
	// pages is how many were served.
	pages int
}

func newOrigin(seed uint64) *origin {
	o := &origin{seed: seed, weight: map[int]int{}, bomb: -1}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed/{k}", o.feed)
	mux.HandleFunc("GET /page/{n}", o.page)
	o.server = httptest.NewServer(mux)
	return o
}

func (o *origin) host() string { return strings.TrimPrefix(o.server.URL, "http://") }

func (o *origin) pageURL(n int) string { return fmt.Sprintf("%s/page/%d", o.server.URL, n) }

func (o *origin) served() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.pages
}

// list makes a feed of articles and returns its address.
func (o *origin) list(numbers []int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.feeds = append(o.feeds, numbers)
	return fmt.Sprintf("%s/feed/%d", o.server.URL, len(o.feeds)-1)
}

func (o *origin) feed(w http.ResponseWriter, r *http.Request) {
	k, err := strconv.Atoi(r.PathValue("k"))
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil || k < 0 || k >= len(o.feeds) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Feed %d</title><link>%s/</link><description>Known articles</description>`, k, o.server.URL)
	for _, n := range o.feeds[k] {
		fmt.Fprintf(w, "<item><title>%s</title><link>%s</link><guid>%d</guid></item>", story.Make(o.seed, n).Headline, o.pageURL(n), n)
	}
	fmt.Fprint(w, "</channel></rss>")
}

func (o *origin) page(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	o.mu.Lock()
	weight, bomb := o.weight[n], n == o.bomb
	o.pages++
	o.mu.Unlock()
	page := story.Make(o.seed, n).Page(o.pageURL(n))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, page)
	if missing := weight - len(page); missing > 0 {
		fmt.Fprint(w, ballast(o.seed^uint64(n), missing))
	}
	if bomb {
		fmt.Fprint(w, strings.Repeat("<p>x", 9<<20/4))
	}
}

// ballast is a script of a size that hardly compresses.
func ballast(seed uint64, size int) string {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	noise := make([]byte, size*3/4)
	_, _ = rand.NewChaCha8(key).Read(noise)
	return "<script>var data = \"" + base64.StdEncoding.EncodeToString(noise) + "\"</script>"
}
