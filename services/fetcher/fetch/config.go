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
	HostDelay       time.Duration `config:"host-delay" default:"1s" help:"least time between two requests to one host, all replicas together"`
	HostConnections int           `config:"host-connections" default:"2" help:"most requests in hand on one host, all replicas together; 0: no limit"`
	BridgeHosts     []string      `config:"bridge-hosts" default:"rsshub.app,rss.app,openrss.org,morss.it,fetchrss.com,feed43.com,kill-the-newsletter.com,feeds.feedburner.com,feeds2.feedburner.com,*.rss-bridge.org" help:"hosts that serve the feeds of many sites, comma-separated: NAME, HOST:PORT or *.DOMAIN; each of their feeds has a budget of its own, as have feeds of private addresses"`
	AllowPrivate    bool          `config:"allow-private" default:"false" help:"fetch from loopback and private addresses, too; never on a fetcher that strangers can submit to"`
	AllowHosts      []string      `config:"allow-hosts" help:"host:port pairs that may be private, comma-separated"`
	UserAgent       string        `config:"user-agent" help:"User-Agent header; default: Dateline/VERSION with a link"`
	Proxy           string        `config:"proxy" help:"URL of an HTTP or SOCKS5 proxy for all requests" secret:"true"`
	Timeout         time.Duration `config:"timeout" default:"30s" help:"deadline of one request, redirects and body included"`
	MaxBytes        config.Bytes  `config:"max-bytes" default:"10MiB" help:"largest page or feed, after decompression"`
	MinInterval     time.Duration `config:"min-interval" default:"5m" help:"least time between two polls of a feed"`
	MaxInterval     time.Duration `config:"max-interval" default:"24h" help:"greatest time between two polls of a feed"`
	FullInterval    time.Duration `config:"full-interval" default:"1h" help:"least time between two polls of a feed whose origin gives no validators (ETag, Last-Modified) and no hint how long to wait, so that each poll costs it a full answer; a feed's own maxInterval may ask for less; 0s: min-interval holds for these, too"`
	WebSubURL       string        `config:"websub-url" help:"public base address of this service, such as https://dateline.example.org; hubs call below it, at /websub/ (WebSub); empty: feeds are polled only"`
	WebSubListen    string        `config:"websub-listen" help:"address that takes hubs' calls, such as 127.0.0.1:8091, with a proxy before it that serves fetcher.websub-url; empty: this process takes none"`
	WebSubLease     time.Duration `config:"websub-lease" default:"240h" help:"for how long hubs are asked to deliver; they are asked again in time"`
	Robots          bool          `config:"robots" default:"true" help:"obey robots.txt for pages (RFC 9309)"`
	PollRate        int           `config:"poll-rate" default:"200" help:"most polls that one process starts in a second; first polls of new feeds get half of it; 0: no limit"`
	Refetch         []string      `config:"refetch" default:"1h,6h,24h" help:"waits before a page is looked at again for changes, each after the look before, give or take a fifth; or never"`
	RefetchBudget   int           `config:"refetch-budget" default:"1000" help:"most pages of one host that are looked at again in a day (UTC), all replicas together"`
	MinFree         config.Bytes  `config:"min-free" default:"1GiB" help:"free space below which nothing new is taken: no polls, no pages, nothing from publishers; what is in hand goes on. Of a disk of less than ten times that, a tenth of it is enough. dateline up looks at its disk; a fetcher of its own looks at what the server grants the account, if that is bounded; 0: never"`
	Workers         int           `config:"workers" default:"32" help:"pages fetched at once"`
	PollWorkers     int           `config:"poll-workers" default:"128" help:"feeds polled at once: at least as many as polls fall due in a second, times the seconds that a feed takes to answer; 0: as many as workers"`
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
	if c.HostConnections < 0 {
		return fmt.Errorf("fetcher.host-connections is %d; give at least 1, or 0 for no limit", c.HostConnections)
	}
	if err := bridges(c.BridgeHosts).validate(); err != nil {
		return err
	}
	if c.MinInterval <= 0 || c.MaxInterval < c.MinInterval {
		return fmt.Errorf("fetcher.min-interval is %s and fetcher.max-interval %s; the least must be over 0s and not over the greatest",
			c.MinInterval, c.MaxInterval)
	}
	if c.FullInterval < 0 {
		return fmt.Errorf("fetcher.full-interval is %s; give 0s or more", c.FullInterval)
	}
	if err := c.validateWebSub(); err != nil {
		return err
	}
	if c.PollRate < 0 {
		return fmt.Errorf("fetcher.poll-rate is %d; give at least 1, or 0 for no limit", c.PollRate)
	}
	if _, err := c.refetches(); err != nil {
		return err
	}
	if c.RefetchBudget < 0 {
		return fmt.Errorf("fetcher.refetch-budget is %d; give 0 or more", c.RefetchBudget)
	}
	if c.MinFree < 0 {
		return fmt.Errorf("fetcher.min-free is %s; give 0 or more", c.MinFree)
	}
	if c.Workers < 1 {
		return fmt.Errorf("fetcher.workers is %d; give at least 1", c.Workers)
	}
	if c.PollWorkers < 0 {
		return fmt.Errorf("fetcher.poll-workers is %d; give at least 1, or 0 for as many as fetcher.workers", c.PollWorkers)
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

// validateWebSub checks what hubs are told.
func (c *Config) validateWebSub() error {
	if c.WebSubListen != "" && c.WebSubURL == "" {
		return errors.New("fetcher.websub-listen is set and fetcher.websub-url is not; give the public address, or hubs are told none")
	}
	if c.WebSubURL == "" {
		return nil
	}
	u, err := url.Parse(c.WebSubURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("fetcher.websub-url is no base address; give one such as https://dateline.example.org, without user, query and fragment")
	}
	if c.WebSubListen != "" {
		if _, _, err := net.SplitHostPort(c.WebSubListen); err != nil {
			return fmt.Errorf("fetcher.websub-listen is %q; give host:port, such as 127.0.0.1:8091", c.WebSubListen)
		}
	}
	if c.WebSubLease < time.Minute {
		return fmt.Errorf("fetcher.websub-lease is %s; give 1m or more", c.WebSubLease)
	}
	return nil
}

// pollWorkers is how many feeds are polled at once.
func (c *Config) pollWorkers() int {
	if c.PollWorkers == 0 {
		return c.Workers
	}
	return c.PollWorkers
}

func (c *Config) userAgent() string {
	if c.UserAgent != "" {
		return c.UserAgent
	}
	return agent + "/" + telemetry.Version() + " (+https://github.com/dateline-news/dateline)"
}
