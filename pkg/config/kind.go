package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// form says which shapes a value may have in a file.
type form int

const (
	formText   form = iota // a string only: others would lose their spelling
	formScalar             // any scalar
	formList               // a list of strings, or one string with commas
	formMap                // a mapping to strings, or one string k=v,k=v
)

// kind is how one Go type is read and written.
type kind struct {
	name   string // in flags and the reference
	what   string // what an error expects
	sample string // and an example of it
	form   form
	set    func(v reflect.Value, text string) error
	text   func(v reflect.Value) string
}

var (
	kindString = &kind{
		name: "string", what: "text", form: formText,
		set:  func(v reflect.Value, s string) error { v.SetString(s); return nil },
		text: func(v reflect.Value) string { return v.String() },
	}
	kindBool = &kind{
		name: "bool", what: "true or false", form: formScalar,
		set: func(v reflect.Value, s string) error {
			b, err := strconv.ParseBool(s)
			v.SetBool(b)
			return err
		},
		text: func(v reflect.Value) string { return strconv.FormatBool(v.Bool()) },
	}
	kindInt = &kind{
		name: "int", what: "a whole number", sample: " such as 8", form: formScalar,
		set: func(v reflect.Value, s string) error {
			n, err := strconv.ParseInt(s, 10, v.Type().Bits())
			v.SetInt(n)
			return err
		},
		text: func(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) },
	}
	kindFloat = &kind{
		name: "float", what: "a number", sample: " such as 0.5", form: formScalar,
		set: func(v reflect.Value, s string) error {
			n, err := strconv.ParseFloat(s, v.Type().Bits())
			v.SetFloat(n)
			return err
		},
		text: func(v reflect.Value) string { return strconv.FormatFloat(v.Float(), 'g', -1, 64) },
	}
	kindDuration = &kind{
		name: "duration", what: "a duration", sample: " such as 500ms, 1m30s or 7d", form: formScalar,
		set: func(v reflect.Value, s string) error {
			d, err := parseDuration(s)
			v.SetInt(int64(d))
			return err
		},
		text: func(v reflect.Value) string { return formatDuration(time.Duration(v.Int())) },
	}
	kindBytes = &kind{
		name: "bytes", what: "a size", sample: " such as 64KiB, 10MiB or 1GB", form: formScalar,
		set: func(v reflect.Value, s string) error {
			n, err := ParseBytes(s)
			v.SetInt(int64(n))
			return err
		},
		text: func(v reflect.Value) string { return Bytes(v.Int()).String() },
	}
	kindList = &kind{
		name: "strings", what: "words separated by commas", form: formList,
		set: func(v reflect.Value, s string) error {
			v.Set(reflect.ValueOf(splitList(s)))
			return nil
		},
		text: func(v reflect.Value) string { return strings.Join(v.Interface().([]string), ",") },
	}
	kindMap = &kind{
		name: "key=value", what: "pairs such as a=1,b=2", form: formMap,
		set: func(v reflect.Value, s string) error {
			m, err := splitMap(s)
			v.Set(reflect.ValueOf(m))
			return err
		},
		text: func(v reflect.Value) string { return joinMap(v.Interface().(map[string]string)) },
	}
)

// kindOf is nil for types that are not supported.
func kindOf(t reflect.Type) *kind {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return kindDuration
	case reflect.TypeFor[Bytes]():
		return kindBytes
	case reflect.TypeFor[[]string]():
		return kindList
	case reflect.TypeFor[map[string]string]():
		return kindMap
	}
	switch t.Kind() {
	case reflect.String:
		return kindString
	case reflect.Bool:
		return kindBool
	case reflect.Int, reflect.Int64, reflect.Int32:
		return kindInt
	case reflect.Float64:
		return kindFloat
	default:
		return nil
	}
}

// splitList cuts at commas and drops spaces and empty items; nil if none remain.
func splitList(s string) []string {
	var items []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// splitMap reads k=v,k2=v2; nil if there is no pair.
func splitMap(s string) (map[string]string, error) {
	var m map[string]string
	for _, item := range splitList(s) {
		k, v, ok := strings.Cut(item, "=")
		if k = strings.TrimSpace(k); !ok || k == "" {
			return nil, fmt.Errorf("%q is not a pair", item)
		}
		if m == nil {
			m = map[string]string{}
		}
		m[k] = strings.TrimSpace(v)
	}
	return m, nil
}

func joinMap(m map[string]string) string {
	pairs := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, k+"="+m[k])
	}
	return strings.Join(pairs, ",")
}

const day = 24 * time.Hour

// maxDays is what a time.Duration can hold.
const maxDays = int64(1<<63-1) / int64(day)

var errDuration = errors.New("not a duration")

// parseDuration reads what time.ParseDuration does, and days (of 24 hours)
// before it: 7d, 1d12h, -30d.
func parseDuration(s string) (time.Duration, error) {
	count, rest, ok := strings.Cut(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	digits, negative := strings.CutPrefix(count, "-")
	days, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || days > uint64(maxDays) {
		return 0, errDuration
	}
	d := time.Duration(days) * day
	if rest != "" {
		more, err := time.ParseDuration(rest)
		if err != nil || rest[0] == '-' || rest[0] == '+' || d+more < d {
			return 0, errDuration
		}
		d += more
	}
	if negative {
		d = -d
	}
	return d, nil
}

// formatDuration writes d the way people do: 7d, 1h30m, 500ms.
func formatDuration(d time.Duration) string {
	if d != 0 && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
