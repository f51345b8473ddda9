package urlnorm

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// hostProfile maps names as browsers do (URL Standard, section 3.3): UTS 46 without
// transitional processing, underscores and odd hyphens allowed.
var hostProfile = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.CheckJoiners(true),
	idna.BidiRule(),
	idna.VerifyDNSLength(false),
)

// setAuthority reads "host[:port]" into a.
func (a *address) setAuthority(s string) error {
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
	}
	var err error
	if a.host, err = asciiHost(host); err != nil {
		return err
	}
	a.port, err = shortPort(a.scheme, port)
	return err
}

// shortPort gives a port without leading zeros, empty if it is the default.
func shortPort(scheme, port string) (string, error) {
	if port == "" {
		return "", nil
	}
	for i := range len(port) {
		if port[i] < '0' || port[i] > '9' {
			return "", errPort
		}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", errPort
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return "", nil
	}
	return strconv.FormatUint(n, 10), nil
}

// asciiHost gives the canonical form of a host: an IPv6 literal in brackets, an IPv4
// address in four decimal numbers however it was written, or a lower-case ASCII
// name without its last dot.
func asciiHost(h string) (string, error) {
	if h == "" {
		return "", errNoHost
	}
	if h[0] == '[' {
		ip, err := netip.ParseAddr(strings.TrimSuffix(h[1:], "]"))
		if err != nil || !ip.Is6() || ip.Zone() != "" || !strings.HasSuffix(h, "]") {
			return "", errHost
		}
		return "[" + ip.String() + "]", nil
	}
	name, ok := unescapeHost(h)
	if !ok || len(name) > 1024 {
		return "", errHost
	}
	if isPlainName(name) {
		name = strings.ToLower(name)
	} else if mapped, err := hostProfile.ToASCII(name); err == nil {
		name = mapped
	} else {
		return "", errHost
	}
	name = strings.TrimSuffix(name, ".")
	if !validName(name) {
		return "", errHost
	}
	if endsInNumber(name) {
		ip, ok := oldIPv4(name)
		if !ok {
			return "", errHost
		}
		return ip.String(), nil
	}
	return name, nil
}

// isPlainName tells names that need no mapping: ASCII without punycode labels.
func isPlainName(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return !strings.Contains(strings.ToLower(s), "xn--")
}

// validName checks the lengths of RFC 1035, section 2.3.4, and that only letters,
// digits, '-', '_' and '.' occur.
func validName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	label := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
			continue
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
		if label++; label > 63 {
			return false
		}
	}
	return label > 0
}

// endsInNumber tells names that the URL Standard takes for IPv4 addresses.
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// oldIPv4 reads the forms that inet_aton takes: one to four numbers, decimal, octal
// or hexadecimal, the last filling the bytes that remain.
func oldIPv4(name string) (netip.Addr, bool) {
	parts := strings.Split(name, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var ip uint64
	for i, p := range parts {
		n, ok := oldNumber(p)
		if !ok {
			return netip.Addr{}, false
		}
		if i == len(parts)-1 {
			if n >= 1<<(8*(5-len(parts))) {
				return netip.Addr{}, false
			}
			ip += n
			break
		}
		if n > 255 {
			return netip.Addr{}, false
		}
		ip += n << (8 * (3 - i))
	}
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}), true
}

func oldNumber(s string) (uint64, bool) {
	base := 10
	switch {
	case len(s) >= 2 && (s[:2] == "0x" || s[:2] == "0X"):
		s, base = s[2:], 16
		if s == "" {
			return 0, true
		}
	case len(s) >= 2 && s[0] == '0':
		s, base = s[1:], 8
	}
	if s == "" || s[0] == '+' || s[0] == '-' || strings.Contains(s, "_") {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, 64)
	return n, err == nil && n <= 1<<32-1
}
