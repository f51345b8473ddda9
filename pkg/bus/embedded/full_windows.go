package embedded

import "golang.org/x/sys/windows"

// errDiskFull is the system's.
const errDiskFull = windows.ERROR_DISK_FULL
