package config

import (
	"fmt"
	"strings"
)

// Error is everything that is wrong with a configuration.
type Error struct{ Faults []error }

func (e *Error) Error() string {
	if len(e.Faults) == 1 {
		return e.Faults[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d faults in the configuration:", len(e.Faults))
	for _, f := range e.Faults {
		b.WriteString("\n  " + f.Error())
	}
	return b.String()
}

// Unwrap gives the single faults: UnknownKeyError, ValueError, those of the
// file, and those that Validate returned.
func (e *Error) Unwrap() []error { return e.Faults }

// WrongUsage is always true: the program was asked wrongly.
func (e *Error) WrongUsage() bool { return true }

// UnknownKeyError is a name that no setting has.
type UnknownKeyError struct {
	Name    string // as it was written
	Source  Source
	Place   string // the file, or "the environment"
	Nearest string // the most similar known name, if one is near
}

func (e *UnknownKeyError) Error() string {
	noun := "key"
	if e.Source == FromEnv {
		noun = "variable"
	}
	s := fmt.Sprintf("unknown %s %s in %s", noun, e.Name, e.Place)
	if e.Nearest != "" {
		s += ": did you mean " + e.Nearest + "?"
	}
	return s
}

// ValueError is a value that its setting cannot take.
type ValueError struct {
	Key      string
	Source   Source
	Place    string // the file, the variable or the flag
	Value    string // as written; hidden if it is secret
	Expected string
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: bad value %q in %s: expected %s", e.Key, e.Value, e.Place, e.Expected)
}

// expectedError says what a value should have been, without the value, which
// may be secret.
type expectedError struct{ want string }

func (e *expectedError) Error() string { return "expected " + e.want }
