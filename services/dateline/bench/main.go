// Command bench measures the whole pipeline: pages served on loopback, from
// feeds.submit to enriched events, next to parsing and enriching the same pages
// in a plain loop.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/dateline-news/dateline/pkg/service"
)

func main() { os.Exit(service.Main("bench", run)) }

func run(ctx context.Context) error {
	articles := flag.Int("articles", 2000, "articles to send through")
	kilobytes := flag.Int("kb", 160, "size of a page; real pages have 160 KB on average")
	limit := flag.Duration("limit", 5*time.Minute, "give up after this time")
	flag.Parse()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()

	pages, err := makePages(*kilobytes << 10)
	if err != nil {
		return err
	}
	fmt.Printf("%d articles, pages of %d KB (%d different texts), %d cores\n\n", *articles, pages.meanSize()>>10, len(pages), runtime.GOMAXPROCS(0))

	direct, err := measureDirect(ctx, pages, *articles)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %8.1f articles/s\n", "parse + enrich in a plain loop", direct)

	result, err := measurePipeline(ctx, pages, *articles)
	if err != nil {
		return err
	}
	result.print(direct)
	return nil
}
