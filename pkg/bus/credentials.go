package bus

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"
)

// credentials are the options by which the server knows who connects. Files are read
// again at every connect, so that what is in them can be changed.
func credentials(cfg Config, log *zap.Logger) ([]nats.Option, error) {
	var ways []string
	for _, way := range []struct{ name, value string }{
		{"nats.creds", cfg.Creds}, {"nats.nkey", cfg.NKey}, {"nats.user", cfg.User}, {"nats.token-file", cfg.TokenFile},
	} {
		if way.value != "" {
			ways = append(ways, way.name)
		}
	}
	switch {
	case len(ways) > 1:
		return nil, fmt.Errorf("%s are several ways to say who connects; choose one", strings.Join(ways, " and "))
	case cfg.Password != "" && cfg.PasswordFile != "":
		return nil, errors.New("nats.password and nats.password-file are both given; choose one")
	case cfg.User == "" && (cfg.Password != "" || cfg.PasswordFile != ""):
		return nil, errors.New("a password needs a user: --nats-user")
	case cfg.Creds != "":
		// The library would say so as well, but once for each server.
		if _, err := os.Stat(cfg.Creds); err != nil {
			return nil, fmt.Errorf("read NATS credentials: %w", err)
		}
		return []nats.Option{nats.UserCredentials(cfg.Creds)}, nil
	case cfg.NKey != "":
		opt, err := nats.NkeyOptionFromSeed(cfg.NKey)
		if err != nil {
			return nil, fmt.Errorf("read nkey seed %s: %w", cfg.NKey, err)
		}
		return []nats.Option{opt}, nil
	case cfg.TokenFile != "":
		token, err := secretFile(cfg.TokenFile, log)
		if err != nil {
			return nil, err
		}
		return []nats.Option{nats.TokenHandler(token)}, nil
	case cfg.PasswordFile != "":
		password, err := secretFile(cfg.PasswordFile, log)
		if err != nil {
			return nil, err
		}
		return []nats.Option{nats.UserInfoHandler(func() (string, string) { return cfg.User, password() })}, nil
	case cfg.User != "":
		return []nats.Option{nats.UserInfo(cfg.User, cfg.Password)}, nil
	default:
		return nil, nil
	}
}

// secretFile returns a function that reads the secret that is a file's only line.
// An error is one of the first reading; a later one is logged, and the secret is
// then the one before.
func secretFile(path string, log *zap.Logger) (func() string, error) {
	read := func() (string, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the NATS secret: %w", err)
		}
		if data = bytes.TrimSpace(data); len(data) == 0 {
			return "", fmt.Errorf("read the NATS secret: %s is empty", path)
		}
		return string(data), nil
	}
	last, err := read()
	if err != nil {
		return nil, err
	}
	return func() string {
		secret, err := read()
		if err != nil {
			log.Error("going on with the secret as it was", zap.Error(err))
			return last
		}
		last = secret
		return secret
	}, nil
}

// security are the options of TLS. Certificates are read again at every connect.
func security(cfg Config) ([]nats.Option, error) {
	if (cfg.Cert == "") != (cfg.Key == "") {
		return nil, errors.New("a client certificate needs both --nats-cert and --nats-key")
	}
	if cfg.CA == "" && cfg.Cert == "" && cfg.ServerName == "" && !cfg.TLSFirst {
		return nil, nil
	}
	opts := []nats.Option{nats.Secure(&tls.Config{MinVersion: tls.VersionTLS12, ServerName: cfg.ServerName})}
	if cfg.CA != "" {
		opts = append(opts, nats.RootCAs(cfg.CA))
	}
	if cfg.Cert != "" {
		opts = append(opts, nats.ClientCert(cfg.Cert, cfg.Key))
	}
	if cfg.TLSFirst {
		opts = append(opts, nats.TLSHandshakeFirst())
	}
	return opts, nil
}
