package feedread

import (
	"bytes"
	"compress/gzip"
	"io"
)

// defaultBytes caps what compressed bytes are unpacked to where Options do not.
const defaultBytes = 10 << 20

// unpack gives what a gzip file holds, since sitemaps are published as such (sitemaps.org,
// "Sitemap file limits"), and any other bytes as they are. What does not unpack stays as
// it is, if nothing of it does. cutShort says why it ends early; empty if it does not.
func unpack(body []byte, limit int) (out []byte, cutShort string) {
	if !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		return body, ""
	}
	if limit <= 0 {
		limit = defaultBytes
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body, ""
	}
	out, err = io.ReadAll(io.LimitReader(z, int64(limit)+1))
	switch {
	case len(out) > limit:
		return out[:limit], "the file unpacks to more bytes than are read"
	case len(out) == 0 && err != nil:
		return body, ""
	case err != nil:
		return out, "the gzip file is cut short or broken"
	}
	return out, ""
}
