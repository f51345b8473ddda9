package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// Bounds on a file of settings, on the faults that are sought in it, and on the
// part of a bad value that is shown.
const (
	maxFileSize = 1 << 20
	maxFaults   = 50
	maxShown    = 100
)

// loader reads the sources, each over the one before.
type loader struct {
	fields  fieldSet
	known   map[string]bool // every key that may be written, also those of others
	foreign []string        // sections of others, whose keys are not known
	fs      *pflag.FlagSet
	layers  []layer // the weakest first
	faults  []error
}

// layer is what one source says.
type layer struct {
	source Source
	place  func(key string) string
	values map[string]any // by key; strings, or what YAML makes
}

func knownKeys(flags *pflag.FlagSet, others []string, fields fieldSet) (known map[string]bool, foreign []string) {
	known = map[string]bool{}
	for key := range boundFields(flags) {
		known[key] = true
	}
	for key := range fields {
		known[key] = true
	}
	own := func(section string) bool {
		for key := range known {
			if strings.HasPrefix(key, section+".") {
				return true
			}
		}
		return false
	}
	for _, key := range others {
		if section, ok := strings.CutSuffix(key, ".*"); ok && !own(section) {
			foreign = append(foreign, section)
		}
	}
	for _, key := range others {
		if !strings.HasSuffix(key, ".*") {
			known[key] = true
		}
	}
	return known, foreign
}

// isForeign says whether key lies in a section of another program.
func (l *loader) isForeign(key string) bool {
	return slices.ContainsFunc(l.foreign, func(section string) bool { return strings.HasPrefix(key, section+".") })
}

// isForeignEnv says the same of a variable.
func (l *loader) isForeignEnv(name string) bool {
	return slices.ContainsFunc(l.foreign, func(section string) bool { return strings.HasPrefix(name, envName(section)+"_") })
}

// read loads one provider and adds it as the strongest layer.
func (l *loader) read(source Source, p koanf.Provider, parser koanf.Parser, place func(string) string) {
	ko := koanf.New(".")
	if err := ko.Load(p, parser); err != nil {
		l.faults = append(l.faults, fmt.Errorf("read %s: %w", place(""), err))
		return
	}
	values := map[string]any{}
	l.flatten(ko.Raw(), "", values, source, place)
	l.layers = append(l.layers, layer{source: source, place: place, values: values})
}

// flatten turns nested sections into keys and reports those that are unknown.
func (l *loader) flatten(section map[string]any, prefix string, into map[string]any, source Source, place func(string) string) {
	for _, name := range slices.Sorted(maps.Keys(section)) {
		if len(l.faults) >= maxFaults {
			return
		}
		key, value := joinKey(prefix, name), section[name]
		_, twice := into[key]
		nested, isSection := value.(map[string]any)
		switch {
		case twice:
			l.faults = append(l.faults, fmt.Errorf("key %s is given twice in %s", key, place(key)))
		case l.fields[key] != nil:
			if value != nil {
				into[key] = value
			}
		case isSection && (!l.known[key] || l.sectionKey(key) != ""):
			l.flatten(nested, key, into, source, place)
		case l.known[key], l.isForeign(key), value == nil && slices.Contains(l.foreign, key): // another program's
		case l.sectionKey(key) != "":
			if value != nil {
				l.faults = append(l.faults, &ValueError{
					Key: key, Source: source, Place: place(key), Value: excerpt(fmt.Sprint(value)),
					Expected: "a section of keys such as " + l.sectionKey(key),
				})
			}
		default:
			l.faults = append(l.faults, &UnknownKeyError{
				Name: key, Source: source, Place: place(key),
				Nearest: nearest(key, slices.Sorted(maps.Keys(l.known))),
			})
		}
	}
}

// sectionKey is the first known key below section, without it; empty if none is.
func (l *loader) sectionKey(section string) string {
	for _, key := range slices.Sorted(maps.Keys(l.known)) {
		if rest, ok := strings.CutPrefix(key, section+"."); ok {
			return rest
		}
	}
	return ""
}

// defaults takes those that flags were bound with, since a target that is
// loaded again no longer holds them.
func (l *loader) defaults() {
	bound := boundFields(l.fs)
	values := map[string]any{}
	for key, f := range l.fields {
		if b, ok := bound[key]; ok {
			f = b
		}
		if f.def != "" {
			values[key] = f.def
		}
	}
	l.read(FromDefault, confmap.Provider(values, "."), nil, func(string) string { return "the default" })
}

// file reads the YAML file, if one is named.
func (l *loader) file(opts Options) {
	path, required := opts.File, false
	if p := lookupEnv(opts.environ(), FileEnv); p != "" {
		path, required = p, true
	}
	if f := l.fs.Lookup(FileFlag); f != nil && f.Changed {
		path, required = f.Value.String(), true
	}
	if path == "" {
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !required:
		return
	case err != nil:
		l.faults = append(l.faults, fmt.Errorf("read settings: %w", err))
	case info.Size() > maxFileSize:
		l.faults = append(l.faults, fmt.Errorf("read %s: larger than %s", path, Bytes(maxFileSize)))
	default:
		l.read(FromFile, file.Provider(path), yaml.Parser(), func(string) string { return path })
	}
}

