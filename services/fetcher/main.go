// Command fetcher is Dateline's first service: feeds in, fetched pages out.
package main

import (
	"os"
	_ "time/tzdata" // feeds name time zones, and an image from scratch has none

	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func main() { os.Exit(worker.Main("fetcher", "127.0.0.1:8081", fetch.Build)) }
