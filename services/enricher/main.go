// Command enricher is Dateline's third service: documents in, enriched events
// out.
package main

import (
	"os"

	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/enricher/enrich"
)

func main() { os.Exit(worker.Main("enricher", "127.0.0.1:8083", enrich.Build)) }
