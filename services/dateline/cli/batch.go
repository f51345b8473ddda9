package cli

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/dateline-news/dateline/services/dateline/view"
)

// row is one line of a batch.
type row struct {
	ID          string  `json:"id"`
	URL         string  `json:"url"`
	ContentType string  `json:"contentType"`
	Path        string  `json:"path"`
	Content     *string `json:"content"`
}

// maxRow bounds one line, in bytes.
const maxRow = 2 * maxDocument

// batch explains rows side by side and writes the results in their order. A bad
// row is a result, not an end.
func (e *explainer) batch(ctx context.Context, in io.Reader, out io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	type job struct {
		line   []byte
		result chan []byte
	}
	// Results wait in the order of their rows; the bound keeps a slow row from
	// letting the rest pile up.
	order := make(chan job, 4*workers)
	todo := make(chan job)

	group.Go(func() error {
		defer close(order)
		defer close(todo)
		return eachLine(in, func(line []byte) error {
			j := job{line: line, result: make(chan []byte, 1)}
			for _, queue := range []chan job{order, todo} {
				select {
				case queue <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range workers {
		group.Go(func() error {
			for j := range todo {
				j.result <- e.row(ctx, j.line)
			}
			return nil
		})
	}
	group.Go(func() error {
		w := bufio.NewWriter(out)
		for j := range order {
			select {
			case result := <-j.result:
				if _, err := w.Write(append(result, '\n')); err != nil {
					return fmt.Errorf("write result: %w", err)
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return w.Flush()
	})
	return group.Wait()
}

// eachLine calls fn with a copy of every line that is not blank.
func eachLine(in io.Reader, fn func([]byte) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 1<<20), maxRow)
	for lines.Scan() {
		if line := bytes.TrimSpace(lines.Bytes()); len(line) > 0 {
			if err := fn(bytes.Clone(line)); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}

// row explains one line; what goes wrong is in the result.
func (e *explainer) row(ctx context.Context, line []byte) []byte {
	var r row
	result, err := func() ([]byte, error) {
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("the row is no JSON object: %w", err)
		}
		content, err := r.read()
		if err != nil {
			return nil, err
		}
		m, err := e.document(ctx, r.ID, r.URL, r.ContentType, content)
		if err != nil {
			return nil, err
		}
		return view.JSON(m)
	}()
	if err != nil {
		result, err = json.Marshal(map[string]string{"id": r.ID, "error": err.Error()})
		if err != nil {
			return []byte(`{"error":"the error cannot be encoded"}`)
		}
	}
	return result
}

func (r *row) read() ([]byte, error) {
	switch {
	case r.Content != nil && r.Path != "":
		return nil, errors.New("the row has both path and content; give one")
	case r.Content != nil:
		return []byte(*r.Content), nil
	case r.Path == "":
		return nil, errors.New("the row has neither path nor content")
	}
	file, err := os.Open(r.Path)
	if err != nil {
		return nil, fmt.Errorf("open document: %w", err)
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(r.Path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("read %s: %w", r.Path, err)
		}
	}
	content, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.Path, err)
	}
	if len(content) > maxDocument {
		return nil, fmt.Errorf("%s is larger than %d MiB", r.Path, maxDocument>>20)
	}
	return content, nil
}
