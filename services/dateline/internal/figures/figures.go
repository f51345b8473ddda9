// Package figures writes what a measurement gave into a document, between two marks.
package figures

import (
	"fmt"
	"os"
	"strings"
)

// Rewrite replaces what stands in a document between two marks, each a line of its
// own, by what fn makes of it.
func Rewrite(document, begins, ends string, fn func(old string) string) error {
	text, err := os.ReadFile(document)
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), begins)
	old, after, ended := strings.Cut(rest, ends)
	if !ok || !ended {
		return fmt.Errorf("write the figures: %s has no place for them: put the lines %q and %q", document, strings.TrimSpace(begins), strings.TrimSpace(ends))
	}
	if err := os.WriteFile(document, []byte(before+begins+fn(old)+ends+after), 0o644); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}
