package worker_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/embedded"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	"github.com/dateline-news/dateline/pkg/worker"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// asWorker makes the test's own program a worker: a process can only be tested
// as one.
const asWorker = "TEST_AS_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) != "" {
		_ = os.Unsetenv(asWorker)
		os.Exit(worker.Main("echo", "127.0.0.1:0", build))
	}
	goleak.VerifyTestMain(m)
}

// echoConfig is the section of a service.
type echoConfig struct {
	Echo struct {
		Text string `config:"text" default:"heard" help:"what is answered"`
	} `config:"echo"`
}

// build is a service that answers every submission.
func build(_ context.Context, env worker.Env, cfg echoConfig) ([]worker.Stage, func(), error) {
	if cfg.Echo.Text == "nothing" {
		return nil, nil, fmt.Errorf("echo.text is %q", cfg.Echo.Text)
	}
	r, err := stage.NewRunner(topology.Registry, stage.AsIs, func(_ context.Context, raw stage.Raw) ([]stage.Out, error) {
		return nil, env.Bus.Reply(raw.Header, &datelinev1.Receipt{Status: cfg.Echo.Text})
	}, env.Settings)
	return []worker.Stage{r}, func() { env.Log.Info("closed") }, err
}

// process is a worker process.
type process struct {
	*exec.Cmd
	stdout  strings.Builder
	entries chan map[string]any
	// log is what it wrote to standard error; complete when entries is closed.
	log strings.Builder
}

// start starts a worker with an environment of its own, and ends it with the test.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...), entries: make(chan map[string]any, 1000)}
	p.Env = append([]string{asWorker + "=1", "PATH=" + os.Getenv("PATH"), "DATELINE_LOG_FORMAT=json"}, env...)
	p.Stdout = &p.stdout
	stderr, err := p.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	go func() {
		defer close(p.entries)
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			fmt.Fprintln(&p.log, lines.Text())
			var entry map[string]any
			if json.Unmarshal(lines.Bytes(), &entry) == nil {
				p.entries <- entry
			}
		}
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		for range p.entries {
		}
	})
	return p
}

// await waits for a log entry.
func (p *process) await(t *testing.T, message string) map[string]any {
	t.Helper()
	for entry := range p.entries {
		if entry["msg"] == message || entry["message"] == message {
			return entry
		}
	}
	t.Fatalf("it ended without %q:\n%s", message, p.log.String())
	return nil
}

// wait waits for the end and returns the exit code.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	for range p.entries {
	}
	_ = p.Wait()
	return p.ProcessState.ExitCode()
}

