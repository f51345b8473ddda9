package config

import (
	"fmt"

	"github.com/spf13/pflag"
)

// flagValue is a flag that checks its text at once but keeps it as text, so that
// all sources are read by the same code.
type flagValue struct {
	field *field
	text  string
	given bool
}

var _ pflag.Value = (*flagValue)(nil)

// Set checks and keeps text. A list or map that is given more than once grows.
func (v *flagValue) Set(text string) error {
	if err := v.field.check(text); err != nil {
		return err
	}
	if v.given && (v.field.kind.form == formList || v.field.kind.form == formMap) {
		text = v.text + "," + text
	}
	v.text, v.given = text, true
	return nil
}

func (v *flagValue) String() string { return v.field.shown(v.text) }
func (v *flagValue) Type() string   { return v.field.kind.name }

// bindFlag registers f, or shares the flag that an earlier target registered.
func bindFlag(fs *pflag.FlagSet, f *field) error {
	name := flagName(f.key)
	if bound := fs.Lookup(name); bound != nil {
		value, ok := bound.Value.(*flagValue)
		if !ok || value.field.key != f.key {
			return fmt.Errorf("config: key %s: flag --%s is already defined", f.key, name)
		}
		return value.field.agrees(f)
	}
	flag := fs.VarPF(&flagValue{field: f, text: f.def}, name, "", f.usage())
	if f.kind == kindBool {
		flag.NoOptDefVal = "true"
	}
	return nil
}

// usage is the line of --help.
func (f *field) usage() string {
	s := f.help
	if len(f.oneof) > 0 {
		s += ": " + f.expects()
	}
	if f.example != "" {
		s += ", such as " + f.example
	}
	return s + " (env " + envName(f.key) + ")"
}

// boundFields are the settings of all targets that were bound to fs.
func boundFields(fs *pflag.FlagSet) fieldSet {
	bound := fieldSet{}
	fs.VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(*flagValue); ok {
			bound[v.field.key] = v.field
		}
	})
	return bound
}
