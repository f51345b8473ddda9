package service

import "github.com/KimMachineGun/automemlimit/memlimit"

// memoryShare is the part of a container's memory that Go's heap may come near to. The
// rest is for what the limit does not see: the binary's pages, and stacks of C.
const memoryShare = 0.9

// heedMemory tells the garbage collector of the memory that this process' cgroup may take:
// it otherwise lets the heap grow to twice what is in use, whatever the limit, and the
// system kills the process for what was garbage. GOMEMLIMIT in the environment goes before
// it; where there is no limit, none is set.
func heedMemory() {
	// An error means that there is no cgroup to ask.
	_, _ = memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup))
}
