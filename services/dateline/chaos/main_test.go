package chaos

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/cli"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

var (
	full     = flag.Bool("chaos.full", false, "run every fault at full size")
	articles = flag.Int("chaos.articles", 5000, "articles of the longest runs, at full size")
	kills    = flag.Int("chaos.kills", 100, "kills of each service, at full size")
	seed     = flag.Uint64("chaos.seed", 0, "seed of the faults and articles; 0: a new one, which is printed")
	figures  = flag.String("chaos.report", "", "document whose table of faults is written anew")
	keep     = flag.Bool("chaos.keep", false, "keep logs and streams of the runs")
)

// roleVar makes the test binary one of the processes that the tests break.
const roleVar = "CHAOS_ROLE"

// Roles. What runs in them is what the programs' main functions run.
const (
	roleFetcher  = "fetcher"
	roleParser   = "parser"
	roleEnricher = "enricher"
	roleUp       = "dateline"
	roleBroker   = "nats-server"
	// rolePublisher publishes one document, from wherever it stands.
	rolePublisher = "publisher"
)

// notConfirmed is what the publisher says of a document that no server confirmed.
const notConfirmed = "not confirmed"

// services are the pipeline's processes, in the order of an article's way.
func services() []string { return []string{roleFetcher, roleParser, roleEnricher} }

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVar); role != "" {
		if role != rolePublisher {
			go endWithParent()
		}
		os.Exit(play(role))
	}
	flag.Parse()
	results.document = *figures
	os.Exit(m.Run())
}

// endWithParent ends a child whose test was itself killed.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}

func play(role string) int {
	switch role {
	case roleFetcher:
		return worker.Main(role, "127.0.0.1:0", func(ctx context.Context, env worker.Env, s fetch.Settings) ([]worker.Stage, func(), error) {
			env.Now = injectedClock()
			return fetch.Build(ctx, env, s)
		})
	case roleParser:
		return worker.Main(role, "127.0.0.1:0", parse.Build)
	case roleEnricher:
		return worker.Main(role, "127.0.0.1:0", enrich.Build)
	case roleUp:
		return service.Main(role, func(ctx context.Context) error {
			return cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		})
	case roleBroker:
		return service.Main(role, func(context.Context) error { return runBroker(os.Args[1:]) })
	}
	if role == rolePublisher {
		return service.Main(role, publishOnce)
	}
	fmt.Fprintf(os.Stderr, "no role %q\n", role)
	return service.ExitUsage
}

// runBroker is nats-server's own main function, so that the server is the one of
// this module and not whatever is installed.
func runBroker(args []string) error {
	fs := flag.NewFlagSet(roleBroker, flag.ContinueOnError)
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

// publishOnce publishes what it reads on a subject by a server, and waits for the
// confirmation for as long as a leader could take to be found.
func publishOnce(ctx context.Context) error {
	if len(os.Args) != 3 {
		return service.Usagef("give a server and a subject")
	}
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	b, err := bus.Connect(rolePublisher, bus.Config{URL: os.Args[1]}, zap.NewNop())
	if err != nil {
		return err
	}
	defer b.Conn.Close()
	ctx, cancel := context.WithTimeout(ctx, 12*time.Second)
	defer cancel()
	for {
		_, err = b.JS.Publish(ctx, os.Args[2], data)
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", notConfirmed, err)
	}
	return nil
}

// clockVar names the file that says by how much the fetcher's clock is wrong.
const clockVar = "CHAOS_CLOCK"

// injectedClock is the clock that a fault sets; nil where none does.
func injectedClock() func() time.Time {
	file := os.Getenv(clockVar)
	if file == "" {
		return nil
	}
	return func() time.Time {
		text, err := os.ReadFile(file)
		if err != nil {
			return time.Now()
		}
		wrong, err := time.ParseDuration(string(text))
		if err != nil {
			return time.Now()
		}
		return time.Now().Add(wrong)
	}
}