// env reads the variables with the prefix.
func (l *loader) env(opts Options) {
	keys := map[string]string{}
	for key := range l.known {
		keys[envName(key)] = key
	}
	var unknown []string
	provider := env.Provider(".", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: opts.environ,
		TransformFunc: func(name, value string) (string, any) {
			key, ok := keys[name]
			if !ok && name != FileEnv && !l.isForeignEnv(name) && !isServiceLink(name, value) {
				unknown = append(unknown, name)
			}
			if l.fields[key] == nil || value == "" {
				return "", nil
			}
			return key, value
		},
	})
	l.read(FromEnv, provider, nil, envName)
	slices.Sort(unknown)
	for _, name := range slices.Compact(unknown) {
		l.faults = append(l.faults, &UnknownKeyError{
			Name: name, Source: FromEnv, Place: "the environment", Nearest: nearestEnv(name, slices.Sorted(maps.Keys(keys))),
		})
	}
}

// flags reads the flags that were set.
func (l *loader) flags() {
	provider := posflag.ProviderWithFlag(l.fs, ".", nil, func(f *pflag.Flag) (string, any) {
		v, ok := f.Value.(*flagValue)
		if !ok || !f.Changed || l.fields[v.field.key] == nil {
			return "", nil
		}
		return v.field.key, v.text
	})
	l.read(FromFlag, provider, nil, func(key string) string { return "--" + flagName(key) })
}

// assign fills each field from the strongest layer that has its key.
func (l *loader) assign() Sources {
	sources := make(Sources, len(l.fields))
	for _, f := range l.fields.sorted() {
		sources[f.key] = FromDefault
		for _, target := range f.targets {
			target.SetZero()
		}
		for _, layer := range slices.Backward(l.layers) {
			raw, ok := layer.values[f.key]
			if !ok {
				continue
			}
			sources[f.key] = layer.source
			if bad := (*expectedError)(nil); errors.As(f.assign(raw), &bad) {
				l.faults = append(l.faults, &ValueError{
					Key: f.key, Source: layer.source, Place: layer.place(f.key),
					Value: excerpt(f.shown(fmt.Sprint(raw))), Expected: bad.want,
				})
			}
			break
		}
	}
	return sources
}

// assign sets all targets of f to raw, a string or what YAML makes of a value.
// Its errors are of type expectedError.
func (f *field) assign(raw any) error {
	for _, target := range f.targets {
		if err := f.assignTo(target, raw); err != nil {
			return err
		}
	}
	return nil
}

func (f *field) assignTo(target reflect.Value, raw any) error {
	switch value := raw.(type) {
	case string:
		return f.set(target, value)
	case []any:
		if f.kind.form != formList {
			return &expectedError{want: f.expects()}
		}
		items := make([]string, len(value))
		for i, item := range value {
			text, ok := item.(string)
			if !ok {
				return &expectedError{want: "a list of text, in quotes where YAML sees a number, a date or a truth value"}
			}
			items[i] = text
		}
		target.Set(reflect.ValueOf(items))
		return f.allowed(target)
	case map[string]any:
		if f.kind.form != formMap {
			return &expectedError{want: f.expects()}
		}
		pairs := make(map[string]string, len(value))
		for k, item := range value {
			text, ok := item.(string)
			if !ok {
				return &expectedError{want: "text for " + k + ", in quotes where YAML sees a number, a date or a truth value"}
			}
			pairs[k] = text
		}
		target.Set(reflect.ValueOf(pairs))
		return nil
	default:
		// YAML has already changed the spelling: 0123 became 83, 1.10 became 1.1.
		if f.kind.form != formScalar {
			return &expectedError{want: "text, in quotes where YAML sees a number, a date or a truth value"}
		}
		return f.set(target, fmt.Sprint(value))
	}
}

// excerpt is the beginning of s.
func excerpt(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}

func (o Options) environ() []string {
	if o.Environ == nil {
		return os.Environ()
	}
	return o.Environ
}

// lookupEnv is the last value of name in environ.
func lookupEnv(environ []string, name string) string {
	for _, entry := range slices.Backward(environ) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// serviceLink is the form of the variables that Kubernetes puts into each pod
// for each service, such as DATELINE_SERVICE_HOST for one that is named dateline
// (Kubernetes documentation, "Service", environment variables).
var serviceLink = regexp.MustCompile(`_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)

func isServiceLink(name, value string) bool {
	return serviceLink.MatchString(name) ||
		strings.HasSuffix(name, "_PORT") && strings.Contains(value, "://")
}
