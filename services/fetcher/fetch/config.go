// Package fetch is what the fetcher does: it keeps the registry of feeds, polls
// them, gives each article its slot on its host, and fetches its page.
package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/pkg/telemetry"
)

// Config is what an operator may set.
type Config struct {
	HostDelay    time.Duration `config:"host-delay" default:"1s" help:"least time between two requests to one host, all replicas together"`
	AllowPrivate bool          `config:"allow-private" default:"false" help:"fetch from loopback and private addresses, too; never on a fetcher that strangers can submit to"`
	AllowHosts   []string      `config:"allow-hosts" help:"host:port pairs that may be private, comma-separated"`
	UserAgent    string        `config:"user-agent" help:"User-Agent header; default: Dateline/VERSION with a link"`
	Proxy        string        `config:"proxy" help:"URL of an HTTP or SOCKS5 proxy for all requests" secret:"true"`
	Timeout      time.Duration `config:"timeout" default:"30s" help:"deadline of one request, redirects and body included"`
	MaxBytes     config.Bytes  `config:"max-bytes" default:"10MiB" help:"largest page or feed, after decompression"`
	MinInterval  time.Duration `config:"min-interval" default:"5m" help:"least time between two polls of a feed"`
	MaxInterval  time.Duration `config:"max-interval" default:"24h" help:"greatest time between two polls of a feed"`
	Robots       bool          `config:"robots" default:"true" help:"obey robots.txt for pages (RFC 9309)"`
	Workers      int           `config:"workers" default:"32" help:"pages, and as many polls, fetched at once"`
}

// agent is the product token that robots.txt rules are matched against.
const agent = "Dateline"

// maxMaxBytes leaves room for what is said of a page beside its bytes.
const maxMaxBytes config.Bytes = bus.MaxDecoded - 8<<20

// Validate checks what a default cannot mend.
func (c *Config) Validate() error {
	if c.HostDelay < 0 {
		return fmt.Errorf("fetcher.host-delay is %s; give 0s or more", c.HostDelay)
	}
	if c.MinInterval <= 0 || c.MaxInterval < c.MinInterval {
		return fmt.Errorf("fetcher.min-interval is %s and fetcher.max-interval %s; the least must be over 0s and not over the greatest",
			c.MinInterval, c.MaxInterval)
	}
	if c.Workers < 1 {
		return fmt.Errorf("fetcher.workers is %d; give at least 1", c.Workers)
	}
	if c.MaxBytes < 1 || c.MaxBytes > maxMaxBytes {
		return fmt.Errorf("fetcher.max-bytes is %s; give from 1 byte to %s, the most that a message can carry", c.MaxBytes, maxMaxBytes)
	}
	if c.Timeout <= 0 {
		return fmt.Errorf("fetcher.timeout is %s; give more than 0s", c.Timeout)
	}
	if !httpguts.ValidHeaderFieldValue(c.UserAgent) {
		return errors.New("fetcher.user-agent holds characters that a header may not")
	}
	for _, pair := range c.AllowHosts {
		if host, port, err := net.SplitHostPort(pair); err != nil || host == "" || port == "" {
			return fmt.Errorf("fetcher.allow-hosts holds %q; give host:port, such as 127.0.0.1:8090", pair)
		}
	}
	if c.Proxy != "" {
		if u, err := url.Parse(c.Proxy); err != nil || u.Host == "" {
			return errors.New("fetcher.proxy is no URL; give one such as http://proxy.example.org:3128")
		}
	}
	return nil
}

func (c *Config) userAgent() string {
	if c.UserAgent != "" {
		return c.UserAgent
	}
	return agent + "/" + telemetry.Version() + " (+https://github.com/dateline-news/dateline)"
}
