package pki_test

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/dateline/pki"
)

func load(t *testing.T, dir, name string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key"))
	require.NoError(t, err)
	return pair.Leaf
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, pki.Write(dir, []string{"nats-1", "192.0.2.1"}, []string{"fetcher"}))
	authority := load(t, dir, "ca")
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	verify := func(name, host string, usage x509.ExtKeyUsage) error {
		_, err := load(t, dir, name).Verify(x509.VerifyOptions{Roots: roots, DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage}})
		return err
	}
	require.NoError(t, verify("server", "nats-1", x509.ExtKeyUsageServerAuth))
	require.NoError(t, verify("server", "192.0.2.1", x509.ExtKeyUsageServerAuth))
	require.NoError(t, verify("fetcher", "", x509.ExtKeyUsageClientAuth))
	require.Error(t, verify("fetcher", "", x509.ExtKeyUsageServerAuth), "a client cannot stand in for the server")
	require.Error(t, verify("server", "nats-2", x509.ExtKeyUsageServerAuth))

	// What is good stays; a server for other hosts is signed anew, by the same authority.
	server, client := load(t, dir, "server"), load(t, dir, "fetcher")
	require.NoError(t, pki.Write(dir, []string{"nats-1", "192.0.2.1"}, []string{"fetcher"}))
	require.True(t, server.Equal(load(t, dir, "server")))
	require.NoError(t, pki.Write(dir, []string{"nats-1", "nats-2"}, []string{"fetcher"}))
	require.False(t, server.Equal(load(t, dir, "server")))
	require.True(t, client.Equal(load(t, dir, "fetcher")))
	require.True(t, authority.Equal(load(t, dir, "ca")))
	require.NoError(t, verify("server", "nats-2", x509.ExtKeyUsageServerAuth))

	// Another authority signs everything anew.
	require.NoError(t, os.Remove(filepath.Join(dir, "ca.pem")))
	require.NoError(t, pki.Write(dir, []string{"nats-1"}, []string{"fetcher"}))
	require.NoError(t, load(t, dir, "fetcher").CheckSignatureFrom(load(t, dir, "ca")))
}

func TestWriteSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, pki.Write(t.TempDir(), nil, nil), "name of a host")
	dir := t.TempDir()
	require.NoError(t, pki.Write(dir, []string{"a"}, nil))
	require.NoError(t, os.Remove(filepath.Join(dir, "ca.key")))
	require.ErrorContains(t, pki.Write(dir, []string{"a"}, nil), "without its key")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("rubbish"), 0o600))
	require.ErrorContains(t, pki.Write(dir, []string{"a"}, nil), "no PEM file")
}
