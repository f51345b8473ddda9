//go:build !windows

package embedded

import "syscall"

// errDiskFull is the system's.
const errDiskFull = syscall.ENOSPC
