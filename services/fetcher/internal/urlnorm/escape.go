package urlnorm

import (
	"strings"
	"unicode/utf8"
)

// escapeSet marks the ASCII bytes that are percent-encoded in a part of a URL.
type escapeSet [128]bool

// The percent-encode sets of the URL Standard, section 1.3.
var (
	inFragment = newEscapeSet(" \"<>`")
	inQuery    = newEscapeSet(" \"#<>'")
	inPath     = newEscapeSet(" \"#<>?`{}^")
)

func newEscapeSet(chars string) escapeSet {
	var s escapeSet
	for c := range 0x20 {
		s[c] = true
	}
	s[0x7f] = true
	for i := range len(chars) {
		s[chars[i]] = true
	}
	return s
}

const upperHex = "0123456789ABCDEF"

// encode percent-encodes the bytes of set, all that is not ASCII, and percent signs that
// start no escape, so that the result is a URI by RFC 3986, which other readers take.
// Bytes that are no UTF-8 become U+FFFD.
func encode(s string, set *escapeSet) string {
	first := 0
	for first < len(s) && s[first] < 0x80 && !set[s[first]] && s[first] != '%' {
		first++
	}
	if first == len(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || set[c] || c == '%' && !isEscape(s[i:]) {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isEscape tells whether s starts with a percent escape.
func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && unhex(s[1]) >= 0 && unhex(s[2]) >= 0
}

// normalEscapes writes escapes in upper case and those of unreserved characters as
// the characters themselves (RFC 3986, sections 6.2.2.1 and 6.2.2.2). An escaped
// dot stays, since it could make a dot segment.
func normalEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if !isEscape(s[i:]) {
			b.WriteByte(s[i])
			continue
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if c := byte(hi<<4 | lo); unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[hi])
			b.WriteByte(upperHex[lo])
		}
		i += 2
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '~'
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unescapeHost percent-decodes a host; false if the result is no UTF-8.
func unescapeHost(h string) (string, bool) {
	if strings.Contains(h, "%") {
		var b strings.Builder
		for i := 0; i < len(h); i++ {
			if isEscape(h[i:]) {
				b.WriteByte(byte(unhex(h[i+1])<<4 | unhex(h[i+2])))
				i += 2
				continue
			}
			b.WriteByte(h[i])
		}
		h = b.String()
	}
	return h, utf8.ValidString(h)
}
