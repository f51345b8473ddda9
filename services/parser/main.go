// Command parser is Dateline's second service: fetched pages in, documents out.
package main

import (
	"os"

	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/parser/parse"
)

func main() { os.Exit(worker.Main("parser", "127.0.0.1:8082", parse.Build)) }
