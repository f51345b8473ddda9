package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/dateline-news/dateline/services/dateline/demo"
)

// pageSet are the pages that the origin serves, over and over under new
// addresses.
type pageSet [][]byte

// makePages takes the demo site's articles and gives them the weight of real
// pages: script, navigation, teasers.
func makePages(size int) (pageSet, error) {
	site, err := demo.New(demo.Options{})
	if err != nil {
		return nil, err
	}
	var pages pageSet
	for _, a := range site.Articles() {
		if a.Text == "" {
			continue
		}
		rec := httptest.NewRecorder()
		site.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, a.Path, nil))
		body := rec.Body.Bytes()
		if !strings.Contains(strings.ToLower(rec.Header().Get("Content-Type")), "utf-8") {
			continue
		}
		end := bytes.LastIndex(body, []byte("</body>"))
		if rec.Code != http.StatusOK || end < 0 {
			return nil, fmt.Errorf("demo page %s answered %d or has no end", a.Path, rec.Code)
		}
		page := append([]byte{}, body[:end]...)
		page = append(page, ballast(size-len(body))...)
		pages = append(pages, append(page, body[end:]...))
	}
	return pages, nil
}

// ballast is what surrounds an article on real pages: three parts script and
// data, two parts lists of links.
func ballast(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		if i%5 < 3 {
			fmt.Fprintf(&b, `<script>window.__state_%d={"id":%d,"flags":[true,false,null],"items":[`, i, i)
			for j := range 20 {
				fmt.Fprintf(&b, `{"k":"v%d","u":"/section/%d/item-%d","w":%d.%d},`, j, i, j, j, i)
			}
			b.WriteString("]}</script>\n")
			continue
		}
		b.WriteString(`<div class="teaser-list module"><ul>`)
		for j := range 12 {
			fmt.Fprintf(&b, `<li class="teaser teaser--s"><a href="/section/%d/item-%d" data-track="t%d"><span class="kicker">Section %d</span> <span class="title">Another story of the day, number %d</span></a></li>`, i, j, j, i, j)
		}
		b.WriteString("</ul></div>\n")
	}
	return b.Bytes()
}

func (p pageSet) meanSize() int {
	total := 0
	for _, page := range p {
		total += len(page)
	}
	return total / len(p)
}

// entriesPerFeed is a usual length of a feed.
const entriesPerFeed = 50

// origin serves feeds /feed/K with the pages /page/N of each.
func (p pageSet) origin(articles int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed/{k}", func(w http.ResponseWriter, r *http.Request) {
		k, err := strconv.Atoi(r.PathValue("k"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>Feed %d</title><link>http://%s/</link><description>bench</description>`, k, r.Host)
		for n := k * entriesPerFeed; n < min((k+1)*entriesPerFeed, articles); n++ {
			fmt.Fprintf(w, "<item><title>Story %d</title><link>http://%s/page/%d</link><guid>%d</guid></item>", n, r.Host, n, n)
		}
		fmt.Fprint(w, "</channel></rss>")
	})
	mux.HandleFunc("GET /page/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(p[n%len(p)])
	})
	return mux
}
