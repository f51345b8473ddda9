// Command corpus keeps what fuzzing has found worth keeping.
//
// The fuzzer leaves every input that reached something new in Go's build cache, of
// which a fresh machine has nothing. Of those, corpus copies the ones into each
// package's testdata/fuzz that reach statements which the seeds and smaller inputs do
// not, so that every run of the tests tries them.
//
// Usage, in the root of the repository, after make fuzz: make corpus
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Bounds of what is kept: the corpus is read by people, and run by every test.
const (
	maxKept  = 16
	maxTried = 300
	maxBytes = 4 << 10
)

func main() {
	root := flag.String("C", ".", "root of the repository")
	flag.Parse()
	if err := run(*root, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

// run goes through the packages with fuzz targets below the given folders.
func run(root string, folders []string) error {
	if len(folders) == 0 {
		folders = []string{"proto", "pkg", "services"}
	}
	cache, err := output(root, "go", "env", "GOCACHE")
	if err != nil {
		return err
	}
	for _, folder := range folders {
		targets, err := find(filepath.Join(root, folder))
		if err != nil {
			return err
		}
		for _, dir := range slices.Sorted(maps.Keys(targets)) {
			if err := keepPackage(dir, targets[dir], filepath.Join(cache, "fuzz")); err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
		}
	}
	return nil
}

var declaration = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(f \*testing\.F\)`)

// find returns the fuzz targets by the folders of their packages.
func find(root string) (map[string][]string, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range declaration.FindAllSubmatch(source, -1) {
			dir := filepath.Dir(path)
			found[dir] = append(found[dir], string(m[1]))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for fuzz targets: %w", err)
	}
	return found, nil
}

// keepPackage builds a package's tests and goes through its targets.
func keepPackage(dir string, targets []string, cache string) error {
	path, err := output(dir, "go", "list")
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "dateline-corpus-")
	if err != nil {
		return fmt.Errorf("make a folder for the profiles: %w", err)
	}
	defer os.RemoveAll(temp)
	binary := filepath.Join(temp, "test")
	if _, err := output(dir, "go", "test", "-c", "-cover", "-covermode=set", "-coverpkg=github.com/dateline-news/dateline/...", "-o", binary); err != nil {
		return err
	}
	for _, target := range targets {
		t := measured{dir: dir, binary: binary, name: target, profile: filepath.Join(temp, "profile")}
		kept, tried, err := t.keep(filepath.Join(cache, filepath.FromSlash(path), target))
		if err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		fmt.Printf("%-60s %3d of %3d inputs kept\n", path[strings.Index(path, "dateline/")+9:]+" "+target, kept, tried)
	}
	return nil
}

// measured is one target, whose coverage is measured an input at a time.
type measured struct{ dir, binary, name, profile string }

// keep copies the inputs worth keeping from the cache's folder, the smallest first.
func (t measured) keep(from string) (kept, tried int, err error) {
	candidates, err := smallest(from)
	if err != nil || len(candidates) == 0 {
		return 0, 0, err
	}
	corpus := filepath.Join(t.dir, "testdata", "fuzz", t.name)
	if err := os.MkdirAll(corpus, 0o755); err != nil {
		return 0, 0, fmt.Errorf("make the corpus's folder: %w", err)
	}
	// What stands there already is among the seeds.
	reached, err := t.cover("")
	if err != nil {
		return 0, 0, err
	}
	for _, c := range candidates {
		if kept == maxKept {
			break
		}
		place := filepath.Join(corpus, filepath.Base(c))
		if _, err := os.Stat(place); err == nil {
			continue
		}
		if err := copyFile(c, place); err != nil {
			return kept, tried, err
		}
		tried++
		blocks, err := t.cover(filepath.Base(c))
		if err != nil {
			return kept, tried, fmt.Errorf("%w; the input is in %s", err, place)
		}
		if !addTo(reached, blocks) {
			if err := os.Remove(place); err != nil {
				return kept, tried, fmt.Errorf("take back an input: %w", err)
			}
			continue
		}
		kept++
	}
	return kept, tried, nil
}

// cover returns the blocks of code that one input reaches; all seeds and what is kept, if
// input is empty.
func (t measured) cover(input string) (map[string]bool, error) {
	pattern := "^" + t.name + "$"
	if input != "" {
		pattern += "/^" + input + "$"
	}
	if _, err := output(t.dir, t.binary, "-test.run", pattern, "-test.coverprofile", t.profile); err != nil {
		return nil, err
	}
	profile, err := os.ReadFile(t.profile)
	if err != nil {
		return nil, fmt.Errorf("read the coverage: %w", err)
	}
	blocks := map[string]bool{}
	for line := range strings.Lines(string(profile)) {
		// file:line.column,line.column statements count
		if place, reached := strings.CutSuffix(strings.TrimSpace(line), " 1"); reached {
			blocks[place] = true
		}
	}
	return blocks, nil
}

// addTo adds blocks to those reached, and says whether any was new.
func addTo(reached, blocks map[string]bool) bool {
	before := len(reached)
	for b := range blocks {
		reached[b] = true
	}
	return len(reached) > before
}

// smallest lists the inputs of a folder that are small enough, the smallest first. A
// target that was never fuzzed has no folder.
func smallest(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the fuzzer's inputs: %w", err)
	}
	sizes := map[string]int64{}
	var paths []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("read the fuzzer's inputs: %w", err)
		}
		if path := filepath.Join(dir, e.Name()); info.Size() <= maxBytes {
			sizes[path] = info.Size()
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(cmp.Compare(sizes[a], sizes[b]), cmp.Compare(a, b)) })
	return paths[:min(len(paths), maxTried)], nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read an input: %w", err)
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		return fmt.Errorf("keep an input: %w", err)
	}
	return nil
}

// output runs a program in a folder and returns what it printed.
func output(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("run %s %s: %w\n%s%s", program, strings.Join(args, " "), err, out.String(), problems.String())
	}
	return strings.TrimSpace(out.String()), nil
}
