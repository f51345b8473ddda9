//go:build !linux && !darwin

package level

import "errors"

func usage(string) (free, size uint64, err error) {
	return 0, 0, errors.ErrUnsupported
}
