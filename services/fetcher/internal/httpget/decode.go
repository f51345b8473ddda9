package httpget

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding offers the codings that decoder knows, and no others.
const acceptEncoding = "gzip, deflate, br, zstd"

const (
	// maxCodings bounds how often a body may be encoded. Servers that compress what a
	// proxy compressed already give two.
	maxCodings = 2
	// maxWindow bounds the memory of a zstd frame; 8 MiB is what RFC 9659, section 3,
	// allows on the web.
	maxWindow = 8 << 20
)

// TooLarge is the error for a body that decodes to more bytes than allowed.
type TooLarge struct {
	// Limit is the cap in bytes.
	Limit int64
}

func (e *TooLarge) Error() string {
	return fmt.Sprintf("the body has more than %d bytes after decoding", e.Limit)
}

// CodingError is the error for a body that is not what Content-Encoding says.
type CodingError struct {
	// Coding is the coding, as the header gives it.
	Coding string
	// Err says what is wrong; io.ErrUnexpectedEOF for a body that ends early.
	Err error
}

func (e *CodingError) Error() string {
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("the %s body is truncated", e.Coding)
	}
	return fmt.Sprintf("the body is not valid %s: %v", e.Coding, e.Err)
}

func (e *CodingError) Unwrap() error { return e.Err }

var errUnknownCoding = errors.New("unknown coding, which was not offered")

// ReadBody reads body through the codings of a Content-Encoding header, up to limit
// decoded bytes.
func ReadBody(body io.Reader, encodings []string, limit int64) ([]byte, error) {
	codings := splitCodings(encodings)
	if len(codings) > maxCodings {
		return nil, &CodingError{Coding: strings.Join(codings, ", "), Err: errors.New("encoded too often")}
	}
	src := &sourceReader{r: body}
	var r io.Reader = src
	for i := len(codings) - 1; i >= 0; i-- {
		dec, err := decoder(codings[i], r)
		if err != nil {
			return nil, codingError(codings[i], err, src)
		}
		defer dec.Close()
		r = dec
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case int64(len(data)) > limit:
		return nil, &TooLarge{Limit: limit}
	case err != nil && len(codings) > 0:
		return nil, codingError(strings.Join(codings, ", "), err, src)
	case err != nil:
		return nil, err
	}
	return data, nil
}

// sourceReader remembers the error of the connection, to tell a broken connection
// from broken data.
type sourceReader struct {
	r   io.Reader
	err error
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func codingError(coding string, err error, src *sourceReader) error {
	if src.err != nil {
		return src.err
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &CodingError{Coding: coding, Err: err}
}

func splitCodings(encodings []string) []string {
	var out []string
	for _, h := range encodings {
		for c := range strings.SplitSeq(h, ",") {
			c = strings.ToLower(strings.TrimSpace(c))
			if c != "" && c != "identity" && len(out) <= maxCodings {
				out = append(out, c)
			}
		}
	}
	return out
}

func decoder(coding string, r io.Reader) (io.ReadCloser, error) {
	switch coding {
	case "gzip", "x-gzip":
		return newGzip(r)
	case "deflate":
		return deflate(r)
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return nil, errUnknownCoding
	}
}

// gzipReader reads the members of a gzip stream. What follows a complete member and is
// no further one is padding and ignored, as browsers do.
type gzipReader struct {
	*gzip.Reader
	src *bufio.Reader
}

func newGzip(r io.Reader) (*gzipReader, error) {
	src := bufio.NewReader(r)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gzipReader{Reader: z, src: src}, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.Reader.Read(p)
		switch {
		case err != io.EOF:
			return n, err
		case n > 0:
			return n, nil
		}
		if magic, _ := g.src.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
			return n, err
		}
		if err := g.Reset(g.src); err != nil {
			return 0, err
		}
		g.Multistream(false)
	}
}

// deflate reads zlib data, as RFC 9110, section 8.4.1.2, says, or bare deflate data,
// as some servers send.
func deflate(r io.Reader) (io.ReadCloser, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}
