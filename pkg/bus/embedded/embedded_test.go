package embedded_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/dateline-news/dateline/pkg/bus/embedded"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func config(dir, listen string) embedded.Config {
	return embedded.Config{Data: dir, Listen: listen, SyncInterval: time.Minute}
}

func start(t *testing.T, cfg embedded.Config) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop(), "stopping again is no harm") })
	return s
}

func open(t *testing.T, url string, opts ...nats.Option) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url, opts...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

func TestRestartKeepsMessages(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	s := start(t, config(dir, ""))
	require.Empty(t, s.URL(), "it does not listen")
	js := open(t, "", s.InProcess())
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "NEWS", Subjects: []string{"news"}})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "news", []byte("Les vannes rouvertes"))
	require.NoError(t, err)
	require.NoError(t, s.Stop())

	s = start(t, config(dir, "127.0.0.1:0"))
	require.NotEmpty(t, s.URL())
	js = open(t, s.URL())
	stream, err := js.Stream(t.Context(), "NEWS")
	require.NoError(t, err)
	msg, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "Les vannes rouvertes", string(msg.Data))
}

func TestDataInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start(t, config(dir, ""))
	_, err := embedded.Start(config(dir, ""))
	require.ErrorContains(t, err, "data directory "+dir+" is in use by another process")
	require.ErrorContains(t, err, "--data")
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	dir := t.TempDir()
	_, err = embedded.Start(config(dir, l.Addr().String()))
	require.ErrorContains(t, err, "cannot listen on "+l.Addr().String()+": address already in use; choose another with --nats-listen")

	require.NoError(t, l.Close())
	start(t, config(dir, l.Addr().String())) // The directory was let go.
}

func TestBadAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ listen, want string }{
		{"4222", "not host:port"},
		{"127.0.0.1:nats!", "not a number from 0 to 65535"},
		{"127.0.0.1:70000", "not a number from 0 to 65535"},
		{"192.0.2.1:4222", "listen for NATS clients"},
	} {
		_, err := embedded.Start(config(t.TempDir(), tt.listen))
		require.ErrorContains(t, err, tt.want, tt.listen)
	}
}

func TestUnusableData(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := embedded.Start(config(filepath.Join(file, "data"), ""))
	require.ErrorContains(t, err, "make data directory")

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "jetstream"), nil, 0o600))
	core, logged := observer.New(zap.WarnLevel)
	cfg := config(dir, "")
	cfg.Log = zap.New(core)
	_, err = embedded.Start(cfg)
	require.ErrorContains(t, err, "start embedded NATS server with its data in "+dir)
	require.NotContains(t, err.Error(), "not ready within", "the server's own reason, and at once")
	require.NotZero(t, logged.Len(), "it is logged, too")
}
