package httpget

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
)

// Blocked is the error for a place that must not be reached: an address inside a
// private network, a port of another protocol, a scheme other than http(s).
type Blocked struct {
	// Place is the address, host or scheme that was refused.
	Place string
	// Reason names the range or rule.
	Reason string
	// class is its Class: "private", "scheme", "port" or "refused".
	class string
}

func (e *Blocked) Error() string {
	return fmt.Sprintf("refused to fetch from %s: %s", e.Place, e.Reason)
}

// special is a range of addresses that is not the public internet.
type special struct {
	prefix  netip.Prefix
	name    string
	private bool // reachable where private addresses are permitted
}

// specials are the ranges of the IANA special-purpose address registries (RFC 6890
// and its successors) that a public origin cannot have.
var specials = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network (RFC 1122)", false},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private network (RFC 1918)", true},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier-grade NAT (RFC 6598)", true},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback", true},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local (RFC 3927)", false},
	{netip.MustParsePrefix("172.16.0.0/12"), "a private network (RFC 1918)", true},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments (RFC 6890)", false},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation (RFC 5737)", false},
	{netip.MustParsePrefix("192.31.196.0/24"), "AS112 (RFC 7535)", false},
	{netip.MustParsePrefix("192.52.193.0/24"), "AMT relays (RFC 7450)", false},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relays (RFC 7526)", false},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private network (RFC 1918)", true},
	{netip.MustParsePrefix("192.175.48.0/24"), "AS112 (RFC 7534)", false},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarks (RFC 2544)", false},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation (RFC 5737)", false},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation (RFC 5737)", false},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast (RFC 5771)", false},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved or broadcast (RFC 1112)", false},
	{netip.MustParsePrefix("::/128"), "the unspecified address", false},
	{netip.MustParsePrefix("::1/128"), "loopback", true},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "local NAT64 (RFC 8215)", false},
	{netip.MustParsePrefix("100::/64"), "discard (RFC 6666)", false},
	{netip.MustParsePrefix("2001::/23"), "protocol assignments, Teredo among them (RFC 2928, RFC 4380)", false},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation (RFC 3849)", false},
	{netip.MustParsePrefix("3fff::/20"), "documentation (RFC 9637)", false},
	{netip.MustParsePrefix("5f00::/16"), "segment routing (RFC 9602)", false},
	{netip.MustParsePrefix("fc00::/7"), "a unique local network (RFC 4193)", true},
	{netip.MustParsePrefix("fe80::/10"), "link-local (RFC 4291)", false},
	{netip.MustParsePrefix("fec0::/10"), "site-local (RFC 3879)", false},
	{netip.MustParsePrefix("ff00::/8"), "multicast (RFC 4291)", false},
}

// carrier is a range of IPv6 addresses that holds an IPv4 address from byte at on.
type carrier struct {
	prefix netip.Prefix
	at     int
}

var carriers = []carrier{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},    // NAT64 (RFC 6052)
	{netip.MustParsePrefix("2002::/16"), 2},        // 6to4 (RFC 3056)
	{netip.MustParsePrefix("::/96"), 12},           // IPv4-compatible (RFC 4291)
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12}, // translated (RFC 2765)
}

// refusal says why ip must not be dialled; empty if it may be.
func refusal(ip netip.Addr, allowPrivate bool) string {
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		b := ip.As16()
		for _, c := range carriers {
			if !c.prefix.Contains(ip) || ip.IsUnspecified() || ip == netip.IPv6Loopback() {
				continue
			}
			inner := [4]byte(b[c.at : c.at+4])
			// What translates an embedded address is out of sight, so a private one is
			// refused even where private addresses are permitted.
			if why := refusal(netip.AddrFrom4(inner), false); why != "" {
				return why + ", embedded in IPv6"
			}
		}
	}
	for _, s := range specials {
		if s.prefix.Contains(ip) && (!s.private || !allowPrivate) {
			return s.name
		}
	}
	return ""
}

// otherProtocols are ports from 1024 up where something else than HTTP listens: those
// that the Fetch Standard blocks ("bad ports"), NATS, and data stores.
var otherProtocols = map[int]bool{
	1719: true, 1720: true, 1723: true, 2049: true, 3659: true, 4045: true, 4190: true, 5060: true, 5061: true,
	6000: true, 6566: true, 6665: true, 6666: true, 6667: true, 6668: true, 6669: true, 6679: true, 6697: true, 10080: true,
	4222: true, 6222: true, 7422: true, 8222: true,
	1433: true, 1521: true, 2375: true, 2376: true, 2379: true, 3306: true, 3389: true, 5432: true, 5672: true,
	6379: true, 9042: true, 9092: true, 9200: true, 9300: true, 11211: true, 27017: true,
}

// DefaultPort permits 80, 443 and the ports from 1024 up that are not known for
// another protocol. Feeds on 8080, 8443 or 3000 are real; below 1024 nothing but
// 80 and 443 is.
func DefaultPort(port int) bool {
	return port == 80 || port == 443 || port >= 1024 && port <= 65535 && !otherProtocols[port]
}

// guard decides what may be dialled.
type guard struct {
	allowPrivate bool
	allowHosts   map[string]bool
	allowPort    func(int) bool
}

// checkHost refuses names and ports that need no lookup to be refused. host is
// canonical, as package urlnorm gives it.
func (g *guard) checkHost(host, port string) error {
	if g.allowHosts[net.JoinHostPort(host, port)] {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if why := refusal(ip, g.allowPrivate); why != "" {
			return &Blocked{Place: host, Reason: why, class: "private"}
		}
	}
	if !g.allowPrivate && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return &Blocked{Place: host, Reason: "loopback (RFC 6761)", class: "private"}
	}
	if n, err := strconv.Atoi(port); err != nil || !g.allowPort(n) {
		return &Blocked{Place: "port " + port, Reason: "not a port for web pages", class: "port"}
	}
	return nil
}

// control gives the hook for a net.Dialer that dials target ("host:port"). It sees
// the address after the lookup, just before the connection, so that no redirect
// and no second DNS answer gets around it.
func (g *guard) control(target string) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return &Blocked{Place: address, Reason: "network " + network, class: "refused"}
		}
		if g.allowHosts[target] {
			return nil
		}
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return &Blocked{Place: address, Reason: "not an address", class: "refused"}
		}
		if !g.allowPort(int(ap.Port())) {
			return &Blocked{Place: "port " + strconv.Itoa(int(ap.Port())), Reason: "not a port for web pages", class: "port"}
		}
		if why := refusal(ap.Addr(), g.allowPrivate); why != "" {
			return &Blocked{Place: target + " (" + ap.Addr().String() + ")", Reason: why, class: "private"}
		}
		return nil
	}
}
