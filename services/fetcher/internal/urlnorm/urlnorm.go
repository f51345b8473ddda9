// Package urlnorm gives each web address one spelling, so that one article has
// one identity however its address is written.
package urlnorm

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// MaxLength is the longest URL, in bytes, that is taken. Browsers and servers
// agree on about 8 kB; RFC 9110, section 4.1, asks for at least 8,000.
const MaxLength = 8192

// Error says why a string is no usable URL and what to do about it.
type Error struct {
	// Raw is the string, cut to a length fit for a message.
	Raw string
	// Reason says what is wrong.
	Reason string
}

// Error gives a message for the person who wrote the URL.
func (e *Error) Error() string {
	return fmt.Sprintf("not a URL: %s in %q; give an absolute http(s) URL such as https://example.org/feed.xml", e.Reason, e.Raw)
}

func refuse(raw, reason string) error {
	const keep = 100
	if len(raw) > keep {
		raw = strings.ToValidUTF8(raw[:keep], "") + "…"
	}
	return &Error{Raw: raw, Reason: reason}
}

// Normalize gives the one spelling of an absolute http(s) URL: scheme and host in
// lower case, the host in its ASCII form (UTS 46), default ports, fragments,
// tracking parameters and empty queries dropped, dot segments resolved, percent
// escapes in one form (RFC 3986, section 6.2.2), a page's AMP edition and its copy at
// an AMP cache replaced by the page itself where the address tells. It is idempotent. A URL with
// userinfo is refused, since a password would otherwise travel through every
// message. The error is an *Error.
func Normalize(raw string) (string, error) {
	a, err := parse(raw, nil)
	if err != nil {
		return "", refuse(raw, err.Error())
	}
	if a.userinfo {
		return "", refuse("", "a user name or password stands before the host")
	}
	a = original(a)
	a.query = stripTracking(a.query)
	a.path = withoutAMP(normalEscapes(a.path))
	a.query = normalEscapes(a.query)
	a.fragment = ""
	s := a.String()
	if len(s) > MaxLength {
		return "", refuse(raw, fmt.Sprintf("more than %d bytes", MaxLength))
	}
	return s, nil
}

// Resolve gives the absolute http(s) URL that the reference ref means in a document
// at base. Base may be empty where ref is absolute. Fragment and query stay as
// they are, userinfo is dropped. The error is an *Error.
func Resolve(base, ref string) (string, error) {
	var b *address
	if base != "" {
		if p, err := parse(base, nil); err == nil {
			b = &p
		}
	}
	a, err := parse(ref, b)
	if err != nil {
		return "", refuse(ref, err.Error())
	}
	s := a.String()
	if len(s) > MaxLength {
		return "", refuse(ref, fmt.Sprintf("more than %d bytes", MaxLength))
	}
	return s, nil
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ID derives an identity from a normalised URL: the prefix and 24 characters of
// lower-case base32 (RFC 4648) over the first 15 bytes of its SHA-256.
func ID(prefix, normalized string) string {
	sum := sha256.Sum256([]byte(normalized))
	return prefix + idEncoding.EncodeToString(sum[:15])
}

// Host gives the host of an absolute http(s) URL, with the port unless it is the
// scheme's default; empty if u is no such URL.
func Host(u string) string {
	a, err := parse(u, nil)
	if err != nil {
		return ""
	}
	return a.hostPort()
}
