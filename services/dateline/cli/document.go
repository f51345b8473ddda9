package cli

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxDocument bounds a document that is read, in bytes, after decompression.
const maxDocument = 64 << 20

// readDocument reads a file, or standard input for "-". A name that ends in .gz is
// decompressed.
func readDocument(ctx context.Context, stdin io.Reader, name string) ([]byte, error) {
	if name != "-" {
		return readFile(name)
	}
	// A read from a terminal or a pipe does not end by itself.
	type outcome struct {
		content []byte
		err     error
	}
	done := make(chan outcome, 1)
	go func() {
		content, err := readBounded(stdin, "standard input")
		done <- outcome{content, err}
	}()
	select {
	case o := <-done:
		return o.content, o.err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	defer func() { _ = file.Close() }()
	if !strings.HasSuffix(name, ".gz") {
		return readBounded(file, name)
	}
	in, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("decompress %s: %w", name, err)
	}
	return readBounded(in, name)
}

func readBounded(in io.Reader, name string) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if len(content) > maxDocument {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxDocument>>20)
	}
	return content, nil
}

// typeJSON is the media type of a submission with its document inside.
const typeJSON = "application/json"

// typeByName gives the media type of a file's extension, where it is one that a
// document may have. What the machine knows of extensions does not matter.
func typeByName(name string) string {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz"))) {
	case ".html", ".htm":
		return "text/html"
	case ".xhtml":
		return "application/xhtml+xml"
	case ".txt":
		return "text/plain"
	case ".json":
		return typeJSON
	}
	return ""
}
