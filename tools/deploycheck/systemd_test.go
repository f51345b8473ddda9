package deploycheck_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// maxExposure is the most that 'systemd-analyze security' may find fault with, of 100.
// What it calls OK ends at 40.
const maxExposure = "20"

// program is what a unit starts, which is not installed where it is checked.
var program = regexp.MustCompile(`(?m)^ExecStart=.*$`)

// TestUnits lets systemd itself look at the units, where it is.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	units, err := filepath.Glob("../../deploy/systemd/*.service")
	require.NoError(t, err)
	require.Len(t, units, 4)
	for _, unit := range units {
		t.Run(filepath.Base(unit), func(t *testing.T) {
			data, err := os.ReadFile(unit)
			require.NoError(t, err)
			copied := filepath.Join(t.TempDir(), filepath.Base(unit))
			require.NoError(t, os.WriteFile(copied, program.ReplaceAll(data, []byte("ExecStart=/bin/true")), 0o600))
			out, err := exec.Command(analyze, "verify", "--man=no", copied).CombinedOutput()
			require.NoError(t, err, string(out))
			require.NotContains(t, string(out), filepath.Base(unit)+":", "it warns")
			out, err = exec.Command(analyze, "security", "--offline=yes", "--no-pager", "--threshold="+maxExposure, copied).CombinedOutput()
			require.NoError(t, err, string(out))
		})
	}
}
