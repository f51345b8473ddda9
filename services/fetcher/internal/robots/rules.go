package robots

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

const (
	// maxSize is how much of a file is read: 500 KiB, the least that RFC 9309, section
	// 2.5, lets crawlers read.
	maxSize = 500 << 10
	// maxLine is how much of a line is read, as in Google's parser: eight times the
	// longest URL of old browsers, less a terminator.
	maxLine = 2083*8 - 1
	// maxDelay clamps Crawl-delay. A longer one would mean not to crawl at all.
	maxDelay = 10 * time.Minute
	// maxSitemaps bounds the sitemaps that are kept of a file.
	maxSitemaps = 50
)

// rule is one Allow or Disallow line.
type rule struct {
	pattern string // escaped, as paths are
	allow   bool
}

// rules are those of a file that apply to one agent, and its sitemaps.
type rules struct {
	list     []rule
	delay    time.Duration
	sitemaps []string // absolute, each once
}

// group collects the rules of one kind of group, for the agent by name or for all.
type group struct {
	rules
	seen bool
}

// parse reads a robots.txt file for an agent (a product token). Groups that name the
// agent are taken together; only if there is none, those for "*" apply (RFC 9309,
// section 2.2.1). It takes the misspellings that Google's parser takes.
func parse(body []byte, agent string) rules {
	var sitemaps []string
	body = bytes.TrimPrefix(body[:min(len(body), maxSize)], []byte("\xef\xbb\xbf"))
	var named, global group
	var inNamed, inGlobal, afterRule bool
	for len(body) > 0 {
		var line []byte
		if end := bytes.IndexAny(body, "\r\n"); end >= 0 {
			line, body = body[:end], body[end+1:]
		} else {
			line, body = body, nil
		}
		key, value := keyValue(line)
		switch key {
		case keyAgent:
			if afterRule {
				inNamed, inGlobal, afterRule = false, false, false
			}
			if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
				inGlobal, global.seen = true, true
			} else if token := productToken(value); token != "" && strings.EqualFold(token, agent) {
				inNamed, named.seen = true, true
			}
		case keyAllow, keyDisallow, keyDelay:
			afterRule = true
			if inNamed {
				named.add(key, value)
			}
			if inGlobal {
				global.add(key, value)
			}
		case keySitemap:
			// It belongs to no group (sitemaps.org, "Specifying the Sitemap location in
			// your robots.txt file").
			if u, err := urlnorm.Resolve("", value); err == nil && len(sitemaps) < maxSitemaps && !slices.Contains(sitemaps, u) {
				sitemaps = append(sitemaps, u)
			}
		}
	}
	chosen := global.rules
	if named.seen {
		chosen = named.rules
	}
	chosen.sitemaps = sitemaps
	return chosen
}

func (g *group) add(k key, value string) {
	switch {
	case k == keyDelay:
		if s, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64); err == nil && s > 0 {
			g.delay = time.Duration(min(s, maxDelay.Seconds()) * float64(time.Second))
		}
	case value != "":
		g.list = append(g.list, rule{pattern: escape(value), allow: k == keyAllow})
	}
}

type key uint8

const (
	keyOther key = iota
	keyAgent
	keyAllow
	keyDisallow
	keyDelay
	keySitemap
)

// keyValue splits a line into its key and value. The colon may be left out between two
// words.
func keyValue(b []byte) (key, string) {
	line := string(b[:min(len(b), maxLine)])
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	line = strings.TrimSpace(line)
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		words := strings.Fields(line)
		if len(words) != 2 {
			return keyOther, ""
		}
		name, value = words[0], words[1]
	}
	return keyOf(strings.ToLower(strings.TrimSpace(name))), strings.TrimSpace(value)
}

// keyOf gives the key that a name stands for. Keys match by their beginning, as in
// Google's parser.
func keyOf(name string) key {
	for _, k := range []struct {
		name string
		key  key
	}{
		{"user-agent", keyAgent},
		{"useragent", keyAgent},
		{"user agent", keyAgent},
		{"allow", keyAllow},
		{"disallow", keyDisallow},
		{"dissallow", keyDisallow},
		{"dissalow", keyDisallow},
		{"disalow", keyDisallow},
		{"diasllow", keyDisallow},
		{"disallaw", keyDisallow},
		{"crawl-delay", keyDelay},
		{"crawldelay", keyDelay},
		{"sitemap", keySitemap},
		{"site-map", keySitemap},
	} {
		if strings.HasPrefix(name, k.name) {
			return k.key
		}
	}
	return keyOther
}

// productToken gives the token at the start of a user-agent line (RFC 9309, section
// 2.2.1): letters, '_' and '-'.
func productToken(s string) string {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return s[:i]
		}
	}
	return s
}

// allows tells whether a path with its query, escaped, may be fetched: the longest
// pattern that matches decides, Allow before Disallow (RFC 9309, section 2.2.2).
func (r *rules) allows(path string) bool {
	allow, disallow := 0, 0
	for _, rule := range r.list {
		n := len(rule.pattern)
		if rule.allow {
			if n > allow && matches(path, rule.pattern) {
				allow = n
			} else if dir, ok := directory(rule.pattern); ok && len(dir) > allow && matches(path, dir) {
				allow = len(dir)
			}
		} else if n > disallow && matches(path, rule.pattern) {
			disallow = n
		}
	}
	return allow >= disallow
}

// directory gives the pattern of the directory whose index page a pattern allows, as
// Google's matcher does.
func directory(pattern string) (string, bool) {
	slash := strings.LastIndexByte(pattern, '/')
	if slash < 0 || !strings.HasPrefix(pattern[slash:], "/index.htm") {
		return "", false
	}
	return pattern[:slash+1] + "$", true
}

// matches tells whether a pattern matches the beginning of a path: '*' stands for any
// characters, '$' at the end for the end of the path. Each part between asterisks is
// sought at the first place where it can stand, so the cost is linear.
func matches(path, pattern string) bool {
	pattern, toEnd := strings.CutSuffix(pattern, "$")
	part, rest, more := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, part) {
		return false
	}
	path = path[len(part):]
	for more {
		part, rest, more = strings.Cut(rest, "*")
		if !more && toEnd {
			return strings.HasSuffix(path, part)
		}
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	return !toEnd || path == ""
}

// escape writes bytes beyond ASCII as percent escapes and existing escapes in upper
// case, so that patterns and paths compare (RFC 9309, section 2.2.2).
func escape(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '%' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + 32)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x80:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
