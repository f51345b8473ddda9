package chaos

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

var (
	full     = flag.Bool("chaos.full", false, "run every fault at full size")
	articles = flag.Int("chaos.articles", 5000, "articles of the longest runs, at full size")
	kills    = flag.Int("chaos.kills", 100, "kills of each service, at full size")
	seed     = flag.Uint64("chaos.seed", 0, "seed of the faults and articles; 0: a new one, which is printed")
	written  = flag.String("chaos.report", "", "document whose table of faults is written anew")
	keep     = flag.Bool("chaos.keep", false, "keep logs and streams of the runs")
)

// rolePublisher publishes one document, from wherever it stands.
const rolePublisher = "publisher"

// notConfirmed is what the publisher says of a document that no server confirmed.
const notConfirmed = "not confirmed"

func TestMain(m *testing.M) {
	if role := os.Getenv(process.RoleVar); role != "" {
		if role != rolePublisher {
			go process.EndWithParent()
		}
		os.Exit(play(role))
	}
	flag.Parse()
	results.document = *written
	os.Exit(m.Run())
}

// play is what the programs' main functions run, but for the fetcher's clock.
func play(role string) int {
	switch role {
	case process.Fetcher:
		return worker.Main(role, "127.0.0.1:0", func(ctx context.Context, env worker.Env, s fetch.Settings) ([]worker.Stage, func(), error) {
			env.Now = injectedClock()
			return fetch.Build(ctx, env, s)
		})
	case rolePublisher:
		return service.Main(role, publishOnce)
	}
	return process.Play(role)
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
