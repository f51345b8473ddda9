package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Bytes reads a figure of a process' memory, such as VmRSS (proc(5)); 0 where there
// is no /proc.
func Bytes(pid int, field string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes << 10
			}
		}
	}
	return 0
}

// Files is how many files a process has open; 0 where there is no /proc.
func Files(pid int) int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return 0
	}
	return len(entries)
}

// ClockTick is the unit of CPU times in /proc (proc(5), USER_HZ).
const ClockTick = 10 * time.Millisecond

// CPU is the CPU time that a process has used; 0 where there is no /proc.
func CPU(pid int) time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	// The name, in parentheses, may hold spaces.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var ticks int64
	for _, at := range []int{11, 12} {
		if at < len(fields) {
			n, _ := strconv.ParseInt(fields[at], 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * ClockTick
}
