package bustest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// NoDisk says why no small disk can be had here; "" if one can.
func NoDisk() string {
	dir, err := os.MkdirTemp("", "dateline-disk-")
	if err != nil {
		return "no directory can be made: " + err.Error()
	}
	defer func() { _ = os.Remove(dir) }()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=65536"); err != nil {
		return "mounting a small disk needs root"
	}
	_ = syscall.Unmount(dir, syscall.MNT_DETACH)
	return ""
}

// Disk mounts a disk of a size in memory, for the time of a test.
func Disk(t *testing.T, size int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "dateline-disk-")
	require.NoError(t, err)
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)))
	t.Cleanup(func() {
		_ = syscall.Unmount(dir, syscall.MNT_DETACH)
		_ = os.Remove(dir)
	})
	return dir
}

// Fill writes a file on a disk until no more than spare bytes are left, and returns its
// name: whoever removes it makes room again.
func Fill(dir string, spare int) (name string, err error) {
	name = filepath.Join(dir, "filler")
	f, err := os.Create(name)
	if err != nil {
		return name, fmt.Errorf("fill the disk: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var s syscall.Statfs_t
	for piece := make([]byte, 64<<10); ; {
		if err := syscall.Statfs(dir, &s); err != nil {
			return name, fmt.Errorf("fill the disk: %w", err)
		}
		if spare > 0 && s.Bavail*uint64(s.Bsize) <= uint64(spare) {
			return name, nil
		}
		if _, err := f.Write(piece); errors.Is(err, syscall.ENOSPC) {
			return name, nil
		} else if err != nil {
			return name, fmt.Errorf("fill the disk: %w", err)
		}
	}
}
