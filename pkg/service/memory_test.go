package service_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// limit is what the collector heeds in a program of a command line and environment.
func limit(t *testing.T, environment []string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(append(os.Environ(), process+"=memory"), environment...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.TrimSpace(string(out))
}

// TestMainHeedsItsContainersMemory starts the program in a memory cgroup (version 1) of
// its own.
func TestMainHeedsItsContainersMemory(t *testing.T) {
	t.Parallel()
	const size = 300 << 20
	group := filepath.Join("/sys/fs/cgroup/memory", fmt.Sprintf("dateline-service-%d", os.Getpid()))
	if err := os.Mkdir(group, 0o755); err != nil {
		t.Skip("no memory cgroup can be made here: ", err)
	}
	t.Cleanup(func() { require.NoError(t, os.Remove(group)) })
	if err := os.WriteFile(filepath.Join(group, "memory.limit_in_bytes"), []byte(fmt.Sprint(size)), 0o644); err != nil {
		t.Skip("memory cgroups take no limit here: ", err)
	}
	within := []string{"sh", "-c", `echo $$ > "$0" && exec "$@"`, filepath.Join(group, "cgroup.procs"), os.Args[0]}
	require.Equal(t, fmt.Sprint(size*9/10), limit(t, nil, within...))
	require.Equal(t, fmt.Sprint(64<<20), limit(t, []string{"GOMEMLIMIT=64MiB"}, within...), "who asks for another gets it")
}
