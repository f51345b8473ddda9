package monitoring_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// server is a real Prometheus.
type server struct {
	t    *testing.T
	url  string
	http http.Client
}

// freeAddr is an address that was free a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// startPrometheus runs Prometheus with deploy's rules and alerts, in which time
// runs faster, over the given targets. It ends with the test.
func startPrometheus(t *testing.T, targets ...string) *server {
	t.Helper()
	path := program(t, "prometheus")
	dir, addr := t.TempDir(), freeAddr(t)
	config := map[string]any{
		"global":     map[string]any{"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
		"rule_files": []string{"rules.yml", "alerts.yml"},
		"scrape_configs": []any{map[string]any{
			"job_name": "dateline", "static_configs": []any{map[string]any{"targets": targets}},
		}},
	}
	write := func(name string, content any) {
		data, err := yaml.Marshal(content)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	write("prometheus.yml", config)
	for _, kind := range []string{"rules", "alerts"} {
		group := map[string]any{"name": kind, "rules": quick(rules(t, kind))}
		write(kind+".yml", map[string]any{"groups": []any{group}})
	}
	var log bytes.Buffer
	cmd := exec.Command(path, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+addr, "--log.level=warn")
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("Prometheus:\n%s", log.String())
		}
	})
	return &server{t: t, url: "http://" + addr, http: http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
}

// quick makes time run faster in rules: windows of minutes to days become some
// seconds, and what has to last lasts a second.
func quick(all []rule) []rule {
	var fast []rule
	for _, r := range all {
		r.Expr = quickly(r.Expr)
		if r.For != "" {
			r.For = "1s"
		}
		fast = append(fast, r)
	}
	return fast
}

var window = regexp.MustCompile(`\[(\d+[smhd]|\$__rate_interval)\]`)

// quickly shortens the windows of an expression, and gives Grafana's own one its
// value.
func quickly(expr string) string { return window.ReplaceAllString(expr, "[6s]") }

// get asks the HTTP API, and decodes its data.
func (s *server) get(ctx context.Context, path string, query url.Values, data any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	answer := struct{ Data any }{data}
	if resp.StatusCode != http.StatusOK {
		return &refused{resp.StatusCode, string(body)}
	}
	return json.Unmarshal(body, &answer)
}

// refused is an answer of Prometheus that is no data; 400 is an expression that
// does not parse.
type refused struct {
	status int
	body   string
}

func (r *refused) Error() string { return fmt.Sprintf("prometheus answers %d: %s", r.status, r.body) }

// samples evaluates an expression now: values by the given label.
func (s *server) samples(ctx context.Context, expr, label string) (map[string]float64, error) {
	var data struct {
		Result []struct {
			Metric map[string]string
			Value  [2]any
		}
	}
	if err := s.get(ctx, "/api/v1/query", url.Values{"query": {expr}}, &data); err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for _, r := range data.Result {
		text, _ := r.Value[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, err
		}
		values[r.Metric[label]] = v
	}
	return values, nil
}

// firing are the alerts that fire, with their severity.
func (s *server) firing(ctx context.Context) (map[string]bool, error) {
	var data struct {
		Alerts []struct {
			Labels, Annotations map[string]string
			State               string
		}
	}
	if err := s.get(ctx, "/api/v1/alerts", nil, &data); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, a := range data.Alerts {
		for _, text := range a.Annotations {
			require.NotContains(s.t, text, "error expanding template", a.Labels["alertname"])
			require.NotContains(s.t, text, "<no value>", a.Labels["alertname"])
		}
		if a.State == "firing" {
			names[a.Labels["alertname"]+"/"+a.Labels["severity"]] = true
		}
	}
	return names, nil
}

// pollEvery is how often Prometheus is asked again.
const pollEvery = 200 * time.Millisecond

// await asks until nothing is missing. Errors other than a refusal are those of a
// server that starts.
func (s *server) await(ctx context.Context, what string, missing func() ([]string, error)) error {
	var last []string
	var err error
	for {
		last, err = missing()
		var bad *refused
		if errors.As(err, &bad) && bad.status == http.StatusBadRequest {
			return err
		}
		if err == nil && len(last) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: still missing (%v):\n%s", what, err, strings.Join(last, "\n"))
		case <-time.After(pollEvery):
		}
	}
}

// awaitData waits until every expression returns data; each is asked until it
// did once.
func (s *server) awaitData(ctx context.Context, exprs []string) error {
	left := map[string]bool{}
	for _, e := range exprs {
		left[e] = true
	}
	return s.await(ctx, "data", func() ([]string, error) {
		for e := range maps.Clone(left) {
			got, err := s.samples(ctx, quickly(e), "")
			if err != nil {
				return []string{e}, err
			}
			if len(got) > 0 {
				delete(left, e)
			}
		}
		return slices.Sorted(maps.Keys(left)), nil
	})
}

// awaitQuiet waits until no alert fires: without a fault one may for a moment, where a busy
// machine keeps a scrape waiting.
func (s *server) awaitQuiet(ctx context.Context) error {
	return s.await(ctx, "no alert", func() ([]string, error) {
		firing, err := s.firing(ctx)
		return slices.Sorted(maps.Keys(firing)), err
	})
}

// awaitFiring waits until each of the alerts has fired once.
func (s *server) awaitFiring(ctx context.Context, names ...string) error {
	left := map[string]bool{}
	for _, n := range names {
		left[n] = true
	}
	return s.await(ctx, "alerts", func() ([]string, error) {
		firing, err := s.firing(ctx)
		for n := range firing {
			delete(left, n)
		}
		return slices.Sorted(maps.Keys(left)), err
	})
}
