package process

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// Broker is a nats-server of its own, which keeps its address and its streams over
// restarts.
type Broker struct {
	dir, config, store string
	// Address is where clients connect.
	Address string
	wrap    []string
	// Settings, if any, make it the one in dateline up, with all services beside it.
	Settings []string
	*Process
}

// BrokerOptions are in what a broker differs from the usual one.
type BrokerOptions struct {
	Store      string // directory of the streams; "": under the broker's own
	MaxStore   int64  // bytes on disk; 0: 4 GiB
	MaxPayload int    // bytes; 0: 8 MiB, as deploy/nats has it
	// Of a cluster.
	Name, Cluster string
	Routes        []string
	// Wrap are the words before the command, such as those that enter a network
	// namespace.
	Wrap []string
	Host string // address to listen at; "": 127.0.0.1
	Port int    // 0: a free one
}

// NewBroker writes a broker's configuration into a directory under dir.
func NewBroker(dir string, o BrokerOptions) (*Broker, error) {
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if o.Port == 0 {
		var err error
		if o.Port, err = FreePort(); err != nil {
			return nil, err
		}
	}
	if o.Name == "" {
		o.Name = "broker"
	}
	if o.MaxPayload == 0 {
		o.MaxPayload = 8 << 20
	}
	if o.MaxStore == 0 {
		o.MaxStore = 4 << 30
	}
	b := &Broker{dir: filepath.Join(dir, o.Name), Address: fmt.Sprintf("%s:%d", o.Host, o.Port), wrap: o.Wrap}
	if o.Store == "" {
		o.Store = filepath.Join(b.dir, "store")
	}
	b.store = o.Store
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a directory for the broker: %w", err)
	}
	text := fmt.Sprintf("server_name: %s\nlisten: %q\nmax_payload: %d\njetstream {\n  store_dir: %q\n  max_memory_store: 64MB\n  max_file_store: %d\n  sync_interval: 1s\n}\n",
		o.Name, b.Address, o.MaxPayload, o.Store, o.MaxStore)
	if o.Cluster != "" {
		routes := make([]string, len(o.Routes))
		for i, route := range o.Routes {
			routes[i] = fmt.Sprintf("%q", "nats://"+route)
		}
		text += fmt.Sprintf("cluster {\n  name: processes\n  listen: %q\n  routes: [%s]\n  no_advertise: true\n}\n", o.Cluster, strings.Join(routes, ", "))
	}
	b.config = filepath.Join(b.dir, "nats-server.conf")
	if err := os.WriteFile(b.config, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("configure the broker: %w", err)
	}
	return b, nil
}

// Run starts the broker, and waits until it takes clients.
func (b *Broker) Run(ctx context.Context) error {
	role, args := NATSServer, []string{"-c", b.config}
	if len(b.Settings) > 0 {
		role, args = Dateline, []string{"up", "--nats-listen", b.Address, "--data", b.store}
	}
	p, err := Start(role, b.dir, b.Settings, b.wrap, args...)
	if err != nil {
		return err
	}
	b.Process = p
	return p.AwaitUp(ctx)
}

// FreePort is a port of loopback that nobody listens at.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
