package config

import (
	"fmt"
	"reflect"
)

// Changes lists the keys whose values differ between two targets of one type, sorted.
func Changes(before, after any) ([]string, error) {
	a, err := fieldsOf(before)
	if err != nil {
		return nil, err
	}
	b, err := fieldsOf(after)
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, f := range a.sorted() {
		other, ok := b[f.key]
		if !ok {
			return nil, fmt.Errorf("config: key %s is in one of %T and %T only", f.key, before, after)
		}
		if !reflect.DeepEqual(f.targets[0].Interface(), other.targets[0].Interface()) {
			changed = append(changed, f.key)
		}
	}
	return changed, nil
}
