package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// account is what a request counts against: a host, one feed of a bridge, or the
// connections of a bridge.
type account struct {
	// name is its name in the bucket.
	name string
	// delay is the least time between two requests.
	delay time.Duration
	// connections is the most requests in hand; 0 means that they are not counted.
	connections int
}

// ofHost is what a request for a page or for robots.txt counts against: the host and
// port that are asked. delay may be longer than the default, where the host's
// robots.txt asks for it.
func (b *budget) ofHost(host string, delay time.Duration) []account {
	return []account{{host, max(delay, b.delay), b.connections}}
}

// bridgeShare is how many times a host's connections a bridge may have, since it
// stands for many sites. With the defaults that is a quarter of the workers, so that
// a bridge that hangs leaves the most of them to others.
const bridgeShare = 4

// ofFeed is what a poll counts against: the host of the feed. On a bridge it is the
// feed alone, so that a site that asks the bridge for a pause, or is slow behind it,
// holds up no other; only the connections are counted for all polls of the bridge.
// The names of its accounts are none that a host can have.
func (b *budget) ofFeed(feed *datelinev1.Feed) []account {
	host := urlnorm.Host(feed.GetUrl())
	if !b.bridges.has(host) {
		return b.ofHost(host, 0)
	}
	return []account{
		{name: "feed/" + feed.GetId(), delay: b.delay},
		{name: "bridge/" + host, connections: bridgeShare * b.connections},
	}
}

// bridges are patterns of hosts that serve the feeds of many sites: a name, an
// address or a "host:port", or "*." and a domain, for all names below it.
type bridges []string

// has says whether a host is a bridge. A private address is one (RFC 1918; RFC 4193),
// since what serves feeds on one's own network makes them of other sites; loopback is
// not, unless it is listed.
func (bs bridges) has(host string) bool {
	name := hostname(host)
	for _, pattern := range bs {
		pattern = strings.ToLower(pattern)
		if domain, below := strings.CutPrefix(pattern, "*"); below && strings.HasSuffix(name, domain) {
			return true
		}
		if pattern == host || pattern == name || pattern == strings.Trim(name, "[]") {
			return true
		}
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.Unmap().IsPrivate()
}

// hostname is a host without its port, if it has one.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil && strings.HasPrefix(host, "[") {
		return "[" + name + "]"
	} else if err == nil {
		return name
	}
	return host
}

var errPattern = errors.New("give a host such as rsshub.app, a host:port, or *.example.org for all names below a domain")

// validate checks patterns.
func (bs bridges) validate() error {
	for _, pattern := range bs {
		name := strings.TrimPrefix(pattern, "*.")
		if host := urlnorm.Host("http://" + name + "/"); host == "" || strings.ContainsAny(name, "*/@?#") {
			return fmt.Errorf("fetcher.bridge-hosts holds %q; %w", pattern, errPattern)
		}
	}
	return nil
}
