package level

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Usage is what this user may still write, and all that there is.
func Usage(dir string) (free, size uint64, err error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, fmt.Errorf("ask for the disk of %s: %w", dir, err)
	}
	if err := windows.GetDiskFreeSpaceEx(path, &free, &size, nil); err != nil {
		return 0, 0, fmt.Errorf("ask for the disk of %s: %w", dir, err)
	}
	return free, size, nil
}
