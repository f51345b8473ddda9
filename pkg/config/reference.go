package config

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Format is a form of the reference.
type Format string

// Formats of Reference.
const (
	Markdown Format = "markdown"
	Text     Format = "text"
)

// Reference writes all settings of targets, sorted by key: what each means, its
// type, default, variable and flag. Secret defaults are hidden.
func Reference(w io.Writer, format Format, targets ...any) error {
	all := fieldSet{}
	for _, t := range targets {
		fields, err := fieldsOf(t)
		if err != nil {
			return err
		}
		for key, f := range fields {
			if _, ok := all[key]; !ok {
				all[key] = f
			}
		}
	}
	switch format {
	case Markdown:
		return markdown(w, all.sorted())
	case Text:
		return plain(w, all.sorted())
	default:
		return fmt.Errorf("config: unknown format %q, expected %s or %s", format, Markdown, Text)
	}
}

func markdown(w io.Writer, fields []*field) error {
	var b strings.Builder
	b.WriteString("| key | variable | flag | type | default | meaning |\n|---|---|---|---|---|---|\n")
	for _, f := range fields {
		def := f.shown(f.def)
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | `--%s` | %s | %s | %s |\n",
			f.key, envName(f.key), flagName(f.key), f.kind.name, cell(def), cell(f.meaning()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cell keeps text within one cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}

func plain(w io.Writer, fields []*field) error {
	for _, f := range fields {
		def := f.shown(f.def)
		if def == "" {
			def = "none"
		}
		_, err := fmt.Fprintf(w, "%s (%s, default %s)\n    %s\n    %s, --%s\n",
			f.key, f.kind.name, def, f.meaning(), envName(f.key), flagName(f.key))
		if err != nil {
			return err
		}
	}
	return nil
}

// meaning is the help with the allowed words and the example.
func (f *field) meaning() string {
	s := f.help
	if len(f.oneof) > 0 {
		s += " (" + f.expects() + ")"
	}
	if f.example != "" {
		s += "; example: " + f.example
	}
	if f.secret {
		s += "; secret"
	}
	return s
}

// Print writes the settings that target now holds and where each came from,
// without its secrets.
func Print(w io.Writer, target any, sources Sources) error {
	fields, err := fieldsOf(target)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range fields.sorted() {
		source := sources[f.key]
		if source == "" {
			source = FromDefault
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.key, f.shown(f.kind.text(f.targets[0])), source)
	}
	return table.Flush()
}
