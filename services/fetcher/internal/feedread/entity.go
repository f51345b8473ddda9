package feedread

import "strings"

// declared are the entities that a document declares in its document type and that it
// is safe to expand: words in place of which nothing stands but text. Those that refer
// to others, hold markup, or name a file or address are left as they are written, so
// that no document grows without bound ("billion laughs") or reads what is not its own.
type declared struct {
	values map[string]string
	// spent counts the bytes that were expanded.
	spent int
}

const (
	// maxEntities bounds how many declarations are taken.
	maxEntities = 64
	// maxEntity is the longest value, in bytes.
	maxEntity = 64
	// maxExpanded bounds the bytes that are expanded in one document.
	maxExpanded = 64 << 10
)

// declare takes the general entities with a plain value of an internal subset.
func (d *declared) declare(subset string) {
	for len(d.values) < maxEntities {
		i := strings.Index(subset, "<!ENTITY")
		if i < 0 {
			return
		}
		subset = strings.TrimLeft(subset[i+len("<!ENTITY"):], " \t\r\n")
		name := subset[:nameLen(subset)]
		rest := strings.TrimLeft(subset[len(name):], " \t\r\n")
		if name == "" || rest == "" || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return
		}
		value := rest[1 : 1+end]
		subset = rest[1+end:]
		if _, again := d.values[name]; again || len(value) > maxEntity || strings.ContainsAny(value, "&<%") {
			continue
		}
		if d.values == nil {
			d.values = make(map[string]string)
		}
		d.values[name] = value
	}
}

// expand gives the value of the entity at the start of s and the length of its
// reference; the ampersand alone if it is not declared.
func (d *declared) expand(s string) (value string, n int) {
	if len(d.values) == 0 {
		return s[:1], 1
	}
	end := 1 + nameLen(s[1:min(len(s), 1+maxEntity)])
	value, ok := d.values[s[1:end]]
	if !ok || end >= len(s) || s[end] != ';' || d.spent+len(value) > maxExpanded {
		return s[:1], 1
	}
	d.spent += len(value)
	return value, end + 1
}
