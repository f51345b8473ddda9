package telemetry_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/telemetry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a running listener with a client of its own.
type server struct {
	*telemetry.Ops
	client *http.Client
	stop   func() error
}

func serve(t *testing.T, c telemetry.OpsConfig) *server {
	t.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	o := telemetry.NewOps(c)
	require.NoError(t, o.Listen())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx) }()
	transport := &http.Transport{}
	s := &server{Ops: o, client: &http.Client{Transport: transport}}
	stopped := false
	s.stop = func() error {
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if !stopped {
			require.NoError(t, s.stop())
		}
	})
	return s
}

// get returns the status, the headers and the body. Edit may change the request.
func (s *server) get(t *testing.T, path string, edit ...func(*http.Request)) (code int, header http.Header, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+path, nil)
	require.NoError(t, err)
	for _, e := range edit {
		e(req)
	}
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(b)
}

func accept(kind string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Accept", kind) }
}

func host(name string) func(*http.Request) {
	return func(r *http.Request) { r.Host = name }
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	registry := telemetry.NewRegistry("v1.2.3")
	s := serve(t, telemetry.OpsConfig{Registry: registry})

	code, header, body := s.get(t, "/metrics")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, header.Get("Content-Type"), "text/plain")
	require.Regexp(t, `dateline_build_info\{go_version="go[^"]+",revision="[^"]+",version="v1.2.3"\} 1\n`, body)
	require.Contains(t, body, "go_goroutines ")
	require.Contains(t, body, "process_resident_memory_bytes ")

	_, header, body = s.get(t, "/metrics", accept("application/openmetrics-text; version=1.0.0"))
	require.Contains(t, header.Get("Content-Type"), "application/openmetrics-text")
	require.True(t, strings.HasSuffix(body, "# EOF\n"))

	problems, err := testutil.GatherAndLint(registry, "dateline_build_info")
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestVersionIsNeverEmpty(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, telemetry.Version())
	require.NotEmpty(t, telemetry.Revision())
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := serve(t, telemetry.OpsConfig{})
	var broken atomic.Bool
	s.AddReadiness("broker", func() error {
		if broken.Load() {
			return errors.New("not connected")
		}
		return nil
	})
	s.AddReadiness("models", func() error { return nil })
	s.AddLiveness("disk", func() error { return nil })

	expect := func(path string, wantCode int, want string, edit ...func(*http.Request)) {
		t.Helper()
		code, header, body := s.get(t, path, edit...)
		require.Equal(t, wantCode, code)
		require.Equal(t, want, body)
		require.Equal(t, "no-store", header.Get("Cache-Control"))
	}
	expect("/livez", 200, "ok\n")
	expect("/readyz", 200, "ok\n")
	expect("/healthz", 200, "ok\n")
	expect("/livez?verbose", 200, "[+] disk: ok\nok\n")
	expect("/readyz?verbose", 200, "[+] broker: ok\n[+] models: ok\nok\n")
	expect("/readyz", 200, `{"ok":true,"checks":[{"name":"broker","ok":true},{"name":"models","ok":true}]}`+"\n",
		accept("application/json"))

	broken.Store(true)
	expect("/livez", 200, "ok\n")
	for _, path := range []string{"/readyz", "/healthz"} {
		expect(path, 503, "[-] broker: not connected\n[+] models: ok\nfailed\n")
	}
	_, _, body := s.get(t, "/readyz", accept("application/json"))
	var got struct {
		OK     bool
		Checks []struct{ Name, Error string }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	require.False(t, got.OK)
	require.Equal(t, "not connected", got.Checks[0].Error)
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	s := serve(t, telemetry.OpsConfig{})
	code, _, body := s.get(t, "/debug/pprof/goroutine?debug=1")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, "goroutine profile")
	code, _, _ = s.get(t, "/debug/pprof/symbol?0x1")
	require.Equal(t, http.StatusOK, code)
	// The command line may hold secrets.
	code, _, _ = s.get(t, "/debug/pprof/cmdline")
	require.Equal(t, http.StatusNotFound, code)
}

