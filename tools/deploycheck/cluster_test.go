package deploycheck_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience ends a test that hangs; nothing is measured by it.
const patience = 3 * time.Minute

// host is where Dateline and its servers run: programs, keys, and a folder for each
// server with the files of deploy/nats.
type host struct {
	t             *testing.T
	programs, dir string
	url           string
	nodes         []*node
}

// node is one nats-server.
type node struct {
	conf, name, monitor string
	*exec.Cmd
}

// newHost builds the programs, and nats-server as the services' module pins it.
func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{t: t, programs: t.TempDir(), dir: t.TempDir()}
	build := exec.Command("go", "build", "-o", h.programs+string(filepath.Separator),
		"./dateline", "./fetcher", "./parser", "./enricher", "github.com/nats-io/nats-server/v2")
	build.Dir, build.Env = "../../services", append(os.Environ(), "GOWORK=")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	return h
}

// free is an address that was free a moment ago.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// cluster copies the shipped files for three servers on one machine: other paths and
// addresses, and nothing else.
func (h *host) cluster() {
	var urls, routes []string
	clients, monitors := make([]string, 3), make([]string, 3)
	for i := range 3 {
		clients[i], monitors[i] = free(h.t), free(h.t)
		routes = append(routes, free(h.t))
		urls = append(urls, "tls://"+clients[i])
	}
	h.url = strings.Join(urls, ",")
	for i := range 3 {
		dir := filepath.Join(h.dir, fmt.Sprintf("nats-%d", i+1))
		require.NoError(h.t, os.MkdirAll(dir, 0o700))
		require.NoError(h.t, os.Symlink(h.path("keys"), filepath.Join(dir, "keys")))
		changes := map[string]string{
			"/etc/nats/keys": h.path("keys"), "/var/lib/nats": filepath.Join(dir, "store"),
			"0.0.0.0:4222": clients[i], "127.0.0.1:8222": monitors[i], "0.0.0.0:6222": routes[i],
			"nats-1:6222": routes[0], "nats-2:6222": routes[1], "nats-3:6222": routes[2],
		}
		var shipped string
		for _, name := range []string{"cluster.conf", "secured.conf"} {
			data, err := os.ReadFile(filepath.Join("../../deploy/nats", name))
			require.NoError(h.t, err)
			shipped += string(data)
			text := string(data)
			for from, to := range changes {
				text = strings.ReplaceAll(text, from, to)
			}
			require.NoError(h.t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
		for from := range changes {
			require.Contains(h.t, shipped, from)
		}
		h.nodes = append(h.nodes, &node{conf: filepath.Join(dir, "cluster.conf"), name: filepath.Base(dir), monitor: monitors[i]})
	}
}

func (h *host) path(name string) string { return filepath.Join(h.dir, name) }

// start starts a program in the background; it is killed at the end, and what it said
// is shown if the test failed.
func (h *host) start(program string, environment []string, args ...string) *exec.Cmd {
	var log bytes.Buffer
	cmd := exec.Command(filepath.Join(h.programs, program), args...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(h.t, cmd.Start())
	h.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if h.t.Failed() {
			h.t.Logf("%s %v:\n%s", program, args, log.String())
		}
	})
	return cmd
}

func (h *host) startNode(n *node) {
	n.Cmd = h.start("nats-server", []string{"NATS_SERVER_NAME=" + n.name}, "-c", n.conf)
}

// as is the environment of a program that connects in a role.
func (h *host) as(role string) []string {
	keys := h.path("keys")
	return []string{
		"DATELINE_NATS_URL=" + h.url, "DATELINE_NATS_REPLICAS=3", "DATELINE_NATS_PROVISION=false", "DATELINE_HTTP=127.0.0.1:0",
		"DATELINE_NATS_CA=" + keys + "/ca.pem", "DATELINE_NATS_NKEY=" + keys + "/" + role + ".nk",
		"DATELINE_NATS_CERT=" + keys + "/" + role + ".pem", "DATELINE_NATS_KEY=" + keys + "/" + role + ".key",
		"DATELINE_NATS_INBOX=_INBOX." + role,
	}
}

// dateline runs the command in a role, and returns what it printed.
func (h *host) dateline(ctx context.Context, role string, args ...string) string {
	h.t.Helper()
	out, err := h.try(ctx, role, args...)
	require.NoError(h.t, err, "dateline %v as %s:\n%s", args, role, out)
	return out
}

func (h *host) try(ctx context.Context, role string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(h.programs, "dateline"), args...)
	cmd.Env = append(os.Environ(), h.as(role)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// ask asks a server's monitoring.
func (h *host) ask(ctx context.Context, n *node, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.monitor+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, body)
	}
	return json.Unmarshal(body, into)
}

