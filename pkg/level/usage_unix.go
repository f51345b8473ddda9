//go:build linux || darwin

package level

import (
	"fmt"
	"syscall"
)

// Usage is what an ordinary user may still write, and all that there is.
func Usage(dir string) (free, size uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("ask for the disk of %s: %w", dir, err)
	}
	block := uint64(s.Bsize)
	return uint64(s.Bavail) * block, uint64(s.Blocks) * block, nil
}
