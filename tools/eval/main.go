// Command eval measures Dateline against evaluation data that lie outside this
// repository, next to the best other programs where there are any, and prints
// Markdown tables for the documentation.
//
//	eval extraction -data DIR [-cv FILE]
//	eval enrichment -data DIR [-predicted FILE] [-pages DIR] [-seed FILE]
//
// It is a module of its own, so that what it compares with never becomes a
// dependency of the services.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/dateline-news/dateline/tools/eval/enrichment"
	"github.com/dateline-news/dateline/tools/eval/extraction"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say what to measure: extraction or enrichment")
	}
	switch args[0] {
	case "extraction":
		return extraction.Run(ctx, args[1:], os.Stdout)
	case "enrichment":
		return enrichment.Run(ctx, args[1:], os.Stdout)
	default:
		return fmt.Errorf("nothing is known of %q; there are: extraction, enrichment", args[0])
	}
}
