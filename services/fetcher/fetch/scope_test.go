package fetch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestBridges(t *testing.T) {
	t.Parallel()
	patterns := []string{"rsshub.app", "*.bridges.example", "tools.example:8080", "127.0.0.1:1200", "[::1]", "Mixed.Example"}
	for host, want := range map[string]bool{
		"rsshub.app":             true,
		"rsshub.app:8443":        true,
		"www.rsshub.app":         false,
		"notrsshub.app":          false,
		"a.bridges.example":      true,
		"a.b.bridges.example":    true,
		"bridges.example":        false,
		"xbridges.example":       false,
		"tools.example":          false,
		"tools.example:8080":     true,
		"mixed.example":          true,
		"127.0.0.1:1200":         true,
		"127.0.0.1":              false,
		"127.0.0.1:1201":         false,
		"[::1]:1200":             true,
		"[::1]":                  true,
		"[::2]":                  false,
		"10.1.2.3":               true,
		"10.1.2.3:3000":          true,
		"172.16.0.1":             true,
		"172.32.0.1":             false,
		"192.168.178.20:1200":    true,
		"[fd00::1]":              true,
		"[fd00::1]:1200":         true,
		"[::ffff:192.168.0.1]":   true,
		"[fe80::1]":              false,
		"[2a00:1450:4001::200e]": false,
		"8.8.8.8":                false,
		"localhost":              false,
		"":                       false,
	} {
		require.Equal(t, want, fetch.IsBridge(patterns, host), "%q", host)
	}
}
