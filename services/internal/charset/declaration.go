package charset

import "bytes"

// declaration finds the charset that a document declares in its first bytes:
// an XML declaration's encoding, or a meta element's charset, also inside an
// http-equiv content attribute. Empty if there is none.
func declaration(b []byte) string {
	head := b[:min(len(b), prescan)]
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<?xml")) {
		if end := bytes.Index(head, []byte("?>")); end > 0 {
			if v := valueAfter(head[:end], []byte("encoding")); v != "" {
				return v
			}
		}
	}
	lower := bytes.ToLower(head)
	for {
		i := bytes.Index(lower, []byte("<meta"))
		if i < 0 {
			return ""
		}
		lower = lower[i+len("<meta"):]
		end := bytes.IndexByte(lower, '>')
		if end < 0 {
			end = len(lower)
		}
		if v := valueAfter(lower[:end], []byte("charset")); v != "" {
			return v
		}
		lower = lower[end:]
	}
}

// valueAfter returns the value in name=value, with or without quotation marks.
func valueAfter(b, name []byte) string {
	for {
		i := bytes.Index(b, name)
		if i < 0 {
			return ""
		}
		b = bytes.TrimLeft(b[i+len(name):], " \t\r\n\f")
		if len(b) == 0 || b[0] != '=' {
			continue
		}
		v := bytes.TrimLeft(b[1:], " \t\r\n\f\"'")
		end := bytes.IndexAny(v, " \t\r\n\f\"';/?>")
		if end < 0 {
			end = len(v)
		}
		return string(v[:end])
	}
}
