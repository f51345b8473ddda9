package demo

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// resource is an answer: what stands at an address now.
type resource struct {
	contentType string
	body        []byte
	modified    time.Time
	// maxAge is how long the answer may be kept, in seconds.
	maxAge int
}

// route makes a resource; base is the site's own address as the reader wrote it,
// such as "http://127.0.0.1:8081", for the absolute links in pages and feeds.
type route func(base string) (resource, error)

// serve answers one request. Conditional requests follow RFC 9110, section 13:
// every answer has an entity tag made of its bytes, and the time of the last
// change where that is known.
func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	s.mu.RLock()
	answer, ok := s.routes[r.URL.Path]
	s.mu.RUnlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	res, err := answer(baseOf(r))
	if err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	if err := res.send(w, r); err != nil {
		http.Error(w, "the page cannot be sent", http.StatusInternalServerError)
	}
}

// baseOf is the site's address as the request names it.
func baseOf(r *http.Request) string {
	scheme, host := "http://", r.Host
	if r.TLS != nil {
		scheme = "https://"
	}
	if host == "" { // HTTP/1.0 needs none
		host = "localhost"
	}
	return scheme + host
}

// send writes the answer, packed if the reader asks for it.
func (res resource) send(w http.ResponseWriter, r *http.Request) error {
	sum := sha256.Sum256(res.body)
	tag, body := hex.EncodeToString(sum[:8]), res.body
	h := w.Header()
	h.Set("Content-Type", res.contentType)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", res.maxAge))
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		packed, err := pack(body)
		if err != nil {
			return err
		}
		// Another encoding is another representation, so it has its own tag.
		tag, body = tag+"-gzip", packed
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", res.modified, bytes.NewReader(body))
	return nil
}

func pack(body []byte) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(body); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return out.Bytes(), nil
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.TrimSpace(weight)
			return weight != "q=0" && strings.TrimRight(weight, "0") != "q=0."
		}
	}
	return false
}
