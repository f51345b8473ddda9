package httpget_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

// packed writes text through a coding.
func packed(t *testing.T, coding string, text []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&buf)
	case "zlib":
		w = zlib.NewWriter(&buf)
	case "flate":
		w, err = flate.NewWriter(&buf, 6)
	case "br":
		w = brotli.NewWriter(&buf)
	case "zstd":
		w, err = zstd.NewWriter(&buf, zstd.WithEncoderConcurrency(1))
	}
	require.NoError(t, err)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func TestCodings(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("Dateline. ", 2000))
	bomb := make([]byte, 2<<20)
	for name, tc := range map[string]struct {
		header string
		body   []byte
		class  string
	}{
		"plain":           {"", text, ""},
		"identity":        {"identity", text, ""},
		"gzip":            {"gzip", packed(t, "gzip", text), ""},
		"x-gzip":          {"X-GZIP", packed(t, "gzip", text), ""},
		"deflate":         {"deflate", packed(t, "zlib", text), ""},
		"bare deflate":    {"deflate", packed(t, "flate", text), ""},
		"brotli":          {"br", packed(t, "br", text), ""},
		"zstd":            {"zstd", packed(t, "zstd", text), ""},
		"twice":           {"br, gzip", packed(t, "gzip", packed(t, "br", text)), ""},
		"padded gzip":     {"gzip", append(packed(t, "gzip", text), 0, 0, 0), ""},
		"two members":     {"gzip", append(packed(t, "gzip", text[:100]), packed(t, "gzip", text[100:])...), ""},
		"unknown":         {"lzma", text, "encoding"},
		"thrice":          {"gzip, gzip, gzip", text, "encoding"},
		"not gzip":        {"gzip", text, "encoding"},
		"not zstd":        {"zstd", text, "encoding"},
		"truncated gzip":  {"gzip", packed(t, "gzip", text)[:60], "truncated"},
		"truncated br":    {"br", packed(t, "br", text)[:20], "truncated"},
		"truncated zstd":  {"zstd", packed(t, "zstd", text)[:30], "truncated"},
		"gzip bomb":       {"gzip", packed(t, "gzip", bomb), "too-large"},
		"double bomb":     {"gzip, gzip", packed(t, "gzip", packed(t, "gzip", bomb)), "too-large"},
		"brotli bomb":     {"br", packed(t, "br", bomb), "too-large"},
		"zstd bomb":       {"zstd", packed(t, "zstd", bomb), "too-large"},
		"nothing in gzip": {"gzip", nil, "truncated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, url := origin(t, func(w http.ResponseWriter, _ *http.Request) {
				if tc.header != "" {
					w.Header().Set("Content-Encoding", tc.header)
				}
				_, _ = w.Write(tc.body)
			}, func(cfg *httpget.Config) { cfg.MaxBytes = 1 << 20 })
			res, err := c.Get(context.Background(), httpget.Request{URL: url})
			require.Equal(t, tc.class, httpget.Class(err), "%v", err)
			if err == nil {
				require.True(t, bytes.Equal(text, res.Body))
			} else if tc.class == "truncated" {
				require.ErrorContains(t, err, "truncated")
			}
		})
	}
}
