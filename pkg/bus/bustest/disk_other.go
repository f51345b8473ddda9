//go:build !linux

package bustest

import (
	"errors"
	"testing"
)

// NoDisk says why no small disk can be had here; "" if one can.
func NoDisk() string { return "mounting a small disk needs Linux" }

// Disk is not to be had here.
func Disk(t *testing.T, _ int) string {
	t.Helper()
	t.Fatal(NoDisk())
	return ""
}

// Fill is not to be had here.
func Fill(string, int) (name string, err error) { return "", errors.ErrUnsupported }
