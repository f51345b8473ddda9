// Command bench measures the whole pipeline: pages served on loopback, from
// feeds.submit to enriched events, next to parsing and enriching the same pages
// in a plain loop. With -scale it measures many feeds instead: poll lag, memory
// and CPU of a registry of that size on one embedded broker, and its restart. With
// -soak it offers an even load for a long time and looks whether anything grows.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

func main() {
	if role := os.Getenv(process.RoleVar); role != "" {
		go process.EndWithParent()
		os.Exit(process.Play(role))
	}
	os.Exit(service.Main("bench", run))
}

func run(ctx context.Context) error {
	articles := flag.Int("articles", 2000, "articles to send through")
	kilobytes := flag.Int("kb", 160, "size of a page; real pages have 160 KB on average")
	limit := flag.Duration("limit", 5*time.Minute, "give up after this time")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the pipeline")
	var scale scaleOptions
	scale.flags(flag.CommandLine)
	var soak soakOptions
	soak.flags(flag.CommandLine)
	flag.Parse()
	if soak.lasts > 0 {
		soak.kilobytes = *kilobytes
		return soak.run(ctx)
	}
	if scale.asked() {
		return scale.run(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()

	pages, err := makePages(*kilobytes << 10)
	if err != nil {
		return err
	}
	fmt.Printf("%d articles, pages of %d KB (%d different texts), %d cores\n\n", *articles, pages.meanSize()>>10, len(pages), runtime.GOMAXPROCS(0))

	origin := httptest.NewServer(pages.origin(*articles))
	defer origin.Close()
	loops := []struct {
		name  string
		pages source
		rate  float64
	}{
		{"parse + enrich in a plain loop", pages.atHand, 0},
		{"get + parse + enrich in a plain loop", overHTTP(ctx, origin.Client(), origin.URL), 0},
	}
	for i := range loops {
		if loops[i].rate, err = measureDirect(ctx, loops[i].pages, *articles); err != nil {
			return err
		}
		fmt.Printf("%-38s %8.1f articles/s\n", loops[i].name, loops[i].rate)
	}
	stop, err := startProfile(*profile)
	if err != nil {
		return err
	}
	result, err := measurePipeline(ctx, origin.URL, *articles)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	result.print(loops[0].rate, loops[1].rate)
	return nil
}

// startProfile profiles until the returned function is called; no file, no
// profile.
func startProfile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("create profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("start profile: %w", err)
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}
