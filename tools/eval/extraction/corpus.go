package extraction

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// truth is what is known of one page. A field that is empty was not annotated.
type truth struct {
	ID      string   `json:"id"`
	Set     string   `json:"set"`
	URL     string   `json:"url"`
	File    string   `json:"html"`
	Lang    string   `json:"lang"`
	Title   string   `json:"title"`
	Authors []string `json:"authors"`
	Date    string   `json:"date"`
	Body    *string  `json:"body"`
	With    []string `json:"with"`
	Without []string `json:"without"`
}

// readCorpus reads truth.jsonl in dir.
func readCorpus(dir string) ([]truth, error) {
	var pages []truth
	err := eachLine(filepath.Join(dir, "truth.jsonl"), func(line []byte) error {
		var t truth
		if err := json.Unmarshal(line, &t); err != nil {
			return err
		}
		pages = append(pages, t)
		return nil
	})
	if err == nil && len(pages) == 0 {
		err = fmt.Errorf("no pages in %s", dir)
	}
	return pages, err
}

// readPage gives a page's bytes as its source stored them.
func readPage(dir string, t truth) ([]byte, error) {
	file, err := os.Open(filepath.Join(dir, t.File))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("unzip %s: %w", t.File, err)
	}
	content, err := io.ReadAll(unzipped)
	if err != nil {
		return nil, fmt.Errorf("unzip %s: %w", t.File, err)
	}
	return content, nil
}

// readBodies reads predicted bodies by page: JSON lines of id and body.
func readBodies(path string) (map[string]string, error) {
	bodies := map[string]string{}
	return bodies, eachLine(path, func(line []byte) error {
		var p struct{ ID, Body string }
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		bodies[p.ID] = p.Body
		return nil
	})
}

func eachLine(path string, fn func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := fn(line); err != nil {
				return fmt.Errorf("read %s, line %d: %w", path, n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
}
