package chaos

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// broker is a nats-server of its own, which keeps its address and its streams over
// restarts.
type broker struct {
	dir, config string
	address     string // where clients connect
	// wrap are the words before the command, such as those that enter a network
	// namespace.
	wrap []string
	// settings, if any, make it the one in dateline up, with all services beside it.
	settings []string
	*process
}

// brokerOptions are what a fault needs to be otherwise.
type brokerOptions struct {
	store      string // directory of the streams; "": under dir
	maxStore   int64  // bytes on disk; 0: 4 GiB
	maxPayload int    // bytes; 0: 8 MiB, as deploy/nats has it
	// Of a cluster.
	name, cluster string
	routes        []string
	wrap          []string
	host          string // address to listen at; "": 127.0.0.1
	port          int    // 0: a free one
}

func newBroker(dir string, o brokerOptions) (*broker, error) {
	if o.host == "" {
		o.host = "127.0.0.1"
	}
	if o.port == 0 {
		var err error
		if o.port, err = freePort(); err != nil {
			return nil, err
		}
	}
	if o.name == "" {
		o.name = "broker"
	}
	if o.maxPayload == 0 {
		o.maxPayload = 8 << 20
	}
	if o.maxStore == 0 {
		o.maxStore = 4 << 30
	}
	b := &broker{dir: filepath.Join(dir, o.name), address: fmt.Sprintf("%s:%d", o.host, o.port), wrap: o.wrap}
	if o.store == "" {
		o.store = filepath.Join(b.dir, "store")
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a directory for the broker: %w", err)
	}
	text := fmt.Sprintf("server_name: %s\nlisten: %q\nmax_payload: %d\njetstream {\n  store_dir: %q\n  max_memory_store: 64MB\n  max_file_store: %d\n  sync_interval: 1s\n}\n",
		o.name, b.address, o.maxPayload, o.store, o.maxStore)
	if o.cluster != "" {
		routes := make([]string, len(o.routes))
		for i, route := range o.routes {
			routes[i] = fmt.Sprintf("%q", "nats://"+route)
		}
		text += fmt.Sprintf("cluster {\n  name: chaos\n  listen: %q\n  routes: [%s]\n  no_advertise: true\n}\n", o.cluster, strings.Join(routes, ", "))
	}
	b.config = filepath.Join(b.dir, "nats-server.conf")
	if err := os.WriteFile(b.config, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("configure the broker: %w", err)
	}
	return b, nil
}

// run starts the broker, and waits until it takes clients.
func (b *broker) run(ctx context.Context) error {
	role, args := roleBroker, []string{"-c", b.config}
	if len(b.settings) > 0 {
		role, args = roleUp, []string{"up", "--nats-listen", b.address, "--data", filepath.Join(b.dir, "data")}
	}
	p, err := start(role, b.dir, b.settings, b.wrap, args...)
	if err != nil {
		return err
	}
	b.process = p
	return p.awaitUp(ctx)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
