package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// envPrefix begins the name of every variable.
const envPrefix = "DATELINE_"

// field is one setting: a struct field, or several that share a key.
type field struct {
	key     string
	def     string
	help    string
	example string
	oneof   []string
	secret  bool
	kind    *kind
	targets []reflect.Value
}

// fieldSet maps keys to fields.
type fieldSet map[string]*field

func (s fieldSet) sorted() []*field {
	fields := make([]*field, 0, len(s))
	for _, key := range slices.Sorted(maps.Keys(s)) {
		fields = append(fields, s[key])
	}
	return fields
}

func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(key))
}

func flagName(key string) string { return strings.ReplaceAll(key, ".", "-") }

// keyForm keeps keys such that their three spellings are legal everywhere.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)*$`)

// fieldsOf collects the settings of target. Its errors are mistakes in the
// program's tags.
func fieldsOf(target any) (fieldSet, error) {
	v := reflect.ValueOf(target)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("config: %T: %w", target, errNotStruct)
	}
	fields := fieldSet{}
	var errs []error
	walkSections(v.Elem(), "", func(section reflect.Value, prefix string) {
		for i := range section.NumField() {
			sf := section.Type().Field(i)
			name := sf.Tag.Get("config")
			if name == "" || name == "-" || isSection(sf) {
				continue
			}
			if err := fields.add(sf, section.Field(i), joinKey(prefix, name)); err != nil {
				errs = append(errs, fmt.Errorf("config: %s.%s: %w", section.Type(), sf.Name, err))
			}
		}
	})
	if len(errs) == 0 {
		errs = append(errs, fields.collisions()...)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return fields, nil
}

// walkSections visits the structs in v, innermost first, with their key prefix.
func walkSections(v reflect.Value, prefix string, visit func(v reflect.Value, prefix string)) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		name := sf.Tag.Get("config")
		if isSection(sf) && name != "-" {
			walkSections(v.Field(i), joinKey(prefix, name), visit)
		}
	}
	visit(v, prefix)
}

// isSection reports whether a field is a struct whose fields can be set, as those
// of an embedded struct can even if its type is not exported.
func isSection(sf reflect.StructField) bool {
	return sf.Type.Kind() == reflect.Struct && (sf.IsExported() || sf.Anonymous)
}

func joinKey(prefix, name string) string {
	switch {
	case prefix == "":
		return name
	case name == "":
		return prefix
	default:
		return prefix + "." + name
	}
}

// add enters one struct field under key.
func (s fieldSet) add(sf reflect.StructField, v reflect.Value, key string) error {
	if !keyForm.MatchString(key) || key == FileFlag {
		return fmt.Errorf("key %q is not allowed", key)
	}
	if !sf.IsExported() {
		return fmt.Errorf("key %s: the field is not exported", key)
	}
	k := kindOf(sf.Type)
	if k == nil {
		return fmt.Errorf("key %s: type %s is not supported", key, sf.Type)
	}
	f := &field{
		key:     key,
		def:     sf.Tag.Get("default"),
		help:    sf.Tag.Get("help"),
		example: sf.Tag.Get("example"),
		secret:  sf.Tag.Get("secret") == "true",
		kind:    k,
		targets: []reflect.Value{v},
	}
	if words := sf.Tag.Get("oneof"); words != "" {
		f.oneof = splitList(words)
	}
	if !v.IsZero() {
		f.def = k.text(v)
	}
	if f.def != "" {
		if err := f.check(f.def); err != nil {
			return fmt.Errorf("key %s: default %q: %w", key, f.shown(f.def), err)
		}
	}
	if same, ok := s[key]; ok {
		if err := same.agrees(f); err != nil {
			return err
		}
		same.targets = append(same.targets, v)
		return nil
	}
	s[key] = f
	return nil
}

// agrees tells whether two declarations of one key mean the same.
func (f *field) agrees(other *field) error {
	if f.kind != other.kind || f.def != other.def || f.secret != other.secret {
		return fmt.Errorf("key %s is declared twice: %s %q and %s %q",
			f.key, f.kind.name, f.shown(f.def), other.kind.name, other.shown(other.def))
	}
	return nil
}

// collisions finds keys that cannot be told apart, or nested, in a file, the
// environment or flags.
func (s fieldSet) collisions() []error {
	var errs []error
	byFlag := map[string]string{}
	for _, f := range s.sorted() {
		name := flagName(f.key)
		if other, taken := byFlag[name]; taken {
			errs = append(errs, fmt.Errorf("config: keys %s and %s share the flag --%s", other, f.key, name))
		}
		byFlag[name] = f.key
		for section := f.key; ; {
			dot := strings.LastIndexByte(section, '.')
			if dot < 0 {
				break
			}
			section = section[:dot]
			if _, taken := s[section]; taken {
				errs = append(errs, fmt.Errorf("config: key %s is also the section of %s", section, f.key))
			}
		}
	}
	return errs
}

// check tries text as a value without keeping it.
func (f *field) check(text string) error {
	scratch := reflect.New(f.targets[0].Type()).Elem()
	return f.set(scratch, text)
}

// set parses text into v.
func (f *field) set(v reflect.Value, text string) error {
	if err := f.kind.set(v, text); err != nil {
		return &expectedError{want: f.expects()}
	}
	return f.allowed(v)
}

// allowed holds v against oneof.
func (f *field) allowed(v reflect.Value) error {
	if len(f.oneof) == 0 {
		return nil
	}
	words := []string{f.kind.text(v)}
	if f.kind.form == formList {
		words = v.Interface().([]string)
	}
	for _, w := range words {
		if !slices.Contains(f.oneof, w) {
			return &expectedError{want: f.expects()}
		}
	}
	return nil
}

// expects is what a value must be, as an error says it.
func (f *field) expects() string {
	if len(f.oneof) > 0 {
		last := len(f.oneof) - 1
		words := f.oneof[last]
		if last > 0 {
			words = strings.Join(f.oneof[:last], ", ") + " or " + words
		}
		if f.kind.form == formList {
			return "any of " + words
		}
		return words
	}
	if f.example != "" {
		return f.kind.what + " such as " + f.example
	}
	return f.kind.what + f.kind.sample
}

// userInfo is the part of a URL that may hold a password or a token.
var userInfo = regexp.MustCompile(`://[^/?#,\s]*@`)

// hidden stands for a secret.
const hidden = "(hidden)"

// shown is text as it may be printed.
func (f *field) shown(text string) string {
	if f.secret && text != "" {
		return hidden
	}
	return userInfo.ReplaceAllString(text, "://"+hidden+"@")
}
