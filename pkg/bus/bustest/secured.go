package bustest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/topology"
)

// Secured is a server that knows one user a role, each by an nkey of its own, and
// lets nobody else in.
type Secured struct {
	URL   string
	seeds map[string]string
}

// StartSecured runs such a server, with nothing on it, in a directory of the test.
func StartSecured(t testing.TB, roles ...topology.Role) *Secured {
	t.Helper()
	dir := t.TempDir()
	s := &Secured{seeds: map[string]string{}}
	users := make([]topology.User, len(roles))
	for i, role := range roles {
		s.seeds[role.Name] = filepath.Join(dir, role.Name+".nk")
		users[i] = topology.User{Role: role, NKey: newKey(t, s.seeds[role.Name])}
	}
	conf := fmt.Sprintf("listen: \"127.0.0.1:-1\"\njetstream { store_dir: %q, max_file_store: 2GB, sync_interval: 1m }\n%s",
		filepath.Join(dir, "nats"), topology.AccountsConf(users, newKey(t, filepath.Join(dir, "system.nk"))))
	path := filepath.Join(dir, "nats.conf")
	require.NoError(t, os.WriteFile(path, []byte(conf), 0o600))
	s.URL = StartConf(t, path)
	return s
}

// StartConf runs a server by its configuration file until the test ends, and
// returns its address.
func StartConf(t testing.TB, path string) string {
	t.Helper()
	opts, err := server.ProcessConfigFile(path)
	require.NoError(t, err)
	opts.NoSigs, opts.NoLog = true, true
	ns, err := server.NewServer(opts)
	require.NoError(t, err)
	ns.Start()
	t.Cleanup(func() {
		ns.Shutdown()
		ns.WaitForShutdown()
	})
	require.True(t, ns.ReadyForConnections(time.Minute))
	return ns.ClientURL()
}

func newKey(t testing.TB, path string) (public string) {
	t.Helper()
	key, err := nkeys.CreateUser()
	require.NoError(t, err)
	seed, err := key.Seed()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, seed, 0o600))
	public, err = key.PublicKey()
	require.NoError(t, err)
	return public
}

// Config is how a role connects.
func (s *Secured) Config(role string, opts ...bus.Option) bus.Config {
	return bus.Config{URL: s.URL, NKey: s.seeds[role], Inbox: topology.Inbox(role), Options: opts}
}

// Connect connects as a role until the test ends.
func (s *Secured) Connect(t testing.TB, role string, opts ...bus.Option) *bus.Bus {
	t.Helper()
	closed := make(chan struct{})
	b, err := bus.Connect(role, s.Config(role, append(opts, nats.ClosedHandler(func(*nats.Conn) { close(closed) }))...), zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() {
		b.Conn.Close()
		<-closed
	})
	return b
}
