// Command sbom writes what programs are made of, as CycloneDX JSON, from what the
// linker wrote into them: sbom VERSION EPOCH PROGRAM…. The same programs give the same
// bytes.
package main

import (
	"debug/buildinfo"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("usage: sbom VERSION EPOCH PROGRAM…")
	}
	epoch, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return fmt.Errorf("epoch %q is no number of seconds: %w", args[1], err)
	}
	const prefix = "github.com/dateline-news/dateline/"
	modules := map[string]cyclonedx.Component{}
	var programs []string
	for _, path := range args[2:] {
		info, err := read(path)
		if err != nil {
			return err
		}
		programs = append(programs, strings.TrimSuffix(filepath.Base(path), ".exe"))
		add(modules, "std", info.GoVersion, "pkg:golang/std@"+strings.TrimPrefix(info.GoVersion, "go"))
		for _, m := range info.Deps {
			if m.Replace != nil && !strings.HasPrefix(m.Path, prefix) {
				m = m.Replace
			}
			version := m.Version
			if strings.HasPrefix(m.Path, prefix) {
				version = args[0]
			}
			add(modules, m.Path, version, "pkg:golang/"+m.Path+"@"+version)
		}
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{
		Timestamp: time.Unix(epoch, 0).UTC().Format(time.RFC3339),
		Component: &cyclonedx.Component{
			BOMRef: "pkg:golang/github.com/dateline-news/dateline@" + args[0], Type: cyclonedx.ComponentTypeApplication,
			Name: "dateline", Version: args[0], Description: strings.Join(programs, ", "),
			Licenses: &cyclonedx.Licenses{{License: &cyclonedx.License{ID: "Apache-2.0"}}},
		},
	}
	var components []cyclonedx.Component
	for _, ref := range slices.Sorted(maps.Keys(modules)) {
		components = append(components, modules[ref])
	}
	bom.Components = &components
	return cyclonedx.NewBOMEncoder(os.Stdout, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
}

// read reads what is in a program, or, where there is none of that name, in the same
// one for Windows.
func read(path string) (*buildinfo.BuildInfo, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		path += ".exe"
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what %s is made of: %w", path, err)
	}
	return info, nil
}

func add(modules map[string]cyclonedx.Component, name, version, ref string) {
	modules[ref] = cyclonedx.Component{
		BOMRef: ref, Type: cyclonedx.ComponentTypeLibrary, Name: name, Version: version, PackageURL: ref,
		Scope: cyclonedx.ScopeRequired,
	}
}
