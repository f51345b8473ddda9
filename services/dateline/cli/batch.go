package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"

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

// maxRow bounds one line, in bytes: a document, and what JSON makes of it.
const maxRow = 2 * maxDocument

// job is a line on its way; its result comes on the channel.
type job struct {
	line   []byte
	result chan []byte
}

// batch explains rows side by side and writes the results in their order. A bad
// row is a result, not an end.
func (e *explainer) batch(ctx context.Context, in io.Reader, out io.Writer) error {
	workers := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	// Results wait in the order of their rows; the bound keeps a slow row from
	// letting the rest pile up.
	order := make(chan job, 4*workers)
	todo := make(chan job)
	rows := make(chan error, 1)
	// Outside of the group: a read from a terminal or a pipe does not end with ctx.
	go func() { rows <- deal(ctx, in, order, todo) }()
	for range workers {
		group.Go(func() error {
			for {
				select {
				case j, open := <-todo:
					if !open {
						return nil
					}
					j.result <- e.row(ctx, j.line)
				case <-ctx.Done():
					return errInterrupted
				}
			}
		})
	}
	group.Go(func() error { return collect(ctx, order, out) })
	group.Go(func() error {
		select {
		case err := <-rows:
			close(todo)
			close(order)
			return err
		case <-ctx.Done():
			return errInterrupted
		}
	})
	return group.Wait()
}

// deal reads lines and gives each to whoever is free.
func deal(ctx context.Context, in io.Reader, order, todo chan<- job) error {
	return eachLine(in, func(line []byte) error {
		j := job{line: line, result: make(chan []byte, 1)}
		for _, queue := range []chan<- job{order, todo} {
			select {
			case queue <- j:
			case <-ctx.Done():
				return errInterrupted
			}
		}
		return nil
	})
}

// collect writes results in the order of their rows.
func collect(ctx context.Context, order <-chan job, out io.Writer) error {
	w := bufio.NewWriter(out)
	for {
		select {
		case j, open := <-order:
			if !open {
				return w.Flush()
			}
			select {
			case result := <-j.result:
				if _, err := w.Write(append(result, '\n')); err != nil {
					return fmt.Errorf("write result: %w", err)
				}
			case <-ctx.Done():
				return errInterrupted
			}
		case <-ctx.Done():
			return errInterrupted
		}
	}
}

// eachLine calls fn with a copy of every line that is not blank, cut off where it
// is longer than a row may be.
func eachLine(in io.Reader, fn func([]byte) error) error {
	r := bufio.NewReaderSize(in, 1<<20)
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part[:min(len(part), maxRow+1-len(line))]...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if trimmed := bytes.TrimSpace(line); len(trimmed) > 0 {
			if err := fn(bytes.Clone(trimmed)); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read rows: %w", err)
		}
		line = line[:0]
	}
}

// row explains one line; what goes wrong is in the result.
func (e *explainer) row(ctx context.Context, line []byte) []byte {
	var r row
	result, err := func() ([]byte, error) {
		if len(line) > maxRow {
			return nil, fmt.Errorf("the row is longer than %d MiB", maxRow>>20)
		}
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("the row is no JSON object: %w", err)
		}
		content, err := r.read()
		if err != nil {
			return nil, err
		}
		found, err := e.document(ctx, r.ID, r.URL, r.ContentType, content)
		if err != nil {
			return nil, err
		}
		return jsonLines(found)
	}()
	if err != nil {
		result, err = json.Marshal(map[string]string{"id": r.ID, "error": err.Error()})
		if err != nil {
			return []byte(`{"error":"the error cannot be encoded"}`)
		}
	}
	return result
}

// jsonLines writes messages as lines, the last without its end. What went wrong with
// one of several is a line, too.
func jsonLines(found []explained) ([]byte, error) {
	lines := make([][]byte, len(found))
	for i, f := range found {
		var err error
		if f.err != nil {
			if len(found) == 1 {
				return nil, f.err
			}
			lines[i], err = json.Marshal(map[string]string{"id": f.id, "error": f.err.Error()})
		} else {
			lines[i], err = view.JSON(f.message)
		}
		if err != nil {
			return nil, err
		}
	}
	return bytes.Join(lines, []byte("\n")), nil
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
	return readFile(r.Path)
}