func server(t *testing.T) string {
	t.Helper()
	s, err := embedded.Start(embedded.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", SyncInterval: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return s.URL()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

func TestAWorkerStartsWorksAndStops(t *testing.T) {
	t.Parallel()
	url := server(t)
	p := start(t, []string{
		"DATELINE_NATS_URL=" + url, "DATELINE_ECHO_TEXT=from the environment",
		// Of other programs in the same environment.
		"DATELINE_FETCHER_HOST_DELAY=2s", "DATELINE_PARSER_MAX_BYTES=1MiB", "DATELINE_LANGUAGES=fr", "DATELINE_DATA=/data",
	})
	http, _ := p.await(t, "started")["http"].(string)
	require.Eventually(t, func() bool { code, _ := get(t, "http://"+http+"/readyz"); return code == 200 }, time.Minute, 10*time.Millisecond)
	code, metrics := get(t, "http://"+http+"/metrics")
	require.Equal(t, 200, code)
	require.Contains(t, metrics, `dateline_stage_messages_total{outcome="ok",reason="",stage="fetcher-registry"}`)
	require.Contains(t, metrics, "dateline_build_info")
	require.Contains(t, metrics, "dateline_nats_connected 1")
	require.Eventually(t, func() bool {
		_, metrics := get(t, "http://"+http+"/metrics")
		return strings.Contains(metrics, `dateline_stage_pending{stage="enricher"} 0`)
	}, time.Minute, 10*time.Millisecond, "also of stages that it does not run")

	b, err := bus.Connect("test", bus.Config{URL: url}, zap.NewNop())
	require.NoError(t, err)
	defer func() { _ = b.Close(context.Background()) }()
	answers, err := b.Conn.SubscribeSync(b.Conn.NewInbox())
	require.NoError(t, err)
	msg := nats.NewMsg(topology.SubjectFeedSubmit)
	msg.Header.Set(bus.HeaderReply, answers.Subject)
	_, err = b.JS.PublishMsg(t.Context(), msg)
	require.NoError(t, err, "it made the streams")
	answer, err := answers.NextMsg(time.Minute)
	require.NoError(t, err)
	require.Contains(t, string(answer.Data), "from the environment")

	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	p.await(t, "closed")
	require.Zero(t, p.wait(t), p.log.String())
}

func TestAWorkerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := closed.Addr().String()
	require.NoError(t, closed.Close())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	url := server(t)

	tests := map[string]struct {
		env  []string
		args []string
		code int
		says string
	}{
		"no server":        {[]string{"DATELINE_NATS_URL=nats://me:hunter2@" + nobody}, nil, 1, "connect to NATS at nats://me:xxxxx@" + nobody},
		"no address":       {[]string{"DATELINE_NATS_URL=nats://bad host:1"}, nil, 1, "connect to NATS at"},
		"full port":        {[]string{"DATELINE_NATS_URL=" + url}, []string{"--http", taken.Addr().String()}, 1, "address already in use"},
		"unknown flag":     {nil, []string{"--nats-ulr=x"}, 2, "unknown flag: --nats-ulr"},
		"unknown variable": {[]string{"DATELINE_ECHO_TXET=x"}, nil, 2, "DATELINE_ECHO_TXET"},
		"mistyped of nats": {[]string{"DATELINE_NATS_ULR=x"}, nil, 2, "DATELINE_NATS_ULR"},
		"argument":         {nil, []string{"run"}, 2, `echo takes no argument "run"`},
		"no file":          {nil, []string{"--config", "/nonexistent.yaml"}, 2, "/nonexistent.yaml"},
		"service's own":    {[]string{"DATELINE_NATS_URL=" + url}, []string{"--echo-text=nothing"}, 1, `echo.text is "nothing"`},
		"no streams":       {[]string{"DATELINE_NATS_URL=" + server(t)}, []string{"--nats-provision=false"}, 0, "cannot get messages"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := start(t, test.env, test.args...)
			if test.code == 0 {
				// It waits for whoever may make the streams.
				p.await(t, "cannot get messages, trying again")
				require.NoError(t, p.Process.Signal(syscall.SIGTERM))
			}
			require.Equal(t, test.code, p.wait(t), p.log.String())
			require.Contains(t, p.log.String(), test.says)
			require.NotContains(t, p.log.String(), "hunter2")
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--version")
	require.Zero(t, p.wait(t))
	require.True(t, strings.HasPrefix(p.stdout.String(), "echo "), p.stdout.String())

	p = start(t, nil, "--help")
	require.Zero(t, p.wait(t))
	for _, want := range []string{"Example:\n  echo --nats-url", "--echo-text", "DATELINE_ECHO_TEXT"} {
		require.Contains(t, p.stdout.String(), want)
	}
}

// TestReload changes the log's level in a running process, names what needs a
// restart, and is not thrown by a file that is wrong.
func TestReload(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dateline.yaml")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	write("log: {level: info}\n")
	p := start(t, []string{"DATELINE_NATS_URL=" + server(t), "DATELINE_CONFIG=" + file})
	p.await(t, "started")
	hangup := func(message string) map[string]any {
		require.NoError(t, p.Process.Signal(syscall.SIGHUP))
		return p.await(t, message)
	}

	write("log: {level: error}\necho: {text: other}\nnats: {password: geheim, user: ana}\n")
	entry := hangup("configuration read again")
	require.Equal(t, "error", entry["log-level"])
	require.Equal(t, []any{"echo.text", "nats.password", "nats.user"}, entry["need-restart"])

	write("log: {lefel: info}\n")
	require.Contains(t, hangup("configuration not read again: it goes on with what it had")["error"], "did you mean log.level?")

	write("log: {level: debug}\n")
	entry = hangup("configuration read again")
	require.Equal(t, "debug", entry["log-level"])
	require.Empty(t, entry["need-restart"], "it is what the process runs with")
	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.wait(t))
	require.NotContains(t, p.log.String(), "geheim")
}

// TestHealth asks a process whether it is ready, as a container's health check does.
func TestHealth(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	env := []string{"DATELINE_NATS_URL=" + server(t), "DATELINE_HTTP=" + addr}
	require.Equal(t, 1, start(t, env, "--health").wait(t), "nobody is there")

	p := start(t, env)
	p.await(t, "started")
	require.Eventually(t, func() bool { return start(t, env, "--health").wait(t) == 0 }, time.Minute, 10*time.Millisecond)

	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "[-] nats: nats connection is reconnecting", http.StatusServiceUnavailable)
	}))
	defer ill.Close()
	require.ErrorContains(t, worker.Health(t.Context(), ill.Listener.Addr().String()), "nats connection is reconnecting")
	require.ErrorContains(t, worker.Health(t.Context(), "off"), "nobody to ask")
}
