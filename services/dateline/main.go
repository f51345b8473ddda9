// Command dateline is Dateline's one command: everything in one process, and
// all that is asked of a running Dateline.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // feeds name time zones, and an image from scratch has none

	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/services/dateline/cli"
)

func main() {
	os.Exit(service.Main("dateline", func(ctx context.Context) error {
		return cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}))
}
