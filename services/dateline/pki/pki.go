// Package pki makes a small authority and the certificates by which a NATS server
// and those who connect to it prove who they are.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Times for which certificates are good. The authority's outlives many of those that
// it signs.
const (
	authorityTime = 10 * 365 * 24 * time.Hour
	leafTime      = 365 * 24 * time.Hour
	// early is how long before now a certificate begins: clocks differ.
	early = time.Hour
)

// pair is a certificate with its key.
type pair struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Write writes ca, server and one for each client, as NAME.pem and NAME.key, into a
// directory. The server's is for the given hosts. What is there already stays,
// unless two thirds of its time are over, it is for other hosts, or its authority
// is a new one.
func Write(dir string, hosts, clients []string) error {
	if len(hosts) == 0 {
		return errors.New("a server's certificate needs the name of a host")
	}
	authority, err := keep(dir, "ca", nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Dateline NATS authority"}, NotAfter: time.Now().Add(authorityTime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	})
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		Subject: pkix.Name{CommonName: "nats-server"}, NotAfter: time.Now().Add(leafTime), KeyUsage: x509.KeyUsageDigitalSignature,
		// Servers of a cluster connect to each other as clients.
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			server.IPAddresses = append(server.IPAddresses, ip)
		} else {
			server.DNSNames = append(server.DNSNames, h)
		}
	}
	if _, err := keep(dir, "server", authority, server); err != nil {
		return err
	}
	for _, name := range clients {
		if _, err := keep(dir, name, authority, &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(leafTime), KeyUsage: x509.KeyUsageDigitalSignature,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		}); err != nil {
			return err
		}
	}
	return nil
}

// keep returns the pair that is there, if it is fresh, for the same hosts and signed
// by the authority, or makes one. Without an authority it signs itself.
func keep(dir, name string, authority *pair, cert *x509.Certificate) (*pair, error) {
	have, err := read(dir, name)
	if err != nil {
		return nil, err
	}
	if have != nil && fresh(have.cert) && sameHosts(have.cert, cert) &&
		(authority == nil || have.cert.CheckSignatureFrom(authority.cert) == nil) {
		return have, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of %s: %w", name, err)
	}
	signer := authority
	if signer == nil {
		signer = &pair{cert: cert, key: key}
	}
	if cert.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return nil, fmt.Errorf("number the certificate of %s: %w", name, err)
	}
	cert.NotBefore = time.Now().Add(-early)
	der, err := x509.CreateCertificate(rand.Reader, cert, signer.cert, key.Public(), signer.key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate of %s: %w", name, err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write the key of %s: %w", name, err)
	}
	if err := errors.Join(write(dir, name+".key", "PRIVATE KEY", private), write(dir, name+".pem", "CERTIFICATE", der)); err != nil {
		return nil, err
	}
	return read(dir, name)
}

// fresh says whether a certificate has more than a third of its time before it.
func fresh(c *x509.Certificate) bool {
	return time.Until(c.NotAfter) > c.NotAfter.Sub(c.NotBefore)/3
}

func sameHosts(a, b *x509.Certificate) bool {
	return slices.Equal(a.DNSNames, b.DNSNames) && slices.EqualFunc(a.IPAddresses, b.IPAddresses, net.IP.Equal)
}

func write(dir, name, kind string, der []byte) error {
	data := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", kind, err)
	}
	return nil
}

// read returns the pair that is there; nil if there is none.
func read(dir, name string) (*pair, error) {
	certDER, err := readPEM(dir, name+".pem")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	keyDER, err := readPEM(dir, name+".key")
	if err != nil {
		return nil, fmt.Errorf("the certificate %s is there without its key: %w; put it back, or remove %s.pem", name, err, name)
	}
	cert, err := x509.ParseCertificate(certDER)
	if err != nil {
		return nil, fmt.Errorf("read certificate %s: %w", name, err)
	}
	private, err := x509.ParsePKCS8PrivateKey(keyDER)
	if err != nil {
		return nil, fmt.Errorf("read key of %s: %w", name, err)
	}
	key, ok := private.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("read key of %s: %T does not sign", name, private)
	}
	return &pair{cert: cert, key: key}, nil
}

func readPEM(dir, name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file", name)
	}
	return block.Bytes, nil
}
