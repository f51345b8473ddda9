package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// proxy stands between the services and the broker, and breaks their connections
// in the ways that networks do.
type proxy struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	// delay is added to every piece that passes.
	delay time.Duration
	// held is closed when what came is let through again; nil: nothing is held up.
	held chan struct{}
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: l, target: target, conns: map[net.Conn]struct{}{}}
	t.Cleanup(func() {
		_ = l.Close()
		p.release()
		p.cut()
	})
	go func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				go p.serve(conn)
			}
		}
	}()
	return p
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = struct{}{}, struct{}{}
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.pass(client, server) })
	both.Go(func() { p.pass(server, client) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.mu.Unlock()
}

// pass copies one direction until either end is gone.
func (p *proxy) pass(from, to net.Conn) {
	defer func() { _, _ = from.Close(), to.Close() }()
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		p.mu.Lock()
		delay, held := p.delay, p.held
		p.mu.Unlock()
		if held != nil {
			<-held
		}
		time.Sleep(delay)
		if _, failed := to.Write(piece[:n]); failed != nil || err != nil {
			return
		}
	}
}

// cut breaks all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// hold lets nothing through and says so to nobody, until release.
func (p *proxy) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = make(chan struct{})
	}
}

func (p *proxy) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held != nil {
		close(p.held)
		p.held = nil
	}
}

func (p *proxy) slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// netns is a network namespace of the test's own, with one cable to this one.
type netns struct{ name, here, there string }

// needsNetns says why there can be none.
func needsNetns() string {
	if os.Getuid() != 0 {
		return "network namespaces need root"
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return "network namespaces need the command ip"
	}
	n := netns{name: fmt.Sprintf("chaos%d", os.Getpid())}
	if err := n.ip("netns", "add", n.name); err != nil {
		return "network namespaces cannot be made here"
	}
	_ = n.ip("netns", "del", n.name)
	return ""
}

func (n netns) ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

func newNetns(t *testing.T) netns {
	t.Helper()
	id := os.Getpid() % 10_000
	// Addresses of the block for tests between networks (RFC 2544).
	n := netns{
		name: fmt.Sprintf("chaos%d", id),
		here: fmt.Sprintf("198.18.%d.%d", id%250, id/250*4+1), there: fmt.Sprintf("198.18.%d.%d", id%250, id/250*4+2),
	}
	cable, end := fmt.Sprintf("ch%d", id), fmt.Sprintf("chn%d", id)
	require.NoError(t, n.ip("netns", "add", n.name))
	t.Cleanup(func() { _ = n.ip("netns", "del", n.name) })
	for _, args := range [][]string{
		{"link", "add", cable, "type", "veth", "peer", "name", end, "netns", n.name},
		{"addr", "add", n.here + "/30", "dev", cable},
		{"link", "set", cable, "up"},
		{"-n", n.name, "addr", "add", n.there + "/30", "dev", end},
		{"-n", n.name, "link", "set", end, "up"},
		{"-n", n.name, "link", "set", "lo", "up"},
	} {
		require.NoError(t, n.ip(args...))
	}
	return n
}

// plug sets the cable's far end up or down.
func (n netns) plug(state string) error {
	return n.ip("-n", n.name, "link", "set", "chn"+strings.TrimPrefix(n.name, "chaos"), state)
}

// within are the words that run a command in the namespace.
func (n netns) within() []string { return []string{"ip", "netns", "exec", n.name} }

// publishFrom has a process in the namespace publish a document by the server at url,
// and says whether the server confirmed it.
func (n netns) publishFrom(ctx context.Context, url, subject, payload string) (confirmed bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return false, fmt.Errorf("find the test binary: %w", err)
	}
	words := append(n.within(), self, url, subject)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), process.RoleVar + "=" + rolePublisher}
	// The role reads its payload from the pipe, whose end also ends it.
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return false, fmt.Errorf("publish from a namespace: %w", err)
	}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return false, fmt.Errorf("publish from a namespace: %w", err)
	}
	_, _ = io.WriteString(stdin, payload)
	_ = stdin.Close()
	err = cmd.Wait()
	if err == nil {
		return true, nil
	}
	if strings.Contains(out.String(), notConfirmed) {
		return false, nil
	}
	return false, fmt.Errorf("publish from a namespace: %w: %s", err, out.String())
}
