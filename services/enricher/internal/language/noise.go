package language

import "strings"

const (
	// maxTag is the greatest number of bytes of a markup tag.
	maxTag = 1024
	// maxEntity is the greatest number of bytes of a character reference.
	maxEntity = 12
	// maxTicker is the greatest number of letters after a dollar sign that
	// are a share's ticker.
	maxTicker = 6
)

// noise returns where the remains of markup, the address, handle or ticker
// that starts at s[i] ends, or i if none does. inWord says that a letter
// stands just before i.
func noise(s string, i int, inWord bool) int {
	switch s[i] {
	case '<':
		return tagEnd(s, i)
	case '&':
		return entityEnd(s, i)
	case '@':
		return handleEnd(s, i)
	case '$':
		return tickerEnd(s, i)
	case 'h', 'H', 'f', 'F', 'w', 'W':
		if !inWord && isAddress(s[i:min(i+8, len(s))]) {
			return addressEnd(s, i)
		}
	}
	return i
}

func tagEnd(s string, i int) int {
	if i+1 >= len(s) || !isASCIILetter(s[i+1]) && s[i+1] != '/' && s[i+1] != '!' {
		return i
	}
	rest := s[i+1 : min(i+maxTag, len(s))]
	if end := strings.IndexAny(rest, "<>"); end >= 0 && rest[end] == '>' {
		return i + 1 + end + 1
	}
	return i
}

func entityEnd(s string, i int) int {
	for j := i + 1; j < min(i+maxEntity, len(s)); j++ {
		switch c := s[j]; {
		case c == ';' && j > i+1:
			return j + 1
		case c != '#' && !isASCIILetter(c) && !isDigit(c):
			return i
		}
	}
	return i
}

// handleEnd covers the part of a handle or mail address from the @ on.
func handleEnd(s string, i int) int {
	j := i + 1
	for j < len(s) && (isASCIILetter(s[j]) || isDigit(s[j]) || s[j] == '_' || s[j] == '.' || s[j] == '-') {
		j++
	}
	if j == i+1 {
		return i
	}
	return j
}

func tickerEnd(s string, i int) int {
	j := i + 1
	for j < len(s) && s[j] >= 'A' && s[j] <= 'Z' {
		j++
	}
	if j == i+1 || j > i+1+maxTicker {
		return i
	}
	return j
}

func isAddress(start string) bool {
	for _, prefix := range [...]string{"http://", "https://", "ftp://", "www."} {
		if len(start) >= len(prefix) && strings.EqualFold(start[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// addressEnd ends an address at the first byte that cannot be in a URI
// (RFC 3986, section 2), so also at a letter of another script.
func addressEnd(s string, i int) int {
	for i < len(s) && s[i] > ' ' && s[i] < 0x7f && s[i] != '<' && s[i] != '>' && s[i] != '"' {
		i++
	}
	return i
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
