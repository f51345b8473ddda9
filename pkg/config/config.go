// Package config fills a program's settings: defaults < file < environment <
// flags, and prints its own reference.
//
// A setting is a struct field with a tag that gives its key:
//
//	type Config struct {
//		HostDelay time.Duration `config:"host-delay" default:"1s" help:"least time between two requests to one host"`
//	}
//
//	var settings struct {
//		Telemetry telemetry.Config
//		Fetcher   fetch.Config `config:"fetcher"`
//	}
//
// A tagged struct field is a section, an untagged one stands for its fields, so
// the key above is fetcher.host-delay. One key has three spellings:
//
//	file         fetcher: {host-delay: 1s}
//	environment  DATELINE_FETCHER_HOST_DELAY=1s
//	flag         --fetcher-host-delay=1s
//
// Further tags are default, help, example, oneof (the allowed words, separated
// by commas) and secret ("true": never printed).
//
// Fields are strings, bools, ints, floats, time.Duration (which here also knows
// days, as in 7d), Bytes, []string (a,b) and map[string]string (k=v,k2=v2). A
// field that is not zero when it is bound keeps its value as its default, so
// that a program may differ from the tag.
//
// What is mistyped is refused, never ignored: unknown keys, unknown variables of
// the prefix and bad values are errors that name the place and what was
// expected. An empty variable counts as not set, as compose files produce them.
package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Names of the one setting that is not in the file: the file.
const (
	FileFlag = "config"
	FileEnv  = "DATELINE_CONFIG"
)

// Source tells where the value of a setting came from.
type Source string

// Sources, the weakest first.
const (
	FromDefault Source = "default"
	FromFile    Source = "file"
	FromEnv     Source = "env"
	FromFlag    Source = "flag"
)

// Sources maps each key of a target to where its value came from.
type Sources map[string]Source

// Options say what Load reads besides the flags.
type Options struct {
	// File is read if neither --config nor DATELINE_CONFIG names one. Unlike
	// those it may be missing.
	File string
	// Environ is the environment as KEY=value; os.Environ() if nil.
	Environ []string
	// Known are keys of other programs that share the file or the environment:
	// allowed, and ignored here. See Keys. One that ends in ".*" stands for all
	// keys of a section ("parser.*"); it says nothing where the program has that
	// section itself, since a mistyped key of its own must not pass for another's.
	Known []string
}

// Validator is a target, or a section of one, that checks its values together.
// Load calls it when all are filled; sections come before what contains them.
// An error that does not begin with the section's key is prefixed by it.
type Validator interface{ Validate() error }

// Bind registers a flag for every setting of target, a pointer to a struct, and
// --config. Targets bound to one flag set may share settings, if they agree on
// type and default.
func Bind(fs *pflag.FlagSet, target any) error {
	fields, err := fieldsOf(target)
	if err != nil {
		return err
	}
	if fs.Lookup(FileFlag) == nil {
		fs.String(FileFlag, "", "YAML `file` of settings (env "+FileEnv+")")
	}
	for _, f := range fields.sorted() {
		if err := bindFlag(fs, f); err != nil {
			return err
		}
	}
	return nil
}

// Load fills target, a pointer to a struct, from its defaults, the file, the
// environment and the flags that were set; fs may be nil. All faults are
// reported together, as an Error. After an error the target is partly filled and
// not to be used.
func Load(fs *pflag.FlagSet, opts Options, target any) (Sources, error) {
	fields, err := fieldsOf(target)
	if err != nil {
		return nil, err
	}
	if fs == nil {
		fs = pflag.NewFlagSet("", pflag.ContinueOnError)
	}
	l := &loader{fields: fields, fs: fs}
	l.known, l.foreign = knownKeys(fs, opts.Known, fields)
	l.defaults()
	l.file(opts)
	l.env(opts)
	l.flags()
	sources := l.assign()
	if len(l.faults) == 0 {
		l.faults = validate(target)
	}
	if len(l.faults) > 0 {
		return sources, &Error{Faults: l.faults}
	}
	return sources, nil
}

// Keys lists the keys of targets, sorted: what another program passes as
// Options.Known.
func Keys(targets ...any) ([]string, error) {
	var keys []string
	for _, t := range targets {
		fields, err := fieldsOf(t)
		if err != nil {
			return nil, err
		}
		for _, f := range fields.sorted() {
			keys = append(keys, f.key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// validate calls Validate of target and its sections, innermost first.
func validate(target any) []error {
	var faults []error
	seen := map[string]bool{}
	walkSections(reflect.ValueOf(target).Elem(), "", func(v reflect.Value, section string) {
		if !v.CanInterface() {
			return
		}
		checker, ok := v.Addr().Interface().(Validator)
		if !ok {
			return
		}
		err := checker.Validate()
		if err == nil {
			return
		}
		if section != "" && !strings.HasPrefix(err.Error(), section+".") {
			err = fmt.Errorf("%s: %w", section, err)
		}
		// An embedded section lends its method to what embeds it, so the same
		// fault may come twice.
		if !seen[err.Error()] {
			seen[err.Error()] = true
			faults = append(faults, err)
		}
	})
	return faults
}

// errNotStruct is a mistake of the program, not of its user.
var errNotStruct = errors.New("target must be a non-nil pointer to a struct")
