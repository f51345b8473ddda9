package urlnorm

import (
	"errors"
	"strings"
)

// address is an http(s) URL in parts, already percent-encoded where needed.
type address struct {
	scheme   string
	host     string
	port     string // empty for the scheme's default
	path     string // starts with '/'
	query    string // without '?'
	fragment string // without '#'
	userinfo bool   // the URL had userinfo, which is not kept
}

func (a *address) hostPort() string {
	if a.port == "" {
		return a.host
	}
	return a.host + ":" + a.port
}

func (a *address) String() string {
	var b strings.Builder
	b.Grow(len(a.scheme) + len(a.host) + len(a.path) + len(a.query) + len(a.fragment) + 12)
	b.WriteString(a.scheme)
	b.WriteString("://")
	b.WriteString(a.hostPort())
	b.WriteString(a.path)
	if a.query != "" {
		b.WriteByte('?')
		b.WriteString(a.query)
	}
	if a.fragment != "" {
		b.WriteByte('#')
		b.WriteString(a.fragment)
	}
	return b.String()
}

// The reasons for refusal, worded to stand in an Error.
var (
	errEmpty    = errors.New("nothing")
	errRelative = errors.New("no scheme")
	errScheme   = errors.New("another scheme than http or https")
	errNoHost   = errors.New("no host")
	errHost     = errors.New("a host name that cannot be")
	errPort     = errors.New("a port that cannot be")
	errTooLong  = errors.New("too many bytes")
)

// parse reads a URL as the WHATWG URL Standard does (section 4.4), for the schemes
// http and https only. base, if not nil, resolves relative references.
func parse(raw string, base *address) (address, error) {
	if len(raw) > 4*MaxLength {
		return address{}, errTooLong
	}
	s := clean(raw)
	if s == "" && base == nil {
		return address{}, errEmpty
	}
	s, fragment, _ := strings.Cut(s, "#")
	scheme, rest, ok := cutScheme(s)
	switch {
	case !ok && base == nil:
		return address{}, errRelative
	case !ok:
		a, err := relative(s, base)
		a.fragment = encode(fragment, &inFragment)
		return a, err
	case scheme != "http" && scheme != "https":
		return address{}, errScheme
	}
	if base != nil && base.scheme == scheme && !strings.HasPrefix(slashed(rest, 2), "//") {
		// "http:page" on an http page is a relative reference.
		a, err := relative(rest, base)
		a.fragment = encode(fragment, &inFragment)
		return a, err
	}
	a, err := absolute(scheme, strings.TrimLeft(rest, `/\`))
	a.fragment = encode(fragment, &inFragment)
	return a, err
}

// clean drops what the URL Standard ignores: control bytes and spaces around, tabs
// and line ends within.
func clean(raw string) string {
	s := strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\ufeff' })
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
}

// cutScheme splits "scheme:rest"; ok is false where s has no scheme.
func cutScheme(s string) (scheme, rest string, ok bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(s[:i]), s[i+1:], true
		default:
			return "", s, false
		}
	}
	return "", s, false
}

// slashed gives the first n bytes of s with backslashes turned.
func slashed(s string, n int) string {
	return strings.ReplaceAll(s[:min(n, len(s))], `\`, "/")
}

// absolute reads what follows "scheme://".
func absolute(scheme, rest string) (address, error) {
	a := address{scheme: scheme}
	end := strings.IndexAny(rest, `/\?`)
	if end < 0 {
		end = len(rest)
	}
	authority, tail := rest[:end], rest[end:]
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		a.userinfo = strings.Trim(authority[:i], ":") != ""
		authority = authority[i+1:]
	}
	if err := a.setAuthority(authority); err != nil {
		return address{}, err
	}
	path, query, _ := strings.Cut(tail, "?")
	a.path = resolvePath(path)
	a.query = encode(query, &inQuery)
	return a, nil
}

// relative resolves a reference without a scheme (RFC 3986, section 5.2.2).
func relative(s string, base *address) (address, error) {
	if slashed(s, 2) == "//" {
		return absolute(base.scheme, strings.TrimLeft(s, `/\`))
	}
	a := *base
	a.userinfo = false
	path, query, hasQuery := strings.Cut(s, "?")
	if path != "" || hasQuery {
		a.query = encode(query, &inQuery)
	}
	switch {
	case path == "":
	case path[0] == '/' || path[0] == '\\':
		a.path = resolvePath(path)
	default:
		a.path = resolvePath(base.path[:strings.LastIndexByte(base.path, '/')+1] + path)
	}
	return a, nil
}

// resolvePath encodes a path and resolves its dot segments (RFC 3986, section
// 5.2.4). The result starts with '/'.
func resolvePath(p string) string {
	p = encode(strings.ReplaceAll(p, `\`, "/"), &inPath)
	p = strings.TrimPrefix(p, "/")
	if !strings.Contains(p, ".") && !strings.Contains(p, "%2") {
		return "/" + p
	}
	segments := strings.Split(p, "/")
	out := segments[:0]
	for i, seg := range segments {
		last := i == len(segments)-1
		switch dots(seg) {
		case 1:
			if last {
				out = append(out, "")
			}
		case 2:
			out = out[:max(0, len(out)-1)]
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, seg)
		}
	}
	return "/" + strings.Join(out, "/")
}

// dots gives 1 or 2 for a segment of so many dots, plain or escaped, else 0.
func dots(seg string) int {
	n := 0
	for seg != "" {
		switch {
		case seg[0] == '.':
			seg = seg[1:]
		case len(seg) >= 3 && strings.EqualFold(seg[:3], "%2e"):
			seg = seg[3:]
		default:
			return 0
		}
		if n++; n > 2 {
			return 0
		}
	}
	return n
}
