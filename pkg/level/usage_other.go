//go:build !linux && !darwin && !windows

package level

import "errors"

// Usage is not known here.
func Usage(string) (free, size uint64, err error) {
	return 0, 0, errors.ErrUnsupported
}
