package bus_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/topology"
)

// authority signs certificates for a test.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	a.cert, a.key = a.sign(t, "ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// sign writes NAME.pem and NAME.key; the authority's own is signed by itself.
func (a *authority) sign(t *testing.T, name string, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template.SerialNumber, template.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	a.write(t, name+".pem", "CERTIFICATE", der)
	a.write(t, name+".key", "PRIVATE KEY", private)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert, key
}

func (a *authority) write(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(a.path(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func (a *authority) path(name string) string { return filepath.Join(a.dir, name) }

// tlsServer runs a server with a certificate for localhost, for which clients need
// one as well, and a user whose password is geheim or whose token is geheim.
func (a *authority) tlsServer(t *testing.T, first bool, login string) string {
	t.Helper()
	conf := fmt.Sprintf("listen: \"127.0.0.1:-1\"\n%s\ntls { cert_file: %q, key_file: %q, ca_file: %q, verify: true, handshake_first: %t }\n",
		login, a.path("server.pem"), a.path("server.key"), a.path("ca.pem"), first)
	path := filepath.Join(t.TempDir(), "nats.conf")
	require.NoError(t, os.WriteFile(path, []byte(conf), 0o600))
	return bustest.StartConf(t, path)
}

func TestTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.sign(t, "server", &x509.Certificate{
		DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	a.sign(t, "client", &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	secret := a.path("secret")
	require.NoError(t, os.WriteFile(secret, []byte("geheim\n"), 0o600))
	wrong := a.path("wrong")
	require.NoError(t, os.WriteFile(wrong, []byte("falsch\n"), 0o600))

	usual := a.tlsServer(t, false, `authorization { user: ana, password: geheim }`)
	first := a.tlsServer(t, true, `authorization { token: geheim }`)
	plain := bustest.StartSecured(t, topology.Publisher("press"))

	good := bus.Config{
		URL: usual, User: "ana", PasswordFile: secret,
		CA: a.path("ca.pem"), Cert: a.path("client.pem"), Key: a.path("client.key"), ServerName: "localhost",
	}
	goodFirst := good
	goodFirst.URL, goodFirst.TLSFirst, goodFirst.User, goodFirst.PasswordFile, goodFirst.TokenFile = first, true, "", "", secret

	for _, tt := range []struct {
		name   string
		change func(*bus.Config)
		want   string
	}{
		{"password in a file, both certificates", func(*bus.Config) {}, ""},
		{"password as it is", func(c *bus.Config) { c.PasswordFile, c.Password = "", "geheim" }, ""},
		{"handshake first and a token in a file", func(c *bus.Config) { *c = goodFirst }, ""},
		{"unknown authority", func(c *bus.Config) { c.CA = "" }, "--nats-ca"},
		{"other name", func(c *bus.Config) { c.ServerName = "" }, "--nats-server-name"},
		{"no client certificate", func(c *bus.Config) { c.Cert, c.Key = "", "" }, "--nats-cert and --nats-key"},
		{"wrong password", func(c *bus.Config) { c.PasswordFile = wrong }, "--nats-password-file"},
		{"wrong token", func(c *bus.Config) { *c = goodFirst; c.TokenFile = wrong }, "--nats-token-file"},
		{"handshake first to one that greets", func(c *bus.Config) { c.TLSFirst = true }, "leave out --nats-tls-first"},
		{"greeting awaited of one that shakes hands first", func(c *bus.Config) { *c = goodFirst; c.TLSFirst = false }, "use --nats-tls-first"},
		{"TLS to one that has none", func(c *bus.Config) { c.URL = plain.URL }, "the server has no TLS"},
		{"no password file", func(c *bus.Config) { c.PasswordFile = "/nonexistent" }, "read the NATS secret"},
		{"two users", func(c *bus.Config) { c.TokenFile = secret }, "nats.user and nats.token-file are several ways"},
		{"two passwords", func(c *bus.Config) { c.Password = "geheim" }, "choose one"},
		{"a password of nobody", func(c *bus.Config) { c.User = "" }, "--nats-user"},
		{"no inbox", func(c *bus.Config) { c.Inbox = "feeds.submit" }, "inbox prefix"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			tt.change(&cfg)
			b, err := bus.Connect("test", cfg, zap.NewNop())
			if err == nil {
				defer b.Conn.Close()
			}
			if tt.want == "" {
				require.NoError(t, err)
				require.NoError(t, b.Conn.Flush())
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "geheim")
			require.NotContains(t, err.Error(), "falsch")
		})
	}
}

func TestSilentAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	_, err = bus.Connect("test", bus.Config{URL: l.Addr().String()}, zap.NewNop())
	require.ErrorContains(t, err, "says nothing")
}

func TestWhileAllowed(t *testing.T) {
	t.Parallel()
	s := bustest.StartSecured(t, topology.Publisher("press"))
	b, err := bus.Connect("press", s.Config("press"), zap.NewNop())
	require.NoError(t, err)
	defer b.Conn.Close()

	err = b.WhileAllowed(t.Context(), func(ctx context.Context) error {
		_, err := b.JS.Publish(ctx, topology.SubjectFeedRemove, nil)
		return err
	})
	var denied *bus.DeniedError
	require.ErrorAs(t, err, &denied)
	require.Equal(t, "feeds.remove", denied.Subject)
	require.ErrorContains(t, err, "publish to feeds.remove; connect as one who may")

	err = b.WhileAllowed(t.Context(), func(ctx context.Context) error {
		if _, err := b.Conn.SubscribeSync("articles.>"); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	require.ErrorContains(t, err, "subscribe to articles.>")

	require.NoError(t, b.WhileAllowed(t.Context(), func(context.Context) error { return nil }))
}
