package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// source gives the bytes of the nth page.
type source func(n int) ([]byte, error)

// atHand takes pages from memory.
func (p pageSet) atHand(n int) ([]byte, error) { return p[n%len(p)], nil }

// overHTTP fetches pages from the origin.
func overHTTP(ctx context.Context, client *http.Client, origin string) source {
	return func(n int) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/page/%d", origin, n), nil)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		return io.ReadAll(resp.Body)
	}
}

// measureDirect parses and enriches as many articles on all cores and returns
// articles a second: what the pipeline would reach if moving were free.
func measureDirect(ctx context.Context, pages source, articles int) (float64, error) {
	parser := parse.New(parse.Config{})
	enricher, err := enrich.New(enrich.Config{})
	if err != nil {
		return 0, err
	}
	if err := enricher.Warm(ctx); err != nil {
		return 0, err
	}
	one := func(n int) error {
		content, err := pages(n)
		if err != nil {
			return fmt.Errorf("get page %d: %w", n, err)
		}
		page := fetch.Document("", fmt.Sprintf("http://origin.test/page/%d", n), "text/html; charset=utf-8", content, time.Now())
		doc, err := parser.Parse(ctx, page)
		if err != nil {
			return fmt.Errorf("parse page %d: %w", n, err)
		}
		if _, err := enricher.Enrich(ctx, doc); err != nil {
			return fmt.Errorf("enrich page %d: %w", n, err)
		}
		return nil
	}
	var next atomic.Int64
	var group errgroup.Group
	started := time.Now()
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for n := next.Add(1) - 1; n < int64(articles); n = next.Add(1) - 1 {
				if err := one(int(n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = group.Wait()
	return float64(articles) / time.Since(started).Seconds(), err
}