func TestHeadersAndIndex(t *testing.T) {
	t.Parallel()
	s := serve(t, telemetry.OpsConfig{})
	code, header, body := s.get(t, "/")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, "/metrics\n")
	require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	require.Equal(t, "DENY", header.Get("X-Frame-Options"))
	require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'self'")
	code, _, _ = s.get(t, "/nothing")
	require.Equal(t, http.StatusNotFound, code)
	code, _, _ = s.get(t, "/metrics")
	require.Equal(t, http.StatusNotFound, code, "no registry")

	s.Handle("GET /", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		fmt.Fprint(w, "the console")
	}))
	_, header, body = s.get(t, "/")
	require.Equal(t, "the console", body)
	require.Equal(t, "default-src 'none'", header.Get("Content-Security-Policy"))
}

func TestForeignNamesAreRefusedOnLoopback(t *testing.T) {
	t.Parallel()
	s := serve(t, telemetry.OpsConfig{Hosts: []string{"news.example.org"}})
	for name, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:1": 200, "[::1]:80": 200, "[::1]": 200,
		"news.example.org": 200, "news.example.org:443": 200,
		"evil.example": 421, "localhost.evil.example": 421, "evil.example:8080": 421, "127.0.0.1.evil.example": 421,
	} {
		code, _, _ := s.get(t, "/livez", host(name))
		require.Equal(t, want, code, name)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	o := telemetry.NewOps(telemetry.OpsConfig{Addr: addr})
	err = o.Listen()
	require.EqualError(t, err, "cannot listen on "+addr+": address already in use; choose another with --http")
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	require.ErrorIs(t, o.Run(t.Context()), syscall.EADDRINUSE)
	require.Empty(t, o.Addr())
}

func TestBadAddress(t *testing.T) {
	t.Parallel()
	err := telemetry.NewOps(telemetry.OpsConfig{Addr: "8080"}).Listen()
	require.ErrorContains(t, err, `cannot listen on "8080": listen tcp: address 8080: missing port in address`)
}

func TestOff(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"", telemetry.AddrOff} {
		o := telemetry.NewOps(telemetry.OpsConfig{Addr: addr})
		require.NoError(t, o.Listen())
		require.Empty(t, o.Addr())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, o.Run(ctx))
	}
}

// A stream lives as long as the listener and does not hold up its end.
func TestStreamsEndWithTheListener(t *testing.T) {
	t.Parallel()
	s := serve(t, telemetry.OpsConfig{})
	ended := make(chan struct{})
	s.Handle("/events", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		fmt.Fprint(w, "data: first\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		fmt.Fprint(w, "data: last\n\n")
	}))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+"/events", nil)
	require.NoError(t, err)
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body := bufio.NewReader(resp.Body)
	line, err := body.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "data: first\n", line)
	require.NoError(t, s.stop())
	<-ended
	rest, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Contains(t, string(rest), "data: last")
}

func TestServingFails(t *testing.T) {
	t.Parallel()
	core, logs := observer.New(zap.InfoLevel)
	o := telemetry.NewOps(telemetry.OpsConfig{Addr: "127.0.0.1:0", Log: zap.New(core)})
	require.NoError(t, o.Listen())
	require.NoError(t, o.Listen(), "already bound")
	addr := o.Addr()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, o.Run(ctx))
	require.Equal(t, 1, logs.FilterField(zap.String("url", "http://"+addr)).Len())
	require.ErrorContains(t, o.Run(t.Context()), "serve on "+addr, "a listener runs once")
}

func TestBrokenCollectorDoesNotHideTheRest(t *testing.T) {
	t.Parallel()
	registry := telemetry.NewRegistry("v1")
	registry.MustRegister(brokenCollector{})
	core, logs := observer.New(zap.WarnLevel)
	s := serve(t, telemetry.OpsConfig{Registry: registry, Log: zap.New(core)})
	code, _, body := s.get(t, "/metrics")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, "dateline_build_info")
	require.NotZero(t, logs.Len())
	require.NotContains(t, body, "dateline_broken")
}
