package cli_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/dateline/cli"
	"github.com/dateline-news/dateline/services/enricher/enrich"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
	"github.com/dateline-news/dateline/services/parser/parse"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dateline": func() {
			os.Exit(service.Main("dateline", func(ctx context.Context) error {
				return cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
			}))
		},
		"fetcher":  func() { os.Exit(worker.Main("fetcher", "127.0.0.1:0", fetch.Build)) },
		"parser":   func() { os.Exit(worker.Main("parser", "127.0.0.1:0", parse.Build)) },
		"enricher": func() { os.Exit(worker.Main("enricher", "127.0.0.1:0", enrich.Build)) },
		"broker":   func() { os.Exit(service.Main("broker", broker)) },
	})
}

// broker is a NATS server that knows nothing of Dateline: broker DIR.
func broker(ctx context.Context) error {
	s, err := embedded.Start(embedded.Config{Data: os.Args[1], Listen: os.Getenv("DATELINE_NATS_LISTEN"), SyncInterval: time.Minute})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return s.Stop()
}

// TestScripts runs testdata/script: the command as people use it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode":  exitCode,
			"ready":     ready,
			"until":     until,
			"listening": listening,
		},
	})
}

// setup gives each script addresses of its own.
func setup(env *testscript.Env) error {
	for _, name := range []string{"NATS_LISTEN", "HTTP", "DEMO_LISTEN"} {
		addr, err := freeAddr()
		if err != nil {
			return err
		}
		env.Setenv("DATELINE_"+name, addr)
		if name == "NATS_LISTEN" {
			env.Setenv("DATELINE_NATS_URL", "nats://"+addr)
		}
	}
	return nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// exitCode runs a program and checks its exit code: exitcode 2 dateline up x.
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// patience ends a wait for something that does not happen.
const patience = time.Minute

// ready waits until the program at DATELINE_HTTP says that it is.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: ready")
	}
	url := "http://" + ts.Getenv("DATELINE_HTTP") + "/readyz"
	wait(ts, "ready", func() bool {
		resp, err := http.Get(url)
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
}

// listening waits until the NATS server takes connections.
func listening(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: listening")
	}
	wait(ts, "listening", func() bool {
		conn, err := net.Dial("tcp", ts.Getenv("DATELINE_NATS_LISTEN"))
		return err == nil && conn.Close() == nil
	})
}

// until runs a program again and again until its output matches: until 'regexp'
// program args...
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until regexp program args...")
	}
	want := regexp.MustCompile("(?m)" + args[0])
	wait(ts, args[0], func() bool {
		return ts.Exec(args[1], args[2:]...) == nil && want.MatchString(ts.ReadFile("stdout"))
	})
}

func wait(ts *testscript.TestScript, what string, done func() bool) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !done() {
		select {
		case <-ticker.C:
		case <-deadline:
			ts.Fatalf("%s: not within %s", what, patience)
		}
	}
}
