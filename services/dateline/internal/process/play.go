// Package process runs Dateline's programs and the broker as processes of their own,
// for tests and measurements: each is the calling program in another role.
package process

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/cli"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// RoleVar names the environment's variable that holds a process' role.
const RoleVar = "PROCESS_ROLE"

// Roles. What runs in them is what the programs' main functions run.
const (
	Fetcher    = "fetcher"
	Parser     = "parser"
	Enricher   = "enricher"
	Dateline   = "dateline"
	NATSServer = "nats-server"
)

// Services are the pipeline's processes, in the order of an article's way.
func Services() []string { return []string{Fetcher, Parser, Enricher} }

// Play is the main function of a role. It returns the exit code.
func Play(role string) int {
	switch role {
	case Fetcher:
		return worker.Main(role, "127.0.0.1:0", fetch.Build)
	case Parser:
		return worker.Main(role, "127.0.0.1:0", parse.Build)
	case Enricher:
		return worker.Main(role, "127.0.0.1:0", enrich.Build)
	case Dateline:
		return service.Main(role, func(ctx context.Context) error {
			return cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		})
	case NATSServer:
		return service.Main(role, func(context.Context) error { return runBroker(os.Args[1:]) })
	}
	fmt.Fprintf(os.Stderr, "no role %q\n", role)
	return service.ExitUsage
}

// EndWithParent ends this process when the one that started it is gone.
func EndWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}

// runBroker is nats-server's own main function, so that the server is the one of
// this module and not whatever is installed.
func runBroker(args []string) error {
	fs := flag.NewFlagSet(NATSServer, flag.ContinueOnError)
	opts, err := server.ConfigureOptions(fs, args, func() {}, func() {}, func() {})
	if err != nil {
		return err
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return err
	}
	s.ConfigureLogger()
	if err := server.Run(s); err != nil {
		return err
	}
	s.WaitForShutdown()
	return nil
}