// healthy waits until a server is ready and all that it holds is current.
func (h *host) healthy(ctx context.Context, n *node) {
	h.t.Helper()
	for {
		var health struct{ Status string }
		err := h.ask(ctx, n, "/healthz", &health)
		if err == nil && health.Status == "ok" {
			return
		}
		select {
		case <-ctx.Done():
			require.NoError(h.t, err, "%s is not healthy", n.name)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// leaders are the leaders of all streams, each of which has to have three copies.
func (h *host) leaders(ctx context.Context) map[string]string {
	h.t.Helper()
	var jsz struct {
		Accounts []struct {
			Streams []struct {
				Name    string `json:"name"`
				Cluster struct {
					Leader string `json:"leader"`
				} `json:"cluster"`
				Config struct {
					Replicas int `json:"num_replicas"`
				} `json:"config"`
			} `json:"stream_detail"`
		} `json:"account_details"`
	}
	require.NoError(h.t, h.ask(ctx, h.nodes[0], "/jsz?accounts=true&streams=true&config=true", &jsz))
	leaders := map[string]string{}
	for _, a := range jsz.Accounts {
		for _, s := range a.Streams {
			require.Equal(h.t, 3, s.Config.Replicas, s.Name)
			leaders[s.Name] = s.Cluster.Leader
		}
	}
	return leaders
}

// passes submits a story as a publisher, and takes its event as a team does.
func (h *host) passes(ctx context.Context, headline string) {
	h.t.Helper()
	story := h.path("story.txt")
	require.NoError(h.t, os.WriteFile(story, []byte(headline+"\n\nBERGEN, Norway - The fish market moves indoors for the winter, the port authority "+
		"said on Monday, and nobody seems to mind. "+headline+".\n\n\"We have been asking for a roof for years,\" said Torstein Aukrust, who sells mussels there.\n"), 0o600))
	// While a stream has no leader the command waits for one, but no longer than for an
	// answer; who submits then tries again.
	for {
		said, err := h.try(ctx, "press", "submit", story)
		if err == nil {
			require.Regexp(h.t, "^(accepted|duplicate|queued)", said)
			break
		}
		require.NoError(h.t, ctx.Err(), said)
	}
	require.Contains(h.t, h.dateline(ctx, "newsroom", "tail", "--durable", "newsroom", "--since", "1h", "--limit", "1", "--json"), headline)
}

// TestCluster runs three servers with the shipped files and the keys that 'dateline
// keys' makes: an article passes; the server that leads is killed, and the next one
// passes all the same; the server comes back, and all copies are current.
func TestCluster(t *testing.T) {
	h := newHost(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	h.dateline(ctx, "none", "keys", h.path("keys"), "--host", "127.0.0.1", "--publisher", "press", "--consumer", "newsroom")
	h.cluster()
	for _, n := range h.nodes {
		h.startNode(n)
	}
	for _, n := range h.nodes {
		h.healthy(ctx, n)
	}
	h.dateline(ctx, "admin", "setup")
	leaders := h.leaders(ctx)
	require.Contains(t, leaders, "ENRICHED")
	for _, service := range []string{"fetcher", "parser", "enricher"} {
		h.start(service, h.as(service))
	}
	h.passes(ctx, "Roof over the fish market")

	for _, n := range h.nodes {
		if n.name == leaders["ENRICHED"] {
			require.NoError(t, n.Process.Kill())
			_ = n.Wait()
			h.passes(ctx, "Mussels under glass")
			h.startNode(n)
		}
	}
	for _, n := range h.nodes {
		h.healthy(ctx, n)
	}
	h.passes(ctx, "Roof paid for")
	require.NotContains(t, h.dateline(ctx, "operator", "doctor"), "FAIL")
}
