package deploycheck_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// minisign runs the program that the tools' module pins.
func minisign(args ...string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"tool", "minisign"}, args...)...)
	cmd.Dir, cmd.Env = "..", append(os.Environ(), "GOWORK=off")
	return cmd.CombinedOutput()
}

// sign runs tools/sign.sh; no key: none.
func sign(t *testing.T, dir, key string) string {
	t.Helper()
	cmd := exec.Command("bash", "../sign.sh", dir, "v9.8.7")
	cmd.Env = append(os.Environ(), "SIGN_KEY="+key)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

// TestSignedChecksums signs a release with a key that is thrown away, and verifies it
// the way SECURITY.md says: a changed archive, a changed list and another's key fail.
func TestSignedChecksums(t *testing.T) {
	dir, keys := t.TempDir(), t.TempDir()
	archive, sums := filepath.Join(dir, "dateline_9.8.7_linux_amd64.tar.gz"), filepath.Join(dir, "SHA256SUMS")
	secret, public, other := filepath.Join(keys, "secret"), filepath.Join(keys, "public"), filepath.Join(keys, "other")
	for _, pair := range [][2]string{{secret, public}, {filepath.Join(keys, "forger"), other}} {
		out, err := minisign("-G", "-W", "-s", pair[0], "-p", pair[1])
		require.NoError(t, err, string(out))
	}
	require.NoError(t, os.WriteFile(archive, []byte("programs"), 0o600))
	list := func() string {
		cmd := exec.Command("sh", "-c", "sha256sum *.tar.gz >SHA256SUMS")
		cmd.Dir = dir
		require.NoError(t, cmd.Run())
		return sums
	}
	check := func() error {
		cmd := exec.Command("sha256sum", "--check", "--ignore-missing", "SHA256SUMS")
		cmd.Dir = dir
		return cmd.Run()
	}
	require.Contains(t, sign(t, filepath.Dir(list()), ""), "is not signed")
	require.NoFileExists(t, sums+".minisig")

	sign(t, dir, secret)
	said, err := minisign("-V", "-Q", "-p", public, "-m", sums)
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), "dateline v9.8.7", "another version's checksums cannot be passed off as these")
	require.NoError(t, check())
	_, err = minisign("-V", "-p", other, "-m", sums)
	require.Error(t, err, "another's key")

	require.NoError(t, os.WriteFile(archive, []byte("programs, and a stranger's"), 0o600))
	require.Error(t, check(), "a changed archive")
	list()
	require.NoError(t, check())
	_, err = minisign("-V", "-p", public, "-m", sums)
	require.Error(t, err, "a changed list")
	// What was signed before is no signature of this one.
	sign(t, dir, "")
	require.NoFileExists(t, sums+".minisig")
}
