package fetch_test

import (
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/services/fetcher/fetch"
)

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	var s fetch.Settings
	_, err := config.Load(pflag.NewFlagSet("", pflag.ContinueOnError), config.Options{Environ: []string{}}, &s)
	require.NoError(t, err)
	require.NoError(t, s.Fetcher.Validate())
	require.Equal(t, time.Second, s.Fetcher.HostDelay)
	require.Equal(t, 2, s.Fetcher.HostConnections)
	require.Contains(t, s.Fetcher.BridgeHosts, "rsshub.app")
	require.False(t, s.Fetcher.AllowPrivate)
	require.True(t, s.Fetcher.Robots)
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*fetch.Config){
		"fetcher.host-delay":       func(c *fetch.Config) { c.HostDelay = -1 },
		"fetcher.host-connections": func(c *fetch.Config) { c.HostConnections = -1 },
		"fetcher.bridge-hosts":     func(c *fetch.Config) { c.BridgeHosts = []string{"https://rsshub.app/"} },
		"fetcher.min-interval":     func(c *fetch.Config) { c.MinInterval = 0 },
		"fetcher.max-interval":     func(c *fetch.Config) { c.MaxInterval = c.MinInterval - 1 },
		"fetcher.poll-rate":        func(c *fetch.Config) { c.PollRate = -1 },
		"fetcher.poll-workers":     func(c *fetch.Config) { c.PollWorkers = -1 },
		"fetcher.workers":          func(c *fetch.Config) { c.Workers = 0 },
		"fetcher.max-bytes":        func(c *fetch.Config) { c.MaxBytes = 1 << 30 },
		"fetcher.timeout":          func(c *fetch.Config) { c.Timeout = 0 },
		"fetcher.user-agent":       func(c *fetch.Config) { c.UserAgent = "a\r\nb" },
		"fetcher.allow-hosts":      func(c *fetch.Config) { c.AllowHosts = []string{"localhost"} },
		"fetcher.websub-url":       func(c *fetch.Config) { c.WebSubURL = "https://me:s3cret@dateline.example" },
		"fetcher.websub-listen":    func(c *fetch.Config) { c.WebSubListen = "127.0.0.1:0" },
		"fetcher.websub-lease":     func(c *fetch.Config) { c.WebSubURL = "https://dateline.example" },
		"fetcher.proxy":            func(c *fetch.Config) { c.Proxy = "user:s3cret@proxy" },
	}
	for key, spoil := range tests {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig()
			require.NoError(t, cfg.Validate())
			spoil(&cfg)
			err := cfg.Validate()
			require.ErrorContains(t, err, key)
			require.NotContains(t, err.Error(), "s3cret")
			_, err = fetch.New(cfg, fetch.Deps{})
			require.Error(t, err)
		})
	}
}
