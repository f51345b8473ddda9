package cli_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

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
		"fetcher":     func() { os.Exit(worker.Main("fetcher", "127.0.0.1:0", fetch.Build)) },
		"parser":      func() { os.Exit(worker.Main("parser", "127.0.0.1:0", parse.Build)) },
		"enricher":    func() { os.Exit(worker.Main("enricher", "127.0.0.1:0", enrich.Build)) },
		"broker":      func() { os.Exit(service.Main("broker", broker)) },
		"nats-server": func() { os.Exit(service.Main("nats-server", natsServer)) },
		"site":        func() { os.Exit(service.Main("site", site)) },
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
			"deployed":  deployed,
			"gzip":      compress,
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

// compress writes FILE.gz beside a file: gzip FILE.
func compress(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gzip file")
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".gz"), b.Bytes(), 0o600))
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

// silent is a standard input on which nothing comes: a terminal, before anybody
// types.
type silent struct{ reading chan struct{} }

func (s *silent) Read([]byte) (int, error) {
	close(s.reading)
	select {}
}

// TestInterruptedWhileReading: Ctrl-C ends a command that waits for its input, and
// is no success.
func TestInterruptedWhileReading(t *testing.T) {
	for name, args := range map[string][]string{
		"batch":    {"explain", "--batch"},
		"document": {"explain", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			in := &silent{reading: make(chan struct{})}
			go func() {
				<-in.reading
				cancel()
			}()
			err := cli.Run(ctx, args, in, io.Discard, io.Discard)
			require.ErrorContains(t, err, "interrupted")
			require.Equal(t, service.ExitFailed, service.ExitCode(err))
		})
	}
}

// TestARowTooLong: it is an error of its own, and the rows after it are read.
func TestARowTooLong(t *testing.T) {
	long := io.MultiReader(
		strings.NewReader(`{"id":"long","content":"`), io.LimitReader(&endless{}, 129<<20), strings.NewReader("\"}\n"),
		strings.NewReader(`{"id":"next","url":"https://example.org/"}`),
	)
	var out bytes.Buffer
	require.NoError(t, cli.Run(t.Context(), []string{"explain", "--batch"}, long, &out, io.Discard))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], "the row is longer than 128 MiB")
	require.Contains(t, lines[1], `"id":"next"`)
}

// endless gives one letter for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
